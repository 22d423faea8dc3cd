//! The round of a version: everybody is visited, a bounded piece at a time; those whom it affects
//! are told, and when the day has come it counts for whoever has been.

use decide::{PersonId, RegionCode, Timestamp};
use journal::RoundRow;
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;

use super::adopt::{Settled, catch_up};
use super::known::{known, learn};
use super::tell::{Came, tell};
use crate::limit::{TOLD_AT_ONCE, VISITED_AT_ONCE};
use crate::{Flows, Stop};

/// The kind of such a round.
pub(crate) const KIND: &str = "notice";
/// Nothing is to be done but to say it on the site.
pub(crate) const ANNOUNCED: &str = "announced";
/// Everybody whom it affects is told.
pub(crate) const TELLING: &str = "telling";
/// Waits for the day.
pub(crate) const WAITING: &str = "waiting";
/// The day has come.
pub(crate) const ADOPTING: &str = "adopting";
/// Everybody was visited twice.
pub(crate) const DONE: &str = "done";

/// What a round is about, and how far it has come. Figures alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Body {
    /// The version.
    pub(crate) version: u32,
    /// When it takes effect, in milliseconds.
    pub(crate) effective: i64,
    /// People who were written to.
    pub(crate) told: u64,
    /// Those of them who were asked anew.
    pub(crate) asked: u64,
    /// People without an address, whom the site tells.
    pub(crate) announced: u64,
    /// People whom it does not affect.
    pub(crate) unaffected: u64,
    /// People for whom it counts since the day.
    pub(crate) adopted: u64,
    /// People who could not be told; they are tried again when they sign in.
    pub(crate) failed: u64,
}

/// The round of a version that is being stored now.
pub(crate) fn begin(
    (version, effective): (u32, Timestamp),
    widens: bool,
    now: Timestamp,
) -> Result<RoundRow, Stop> {
    let body = Body { version, effective: effective.millis(), ..Body::default() };
    let state = if widens { TELLING } else { ANNOUNCED };
    Ok(RoundRow {
        id: format!("{KIND}/{version}"),
        kind: KIND.to_owned(),
        state: state.to_owned(),
        body: text(&body)?,
        cursor: String::new(),
        wake: widens.then_some(now),
        made: now,
        version: 0,
    })
}

fn text(body: &Body) -> Result<String, Stop> {
    serde_json::to_string(body).map_err(|error| Stop::Broken(error.to_string()))
}

pub(crate) fn read(round: &RoundRow) -> Result<Body, Stop> {
    serde_json::from_str(&round.body)
        .map_err(|_| Stop::Broken(format!("the round `{}` cannot be read", round.id)))
}

/// The next step.
pub(crate) async fn step(flows: &Flows, round: RoundRow, now: Timestamp) -> Result<(), Stop> {
    let mut round = round;
    let mut body = read(&round)?;
    if !known(flows).await?.versions.iter().any(|it| it.0 == body.version) {
        // Stored by another node a moment ago, or about to be.
        let stored = flows.journal().installation().policies().await?;
        learn(flows, stored.len()).await?;
        if !stored.iter().any(|it| it.version == body.version) {
            return Err(Stop::NotNow(format!("version {} is not stored yet", body.version)));
        }
    }
    match round.state.as_str() {
        TELLING | ADOPTING => visit(flows, &mut round, &mut body, now).await?,
        WAITING => {
            ADOPTING.clone_into(&mut round.state);
            round.wake = Some(now);
        }
        _ => round.wake = None,
    }
    round.body = text(&body)?;
    Ok(flows.journal().installation().put_round(&round).await?)
}

/// Visits the next people, and writes down how far it came.
async fn visit(
    flows: &Flows,
    round: &mut RoundRow,
    body: &mut Body,
    now: Timestamp,
) -> Result<(), Stop> {
    let Some((region, after)) = place(flows, &round.cursor) else {
        over(round, body);
        return Ok(());
    };
    let people = flows.journal().scratch().people(region, after, VISITED_AT_ONCE).await?;
    round.wake = Some(now);
    round.cursor = if let Some(last) = people.last() {
        last.to_string()
    } else if let Some(region) = next(flows, region) {
        region.to_string()
    } else {
        over(round, body);
        return Ok(());
    };
    if round.state == TELLING {
        told(flows, people, (body, round.id.as_str()), now).await
    } else {
        adopted(flows, people, (body, round.id.as_str()), now).await
    }
}

