//! Requests at the desk: opened for somebody who wrote in, known, extended, refused, answered.
//!
//! Support opens one and has a code go out and come back, which only the person can answer. Whatever
//! rests on one member's word, or does what is asked for, is the officer's.

use axum::extract::State;
use flows::queue::{self, Look, REQUESTS};
use flows::rights::{self, Answer as Given, Identify, Open, Reading};
use flows::security::Role;
use flows::{PersonId, Plain, Secret, instant};
use serde::Deserialize;

use super::id_of;
use crate::api::Answer;
use crate::api::messages::DESK;
use crate::body::{Json, Once};
use crate::credentials::{OnBehalf, Staff};
use crate::path::Path;
use crate::query::Query;
use crate::{App, Problem, Reply};

/// `GET /v1/requests`
pub(crate) async fn list(State(app): State<App>, staff: Staff, query: Query) -> Answer {
    staff.may_any(&DESK)?;
    let done = query.says("done");
    let look = Look { kinds: &REQUESTS, done, cursor: query.get("cursor") };
    Ok(Reply::public(&queue::look(&app.flows, &look, app.now()).await?))
}

/// `GET /v1/requests/{id}`
pub(crate) async fn read(State(app): State<App>, Path(id): Path<String>, staff: Staff) -> Answer {
    staff.may_any(&DESK)?;
    Ok(match rights::read(&app.flows, &staff.id, id_of(&id)?, app.now()).await? {
        Reading::Whole(recorded) => recorded.into(),
        Reading::Erased(left) => Reply::public(&left),
    })
}

/// Who wrote in, and what for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WroteIn {
    right: String,
    person: Option<String>,
    address: Option<String>,
    region: Option<String>,
    language: Option<String>,
    purpose: Option<String>,
    #[serde(default)]
    categories: Vec<String>,
    text: Option<String>,
    received: Option<String>,
}

/// `POST /v1/requests`
pub(crate) async fn open(
    State(app): State<App>,
    asks: OnBehalf,
    once: Once,
    Json(given): Json<WroteIn>,
) -> Answer {
    asks.may_any(&DESK)?;
    let by = asks.by();
    let wrong = || Problem::invalid("person", "use an id such as `per_cn_…`");
    let person = given.person.map(|it| PersonId::parse(&it).ok_or_else(wrong)).transpose()?;
    let wrong = || Problem::invalid("received", "write a time such as `2026-11-22T10:00:00Z`");
    let received = given.received.map(|it| instant(&it).ok_or_else(wrong)).transpose()?;
    let language = given.language.map(|it| crate::api::spoken(&app, &it)).transpose()?;
    let ask = Open {
        right: given.right,
        person,
        address: given.address.map(Plain::new),
        region: given.region,
        language: language.unwrap_or_default(),
        purpose: given.purpose,
        categories: given.categories,
        text: given.text.map(Plain::new),
        received,
        idempotency: once.of(&format!("{} requests", by.id()))?,
    };
    let recorded = rights::open(&app.flows, by, ask, app.now()).await?;
    app.wake();
    Ok(Reply::from(recorded).with_status(201))
}

/// How it becomes known who asks.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Known {
    by: String,
    code: Option<String>,
}

/// `POST /v1/requests/{id}/identify`
pub(crate) async fn identify(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    Json(given): Json<Known>,
) -> Answer {
    match given.by.as_str() {
        "code" => staff.may_any(&DESK)?,
        _ => staff.may(Role::Officer)?,
    }
    let how = match (given.by.as_str(), given.code) {
        ("code", None) => Identify::Code,
        ("code", Some(code)) => Identify::Told(Secret::given(code)),
        ("documents", None) => Identify::Documents,
        ("session", None) => Identify::Take,
        _ => {
            let say = "use `code`, `documents` or `session`; `code` with the code that came back";
            return Err(Problem::invalid("by", say));
        }
    };
    let asked = (id_of(&id)?, how);
    let recorded = rights::identify(&app.flows, &staff.id, asked, app.now()).await?;
    app.wake();
    Ok(recorded.into())
}

/// Why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Why {
    reason: String,
}

/// `POST /v1/requests/{id}/extend`
pub(crate) async fn extend(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    Json(given): Json<Why>,
) -> Answer {
    staff.may(Role::Officer)?;
    let why = (id_of(&id)?, Plain::new(given.reason));
    let recorded = rights::extend(&app.flows, &staff.id, why, app.now()).await?;
    app.wake();
    Ok(recorded.into())
}

/// `POST /v1/requests/{id}/refuse`
pub(crate) async fn refuse(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    Json(given): Json<Why>,
) -> Answer {
    staff.may(Role::Officer)?;
    let why = (id_of(&id)?, Plain::new(given.reason));
    let recorded = rights::refuse(&app.flows, &staff.id, why, app.now()).await?;
    app.wake();
    Ok(recorded.into())
}

/// What is answered, and what is done with it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answered {
    text: Option<String>,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    values: std::collections::BTreeMap<String, String>,
}

/// `POST /v1/requests/{id}/answer`
pub(crate) async fn answer(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    Json(given): Json<Answered>,
) -> Answer {
    staff.may(Role::Officer)?;
    let values = given.values.into_iter().map(|(id, value)| (id, Plain::new(value))).collect();
    let (text, categories) = (given.text.map(Plain::new), given.categories);
    let answered = (id_of(&id)?, Given { text, categories, values });
    let recorded = rights::answer(&app.flows, &staff.id, answered, app.now()).await?;
    app.wake();
    Ok(recorded.into())
}
