//! How many text messages may leave in a day: to one number, for one person, and in all. Whoever has
//! texts sent to numbers that pay them finds little to earn.

use decide::{PersonId, Timestamp};
use journal::{Permit, Tx, Write};
use vault::Plain;

use crate::account::named;
use crate::limit::{
    DAY_MILLIS, FOUND_MAX, TEXTS_DAY_MAX, TEXTS_OF_NUMBER_DAY_MAX, TEXTS_OF_ONE_DAY_MAX,
};
use crate::{Flows, Stop};

/// The counter of what was sent.
const SENT: &str = "texts";
/// The tally of one person.
const OF_ONE: &str = "texts";

/// Whether there is room for one more to this number, for this person.
///
/// # Errors
/// `Invalid` for a number of a country that is not written to; `Full` after too many.
pub(crate) async fn room(
    flows: &Flows,
    (person, number): (PersonId, &Plain),
    now: Timestamp,
) -> Result<(), Stop> {
    if !flows.texting().reaches(number.as_str()) {
        let say = "no codes are sent to this country; give a number of another, or an address";
        return Err(Stop::invalid("phone", say));
    }
    let left = DAY_MILLIS.saturating_sub(now.millis().rem_euclid(DAY_MILLIS));
    let ends = now.plus_millis(left);
    let begins = ends.plus_millis(DAY_MILLIS.saturating_neg());
    if flows.journal().scratch().counted(SENT, begins, ends).await? >= TEXTS_DAY_MAX {
        return Err(full(left));
    }
    let own = flows.journal().tally(person, OF_ONE, now).await?;
    if own >= TEXTS_OF_ONE_DAY_MAX {
        return Err(until(flows, person, now).await?);
    }
    let mut sum = own;
    for holder in holders(flows, number).await? {
        if holder != person {
            sum = sum.saturating_add(flows.journal().tally(holder, OF_ONE, now).await?);
        }
        if sum >= TEXTS_OF_NUMBER_DAY_MAX {
            return Err(until(flows, holder, now).await?);
        }
    }
    Ok(())
}

/// Everybody who gave this number, as their own or as a guardian's.
async fn holders(flows: &Flows, number: &Plain) -> Result<Vec<PersonId>, Stop> {
    let book = flows.book();
    let mut found = Vec::new();
    for id in [named::PHONE, named::GUARDIAN] {
        let Ok(category) = book.category(id) else { continue };
        for region in flows.journal().regions() {
            let blind = flows.vault().blind(*region, category, number, false)?;
            let some = flows.journal().find_all(*region, (category, &blind), FOUND_MAX).await?;
            found.extend(some);
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

async fn until(flows: &Flows, person: PersonId, now: Timestamp) -> Result<Stop, Stop> {
    let ends = flows.journal().tally_until(person, OF_ONE, now).await?;
    Ok(full(ends.map_or(DAY_MILLIS, |it| it.millis().saturating_sub(now.millis()))))
}

fn full(millis: i64) -> Stop {
    Stop::Full { seconds: u64::try_from(millis).unwrap_or(0).div_ceil(1_000).max(1) }
}

/// Stages one more for a person.
pub(super) fn count(flows: &Flows, tx: &mut Tx<Permit>) {
    let now = tx.permit().now();
    let ends = now.plus_millis(DAY_MILLIS);
    tx.stage(Write::Tally { kind: OF_ONE, most: TEXTS_OF_ONE_DAY_MAX, ends });
    flows.journal().scratch().count(SENT, now);
}
