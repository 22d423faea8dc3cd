//! Backups by themselves: every so often, kept for so long, as the policy promises and no longer.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use decide::Timestamp;
use journal::{Fault, RoundRow};
use policy::Duration;
use serde_json::json;
use tokio::task::JoinHandle;

use super::archive::{Archiving, archive};
use super::backup::{self, Made};
use super::changes;
use crate::time::when;
use crate::{Flows, Stop};

/// The kind of the round, and its id: there is one.
pub(crate) const KIND: &str = "backup";

/// Milliseconds after which a backup that did not end is begun anew.
const LATE_MILLIS: i64 = 60 * 60 * 1_000;
/// Milliseconds after which one that failed is tried again.
const AGAIN_MILLIS: i64 = 10 * 60 * 1_000;
/// Milliseconds after which another node, that has a place for backups, is asked.
const ELSEWHERE_MILLIS: i64 = 15_000;

/// When backups are made, and where they go.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The folder of them.
    pub to: PathBuf,
    /// How often; as the policy says it where nothing is said.
    pub every: Option<Duration>,
    /// How long one is kept; likewise.
    pub keep: Option<Duration>,
    /// The folder of the list of changes, of which no more is kept than backups need.
    pub changes: Option<PathBuf>,
    /// What is archived after each backup.
    pub archive: Option<Archiving>,
}

/// What is being done about backups here.
#[derive(Debug, Default)]
pub(crate) struct Backups {
    plan: OnceLock<Plan>,
    running: Mutex<Option<JoinHandle<()>>>,
}

/// What is known of backups.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BackupSeen {
    /// `waiting`, `running`, `failed`; `none` where none are planned.
    pub state: String,
    /// When the last one was made.
    pub last: Option<String>,
    /// When the next one is due.
    pub next: Option<String>,
}

/// Has backups made by themselves from now on.
///
/// # Errors
/// `Invalid` where the policy promises more of them, or that they are kept for less long.
pub async fn plan_backups(flows: &Flows, plan: Plan, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    if let Some(promised) = &book.policy().backup {
        let (every, keep) = (promised.every, promised.keep);
        let given = plan.every.filter(|it| it.outlasts(every));
        if let Some(given) = given {
            let say =
                format!("the policy promises a backup every {every}, and `{given}` is longer");
            return Err(Stop::invalid("backup-every", say));
        }
        if let Some(given) = plan.keep.filter(|it| it.outlasts(keep)) {
            let say = format!(
                "the policy promises that a backup is kept for {keep}, and `{given}` is longer"
            );
            return Err(Stop::invalid("backup-keep", say));
        }
    }
    let door = flows.journal().installation();
    let row = RoundRow {
        id: KIND.to_owned(),
        kind: KIND.to_owned(),
        state: "waiting".to_owned(),
        body: "{}".to_owned(),
        cursor: String::new(),
        wake: Some(now),
        made: now,
        version: 0,
    };
    match door.add_round(row).await {
        Ok(()) | Err(Fault::Conflict) => {}
        Err(fault) => return Err(fault.into()),
    }
    flows.inner.backups.plan.set(plan).map_err(|_| Stop::Broken("planned already".to_owned()))
}

/// Whether backups are promised, and none are planned here.
pub fn lacks_backups(flows: &Flows) -> bool {
    flows.book().policy().backup.is_some() && flows.inner.backups.plan.get().is_none()
}

/// Has a backup made now, by whichever node has a place for it.
///
/// # Errors
/// `NotNow` where none are planned.
pub async fn back_up_now(flows: &Flows, now: Timestamp) -> Result<BackupSeen, Stop> {
    let door = flows.journal().installation();
    let none =
        || Stop::NotNow("no place for backups is configured: set `to` under `[backup]`".to_owned());
    let round = door.round(KIND).await?.ok_or_else(none)?;
    if round.state != "running" {
        door.put_round(&RoundRow { wake: Some(now), ..round }).await?;
    }
    backup_seen(flows).await
}

