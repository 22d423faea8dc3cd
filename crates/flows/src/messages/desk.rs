//! The desk: what support does with what people wrote. Each look at somebody is a use, decided and
//! recorded, and none is asked for once the conversation is closed.

mod assign;
mod close;
mod complaint;
mod note;
mod outcome;
mod queue;
mod read;
mod reply;
mod seat;

pub use assign::assign;
pub use close::{CLOSED_BECAUSE, close};
pub use complaint::complaint;
pub use note::note;
pub use outcome::{Decide, decide};
pub use queue::{Asked, Lines, Row, queue};
pub use read::{Conversation, owner, read};
pub use reply::{Reply, canned, reply};

pub use seat::Done;

pub(super) use close::quiet;
pub(super) use seat::{Look, taken_by};
