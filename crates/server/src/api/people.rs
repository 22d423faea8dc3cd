//! Registering, and proving an address.

use std::collections::BTreeMap;

use axum::extract::State;
use flows::account::{self, Register, Verify};
use flows::{PersonId, Plain, Secret};
use serde::Deserialize;

use super::Answer;
use crate::body::{Json, Once};
use crate::credentials::{Browser, Person};
use crate::limit::{REGISTER_MAX, SIGN_IN_MAX};
use crate::path::Path;
use crate::rate::{Gate, Peer};
use crate::{App, Problem, Reply, cookie};

const REGISTER: Gate = Gate { name: "register", most: REGISTER_MAX };
const CODE: Gate = Gate { name: "code", most: SIGN_IN_MAX };

/// What somebody hands in to register.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registration {
    email: String,
    phone: Option<String>,
    birth_date: Option<String>,
    region: String,
    language: String,
    accept: Accept,
    #[serde(default)]
    data: BTreeMap<String, String>,
}

/// What is accepted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Accept {
    version: u32,
}

/// `POST /v1/people`
pub(crate) async fn register(
    State(app): State<App>,
    peer: Peer,
    once: Once,
    Json(given): Json<Registration>,
) -> Answer {
    app.pass(REGISTER, &peer)?;
    let language = super::spoken(&app, &given.language)?;
    let ask = Register {
        email: Plain::new(given.email),
        phone: given.phone.map(Plain::new),
        birth_date: given.birth_date.map(Plain::new),
        region: given.region,
        language,
        accept: given.accept.version,
        screen: "interface".to_owned(),
        data: given.data.into_iter().map(|(id, value)| (id, Plain::new(value))).collect(),
        idempotency: once.of("register")?,
    };
    let recorded = account::register(&app.flows, ask, app.now()).await?;
    app.wake();
    Ok(Reply::from(recorded).with_status(201))
}

/// A code that came by mail or by text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Code {
    channel: String,
    code: String,
}

/// `POST /v1/people/{id}/verify`
pub(crate) async fn verify(
    State(app): State<App>,
    Path(id): Path<String>,
    peer: Peer,
    browser: Browser,
    Json(given): Json<Code>,
) -> Answer {
    app.pass(CODE, &peer)?;
    let person = id_of(&id)?;
    app.pass_for(&person.to_string())?;
    if given.channel == "phone" {
        // It proves the number, and signs nobody in.
        let code = Secret::given(given.code);
        return Ok(account::verify_phone(&app.flows, (person, &code), app.now()).await?.into());
    }
    let (channel, code, label) = (given.channel, Secret::given(given.code), browser.label);
    // What this browser agreed to goes on for whoever registered in it, and it is forgotten.
    let ask = Verify { person, channel, code, label, browser: browser.own };
    let recorded = account::verify(&app.flows, ask, app.now()).await?;
    let own = browser.own;
    let gone = own.map_or_else(cookie::Cookie::default, |_| cookie::no_browser(&app));
    let reply = Reply::with_cookies_of(recorded, |it| Some(cookie::session(&app, &it.session)));
    Ok(reply.with_cookie(gone))
}

/// Where a code is to go.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wanted {
    channel: String,
}

/// `POST /v1/me/codes`
pub(crate) async fn send_code(
    State(app): State<App>,
    person: Person,
    Json(given): Json<Wanted>,
) -> Answer {
    if given.channel != "phone" {
        return Err(Problem::invalid("channel", "use `phone`; a session asks for one by email"));
    }
    let recorded = account::send_phone_code(&app.flows, person.id, app.now()).await?;
    Ok(Reply::from(recorded).with_status(202))
}

/// A person's id out of a path or a body.
pub(crate) fn id_of(text: &str) -> Result<PersonId, Problem> {
    PersonId::parse(text).ok_or_else(|| Problem::invalid("person", "use an id such as `per_cn_…`"))
}
