//! Rights: what we hold of a person and who used it, and putting right, deleting, taking along.

mod change;
mod data;
mod export;
mod request;
mod uses;

pub use change::{correct, delete};
pub use data::{Data, Held, data};
pub use export::export;
pub use request::{Ask, RequestSeen, ask, request, requests};
pub use uses::{Page, UseSeen, Uses, consents, disclosures, uses};
