//! How many were answered in time: figures that everybody can see, made of counters and deadlines.

use decide::Timestamp;
use journal::Queue;
use serde::Serialize;

use super::case::Kind;
use crate::limit::{DAY_MILLIS, OVERDUE_PAGE};
use crate::{Flows, Stop};

/// What was answered in a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// In time.
    pub in_time: u64,
    /// Late, those included that are overdue and not answered yet.
    pub late: u64,
    /// Closed without an answer: there was nothing to answer.
    pub unanswered: u64,
    /// The share in time, in tenths of a percent, rounded down; nothing where there was none.
    pub share: Option<u64>,
}

/// What was answered of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfKind {
    /// In the last 30 days.
    pub last_30_days: Answered,
    /// In the last 12 months.
    pub last_12_months: Answered,
}

/// The figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Service {
    /// Messages.
    pub messages: OfKind,
    /// Complaints.
    pub complaints: OfKind,
}

const MONTH: i64 = 30;
const YEAR: i64 = 365;

/// The figures of now.
///
/// # Errors
/// When the counters cannot be read.
pub async fn service(flows: &Flows, now: Timestamp) -> Result<Service, Stop> {
    Ok(Service {
        messages: of_kind(flows, Kind::Message, now).await?,
        complaints: of_kind(flows, Kind::Complaint, now).await?,
    })
}

async fn of_kind(flows: &Flows, kind: Kind, now: Timestamp) -> Result<OfKind, Stop> {
    let overdue = overdue(flows, kind, now).await?;
    Ok(OfKind {
        last_30_days: within(flows, (kind, MONTH), &overdue, now).await?,
        last_12_months: within(flows, (kind, YEAR), &overdue, now).await?,
    })
}

async fn within(
    flows: &Flows,
    (kind, days): (Kind, i64),
    overdue: &[Timestamp],
    now: Timestamp,
) -> Result<Answered, Stop> {
    let from = now.plus_millis(days.saturating_mul(DAY_MILLIS).saturating_neg());
    let until = now.plus_millis(1);
    let scratch = flows.journal().scratch();
    let [in_time, late, unanswered] = kind.counters();
    let in_time = scratch.counted(in_time, from, until).await?;
    let late = scratch.counted(late, from, until).await?;
    let unanswered = scratch.counted(unanswered, from, until).await?;
    let open = overdue.iter().filter(|it| **it >= from).count();
    let late = late.saturating_add(u64::try_from(open).unwrap_or(u64::MAX));
    let all = in_time.saturating_add(late);
    let share = in_time.saturating_mul(1_000).checked_div(all);
    Ok(Answered { in_time, late, unanswered, share })
}

/// The deadlines that passed and that somebody has still to answer.
async fn overdue(flows: &Flows, kind: Kind, now: Timestamp) -> Result<Vec<Timestamp>, Stop> {
    let kinds = [kind.word()];
    let mut all = Vec::new();
    for region in flows.regions() {
        let mut after = None;
        loop {
            let queue = Queue { kinds: &kinds, open: true, after };
            let rows = flows.journal().scratch().queue(*region, &queue, OVERDUE_PAGE).await?;
            let late = rows.iter().take_while(|(_, row)| row.due < now);
            let before = all.len();
            all.extend(late.map(|(_, row)| row.due));
            let full = rows.len() == usize::try_from(OVERDUE_PAGE).unwrap_or(usize::MAX);
            let more = full && all.len().saturating_sub(before) == rows.len();
            let Some((_, last)) = rows.last().filter(|_| more) else { break };
            after = Some((last.due, last.id));
        }
    }
    Ok(all)
}
