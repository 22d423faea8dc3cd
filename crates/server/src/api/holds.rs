//! Legal holds: asked for by one officer, approved by another.

use axum::extract::State;
use decide::id::HoldId;
use flows::retention::hold::{self, Place};
use flows::security::Role;
use flows::{PersonId, instant};
use serde::Deserialize;

use super::Answer;
use crate::body::{Json, Once};
use crate::credentials::Staff;
use crate::path::Path;
use crate::query::Query;
use crate::{App, Problem, Reply};

const READERS: [Role; 2] = [Role::Officer, Role::Auditor];

/// `GET /v1/holds`
pub(crate) async fn list(State(app): State<App>, staff: Staff, query: Query) -> Answer {
    staff.may_any(&READERS)?;
    Ok(Reply::public(&hold::holds(&app.flows, &super::cases(&app, &query)?).await?))
}

/// `GET /v1/holds/{id}`
pub(crate) async fn read(State(app): State<App>, Path(id): Path<String>, staff: Staff) -> Answer {
    staff.may_any(&READERS)?;
    Ok(Reply::public(&hold::one(&app.flows, id_of(&id)?).await?))
}

/// What is to be kept, and why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    person: String,
    categories: Vec<String>,
    ground: String,
    reference: String,
    #[serde(default)]
    authority: String,
    until: String,
}

/// `POST /v1/holds`
pub(crate) async fn place(
    State(app): State<App>,
    staff: Staff,
    once: Once,
    Json(given): Json<Given>,
) -> Answer {
    staff.may(Role::Officer)?;
    let wrong = || Problem::invalid("person", "use an id such as `per_cn_…`");
    let person = PersonId::parse(&given.person).ok_or_else(wrong)?;
    let wrong = || Problem::invalid("until", "write a time such as `2027-11-22T00:00:00Z`");
    let ask = Place {
        person,
        categories: given.categories,
        ground: given.ground,
        reference: given.reference,
        authority: given.authority,
        until: instant(&given.until).ok_or_else(wrong)?,
        idempotency: once.of(&format!("{} holds", staff.id))?,
    };
    let recorded = hold::place(&app.flows, &staff.id, &ask, app.now()).await?;
    Ok(Reply::from(recorded).with_status(201))
}

/// `POST /v1/holds/{id}/approve`
pub(crate) async fn approve(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
) -> Answer {
    staff.may(Role::Officer)?;
    Ok(hold::approve(&app.flows, &staff.id, id_of(&id)?, app.now()).await?.into())
}

/// `POST /v1/holds/{id}/refuse`
pub(crate) async fn refuse(State(app): State<App>, Path(id): Path<String>, staff: Staff) -> Answer {
    staff.may(Role::Officer)?;
    Ok(hold::refuse(&app.flows, &staff.id, id_of(&id)?, app.now()).await?.into())
}

/// `POST /v1/holds/{id}/lift`
pub(crate) async fn lift(State(app): State<App>, Path(id): Path<String>, staff: Staff) -> Answer {
    staff.may(Role::Officer)?;
    let done = hold::lift(&app.flows, &staff.id, id_of(&id)?, app.now()).await?;
    app.wake();
    Ok(Reply::public(&done))
}

fn id_of(text: &str) -> Result<HoldId, Problem> {
    HoldId::parse(text).ok_or_else(|| Problem::invalid("id", "use an id such as `hold_cn_…`"))
}
