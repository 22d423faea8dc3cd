//! Guardians: asked by somebody below age, and answering.

use axum::extract::State;
use flows::minors::{self, Answer, Invite};
use flows::{Plain, Secret};
use serde::Deserialize;

use super::Answer as Outcome;
use crate::body::Json;
use crate::credentials::{Browser, Person};
use crate::limit::SIGN_IN_MAX;
use crate::path::Path;
use crate::query::Query;
use crate::rate::{Gate, Peer};
use crate::{App, Reply, cookie};

const GUARDIAN: Gate = Gate { name: "guardian", most: SIGN_IN_MAX };

/// Where the link goes; without an address it is answered, to be sent by other means.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Asked {
    email: Option<String>,
}

/// `POST /v1/me/guardian`
pub(crate) async fn invite(
    State(app): State<App>,
    person: Person,
    query: Query,
    Json(given): Json<Asked>,
) -> Outcome {
    let ask = Invite { email: given.email.map(Plain::new), language: query.language };
    let recorded = minors::invite(&app.flows, person.id, ask, app.now()).await?;
    app.wake();
    Ok(Reply::from(recorded).with_status(201))
}

/// `GET /v1/guardian/{token}`
pub(crate) async fn look(State(app): State<App>, Path(token): Path<String>, peer: Peer) -> Outcome {
    app.pass(GUARDIAN, &peer)?;
    Ok(minors::look(&app.flows, &Secret::given(token), app.now()).await?.into())
}

/// What a guardian decides.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    decision: String,
    birth_date: Option<String>,
    code: Option<String>,
    email: Option<String>,
    phone: Option<String>,
    accept: Option<Accept>,
}

/// The version that was read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accept {
    version: u32,
}

/// `POST /v1/guardian/{token}`
pub(crate) async fn answer(
    State(app): State<App>,
    Path(token): Path<String>,
    peer: Peer,
    (query, browser): (Query, Browser),
    Json(given): Json<Given>,
) -> Outcome {
    app.pass(GUARDIAN, &peer)?;
    app.pass_for(&token)?;
    let ask = Answer {
        decision: given.decision,
        birth_date: given.birth_date.map(Plain::new),
        code: given.code.map(Secret::given),
        email: given.email.map(Plain::new),
        phone: given.phone.map(Plain::new),
        accept: given.accept.map(|it| it.version),
        language: query.language,
        label: browser.label,
    };
    let sends = ask.code.is_none();
    let recorded = minors::answer(&app.flows, &Secret::given(token), ask, app.now()).await?;
    app.wake();
    let reply = Reply::with_cookies_of(recorded, |it| {
        it.session.as_ref().map(|session| cookie::guardian(&app, session))
    });
    Ok(reply.with_status(if sends { 202 } else { 200 }))
}
