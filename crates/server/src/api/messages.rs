//! Messages and complaints: leaving one, one's own, and the desk.

use axum::extract::State;
use decide::id::MessageId;
use flows::messages::desk::{self, Asked, Decide};
use flows::messages::{self, Kind, Leave};
use flows::security::Role;
use flows::{Plain, RegionCode};
use serde::Deserialize;

use super::Answer;
use crate::body::{Json, Once, Perhaps};
use crate::credentials::{Browser, Person, Staff};
use crate::limit::{MESSAGES_MAX, MESSAGES_TO_MAX};
use crate::path::Path;
use crate::query::Query;
use crate::rate::{Gate, Peer};
use crate::{App, Problem, Reply};

const CONTACT: Gate = Gate { name: "contact", most: MESSAGES_MAX };
const REPLY_TO: Gate = Gate { name: "reply-to", most: MESSAGES_TO_MAX };

/// Who may work at the desk.
pub(crate) const DESK: [Role; 2] = [Role::Support, Role::Officer];

/// Counts who writes, and whose address is named: nobody fills another's mailbox with our mails.
pub(crate) fn pass(app: &App, peer: &Peer, reply_to: &str) -> Result<(), Problem> {
    app.pass(CONTACT, peer)?;
    let address = reply_to.trim().to_lowercase();
    if address.is_empty() {
        return Ok(());
    }
    app.rates.pass(REPLY_TO, address.as_bytes(), app.now()).map_err(Problem::too_many)
}

/// What somebody writes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    text: String,
    reply_to: Option<String>,
    kind: Option<String>,
    region: Option<String>,
    language: Option<String>,
}

/// `POST /v1/messages`
pub(crate) async fn leave(
    State(app): State<App>,
    (peer, query): (Peer, Query),
    once: Once,
    browser: Browser,
    Json(given): Json<Given>,
) -> Answer {
    pass(&app, &peer, given.reply_to.as_deref().unwrap_or(""))?;
    let language = given.language.map(|it| super::spoken(&app, &it)).transpose()?;
    let ask = Leave {
        // A browser alone is nobody who could be answered: it writes like anybody else.
        from: browser.session.and(browser.person),
        text: Plain::new(given.text),
        reply_to: given.reply_to.map(Plain::new),
        kind: given.kind.unwrap_or_else(|| Kind::Message.word().to_owned()),
        region: given.region,
        language: language.unwrap_or(query.language),
        idempotency: once.of("messages")?,
    };
    let recorded = messages::leave(&app.flows, ask, app.now()).await?;
    app.wake();
    Ok(Reply::from(recorded).with_status(201))
}

/// `GET /v1/me/messages`
pub(crate) async fn mine(State(app): State<App>, query: Query, person: Person) -> Answer {
    Ok(messages::list(&app.flows, person.id, query.get("cursor"), app.now()).await?.into())
}

/// `GET /v1/me/messages/{id}`
pub(crate) async fn one(State(app): State<App>, Path(id): Path<String>, person: Person) -> Answer {
    Ok(messages::one(&app.flows, person.id, id_of(&id)?, app.now()).await?.into())
}

/// Something to add.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Text {
    text: String,
}

/// `POST /v1/me/messages/{id}`
pub(crate) async fn add(
    State(app): State<App>,
    Path(id): Path<String>,
    person: Person,
    once: Once,
    Json(given): Json<Text>,
) -> Answer {
    let once = once.of(&format!("{} messages", person.id))?;
    let ask = (id_of(&id)?, Plain::new(given.text), once.as_ref());
    let recorded = messages::add(&app.flows, person.id, ask, app.now()).await?;
    app.wake();
    Ok(recorded.into())
}

