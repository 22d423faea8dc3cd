//! Signing in and out.

use axum::extract::State;
use flows::account::{self, SignIn};
use flows::{Plain, Secret};
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use crate::body::Json;
use crate::credentials::{Browser, Person};
use crate::limit::SIGN_IN_MAX;
use crate::path::Path;
use crate::query::Query;
use crate::rate::{Gate, Peer};
use crate::{App, Problem, Reply, cookie};

const SIGN_IN: Gate = Gate { name: "sign-in", most: SIGN_IN_MAX };

/// Who signs in, with a password or a code; without either a code is sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    email: String,
    region: Option<String>,
    password: Option<String>,
    code: Option<String>,
}

/// `POST /v1/session`
pub(crate) async fn begin(
    State(app): State<App>,
    peer: Peer,
    query: Query,
    browser: Browser,
    Json(given): Json<Given>,
) -> Answer {
    app.pass(SIGN_IN, &peer)?;
    app.pass_for(&given.email)?;
    let ask = SignIn {
        email: Plain::new(given.email),
        region: given.region,
        password: given.password.map(Plain::new),
        code: given.code.map(Secret::given),
        label: browser.label,
        language: query.language,
    };
    if ask.password.is_none() && ask.code.is_none() {
        // The same whether or not there is an account, and as soon.
        app.codes.ask(&app.flows, ask)?;
        return Ok(Reply::public(&json!({ "sent": "code" })).with_status(202));
    }
    let recorded = account::sign_in(&app.flows, ask, app.now()).await?;
    Ok(Reply::with_cookies_of(recorded, |it| Some(cookie::session(&app, &it.session))))
}

/// `DELETE /v1/session`
pub(crate) async fn end(State(app): State<App>, person: Person) -> Answer {
    let session = person.session.ok_or_else(Problem::no_session)?;
    let recorded = account::sign_out(&app.flows, person.id, &session, app.now()).await?;
    Ok(Reply::done(recorded).with_cookie(cookie::no_session(&app)))
}

/// `DELETE /v1/me/sessions/{id}`
pub(crate) async fn end_other(
    State(app): State<App>,
    Path(id): Path<String>,
    person: Person,
) -> Answer {
    Ok(Reply::done(account::end_session(&app.flows, person.id, &id, app.now()).await?))
}
