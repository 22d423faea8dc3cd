//! Retention: what is due goes, by durable jobs that one worker does.

mod erase;
pub mod hold;
mod pace;
mod sweep;
mod work;

use decide::Timestamp;
use journal::{JobKind, Permit, Tx, Write};
use policy::Anchor;

use crate::book::Book;

pub(crate) use erase::erase as erase_closed;
pub use erase::erase_now;
pub(crate) use pace::Pace;
pub(crate) use sweep::class;
pub use work::{Worked, work};

/// Erases a person whose account was closed.
pub(crate) const ERASE: JobKind = JobKind::named("erase");
/// Erases an account in which the address was never proved, or to which no guardian came.
pub(crate) const AWAITING_PROOF: JobKind = JobKind::named("awaiting-proof");
/// Deletes the values of a person that are due.
pub(crate) const VALUES_DUE: JobKind = JobKind::named("values-due");

/// Has the sweeper come when the first value of the person is due, those among them that come in now.
pub(crate) fn schedule(tx: &mut Tx<Permit>, fresh: &[Timestamp]) {
    let held = tx.values().iter().filter_map(|it| it.due);
    let first = held.chain(fresh.iter().copied()).min();
    if let Some(due) = first.filter(|_| !fresh.is_empty()) {
        tx.stage(Write::Job { kind: VALUES_DUE, due });
    }
}

/// The person was active: what is kept from then on runs anew.
pub(crate) fn touch(book: &Book, tx: &mut Tx<Permit>, now: Timestamp) {
    let region = tx.person().region();
    let mut moved = Vec::new();
    for row in tx.values() {
        if let Some(due) = book.due(row.category, Anchor::LastActive, (region, now)) {
            moved.push((row.category, due));
        }
    }
    for (category, due) in moved {
        tx.stage(Write::Due { category, due: Some(due) });
    }
}
