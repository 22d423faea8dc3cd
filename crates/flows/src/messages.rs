//! Messages and complaints: what people write, the desk that answers in time, and the mail that leaves
//! by one courier, under one id.

mod again;
mod answering;
mod bound;
mod case;
mod clock;
mod correspondent;
mod courier;
pub mod desk;
mod escalate;
mod forget;
mod form;
mod held;
mod incoming;
mod last;
mod leave;
mod letter;
mod mailbox;
mod mine;
mod open;
mod outbox;
pub mod push;
mod redate;
mod service;
mod settings;
mod state;
mod tally;
pub mod text;
mod thread;
mod tried;
mod wording;

use decide::Timestamp;
use decide::id::MessageId;
use journal::{JobKind, JobRow};

pub use again::{Added, add};
pub use case::Kind;
pub use courier::{Courier, Post, deliver};
pub use form::{Shown, form, once, shown};
pub use incoming::{Came, incoming};
pub use leave::{Leave, Left, leave};
pub use mailbox::fetch;
pub use mine::{List, SaidSeen, Seen, Whole, list, one};
pub use service::{Answered, OfKind, Service, service};
pub use settings::{Canned, Desk};
pub use state::{COMPLAINTS, MACHINE};
pub use wording::Outcome;

pub(crate) use answering::{MESSAGES, SUPPORT};
pub(crate) use bound::{Senders, count as received, room as room_today};
pub(crate) use forget::{drop_texts, settle};
pub(crate) use held::{holding, kept, kept_by_hold, written};
pub(crate) use letter::{Letter, Words};
pub(crate) use mine::{copy, is_conversation};
pub(crate) use outbox::{Cause, put, put_last};
pub(crate) use redate::redate;
pub(crate) use wording::authority;

use crate::{Flows, Stop};

/// The conversation and the word of a job that is one of ours.
pub(crate) fn about(kind: &JobKind) -> Option<(&str, MessageId)> {
    let (word, id) = kind.as_str().split_once('/')?;
    let id = MessageId::parse(id)?;
    let ours = [open::ESCALATE, open::QUIET, open::TEXTS_DUE].contains(&word) || tally::is(word);
    ours.then_some((word, id))
}

/// Does a job of a conversation that is due.
pub(crate) async fn work(
    flows: &Flows,
    row: &JobRow,
    (word, id): (&str, MessageId),
    now: Timestamp,
) -> Result<(), Stop> {
    match word {
        open::ESCALATE => escalate::escalate(flows, id, now).await,
        open::QUIET => desk::quiet(flows, id, now).await,
        word if tally::is(word) => tally::late(flows, row, id).await,
        _ => forget::forget(flows, (row.person, id), now).await,
    }
}
