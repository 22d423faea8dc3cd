//! What the product does: one folder for each noun of the policy, one file for each verb.
//!
//! A verb reads, asks the decision, opens or seals what was permitted, stages what follows and
//! records it; what it answers is a [`Recorded`], or a [`Stop`] that says why not.
//!
//! It knows no HTTP, writes no SQL, holds no key and looks at no clock: `now` is an argument.

pub mod account;
mod acting;
mod answer;
mod book;
pub mod cessation;
pub mod change;
pub mod collection;
pub mod consent;
mod engine;
mod language;
pub mod limit;
pub mod machine;
pub mod messages;
pub mod minors;
pub mod moving;
pub mod notice;
pub mod outbound;
mod provisional;
mod public_address;
pub mod purpose;
pub mod queue;
mod receipt;
pub mod retention;
pub mod rights;
mod round;
mod secret;
pub mod security;
mod stop;
mod time;
pub mod transfer;
mod value;

pub use acting::Acting;
pub use answer::{Denied, Fields, Json, Said, Told, Wiped};
pub use book::Book;
pub use engine::{Flows, Idempotency, OpenFault, Settings};
pub use language::preferred as preferred_language;
pub(crate) use retention::class as retention_class;
pub use secret::Secret;
pub use stop::{OnRecord, Stop};
pub use time::{instant, when};

pub use decide::RegionCode;
pub use decide::id::{PersonId, RecordId, RequestId};
pub use journal::{Asked, Asker, AskerKind, Database, Databases, Reach, Recorded, RefusalSeen};
pub use vault::Plain;
