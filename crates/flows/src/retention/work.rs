//! The worker: takes the jobs that are due and does each, as often as it takes.

use std::sync::atomic::Ordering;

use decide::Timestamp;
use journal::{JobKind, JobRow};

use super::{AWAITING_PROOF, ERASE, VALUES_DUE, erase, sweep};
use crate::account::{NEW_ADDRESS, PASSWORD_CHANGED, invite, tell_password};
use crate::consent::{carried, carry};
use crate::limit::{JOBS_AT_ONCE, ROUND_MILLIS};
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
    let mut worked = Worked::default();
    let mut erased = false;
    loop {
        let rows = flows.journal().scratch().claim_jobs(now, JOBS_AT_ONCE).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            match one(flows, &row, now).await {
                Ok(()) => {
                    erased |= row.kind == ERASE || row.kind == AWAITING_PROOF;
                    worked.done = worked.done.saturating_add(1);
                }
                Err(stop) => {
                    tracing::warn!(
                        job = name(&row.kind),
                        attempts = row.attempts,
                        ?stop,
                        "a job waits"
                    );
                    let due = now.plus_millis(AGAIN_MILLIS);
                    flows.journal().scratch().job_later(row.person, &row.kind, due).await?;
                    worked.later = worked.later.saturating_add(1);
                }
            }
        }
    }
    let round = round(flows, now);
    if erased || round {
        let swept = flows.journal().sweep(now).await;
        if swept.is_err() {
            // A reader was in the way: what is left of a key waits for a second, not for an hour.
            flows.inner.next_round.store(i64::MIN, Ordering::SeqCst);
        }
        swept?;
    }
    if round {
        sweep::partitions(flows, now).await?;
    }
    Ok(worked)
}

/// Whether it is time for what is done now and then: at the start, when a crash may have left
/// something unswept, and every hour.
fn round(flows: &Flows, now: Timestamp) -> bool {
    let next = &flows.inner.next_round;
    if next.load(Ordering::SeqCst) > now.millis() {
        return false;
    }
    next.store(now.millis().saturating_add(ROUND_MILLIS), Ordering::SeqCst);
    true
}

/// What a job is called, without the id that it may be about.
fn name(kind: &JobKind) -> &str {
    kind.as_str().split('/').next().unwrap_or("")
}

async fn one(flows: &Flows, row: &JobRow, now: Timestamp) -> Result<(), Stop> {
    let done = if row.kind == ERASE {
        erase::erase(flows, row.person, now).await
    } else if row.kind == VALUES_DUE {
        sweep::values(flows, row.person, now).await
    } else if row.kind == AWAITING_PROOF {
        erase::unproved(flows, row.person, now).await
    } else if row.kind == NEW_ADDRESS {
        invite(flows, row.person, now).await
    } else if row.kind == PASSWORD_CHANGED {
        tell_password(flows, row.person, now).await
    } else if let Some(browser) = carried(&row.kind) {
        carry(flows, (browser, row.person), now).await
    } else {
        Err(Stop::Gone)
    };
    match done {
        // Erased meanwhile, or a job of a kind that nobody does any more: there is nothing to do.
        Err(Stop::Gone | Stop::NotFound) => {
            flows.journal().scratch().job_done(row.person, &row.kind).await?;
            Ok(())
        }
        done => done,
    }
}
