//! Deadlines that a calendar of working days does not reach: what is on the record for now is the day that
//! comes out where every day is worked, which is never later than the right one, and says that of itself.

use decide::{RegionCode, Right, Timestamp};
use journal::CaseRow;

use crate::book::Book;

/// Whether the deadline of a case is one, as long as somebody has still to act.
pub(crate) fn provisional(book: &Book, row: &CaseRow) -> bool {
    row.open && is_provisional(book, (&row.kind, row.id.region()), row.received)
}

/// Whether what comes in of a kind at an instant gets one.
pub(crate) fn is_provisional(
    book: &Book,
    (kind, region): (&str, RegionCode),
    received: Timestamp,
) -> bool {
    let (policy, region) = (book.policy(), region.as_str());
    let within = match kind {
        "complaint" => policy.complaints.as_ref().and_then(|it| it.reply.get(region)),
        word => {
            let rule = Right::from_word(word).and_then(|it| policy.rights.get(&it));
            rule.and_then(|it| it.within.get(region))
        }
    };
    within.is_some_and(|it| policy.is_past_calendar(region, received, *it))
}