/// What is known of backups.
///
/// # Errors
/// When the rounds cannot be read.
pub async fn backup_seen(flows: &Flows) -> Result<BackupSeen, Stop> {
    let Some(round) = flows.journal().installation().round(KIND).await? else {
        return Ok(BackupSeen { state: "none".to_owned(), last: None, next: None });
    };
    let body: serde_json::Value = serde_json::from_str(&round.body).unwrap_or_default();
    let last = body.get("made").and_then(|it| it.as_str()).map(str::to_owned);
    Ok(BackupSeen { state: round.state, last, next: round.wake.map(when) })
}

/// A backup is due: it is made beside everything else, for it may take long.
pub(crate) async fn step(flows: &Flows, round: RoundRow, now: Timestamp) -> Result<(), Stop> {
    let door = flows.journal().installation();
    let Some(plan) = flows.inner.backups.plan.get().cloned() else {
        let wake = Some(now.plus_millis(ELSEWHERE_MILLIS));
        return Ok(door.put_round(&RoundRow { wake, ..round }).await?);
    };
    let wake = Some(now.plus_millis(LATE_MILLIS));
    let state = "running".to_owned();
    door.put_round(&RoundRow { wake, state, ..round }).await?;
    let mut running = flows.inner.backups.running.lock().unwrap_or_else(PoisonError::into_inner);
    if running.as_ref().is_some_and(|it| !it.is_finished()) {
        return Ok(());
    }
    let flows = flows.clone();
    *running = Some(tokio::spawn(async move {
        let done = run(&flows, &plan, now).await;
        if let Err(stop) = ended(&flows, &plan, done, now).await {
            tracing::error!(?stop, "that a backup ended could not be noted");
        }
    }));
    Ok(())
}

/// Waits for a backup that is being made.
pub async fn backups_settled(flows: &Flows) {
    let running = {
        let running = &flows.inner.backups.running;
        running.lock().unwrap_or_else(PoisonError::into_inner).take()
    };
    if let Some(running) = running {
        running.await.ok();
    }
}

async fn run(flows: &Flows, plan: &Plan, now: Timestamp) -> Result<Made, String> {
    let made = backup::back_up_this(flows, &plan.to, now).await.map_err(|it| it.to_string())?;
    let keep = plan.keep.or_else(|| flows.book().policy().backup.as_ref().map(|it| it.keep));
    let archiving = plan.archive.clone();
    let (book, plan, vault) = (flows.book(), plan.clone(), flows.vault().clone());
    let forgotten = tokio::task::spawn_blocking(move || {
        let home = book.policy().header.home();
        let over = |made| {
            keep.and_then(|it| book.policy().due(home, made, it).ok()).is_some_and(|it| it <= now)
        };
        let stays = backup::forget(&plan.to, over, now).map_err(|it| it.to_string())?;
        match (&plan.changes, stays) {
            (Some(dir), Some(stays)) => changes::thin(&vault, dir, stays.about.since),
            (None, _) | (_, None) => Ok(()),
        }
    });
    forgotten.await.map_err(|error| error.to_string())??;
    if let Some(ask) = archiving {
        let moved = archive(flows, &ask, now).await.map_err(|stop| format!("archive: {stop:?}"))?;
        tracing::info!(cases = moved.0, "archived");
    }
    Ok(made)
}

/// Notes when the next one is due.
async fn ended(
    flows: &Flows,
    plan: &Plan,
    done: Result<Made, String>,
    now: Timestamp,
) -> Result<(), Stop> {
    let door = flows.journal().installation();
    let Some(round) = door.round(KIND).await? else { return Ok(()) };
    let row = match done {
        Ok(made) => {
            tracing::info!(path = %made.path.display(), people = made.about.people, "backed up");
            let book = flows.book();
            let every = plan.every.or_else(|| book.policy().backup.as_ref().map(|it| it.every));
            let home = book.policy().header.home();
            let wake = every.and_then(|it| book.policy().due(home, now, it).ok());
            let name = made.path.file_name().map(|it| it.to_string_lossy().into_owned());
            let body = json!({ "made": when(now), "name": name }).to_string();
            RoundRow { state: "waiting".to_owned(), wake, body, ..round }
        }
        Err(why) => {
            tracing::error!(why, "no backup could be made");
            let wake = Some(now.plus_millis(AGAIN_MILLIS));
            RoundRow { state: "failed".to_owned(), wake, ..round }
        }
    };
    Ok(door.put_round(&row).await?)
}