/// Where a round goes on: a region, and the person before. At the end there is none.
fn place(flows: &Flows, cursor: &str) -> Option<(RegionCode, Option<PersonId>)> {
    match PersonId::parse(cursor) {
        Some(person) => Some((person.region(), Some(person))),
        None if cursor.is_empty() => Some((flows.regions().first().copied()?, None)),
        None => Some((RegionCode::new(cursor)?, None)),
    }
}

fn next(flows: &Flows, region: RegionCode) -> Option<RegionCode> {
    let mut regions = flows.regions().iter().skip_while(|it| **it != region);
    regions.nth(1).copied()
}

/// Everybody was visited.
fn over(round: &mut RoundRow, body: &Body) {
    round.cursor.clear();
    if round.state == TELLING {
        WAITING.clone_into(&mut round.state);
        round.wake = Some(Timestamp::from_millis(body.effective));
    } else {
        DONE.clone_into(&mut round.state);
        round.wake = None;
    }
}

async fn told(
    flows: &Flows,
    people: Vec<PersonId>,
    (body, id): (&mut Body, &str),
    now: Timestamp,
) -> Result<(), Stop> {
    let version = body.version;
    let work = move |flows: Flows, person| async move {
        let known = known(&flows).await?;
        let widenings = known.widenings();
        let Some(widening) = widenings.iter().find(|it| it.version == version) else {
            return Err(Stop::Broken(format!("version {version} is not stored")));
        };
        tell(&flows, person, widening, now).await
    };
    for came in each(flows, people, id, work).await? {
        let count = match came {
            None => &mut body.failed,
            Some(Came::Asked) => {
                body.asked = body.asked.saturating_add(1);
                &mut body.told
            }
            Some(Came::Told) => &mut body.told,
            Some(Came::AskedThere | Came::Announced) => &mut body.announced,
            Some(Came::Unaffected) => &mut body.unaffected,
            Some(Came::Already | Came::Waits | Came::Gone) => continue,
        };
        *count = count.saturating_add(1);
    }
    Ok(())
}

async fn adopted(
    flows: &Flows,
    people: Vec<PersonId>,
    (body, id): (&mut Body, &str),
    now: Timestamp,
) -> Result<(), Stop> {
    let work = move |flows: Flows, person| async move { catch_up(&flows, person, now).await };
    for came in each(flows, people, id, work).await? {
        match came {
            None => body.failed = body.failed.saturating_add(1),
            Some(Settled { adopted: Some(_), .. }) => {
                body.adopted = body.adopted.saturating_add(1);
            }
            Some(Settled { adopted: None, .. }) => {}
        }
    }
    Ok(())
}

/// Does something for each of these people, so many at once as share their commits. What cannot be
/// done for one of them is no reason to leave out the others; when the store does not answer, all of
/// it is done again later.
async fn each<T, F, W>(
    flows: &Flows,
    people: Vec<PersonId>,
    id: &str,
    work: W,
) -> Result<Vec<Option<T>>, Stop>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Stop>> + Send + 'static,
    W: Fn(Flows, PersonId) -> F,
{
    let mut people = people.into_iter();
    let mut running = JoinSet::new();
    let mut all = Vec::new();
    loop {
        while running.len() < TOLD_AT_ONCE {
            let Some(person) = people.next() else { break };
            running.spawn(work(flows.clone(), person));
        }
        let Some(done) = running.join_next().await else { return Ok(all) };
        match done.map_err(|error| Stop::Broken(error.to_string()))? {
            Ok(came) => all.push(Some(came)),
            Err(stop @ (Stop::Busy | Stop::Unreachable(_))) => return Err(stop),
            Err(stop) => {
                tracing::warn!(round = id, ?stop, "somebody could not be told");
                all.push(None);
            }
        }
    }
}
