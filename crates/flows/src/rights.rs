//! Rights: what we hold of a person and who used it, putting right, deleting, taking along; requests
//! and their answers, and telling everybody whom an answer concerns.

mod about;
mod answer;
mod ask;
mod by_address;
mod certificate;
mod change;
mod data;
mod deliver;
mod export;
mod extend;
mod fold;
mod follow;
mod forget;
mod fulfil;
mod identify;
mod leave;
mod letter;
mod link;
mod mail;
mod open;
mod partner;
mod read;
mod refuse;
mod report;
mod request;
mod sign;
mod state;
mod system;
mod tell;
mod text;
mod told;
mod uses;
mod waiting;

use decide::Timestamp;
use journal::{JobKind, JobRow};

use crate::{Flows, Stop};

/// A cursor that no page gave.
fn no_cursor() -> Stop {
    Stop::invalid("cursor", "use the `next` of the page before")
}

/// Whether a job is one of a request or of a delivery.
pub(crate) fn is_ours(kind: &JobKind) -> bool {
    open::request_due(kind).is_some()
        || tell::delivered(kind).is_some()
        || forget::texts_due(kind).is_some()
}

/// Does such a job.
pub(crate) async fn work(flows: &Flows, row: &JobRow, now: Timestamp) -> Result<(), Stop> {
    if let Some(id) = tell::delivered(&row.kind) {
        return deliver::deliver(flows, (id, row.attempts), now).await;
    }
    if let Some(id) = forget::texts_due(&row.kind) {
        return forget::forget(flows, id, now).await;
    }
    match open::request_due(&row.kind) {
        Some(id) => follow::remind_desk(flows, id, now).await,
        None => Err(Stop::NotFound),
    }
}

pub use answer::{Answer, answer};
pub use ask::{Ask, ask};
pub use by_address::ask_by_address;
pub use certificate::{Certificate, Statement, Verified, certificate, verify_certificate};
pub use change::{correct, delete};
pub use data::{Data, Held, data, older_events};
pub use deliver::Outstanding;
pub use export::{Piece, export, export_piece};
pub use extend::extend;
pub use follow::{Followed, cancel, follow, take_back, take_back_by_link};
pub use identify::{Identify, identify, prove};
pub use link::link;
pub use open::{Open, open};
pub use partner::{Deletions, Signed, deletions, partner_done, system_done};
pub use read::{Opened, Reading, Worked, read};
pub use refuse::refuse;
pub use request::{Request, RequestSeen, Requests, request, requests};
pub use state::{MACHINE, RequestState};
pub use system::System;
pub use tell::TELLING;
pub use text::Said;
pub use uses::{Page, UseSeen, Uses, consents, disclosures, uses};
pub use waiting::Waiting;

pub(crate) use about::{as_closing, closing_of, is_by_guardian, is_closing};
pub(crate) use certificate::{of_request as certificate_of, text as certificate_text};
pub(crate) use leave::{PLACE, stage_erasure};
pub(crate) use request::is_request;
pub(crate) use sign::signature;
pub(crate) use state::{case, moved};
pub(crate) use system::{Systems, check_way};
pub(crate) use tell::{News, What, tell, tell_withdrawn};
