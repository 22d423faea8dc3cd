//! Rights: what we hold of a person and who used it, and putting right, deleting, taking along.

mod change;
mod data;
mod export;
mod fold;
mod request;
mod state;
mod system;
mod uses;
mod waiting;

use crate::Stop;

/// A cursor that no page gave.
fn no_cursor() -> Stop {
    Stop::invalid("cursor", "use the `next` of the page before")
}

pub use change::{correct, delete};
pub use data::{Data, Held, data, older_events};
pub use export::{Piece, export, export_piece};
pub use request::{Ask, RequestSeen, Requests, ask, request, requests};
pub use state::RequestState;
pub(crate) use state::{case, moved};
pub use system::System;
pub(crate) use system::Systems;
pub use uses::{Page, UseSeen, Uses, consents, disclosures, uses};
pub use waiting::Waiting;
