//! How many may write in a day: to the installation, and one person.

use decide::{PersonId, Timestamp};
use journal::{Permit, Tx, Write};

use crate::limit::{DAY_MILLIS, MESSAGES_DAY_MAX, MESSAGES_OF_ONE_DAY_MAX};
use crate::{Flows, Stop};

/// The counter of what came in.
const RECEIVED: &str = "messages-received";
/// The tally of one person.
const OF_ONE: &str = "messages";

/// Whether there is room for one more today.
pub(super) async fn room(flows: &Flows, now: Timestamp) -> Result<(), Stop> {
    let left = DAY_MILLIS.saturating_sub(now.millis().rem_euclid(DAY_MILLIS));
    let ends = now.plus_millis(left);
    let begins = ends.plus_millis(DAY_MILLIS.saturating_neg());
    let received = flows.journal().scratch().counted(RECEIVED, begins, ends).await?;
    if received < MESSAGES_DAY_MAX { Ok(()) } else { Err(full(left)) }
}

/// Whether this person may write once more today.
pub(super) async fn of_person(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let written = flows.journal().tally(person, OF_ONE, now).await?;
    if written < MESSAGES_OF_ONE_DAY_MAX { Ok(()) } else { Err(full(DAY_MILLIS)) }
}

fn full(millis: i64) -> Stop {
    Stop::Full { seconds: u64::try_from(millis).unwrap_or(0).div_ceil(1_000).max(1) }
}

/// Stages one more of a person.
pub(super) fn one_more(tx: &mut Tx<Permit>) {
    let ends = tx.permit().now().plus_millis(DAY_MILLIS);
    tx.stage(Write::Tally { kind: OF_ONE, most: MESSAGES_OF_ONE_DAY_MAX, ends });
}

/// One more came in.
pub(super) fn count(flows: &Flows, now: Timestamp) {
    flows.journal().scratch().count(RECEIVED, now);
}
