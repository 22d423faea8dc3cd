//! Retention: what is due goes, by durable jobs that one worker does.

mod anonymise;
mod erase;
pub mod hold;
mod logs;
mod pace;
pub(crate) mod redate;
mod sweep;
mod work;

use decide::Timestamp;
use journal::{JobKind, Permit, Tx, ValueRow, Write};
use policy::Anchor;

use crate::Flows;
use crate::book::Book;

pub use anonymise::{Counted, anonymous};
pub(crate) use anonymise::{anonymise, count, counted};
pub(crate) use erase::erase as erase_closed;
pub use erase::erase_now;
pub(crate) use logs::{Lasting, class};
pub(crate) use pace::Pace;

pub use work::{Worked, work};

/// Erases a person whose account was closed.
pub(crate) const ERASE: JobKind = JobKind::named("erase");
/// Erases an account in which the address was never proved, or to which no guardian came.
pub(crate) const AWAITING_PROOF: JobKind = JobKind::named("awaiting-proof");
/// Deletes the values of a person that are due.
pub(crate) const VALUES_DUE: JobKind = JobKind::named("values-due");

/// The act of what is due going, and of its date: what the program does of itself.
const fn act() -> decide::Act {
    decide::Act::Exercise { right: decide::Right::Delete }
}

/// Has the sweeper come when the first value of the person is due, those among them that come in now.
pub(crate) fn schedule(tx: &mut Tx<Permit>, fresh: &[Timestamp]) {
    let held = tx.values().iter().filter_map(|it| it.due);
    let first = held.chain(fresh.iter().copied()).min();
    if let Some(due) = first.filter(|_| !fresh.is_empty()) {
        tx.stage(Write::Job { kind: VALUES_DUE, due });
    }
}

/// The person was active: what is kept from then on runs anew. A longer time of a newer version waits
/// until that version counts for the person.
pub(crate) fn touch((flows, book): (&Flows, &Book), tx: &mut Tx<Permit>, now: Timestamp) {
    let (region, adopted) = (tx.person().region(), tx.facts().adopted);
    let known = flows.inner.known.get();
    let due = |row: &ValueRow| match &known {
        Some(known) => redate::touched((book, known), (row, adopted), (region, now)),
        None => book.due(row.category, Anchor::LastActive, (region, now)),
    };
    let moved = tx.values().iter().filter_map(|it| Some((it.category, due(it)?)));
    for (category, due) in moved.collect::<Vec<_>>() {
        tx.stage(Write::Due { category, due: Some(due) });
    }
}
