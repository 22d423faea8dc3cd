//! How many may write in a day: to the installation, and one person.

use decide::{PersonId, RegionCode, Timestamp};
use journal::{Permit, Tx, Write};

use crate::account::named;
use crate::book::Book;
use crate::limit::{
    ACKNOWLEDGED_DAY_MAX, DAY_MILLIS, FOUND_MAX, MESSAGES_DAY_MAX, MESSAGES_OF_ONE_DAY_MAX,
};
use crate::{Flows, Plain, Stop};

/// The counter of what came in by the form.
pub(super) const FORM: &str = "messages-received";
/// The counter of what came in by mail: a flood of one leaves the other open.
pub(super) const MAILS: &str = "mails-received";
/// The tally of one person.
const OF_ONE: &str = "messages";

/// Whether there is room for one more today.
pub(super) async fn room(flows: &Flows, by: &'static str, now: Timestamp) -> Result<(), Stop> {
    let left = DAY_MILLIS.saturating_sub(now.millis().rem_euclid(DAY_MILLIS));
    let ends = now.plus_millis(left);
    let begins = ends.plus_millis(DAY_MILLIS.saturating_neg());
    let received = flows.journal().scratch().counted(by, begins, ends).await?;
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
pub(super) fn count(flows: &Flows, by: &'static str, now: Timestamp) {
    flows.journal().scratch().count(by, now);
}

/// Whether one more conversation of this address is acknowledged by a mail: a few in a day are.
pub(super) async fn acknowledges(
    flows: &Flows,
    book: &Book,
    (region, address): (RegionCode, &Plain),
    now: Timestamp,
) -> Result<bool, Stop> {
    let email = book.category(named::EMAIL)?;
    let blind = flows.vault().blind(region, email, address, false)?;
    let most = ACKNOWLEDGED_DAY_MAX.saturating_add(FOUND_MAX);
    let found = flows.journal().find_all(region, (email, &blind), most).await?;
    // An id begins with the milliseconds in which it was made.
    let since = now.plus_millis(DAY_MILLIS.saturating_neg()).millis();
    let made = |it: &PersonId| i64::try_from(it.bits() >> 80).unwrap_or(i64::MAX);
    let new = found.iter().filter(|it| made(it) > since).count();
    Ok(u32::try_from(new).is_ok_and(|it| it < ACKNOWLEDGED_DAY_MAX))
}
