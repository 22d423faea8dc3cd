//! The worker: takes the jobs that are due and does them, so many at once as share their commits and
//! leave room for everybody else.

use decide::Timestamp;
use journal::{JobKind, JobRow};
use tokio::task::JoinSet;

use super::{AWAITING_PROOF, ERASE, VALUES_DUE, erase, hold, logs, redate, sweep};
use crate::account::{
    NEW_ADDRESS, PASSWORD_CHANGED, PHONE_CODE, first_phone_code, invite, tell_password,
};
use crate::consent::{carried, carry};
use crate::limit::{JOBS_AT_ONCE, PEOPLE_AT_ONCE};
use crate::minors::{COMING_OF_AGE, GUARDIAN, come_of_age, lapse};
use crate::{Flows, Stop};

/// What a step of the worker came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Worked {
    /// Jobs that were done.
    pub done: usize,
    /// Jobs that will be tried again.
    pub later: usize,
}

/// Milliseconds after which a job that failed is tried again.
const AGAIN_MILLIS: i64 = 15_000;

/// Does what is due.
///
/// # Errors
/// When the jobs cannot be read.
pub async fn work(flows: &Flows, now: Timestamp) -> Result<Worked, Stop> {
    let worked = jobs(flows, now).await?;
    redate::begin(flows, now).await?;
    crate::round::work(flows, now).await?;
    let pace = &flows.inner.pace;
    let round = pace.round(now);
    if round {
        pace.erased();
    }
    clear(flows, now).await?;
    if round {
        logs::partitions(flows, now).await?;
    }
    Ok(worked)
}

/// Has what is left of the erased looked for, where it is time to.
pub(super) async fn clear(flows: &Flows, now: Timestamp) -> Result<(), Stop> {
    let pace = &flows.inner.pace;
    if !pace.sweeps(now) {
        return Ok(());
    }
    pace.begins();
    match flows.journal().sweep(now).await {
        Ok(swept) => {
            pace.swept(swept.bytes, now);
            Ok(())
        }
        Err(fault) => {
            // A reader was in the way: what is left of a key waits for a second, not for an hour.
            pace.in_vain();
            Err(fault.into())
        }
    }
}

/// Jobs that are done together, and what came of each.
type Piece = Vec<(JobRow, Result<(), Stop>)>;

/// Does every job that is due. New ones are claimed while the last ones are still under way, so that
/// a commit always finds several to carry.
async fn jobs(flows: &Flows, now: Timestamp) -> Result<Worked, Stop> {
    let mut worked = Worked::default();
    let mut running: JoinSet<Piece> = JoinSet::new();
    let (mut under_way, mut drained) = (0_usize, false);
    loop {
        let half = usize::try_from(JOBS_AT_ONCE / 2).unwrap_or(0);
        if !drained && under_way <= half {
            let rows = flows.journal().scratch().claim_jobs(now, JOBS_AT_ONCE / 2).await?;
            drained = rows.is_empty();
            under_way = under_way.saturating_add(rows.len());
            for piece in pieces(rows) {
                let flows = flows.clone();
                running.spawn(async move { together(&flows, piece, now).await });
            }
            continue;
        }
        match running.join_next().await {
            None => return Ok(worked),
            Some(piece) => {
                let piece = piece.map_err(|error| Stop::Broken(error.to_string()))?;
                under_way = under_way.saturating_sub(piece.len());
                settle(flows, piece, &mut worked, now).await?;
                // What was done may have made something else due.
                drained &= under_way > 0;
            }
        }
    }
}

/// Values that are due go with those of others; everything else is a piece of its own.
fn pieces(rows: Vec<JobRow>) -> Vec<Vec<JobRow>> {
    let (mut values, others): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|it| it.kind == VALUES_DUE);
    // Neighbours lie in the same pages.
    values.sort_by_key(|it| it.person);
    let values = values.chunks(PEOPLE_AT_ONCE).map(<[JobRow]>::to_vec);
    values.chain(others.into_iter().map(|it| vec![it])).collect()
}

