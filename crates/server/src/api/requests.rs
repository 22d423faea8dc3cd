//! Requests to exercise a right: asking, seeing, taking back.

use axum::extract::State;
use decide::id::RequestId;
use flows::Secret;
use flows::account::{self, Cancel};
use flows::rights;
use serde::Deserialize;

use super::Answer;
use crate::body::{Json, Once, Perhaps};
use crate::credentials::{Browser, Person};
use crate::limit::SIGN_IN_MAX;
use crate::path::Path;
use crate::query::Query;
use crate::rate::{Gate, Peer};
use crate::{App, Problem};

const CANCEL: Gate = Gate { name: "cancel", most: SIGN_IN_MAX };

/// Which right.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    right: String,
    purpose: Option<String>,
    #[serde(default)]
    lift: bool,
}

/// `POST /v1/me/requests`
pub(crate) async fn ask(
    State(app): State<App>,
    person: Person,
    once: Once,
    Json(given): Json<Given>,
) -> Answer {
    let idempotency = once.of(&format!("{} requests", person.id))?;
    let Given { right, purpose, lift } = given;
    let ask = rights::Ask { right, purpose, lift, idempotency };
    let recorded = rights::ask(&app.flows, person.id, ask, app.now()).await?;
    Ok(crate::Reply::from(recorded).with_status(201))
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
    let recorded = account::cancel(&app.flows, ask, app.now()).await?;
    app.wake();
    Ok(recorded.into())
}

fn id_of(text: &str) -> Result<RequestId, Problem> {
    RequestId::parse(text).ok_or_else(|| Problem::invalid("id", "use an id such as `req_cn_…`"))
}
