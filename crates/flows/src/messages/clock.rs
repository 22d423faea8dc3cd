//! The clocks of a conversation: until when it is answered, and when somebody else is called.

use decide::{RegionCode, Timestamp};
use policy::Duration;

use super::Kind;
use crate::Stop;
use crate::book::Book;
use crate::limit::DAY_MILLIS;

/// The clocks that begin at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clocks {
    /// Until when it is answered.
    pub(super) due: Timestamp,
    /// When somebody else is called, if nobody has answered by then.
    pub(super) escalate: Option<Timestamp>,
    /// Until when the person hears that it arrived.
    pub(super) acknowledge: Timestamp,
}

/// The clocks of a kind in a region.
pub(super) fn clocks(
    book: &Book,
    kind: Kind,
    region: RegionCode,
    now: Timestamp,
) -> Result<Clocks, Stop> {
    let silent = || Stop::NotNow("the policy in force takes no such messages".to_owned());
    let policy = book.policy();
    let messages = policy.messages.as_ref();
    let reply = messages.map(|it| after(book, region, now, it.reply));
    match kind {
        Kind::Message => {
            let due = reply.ok_or_else(silent)?;
            let escalate = messages.map(|it| after(book, region, now, it.escalate));
            Ok(Clocks { due, escalate, acknowledge: due })
        }
        Kind::Complaint => {
            let rule = policy.complaints.as_ref().ok_or_else(silent)?;
            let within = rule.reply.get(region.as_str()).ok_or_else(silent)?;
            let due = after(book, region, now, *within);
            let escalate = rule.escalate.map(|it| after(book, region, now, it).min(due));
            Ok(Clocks { due, escalate, acknowledge: reply.unwrap_or(due) })
        }
    }
}

/// The end of a period. Where the calendar of working days does not reach that far, every day counts
/// as one: sooner than promised, and nobody's message is turned away for want of a table.
fn after(book: &Book, region: RegionCode, now: Timestamp, period: Duration) -> Timestamp {
    let days = i64::from(period.count).saturating_mul(DAY_MILLIS);
    book.policy().due(region.as_str(), now, period).unwrap_or_else(|_| now.plus_millis(days))
}
