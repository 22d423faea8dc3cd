//! Versions of the policy: publishing and their rounds for staff, and what a person is told and asked.

use std::collections::BTreeMap;

use axum::extract::State;
use flows::Stop;
use flows::change::{self, Approval, Draft, Greeting};
use flows::security::Role;
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use crate::body::Json;
use crate::credentials::{Person, Staff};
use crate::path::Path;
use crate::query::Query;
use crate::{App, Problem, Reply, clock};

/// A draft of the next version.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    /// The files of its folder, name to text: `policy.md`, `holidays/cn.toml`.
    files: BTreeMap<String, String>,
    /// The day from which it is to count; the one in its front matter where it is left out.
    effective: Option<jiff::civil::Date>,
    /// Whether only to say what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// `GET /v1/policy/versions`
pub(crate) async fn versions(State(app): State<App>, staff: Staff) -> Answer {
    staff.may_any(&[Role::Officer, Role::Auditor, Role::Engineer])?;
    let (now, current) = (app.now(), app.flows.book().version());
    let stored = flows::notice::versions(&app.flows).await?;
    let all = stored.iter().rev().map(|(version, policy, effective)| {
        let state = match (*version == current, *effective > now) {
            (true, _) => "in-force",
            (false, true) => "announced",
            (false, false) => "over",
        };
        json!({
            "version": version,
            "hash": format!("sha256:{}", policy.hash()),
            "updated": policy.header.updated.to_string(),
            "effective": clock::text(*effective),
            "state": state,
        })
    });
    let all: Vec<_> = all.collect();
    let waiting = change::proposals(&app.flows).await?;
    Ok(Reply::public(&json!({ "versions": all, "waiting": waiting })))
}

/// `POST /v1/policy/versions`
pub(crate) async fn hand_in(
    State(app): State<App>,
    staff: Staff,
    Json(given): Json<Given>,
) -> Answer {
    staff.may(Role::Officer)?;
    let folder = policy::Folder::of(given.files);
    let draft = Draft { folder, effective: given.effective };
    if given.dry_run {
        let plan = change::plan(&app.flows, &draft, app.now()).await?;
        return Ok(Reply::public(&with(plan.json(), "dry-run")));
    }
    match change::propose(&app.flows, &draft, &staff.id, app.now()).await? {
        Approval::Published(plan) => {
            app.wake();
            Ok(Reply::public(&with(plan.json(), "published")).with_status(201))
        }
        Approval::Waits(plan, hash) => {
            let plan = with(plan.json(), "awaiting-second");
            Ok(Reply::public(&hashed(plan, &hash)).with_status(202))
        }
    }
}

fn with(mut plan: serde_json::Value, state: &str) -> serde_json::Value {
    if let Some(fields) = plan.as_object_mut() {
        fields.insert("state".to_owned(), state.into());
    }
    plan
}

fn hashed(mut plan: serde_json::Value, hash: &str) -> serde_json::Value {
    if let Some(fields) = plan.as_object_mut() {
        fields.insert("draft_hash".to_owned(), hash.into());
    }
    plan
}

/// `GET /v1/policy/versions/{version}/draft`
pub(crate) async fn waiting(
    State(app): State<App>,
    Path(version): Path<String>,
    staff: Staff,
) -> Answer {
    staff.may_any(&[Role::Officer, Role::Auditor, Role::Engineer])?;
    let version = version.parse().map_err(|_| Problem::not_found())?;
    let it = change::handed_in(&app.flows, version, app.now()).await?;
    let mut all = json!({
        "version": it.waiting.version,
        "by": it.waiting.by,
        "since": it.waiting.since,
        "draft_hash": it.waiting.draft_hash,
        "files": it.folder.files,
    });
    if let Some(fields) = all.as_object_mut() {
        let planned = match it.planned {
            Ok(plan) => ("plan", with(plan.json(), "awaiting-second")),
            Err(say) => ("fault", say.into()),
        };
        fields.insert(planned.0.to_owned(), planned.1);
    }
    Ok(Reply::public(&all))
}

/// Which draft is approved.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Approved {
    draft_hash: String,
}

/// `POST /v1/policy/versions/{version}/approve`
pub(crate) async fn approve(
    State(app): State<App>,
    Path(version): Path<String>,
    staff: Staff,
    Json(given): Json<Approved>,
) -> Answer {
    staff.may(Role::Officer)?;
    let version = version.parse().map_err(|_| Problem::not_found())?;
    let read = (version, given.draft_hash.as_str());
    let plan = change::approve(&app.flows, read, &staff.id, app.now()).await?;
    app.wake();
    Ok(Reply::public(&with(plan.json(), "published")))
}

/// `GET /v1/notices`
pub(crate) async fn notices(State(app): State<App>, staff: Staff) -> Answer {
    staff.may_any(&[Role::Officer, Role::Auditor, Role::Engineer])?;
    let notices = change::notices(&app.flows).await?;
    Ok(Reply::public(&json!({ "notices": notices })))
}

/// `GET /v1/me/changes`
pub(crate) async fn mine(State(app): State<App>, query: Query, person: Person) -> Answer {
    let language = query.language.as_str();
    let greeted = change::greet(&app.flows, person.id, ("api", language), app.now()).await?;
    Ok(match greeted {
        Some(recorded) => Reply::shaped(recorded, |it: Greeting| json!({ "changes": [it] })),
        None => Reply::public(&json!({ "changes": [] })),
    })
}

/// Which version somebody agrees to.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Agreed {
    version: u32,
}

/// `POST /v1/me/changes`
pub(crate) async fn agree(
    State(app): State<App>,
    query: Query,
    person: Person,
    Json(given): Json<Agreed>,
) -> Answer {
    let what = (given.version, "api", query.language.as_str());
    let done = change::accept(&app.flows, person.id, what, app.now()).await;
    match done {
        Ok(recorded) => Ok(Reply::shaped(recorded, |it| json!({ "version": it.0 }))),
        Err(Stop::NotFound) => {
            Err(Problem::invalid("version", "name the newest version of the policy"))
        }
        Err(stop) => Err(stop.into()),
    }
}
