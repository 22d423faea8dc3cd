//! The queue: what waits, by the time that is left. It opens nothing, and names nobody.

use decide::id::MessageId;
use decide::{RegionCode, Timestamp};
use journal::CaseRow;
use serde::Serialize;

use super::super::case::{About, KINDS, Kind};
use crate::queue::{Page, page};
use crate::{Flows, Stop, when};

/// What a queue is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Of one region alone.
    pub region: Option<RegionCode>,
    /// Of one kind alone.
    pub kind: Option<Kind>,
    /// Those that are answered or closed, in place of those that wait.
    pub done: bool,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// A line of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The number of the case.
    pub id: String,
    /// `message` or `complaint`.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// The region.
    pub region: String,
    /// When it came in first.
    pub received: String,
    /// Until when it is answered.
    pub due: String,
    /// Seconds that are left; below zero when it is overdue.
    pub seconds_left: i64,
    /// Whether it is overdue.
    pub overdue: bool,
    /// When a manager was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalated: Option<String>,
    /// The member of staff who has it; empty for nobody.
    pub assigned: String,
    /// How often the person wrote again.
    pub reopened: u32,
    /// Of a complaint, what came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// The queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lines {
    /// What waits, that with the least time left first.
    pub messages: Vec<Row>,
    /// Where the next page begins; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What waits for an answer, or what was answered, by deadline.
///
/// # Errors
/// `Invalid` for a cursor that is none.
pub async fn queue(flows: &Flows, ask: &Asked, now: Timestamp) -> Result<Lines, Stop> {
    let one = ask.kind.map(|it| [it.word()]);
    let kinds: &[&str] = one.as_ref().map_or(&KINDS, |it| it);
    let (done, region, cursor) = (ask.done, ask.region, ask.cursor.as_deref());
    let (rows, next) = page(flows, &Page { kinds, done, region, cursor }).await?;
    Ok(Lines { messages: rows.iter().map(|(_, row)| line(row, now)).collect(), next })
}

/// A conversation as the queue shows it.
pub(super) fn line(row: &CaseRow, now: Timestamp) -> Row {
    let about = About::of(row);
    let left = row.due.millis().saturating_sub(now.millis()).div_euclid(1_000);
    Row {
        id: MessageId::from(row.id).to_string(),
        kind: row.kind.clone(),
        state: row.state.clone(),
        region: row.id.region().to_string(),
        received: when(row.received),
        due: when(row.due),
        seconds_left: left,
        overdue: row.open && row.due < now,
        escalated: about.escalated.map(|it| when(Timestamp::from_millis(it))),
        assigned: row.assigned.clone(),
        reopened: about.reopened,
        outcome: about.outcome,
    }
}
