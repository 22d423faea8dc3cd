//! Rounds: what the installation does step by step. A noun writes the step of its kind; this finds it,
//! and goes on until nothing is due.

use decide::Timestamp;
use journal::RoundRow;

use crate::limit::ROUNDS_AT_ONCE;
use crate::{Flows, Stop};

/// Milliseconds after which a round that failed is tried again.
const AGAIN_MILLIS: i64 = 15_000;

/// Does the next step of every round that is due, until none is.
///
/// # Errors
/// When the rounds cannot be read or written.
pub(crate) async fn work(flows: &Flows, now: Timestamp) -> Result<(), Stop> {
    loop {
        let rounds = flows.journal().installation().claim_rounds(now, ROUNDS_AT_ONCE).await?;
        if rounds.is_empty() {
            return Ok(());
        }
        for round in rounds {
            let id = round.id.clone();
            let Err(stop) = step(flows, round, now).await else { continue };
            if matches!(stop, Stop::Conflict) {
                continue;
            }
            tracing::warn!(round = id, ?stop, "a round waits");
            let door = flows.journal().installation();
            if let Some(stands) = door.round(&id).await? {
                let wake = Some(now.plus_millis(AGAIN_MILLIS));
                door.put_round(&RoundRow { wake, ..stands }).await?;
            }
        }
    }
}

/// One bounded step of a round: does a piece, and writes how far it has come with `put_round`; with
/// `wake` at `now` it is called again at once, with `None` never again by itself.
async fn step(flows: &Flows, round: RoundRow, now: Timestamp) -> Result<(), Stop> {
    let name = round.kind.as_str();
    if name == crate::change::KIND {
        return crate::change::step(flows, round, now).await;
    }
    if name == crate::retention::redate::KIND {
        return crate::retention::redate::step(flows, round, now).await;
    }
    if name == crate::cessation::KIND {
        return crate::cessation::step(flows, round, now).await;
    }
    if name == crate::security::BACKUP {
        return crate::security::backup_step(flows, round, now).await;
    }
    Err(Stop::Broken(format!("nobody knows how to go on with a round of kind `{name}`")))
}
