//! The next step of an ending: a bounded piece of counting, telling or deleting, and how far it came.

use decide::{PersonId, Timestamp};
use journal::RoundRow;

use super::body::{Body, number, put};
use super::letter::Notice;
use super::state::{ANNOUNCED, CANCELLED, ENDED, MACHINE, PLANNED, RUNNING};
use super::tell::{Telling, tell, ways};
use super::{erase, visit};
use crate::{Flows, Stop};

/// The next step.
///
/// # Errors
/// When it cannot be done now; it is tried again.
pub(crate) async fn step(flows: &Flows, mut round: RoundRow, now: Timestamp) -> Result<(), Stop> {
    let mut body = Body::read(&round)?;
    match round.state.as_str() {
        PLANNED => count(flows, &mut round, &mut body, now).await?,
        ANNOUNCED | ENDED => go_on(flows, &mut round, &mut body, now).await?,
        RUNNING => erase::step(flows, &mut round, &mut body, now).await?,
        CANCELLED => called_off(flows, &mut round, &mut body, now).await?,
        _ => round.wake = None,
    }
    put(flows, round, &body).await
}

/// Counts how people can be told.
async fn count(
    flows: &Flows,
    round: &mut RoundRow,
    body: &mut Body,
    now: Timestamp,
) -> Result<(), Stop> {
    let Some(people) = visit::next(flows, round, now).await? else {
        body.counted = true;
        round.wake = None;
        return Ok(());
    };
    let book = flows.book();
    for tx in visit::read(flows, &people).await? {
        if visit::concerns(&book, body, &tx) {
            let ways = ways(&book, &tx);
            let region = tx.person().region().to_string();
            body.reach.entry(region).or_default().add(ways.mail, ways.push);
        }
    }
    Ok(())
}

/// Notices on their days, the end on its, and the deletion when the time to export is over.
async fn go_on(
    flows: &Flows,
    round: &mut RoundRow,
    body: &mut Body,
    now: Timestamp,
) -> Result<(), Stop> {
    let dates =
        body.dates.ok_or_else(|| Stop::Broken("an announced end has no dates".to_owned()))?;
    let at = |notice: Notice| notice.at(&dates);
    let Some(notice) = Notice::IN_ORDER.get(body.notice).copied() else {
        let due = Timestamp::from_millis(dates.export_until);
        if now >= due {
            MACHINE.step(&round.state, "run", "system")?.clone_into(&mut round.state);
            body.begun = Some(now.millis());
            round.wake = Some(now);
        } else {
            round.wake = Some(due);
        }
        return Ok(());
    };
    if at(notice) > now.millis() {
        round.wake = Some(Timestamp::from_millis(at(notice)));
        return Ok(());
    }
    let next = Notice::IN_ORDER.get(body.notice.saturating_add(1)).copied();
    let past = next.map_or(dates.export_until, at) <= now.millis();
    let begins = round.cursor.is_empty();
    if begins && notice == Notice::Ended && round.state == ANNOUNCED {
        MACHINE.step(&round.state, "end", "system")?.clone_into(&mut round.state);
    }
    if begins && notice.lapses() && past {
        body.notice = body.notice.saturating_add(1);
        round.wake = Some(now);
        return Ok(());
    }
    if !told(flows, round, (body, notice), now).await? {
        body.notice = body.notice.saturating_add(1);
        round.wake = Some(now);
    }
    Ok(())
}

/// Whoever was told of the end is told that there is none.
async fn called_off(
    flows: &Flows,
    round: &mut RoundRow,
    body: &mut Body,
    now: Timestamp,
) -> Result<(), Stop> {
    if !told(flows, round, (body, Notice::Cancelled), now).await? {
        round.wake = None;
    }
    Ok(())
}

/// Tells the next people; answers whether there were any.
async fn told(
    flows: &Flows,
    round: &mut RoundRow,
    (body, notice): (&mut Body, Notice),
    now: Timestamp,
) -> Result<bool, Stop> {
    let Some(people) = visit::next(flows, round, now).await? else { return Ok(false) };
    let dates =
        body.dates.ok_or_else(|| Stop::Broken("an announced end has no dates".to_owned()))?;
    let book = flows.book();
    let mut reached: Vec<PersonId> = Vec::new();
    for tx in visit::read(flows, &people).await? {
        if !visit::concerns(&book, body, &tx) {
            continue;
        }
        let (person, ways) = (tx.person(), ways(&book, &tx));
        let counts = body.told.entry(notice.word().to_owned()).or_default();
        counts.entry(person.region().to_string()).or_default().add(ways.mail, ways.push);
        if ways.mail || ways.push {
            reached.push(person);
        }
    }
    let telling = Telling {
        number: number(&round.id).to_owned(),
        notice,
        product: body.what().map(str::to_owned),
        dates,
    };
    let work = |flows: Flows, person| {
        let telling = telling.clone();
        async move { tell(&flows, person, &telling, now).await }
    };
    visit::each(flows, reached, work).await?;
    Ok(true)
}
