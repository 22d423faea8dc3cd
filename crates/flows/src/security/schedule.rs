//! Backups by themselves: every so often, kept for so long, as the policy promises and no longer. What
//! the policy in force says is asked in each round; old ones go whether or not a new one can be made.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use decide::Timestamp;
use journal::{Fault, RoundRow};
use policy::Duration;
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;

use super::archive::{Archiving, archive};
use super::backup::{self, Made};
use super::changes;
use crate::book::Book;
use crate::time::{instant, when};
use crate::{Flows, Stop};

/// The kind of the round, and its id: there is one.
pub(crate) const KIND: &str = "backup";

/// Nothing is being made.
const WAITING: &str = "waiting";
/// One is being made.
const RUNNING: &str = "running";
/// The last try failed.
const FAILED: &str = "failed";

/// Milliseconds after which a backup that did not end is begun anew.
const LATE_MILLIS: i64 = 60 * 60 * 1_000;
/// Milliseconds after which one that failed is tried again.
const AGAIN_MILLIS: i64 = 10 * 60 * 1_000;
/// Milliseconds after which it is looked again what is due, whatever was due then: the policy may say
/// something else by now.
const LOOK_MILLIS: i64 = 60 * 60 * 1_000;
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

/// What the round knows.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
struct Body {
    /// When the last one was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    made: Option<String>,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// When the next one is due.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    /// Whether somebody asked for one that was not begun yet.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    asked: bool,
}

impl Body {
    fn of(round: &RoundRow) -> Self {
        serde_json::from_str(&round.body).unwrap_or_default()
    }

    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }
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
        state: WAITING.to_owned(),
        body: "{}".to_owned(),
        cursor: String::new(),
        wake: Some(now),
        made: now,
        version: 0,
    };
    match door.add_round(row).await {
        Ok(()) => {}
        // It stands since an earlier start; what is due by now may be something else.
        Err(Fault::Conflict) => look(flows, now).await?,
        Err(fault) => return Err(fault.into()),
    }
    flows.inner.backups.plan.set(plan).map_err(|_| Stop::Broken("planned already".to_owned()))
}

