//! Requests to exercise a right: asking, seeing, taking back, following.

pub(crate) mod desk;

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_DISPOSITION;
use decide::id::RequestId;
use flows::account::Cancel;
use flows::rights;
use flows::{Plain, Secret};
use serde::Deserialize;

use super::Answer;
use crate::body::{Json, Once, Perhaps};
use crate::credentials::{Browser, Person};
use crate::limit::SIGN_IN_MAX;
use crate::path::Path;
use crate::query::Query;
use crate::rate::{Gate, Peer};
use crate::{App, Problem, Reply};

const CANCEL: Gate = Gate { name: "cancel", most: SIGN_IN_MAX };

/// Which right, and what it is about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    right: String,
    purpose: Option<String>,
    #[serde(default)]
    lift: bool,
    #[serde(default)]
    categories: Vec<String>,
    text: Option<String>,
}

/// `POST /v1/me/requests`
pub(crate) async fn ask(
    State(app): State<App>,
    person: Person,
    once: Once,
    Json(given): Json<Given>,
) -> Answer {
    let idempotency = once.of(&format!("{} requests", person.id))?;
    let Given { right, purpose, lift, categories, text } = given;
    let (text, session) = (text.map(Plain::new), person.session);
    let ask = rights::Ask { right, purpose, lift, categories, text, session, idempotency };
    let recorded = rights::ask(&app.flows, person.id, ask, app.now()).await?;
    app.wake();
    Ok(Reply::from(recorded).with_status(201))
}

/// `GET /v1/me/requests`
pub(crate) async fn list(State(app): State<App>, query: Query, person: Person) -> Answer {
    Ok(rights::requests(&app.flows, person.id, query.get("cursor"), app.now()).await?.into())
}

/// `GET /v1/me/requests/{id}`
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>, person: Person) -> Answer {
    Ok(rights::request(&app.flows, person.id, id_of(&id)?, app.now()).await?.into())
}

/// The person and the secret of the link in the mail.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Link {
    person: Option<String>,
    token: Option<String>,
}

/// `POST /v1/me/requests/{id}/cancel`
pub(crate) async fn cancel(
    State(app): State<App>,
    Path(id): Path<String>,
    peer: Peer,
    browser: Browser,
    Perhaps(link): Perhaps<Link>,
) -> Answer {
    app.pass(CANCEL, &peer)?;
    let request = id_of(&id)?;
    let ask = match (link.person, link.token) {
        (Some(person), Some(token)) => {
            let person = super::people::id_of(&person)?;
            Cancel { person, request, token: Some(Secret::given(token)) }
        }
        (None, None) => {
            let person = browser.person.ok_or_else(Problem::no_session)?;
            Cancel { person, request, token: None }
        }
        _ => return Err(Problem::invalid("token", "send `person` and `token`, or neither")),
    };
    let recorded = rights::cancel(&app.flows, ask, app.now()).await?;
    app.wake();
    Ok(recorded.into())
}

/// The secret of a request's link.
#[derive(Debug)]
pub(crate) struct Token(Secret);

impl Token {
    /// Out of the query.
    fn of(query: &Query) -> Result<Self, Problem> {
        let given = query.get("token").filter(|it| it.len() <= crate::limit::SECRET_MAX);
        let say = "send the `token` of the link in the mail";
        given.map(|it| Self(Secret::given(it))).ok_or_else(|| Problem::invalid("token", say))
    }
}

/// `GET /privacy/request.json`
pub(crate) async fn follow(State(app): State<App>, peer: Peer, query: Query) -> Answer {
    app.pass(CANCEL, &peer)?;
    let (request, Token(token)) = (id_of(query.get("request").unwrap_or(""))?, Token::of(&query)?);
    Ok(Reply::public(&rights::follow(&app.flows, (request, &token)).await?))
}

/// `GET /privacy/certificate.json`
pub(crate) async fn certificate(State(app): State<App>, peer: Peer, query: Query) -> Answer {
    app.pass(CANCEL, &peer)?;
    let (request, Token(token)) = (id_of(query.get("request").unwrap_or(""))?, Token::of(&query)?);
    let found = rights::certificate(&app.flows, (request, &token), app.now()).await?;
    let named = "attachment; filename=\"certificate-of-erasure.json\"";
    let reply = Reply::json_text(StatusCode::OK, found.to_text());
    Ok(reply.with_header(CONTENT_DISPOSITION, named))
}

pub(super) fn id_of(text: &str) -> Result<RequestId, Problem> {
    RequestId::parse(text).ok_or_else(|| Problem::invalid("id", "use an id such as `req_cn_…`"))
}
