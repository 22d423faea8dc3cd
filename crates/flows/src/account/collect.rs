//! Values come in: each is sealed under the permit that lets it in, with its source and its end.

use decide::{Category, RegionCode, Source, Timestamp};
use journal::{Permit, Tx, Write};
use vault::Plain;

use super::named;
use crate::book::Book;
use crate::{Flows, Stop};

/// A value that comes in.
pub(crate) struct Given<'a> {
    pub(crate) category: Category,
    pub(crate) value: &'a Plain,
    pub(crate) source: Source,
}

/// Seals a value and stages it, with what it is found by; answers when it goes. The caller has the
/// sweeper come in time: `retention::schedule`.
pub(crate) fn stage(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    given: &Given<'_>,
    now: Timestamp,
) -> Result<Option<Timestamp>, Stop> {
    let region = tx.person().region();
    let sealed = flows.vault().seal(tx, given.category, given.value)?;
    let due = book.due_from_now(given.category, (region, now));
    let blind = blind(flows, book, region, given)?;
    tx.stage(Write::Value {
        category: given.category,
        sealed,
        source: given.source,
        collected: now,
        due,
        blind,
    });
    Ok(due)
}

fn blind(
    flows: &Flows,
    book: &Book,
    region: RegionCode,
    given: &Given<'_>,
) -> Result<Option<journal::Blind>, Stop> {
    if !book.declared(given.category).is_some_and(|it| it.lookup) {
        return Ok(None);
    }
    // One account for one address; a telephone may ring for a family.
    let unique = book.category_id(given.category) == named::EMAIL;
    Ok(Some(flows.vault().blind(region, given.category, given.value, unique)?))
}