/// Has it looked what is due, unless a backup is being made: then it is looked after that.
pub(crate) async fn look(flows: &Flows, now: Timestamp) -> Result<(), Stop> {
    let door = flows.journal().installation();
    let round = door.round(KIND).await?.filter(|it| it.state != RUNNING);
    let Some(round) = round.filter(|it| it.wake.is_none_or(|at| at > now)) else { return Ok(()) };
    match door.put_round(&RoundRow { wake: Some(now), ..round }).await {
        // Whoever changed it in the meantime has looked, or will.
        Ok(()) | Err(Fault::Conflict) => Ok(()),
        Err(fault) => Err(fault.into()),
    }
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
    if round.state != RUNNING {
        let body = Body { asked: true, ..Body::of(&round) }.text();
        door.put_round(&RoundRow { wake: Some(now), body, ..round }).await?;
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
    let body = Body::of(&round);
    // Asked for, or tried again, it is due when the round wakes.
    let soon = body.asked || body.made.is_none() || round.state == RUNNING;
    let next = if soon { round.wake.map(when) } else { body.next };
    Ok(BackupSeen { state: round.state, last: body.made, next })
}

/// The round wakes: what is due is done beside everything else, for it may take long.
pub(crate) async fn step(flows: &Flows, round: RoundRow, now: Timestamp) -> Result<(), Stop> {
    let door = flows.journal().installation();
    let Some(plan) = flows.inner.backups.plan.get().cloned() else {
        let wake = Some(now.plus_millis(ELSEWHERE_MILLIS));
        return Ok(door.put_round(&RoundRow { wake, ..round }).await?);
    };
    if running_here(flows) {
        let wait = if round.state == RUNNING { LATE_MILLIS } else { ELSEWHERE_MILLIS };
        let wake = Some(now.plus_millis(wait));
        return Ok(door.put_round(&RoundRow { wake, ..round }).await?);
    }
    let mut body = Body::of(&round);
    let makes = body.asked || round.state == RUNNING || is_due(flows, &plan, &body, now);
    let wake = Some(now.plus_millis(LATE_MILLIS));
    body.asked = false;
    let state = if makes { RUNNING.to_owned() } else { round.state.clone() };
    door.put_round(&RoundRow { wake, state, body: body.text(), ..round }).await?;
    let mut running = flows.inner.backups.running.lock().unwrap_or_else(PoisonError::into_inner);
    let flows = flows.clone();
    *running = Some(tokio::spawn(async move {
        let done = run(&flows, &plan, makes, now).await;
        if let Err(stop) = ended(&flows, &plan, done, now).await {
            tracing::error!(?stop, "that a backup ended could not be noted");
        }
    }));
    Ok(())
}

fn running_here(flows: &Flows) -> bool {
    let running = flows.inner.backups.running.lock().unwrap_or_else(PoisonError::into_inner);
    running.as_ref().is_some_and(|it| !it.is_finished())
}

/// Whether a new one is due, by what is configured and promised now.
fn is_due(flows: &Flows, plan: &Plan, body: &Body, now: Timestamp) -> bool {
    let Some(made) = body.made.as_deref().and_then(instant) else { return true };
    next(flows, plan, made).is_some_and(|it| it <= now)
}

/// When the one after another is due: as is configured, and no later than is promised.
fn next(flows: &Flows, plan: &Plan, made: Timestamp) -> Option<Timestamp> {
    let book = flows.book();
    let promised = book.policy().backup.as_ref().map(|it| it.every);
    soonest(&book, [plan.every, promised], made)
}

/// The earliest of some times after an instant.
fn soonest(book: &Book, all: [Option<Duration>; 2], from: Timestamp) -> Option<Timestamp> {
    let home = book.policy().header.home();
    all.into_iter().flatten().filter_map(|it| book.policy().due(home, from, it).ok()).min()
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

/// What came of a round.
#[derive(Default)]
struct Done {
    /// The new one, where one was due.
    made: Option<Result<Made, String>>,
    /// What else failed.
    failed: Option<String>,
    /// When the oldest goes.
    over: Option<Timestamp>,
}

impl Done {
    fn forgot(&mut self, forgotten: Result<Option<Timestamp>, String>) {
        (self.over, self.failed) = match forgotten {
            Ok(over) => (over, None),
            Err(why) => (None, Some(why)),
        };
    }
}

async fn run(flows: &Flows, plan: &Plan, makes: bool, now: Timestamp) -> Done {
    let mut done = Done::default();
    // What is promised to go goes first, whatever becomes of the rest.
    done.forgot(forget(flows, plan, now).await);
    if !makes {
        return done;
    }
    let made = backup::back_up_this(flows, &plan.to, now).await.map_err(|it| it.to_string());
    if made.is_ok() {
        // With a new one less of the list of changes is needed.
        done.forgot(forget(flows, plan, now).await);
        if let Some(ask) = &plan.archive {
            match archive(flows, ask, now).await {
                Ok(moved) => tracing::info!(cases = moved.0, "archived"),
                Err(stop) => done.failed = Some(format!("archive: {stop:?}")),
            }
        }
    }
    done.made = Some(made);
    done
}

/// Removes those whose time is over, and what of the list of changes no other needs; answers when the
/// oldest goes that stays.
async fn forget(flows: &Flows, plan: &Plan, now: Timestamp) -> Result<Option<Timestamp>, String> {
    let (book, plan, vault) = (flows.book(), plan.clone(), flows.vault().clone());
    let forgotten = tokio::task::spawn_blocking(move || {
        if !plan.to.exists() {
            return Ok(None);
        }
        let promised = book.policy().backup.as_ref().map(|it| it.keep);
        let end = |made| soonest(&book, [plan.keep, promised], made);
        let over = |made| end(made).is_some_and(|it| it <= now);
        let stays = backup::forget(&plan.to, over, now).map_err(|it| it.to_string())?;
        if let (Some(dir), Some(stays)) = (&plan.changes, &stays) {
            changes::thin(&vault, dir, stays.about.since)?;
        }
        Ok(stays.and_then(|it| end(Timestamp::from_millis(it.about.made_at))))
    });
    forgotten.await.map_err(|error| error.to_string())?
}

/// Notes when to look again.
async fn ended(flows: &Flows, plan: &Plan, done: Done, now: Timestamp) -> Result<(), Stop> {
    let door = flows.journal().installation();
    let Some(round) = door.round(KIND).await? else { return Ok(()) };
    let mut body = Body::of(&round);
    // What was asked for in the meantime is due at once.
    let mut wait = if body.asked { 0 } else { LOOK_MILLIS };
    let mut state = WAITING;
    if let Some(why) = done.failed {
        tracing::error!(why, "after a backup, or before it, something was left undone");
        (state, wait) = (FAILED, wait.min(AGAIN_MILLIS));
    }
    match done.made {
        Some(Ok(made)) => {
            tracing::info!(path = %made.path.display(), people = made.about.people, "backed up");
            body.made = Some(when(now));
            body.name = made.path.file_name().map(|it| it.to_string_lossy().into_owned());
        }
        Some(Err(why)) => {
            tracing::error!(why, "no backup could be made");
            body.asked = true;
            (state, wait) = (FAILED, AGAIN_MILLIS);
        }
        None => {}
    }
    let next = body.made.as_deref().and_then(instant).and_then(|made| next(flows, plan, made));
    body.next = next.map(when);
    let look = Some(now.plus_millis(wait));
    let due = [look, next.filter(|it| *it > now), done.over.filter(|it| *it > now)];
    let wake = due.into_iter().flatten().min();
    let row = RoundRow { state: state.to_owned(), wake, body: body.text(), ..round };
    Ok(door.put_round(&row).await?)
}