/// `GET /v1/messages`
pub(crate) async fn queue(State(app): State<App>, query: Query, staff: Staff) -> Answer {
    staff.may_any(&DESK)?;
    let kind = query.get("kind").map(|it| {
        Kind::from_word(it).ok_or_else(|| Problem::invalid("kind", "use `message` or `complaint`"))
    });
    let region = query.get("region").map(|it| {
        RegionCode::new(it).ok_or_else(|| Problem::invalid("region", "use a code such as `eu`"))
    });
    let ask = Asked {
        region: region.transpose()?,
        kind: kind.transpose()?,
        done: query.says("done"),
        cursor: query.get("cursor").map(str::to_owned),
    };
    Ok(Reply::public(&desk::queue(&app.flows, &ask, app.now()).await?))
}

/// `GET /v1/messages/{id}`
pub(crate) async fn read(State(app): State<App>, Path(id): Path<String>, staff: Staff) -> Answer {
    staff.may_any(&DESK)?;
    Ok(desk::read(&app.flows, &staff.id, id_of(&id)?, app.now()).await?.into())
}

/// To whom.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct To {
    to: Option<String>,
}

/// `POST /v1/messages/{id}/assign`
pub(crate) async fn assign(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    Perhaps(given): Perhaps<To>,
) -> Answer {
    staff.may_any(&DESK)?;
    let to = given.to.unwrap_or_else(|| staff.id.clone());
    Ok(desk::assign(&app.flows, (&staff.id, &to), id_of(&id)?, app.now()).await?.into())
}

/// An answer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answering {
    #[serde(default)]
    text: String,
    answer: Option<String>,
}

/// `POST /v1/messages/{id}/reply`
pub(crate) async fn reply(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    once: Once,
    Json(given): Json<Answering>,
) -> Answer {
    staff.may_any(&DESK)?;
    let ask = desk::Reply {
        text: Plain::new(given.text),
        answer: given.answer,
        idempotency: once.of(&format!("{} replies", staff.id))?,
    };
    let recorded = desk::reply(&app.flows, &staff.id, (id_of(&id)?, &ask), app.now()).await?;
    app.wake();
    Ok(recorded.into())
}

/// `POST /v1/messages/{id}/note`
pub(crate) async fn note(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    Json(given): Json<Text>,
) -> Answer {
    staff.may_any(&DESK)?;
    let ask = (id_of(&id)?, Plain::new(given.text));
    Ok(desk::note(&app.flows, &staff.id, ask, app.now()).await?.into())
}

/// Why it is closed.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Because {
    reason: String,
}

/// `POST /v1/messages/{id}/complaint`
pub(crate) async fn complaint(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
) -> Answer {
    staff.may_any(&DESK)?;
    let recorded = desk::complaint(&app.flows, &staff.id, id_of(&id)?, app.now()).await?;
    app.wake();
    Ok(recorded.into())
}

/// `POST /v1/messages/{id}/close`
pub(crate) async fn close(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    Json(given): Json<Because>,
) -> Answer {
    staff.may_any(&DESK)?;
    let why = (staff.id.as_str(), given.reason.as_str());
    Ok(desk::close(&app.flows, why, id_of(&id)?, app.now()).await?.into())
}

/// What came of a complaint.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Came {
    outcome: String,
    text: String,
}

/// `POST /v1/messages/{id}/outcome`
pub(crate) async fn outcome(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
    once: Once,
    Json(given): Json<Came>,
) -> Answer {
    staff.may_any(&DESK)?;
    let ask = Decide {
        outcome: given.outcome,
        text: Plain::new(given.text),
        idempotency: once.of(&format!("{} outcomes", staff.id))?,
    };
    let recorded = desk::decide(&app.flows, &staff.id, (id_of(&id)?, &ask), app.now()).await?;
    app.wake();
    Ok(recorded.into())
}

/// `GET /privacy/service.json`
pub(crate) async fn service(State(app): State<App>) -> Answer {
    Ok(Reply::public(&messages::service(&app.flows, app.now()).await?))
}

/// The number of a case out of a path.
pub(crate) fn id_of(text: &str) -> Result<MessageId, Problem> {
    MessageId::parse(text).ok_or_else(|| Problem::invalid("id", "use an id such as `msg_eu_…`"))
}
