//! Announcing an end takes two people: one says so, another agrees, and one of them is an officer.

use decide::Timestamp;

use super::announced::Dates;
use super::body::{Body, find, put};
use super::plan::staff;
use super::show::{Seen, one};
use super::state::{ANNOUNCED, MACHINE};
use crate::engine::again;
use crate::{Flows, Stop};

/// The first of the two announces.
///
/// # Errors
/// `NotNow` where it cannot be announced as it stands.
pub async fn announce(flows: &Flows, number: &str, by: &str) -> Result<Seen, Stop> {
    again!(proposed(flows, number, by).await)?;
    one(flows, number).await
}

async fn proposed(flows: &Flows, number: &str, by: &str) -> Result<(), Stop> {
    staff(flows, by).await?;
    let (mut round, mut body) = find(flows, number).await?;
    let state = MACHINE.step(&round.state, "announce", "staff")?;
    if !body.counted {
        return Err(Stop::NotNow(
            "people are still being counted: look at the plan first, then announce".to_owned(),
        ));
    }
    state.clone_into(&mut round.state);
    body.approved_by = vec![by.to_owned()];
    put(flows, round, &body).await
}

/// The second approves: from now on everybody is told, and the dates are fixed.
///
/// # Errors
/// `NotNow` for whoever announced it, where neither is an officer, or where the end that is wanted
/// comes sooner than the policy promises.
pub async fn approve(flows: &Flows, number: &str, by: &str, now: Timestamp) -> Result<Seen, Stop> {
    again!(approved(flows, number, by, now).await)?;
    // This node knows of it at once, the others within a second.
    crate::notice::refresh(flows, now).await?;
    one(flows, number).await
}

async fn approved(flows: &Flows, number: &str, by: &str, now: Timestamp) -> Result<(), Stop> {
    let officer = staff(flows, by).await?;
    let (mut round, mut body) = find(flows, number).await?;
    let state = MACHINE.step(&round.state, "approve", "staff")?;
    let first = body.approved_by.first().cloned().unwrap_or_default();
    if first == by {
        return Err(Stop::NotNow("another member of staff has to approve it".to_owned()));
    }
    if !officer && !staff(flows, &first).await? {
        return Err(Stop::NotNow("one of the two has to be an officer".to_owned()));
    }
    body.dates = Some(dates(flows, &body, now)?);
    body.approved_by.push(by.to_owned());
    state.clone_into(&mut round.state);
    debug_assert_eq!(round.state, ANNOUNCED, "approved is announced");
    round.cursor.clear();
    round.wake = Some(now);
    put(flows, round, &body).await
}

/// The dates that follow from the policy, in the days of its home region.
pub(super) fn dates(flows: &Flows, body: &Body, now: Timestamp) -> Result<Dates, Stop> {
    let book = flows.book();
    let policy = book.policy();
    let missing = || Stop::NotNow("the policy does not say how a service ends".to_owned());
    let rule = policy.cessation.as_ref().ok_or_else(missing)?;
    let due = |from: Timestamp, period| {
        let due = policy.due(policy.header.home(), from, period);
        due.map_err(|error| Stop::Broken(error.to_string()))
    };
    let earliest = due(now, rule.notice)?;
    let ends = body.wanted.map_or(earliest, Timestamp::from_millis);
    if ends < earliest {
        return Err(Stop::NotNow(format!(
            "the policy promises {} of notice: it can end on {} at the earliest",
            rule.notice,
            crate::time::when(earliest)
        )));
    }
    let export_until = due(ends, rule.export)?;
    let deleted_by = due(export_until, rule.within)?;
    Ok(Dates {
        announced: now.millis(),
        ends: ends.millis(),
        export_until: export_until.millis(),
        deleted_by: deleted_by.millis(),
    })
}
