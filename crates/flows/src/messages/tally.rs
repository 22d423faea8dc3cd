//! Counting what was answered: in counters that hold nothing of anybody. Each answer counts once, whatever
//! happens between it and its counter: an errand is part of the outcome, and done at once.

use decide::id::MessageId;
use journal::{JobKind, JobRow, Permit, Tx, Write};

use super::case::Kind;
use crate::limit::COUNTED_LATE_MILLIS;
use crate::{Flows, Stop};

/// The errand that counts something: its word, the counter of a kind that it adds to, by place.
const COUNTS: [(&str, usize); 3] = [("count-good", 0), ("count-late", 1), ("count-shut", 2)];

/// How a conversation was answered, as it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    /// In time.
    Good,
    /// Late.
    Late,
    /// Closed, and not answered.
    Shut,
}

impl Count {
    /// An answer, in time or late.
    pub(super) const fn answered(in_time: bool) -> Self {
        if in_time { Self::Good } else { Self::Late }
    }

    const fn word(self) -> &'static str {
        match self {
            Self::Good => "count-good",
            Self::Late => "count-late",
            Self::Shut => "count-shut",
        }
    }
}

/// Whether an errand counts something.
pub(super) fn is(word: &str) -> bool {
    COUNTS.iter().any(|(it, _)| *it == word)
}

/// Stages that something is to be counted; answers the errand.
pub(super) fn stage(tx: &mut Tx<Permit>, id: MessageId, count: Count) -> JobRow {
    let kind = JobKind::about(count.word(), id);
    let due = tx.permit().now().plus_millis(COUNTED_LATE_MILLIS);
    tx.stage(Write::Job { kind: kind.clone(), due });
    JobRow { person: tx.person(), kind, due, attempts: 0 }
}

/// Counts at once what was staged; what fails now is done by whoever does errands.
pub(super) async fn now(flows: &Flows, staged: Option<(Kind, JobRow)>) {
    let Some((kind, row)) = staged else { return };
    if let Err(stop) = count(flows, kind, &row).await {
        tracing::warn!(?stop, "an answer is counted later");
    }
}

/// Does the errand of a conversation, where nobody has done it.
pub(super) async fn late(flows: &Flows, row: &JobRow, id: MessageId) -> Result<(), Stop> {
    let known = flows.journal().scratch().case(id).await?;
    let kind = known.and_then(|(_, it)| Kind::from_word(&it.kind)).ok_or(Stop::NotFound)?;
    count(flows, kind, row).await
}

async fn count(flows: &Flows, kind: Kind, row: &JobRow) -> Result<(), Stop> {
    let word = row.kind.as_str().split('/').next().unwrap_or("");
    let place = COUNTS.iter().find(|(it, _)| *it == word).map(|(_, place)| *place);
    let counter = place.and_then(|it| kind.counters().get(it).copied()).ok_or(Stop::NotFound)?;
    let scratch = flows.journal().scratch();
    // When it was answered, whoever counts it.
    let at = row.due.plus_millis(COUNTED_LATE_MILLIS.saturating_neg());
    scratch.count_once(counter, row.kind.as_str(), at).await?;
    scratch.job_done(row.person, &row.kind).await?;
    Ok(scratch.counted_once(row.kind.as_str(), at).await?)
}