async fn together(flows: &Flows, rows: Vec<JobRow>, now: Timestamp) -> Piece {
    let mut done = Vec::with_capacity(rows.len());
    if rows.iter().all(|it| it.kind == VALUES_DUE) {
        let people = rows.iter().map(|it| it.person).collect();
        let mut answers = sweep::all(flows, people, now).await;
        let none = || Stop::Broken("a job ended without an answer".to_owned());
        for row in rows {
            let answer = answers.remove(&row.person).unwrap_or_else(|| Err(none()));
            done.push((row, answer));
        }
        return done;
    }
    for row in rows {
        let answer = one(flows, &row, now).await;
        done.push((row, answer));
    }
    done
}

/// Jobs that were done went with their outcomes; the others go here, or wait.
async fn settle(
    flows: &Flows,
    piece: Piece,
    worked: &mut Worked,
    now: Timestamp,
) -> Result<(), Stop> {
    for (row, answer) in piece {
        let stop = match answer {
            Ok(()) => None,
            // Erased meanwhile, or a job of a kind that nobody does any more: there is nothing to do.
            Err(Stop::Gone | Stop::NotFound) => {
                flows.journal().scratch().claim_done(&row).await?;
                None
            }
            Err(stop) => Some(stop),
        };
        let Some(stop) = stop else {
            if row.kind == ERASE || row.kind == AWAITING_PROOF {
                flows.inner.pace.erased();
            }
            worked.done = worked.done.saturating_add(1);
            continue;
        };
        tracing::warn!(job = name(&row.kind), attempts = row.attempts, ?stop, "a job waits");
        let due = now.plus_millis(AGAIN_MILLIS);
        flows.journal().scratch().claim_later(&row, due).await?;
        worked.later = worked.later.saturating_add(1);
    }
    Ok(())
}

/// What a job is called, without the id that it may be about.
fn name(kind: &JobKind) -> &str {
    kind.as_str().split('/').next().unwrap_or("")
}

async fn one(flows: &Flows, row: &JobRow, now: Timestamp) -> Result<(), Stop> {
    if row.kind == ERASE {
        erase::erase(flows, row.person, now).await
    } else if row.kind == AWAITING_PROOF {
        erase::unproved(flows, row.person, now).await
    } else if row.kind == NEW_ADDRESS {
        invite(flows, row.person, now).await
    } else if row.kind == PHONE_CODE {
        first_phone_code(flows, row, now).await
    } else if row.kind == PASSWORD_CHANGED {
        tell_password(flows, row.person, now).await
    } else {
        of_the_person(flows, row, now).await
    }
}

/// Jobs of which a person has one at most, and that are no erasure and no mail.
async fn of_the_person(flows: &Flows, row: &JobRow, now: Timestamp) -> Result<(), Stop> {
    if row.kind == COMING_OF_AGE {
        come_of_age(flows, (row.person, row.due), now).await
    } else if row.kind == GUARDIAN {
        lapse(flows, row.person, now).await
    } else if row.kind == crate::security::RESTORED {
        crate::security::restored(flows, row.person, now).await
    } else if row.kind == crate::change::CATCH_UP {
        crate::change::arrived(flows, row, now).await
    } else {
        about(flows, row, now).await
    }
}

/// Jobs that are about something with an id of its own.
async fn about(flows: &Flows, row: &JobRow, now: Timestamp) -> Result<(), Stop> {
    if let Some(id) = hold::ended(&row.kind) {
        hold::over(flows, id, now).await
    } else if let Some(browser) = carried(&row.kind) {
        carry(flows, (browser, row.person), now).await
    } else if let Some(version) = crate::change::adopting(&row.kind) {
        crate::change::adopt(flows, row.person, version, now).await
    } else if crate::rights::is_ours(&row.kind) {
        crate::rights::work(flows, row, now).await
    } else if let Some(id) = crate::transfer::sending(&row.kind) {
        crate::transfer::leave(flows, (id, row.attempts), now).await
    } else if let Some(about) = crate::messages::about(&row.kind) {
        crate::messages::work(flows, row, about, now).await
    } else {
        Err(Stop::Gone)
    }
}
