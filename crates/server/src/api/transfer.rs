//! Transfers: what a person agrees to and takes back, what staff and applications send, what a recipient
//! fetches, and a move.

use axum::extract::State;
use decide::id::TransferId;
use flows::Secret;
use flows::security::Role;
use flows::transfer::{self, Agree, Carry, Send};
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use super::people::id_of;
use crate::body::{Json, Once};
use crate::credentials::{OnBehalf, PartnerKey, Person, Staff};
use crate::path::Path;
use crate::query::Query;
use crate::{App, Problem, Reply};

const READERS: [Role; 2] = [Role::Officer, Role::Auditor];

/// `GET /v1/me/transfers`
pub(crate) async fn mine(State(app): State<App>, query: Query, person: Person) -> Answer {
    Ok(transfer::list(&app.flows, person.id, &query.language, app.now()).await?.into())
}

/// An answer to one transfer.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Chosen {
    choice: String,
    #[serde(default)]
    text_hash: String,
    language: Option<String>,
}

/// `PUT /v1/me/transfers/{id}`
pub(crate) async fn answer(
    State(app): State<App>,
    Path(id): Path<String>,
    person: Person,
    once: Once,
    Json(given): Json<Chosen>,
) -> Answer {
    let language = given.language.map(|it| super::spoken(&app, &it)).transpose()?;
    let ask = Agree {
        who: person.id.into(),
        idempotency: once.of(&format!("{} transfer {id}", person.id))?,
        transfer: id,
        choice: given.choice,
        text_hash: given.text_hash,
        language: language.unwrap_or_default(),
        screen: "api".to_owned(),
    };
    let recorded = transfer::agree(&app.flows, ask, app.now()).await?;
    app.wake();
    Ok(recorded.into())
}

/// `POST /v1/me/transfers/token`
pub(crate) async fn token(State(app): State<App>, person: Person) -> Answer {
    let it = transfer::token(&app.flows, person.id, app.now()).await?.into_inner();
    let shown = json!({ "to": it.to.to_string(), "token": it.token.as_str(), "until": it.until });
    Ok(Reply::public(&shown).with_status(201))
}

/// To which account something is handed over.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Account {
    to: String,
    token: String,
}

/// `POST /v1/me/transfers/{id}/carry`
pub(crate) async fn carry(
    State(app): State<App>,
    Path(id): Path<String>,
    person: Person,
    Json(given): Json<Account>,
) -> Answer {
    let (to, token) = (id_of(&given.to)?, Secret::given(given.token));
    let ask = Carry { from: person.id, transfer: id, to, token };
    let recorded = transfer::carry(&app.flows, ask, app.now()).await?;
    app.wake();
    Ok(recorded.into())
}

/// What is to be sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    person: String,
    transfer: String,
    #[serde(default)]
    categories: Vec<String>,
}

/// `POST /v1/transfers`
pub(crate) async fn send(
    State(app): State<App>,
    asks: OnBehalf,
    once: Once,
    Json(given): Json<Given>,
) -> Answer {
    asks.may_any(&[Role::Officer])?;
    let by = asks.by();
    let ask = Send {
        person: id_of(&given.person)?,
        transfer: given.transfer,
        categories: given.categories,
        idempotency: once.of(&format!("{} transfers", by.id()))?,
    };
    let recorded = transfer::send(&app.flows, by, &ask, app.now()).await?;
    app.wake();
    Ok(Reply::from(recorded).with_status(201))
}

/// `GET /v1/transfers`
pub(crate) async fn list(State(app): State<App>, staff: Staff, query: Query) -> Answer {
    staff.may_any(&READERS)?;
    Ok(Reply::public(&transfer::sendings(&app.flows, &super::cases(&app, &query)?).await?))
}

/// `GET /v1/transfers/{id}`
pub(crate) async fn read(State(app): State<App>, Path(id): Path<String>, staff: Staff) -> Answer {
    staff.may_any(&READERS)?;
    Ok(Reply::public(&transfer::one(&app.flows, sending(&id)?).await?))
}

/// `GET /v1/partner/transfers`
pub(crate) async fn waiting(
    State(app): State<App>,
    PartnerKey(partner): PartnerKey,
    query: Query,
) -> Answer {
    Ok(Reply::public(&transfer::waiting(&app.flows, &partner, query.get("cursor")).await?))
}

/// `POST /v1/partner/transfers/{id}`
pub(crate) async fn fetch(
    State(app): State<App>,
    Path(id): Path<String>,
    PartnerKey(partner): PartnerKey,
) -> Answer {
    Ok(transfer::fetch(&app.flows, &partner, sending(&id)?, app.now()).await?.into())
}

fn sending(text: &str) -> Result<TransferId, Problem> {
    TransferId::parse(text).ok_or_else(|| Problem::invalid("id", "use an id such as `trf_cn_…`"))
}
