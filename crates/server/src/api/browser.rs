//! What a page that carries the banner asks and sends.

use std::collections::BTreeMap;

use axum::extract::{FromRequestParts, State};
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use decide::Signals;
use flows::collection::{self, Batch, Events, RefusedEvent};
use flows::consent::{self, Answered, Choose, Shown, Who};
use serde::{Deserialize, Serialize};

use super::Answer;
use crate::body::{Json, Once, Unread};
use crate::credentials::{self, Browser};
use crate::limit::{CONSENT_MAX, EVENTS_MAX, EVENTS_OF_ONE_MAX};
use crate::query::Query;
use crate::rate::{Gate, Peer};
use crate::{App, Problem, Reply, cookie};

const CONSENT: Gate = Gate { name: "consent", most: CONSENT_MAX };
const EVENTS: Gate = Gate { name: "events", most: EVENTS_MAX };
const EVENTS_OF_ONE: Gate = Gate { name: "events-of-one", most: EVENTS_OF_ONE_MAX };

/// A call of a page: where it comes from, who sits there, and what the browser says of itself.
#[derive(Debug)]
pub(crate) struct Visit {
    peer: Peer,
    query: Query,
    browser: Browser,
    headers: HeaderMap,
}

impl FromRequestParts<App> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let Ok(peer) = Peer::from_request_parts(parts, app).await;
        let Ok(query) = Query::from_request_parts(parts, app).await;
        let browser = Browser::from_request_parts(parts, app).await?;
        Ok(Self { peer, query, browser, headers: parts.headers.clone() })
    }
}

impl Visit {
    /// What the browser signals, in headers or, where a script cannot set those, in the query.
    fn signals(&self) -> Signals {
        let Self { browser, query, .. } = self;
        let gpc = browser.signals.gpc() || query.says("gpc");
        Signals::new(gpc, browser.signals.dnt() || query.says("dnt"))
    }

    fn agent(&self) -> &str {
        let agent = self.headers.get(USER_AGENT).and_then(|it| it.to_str().ok());
        agent.unwrap_or("")
    }
}

/// `GET /v1/consent`
pub(crate) async fn shown(State(app): State<App>, visit: Visit) -> Answer {
    let signals = visit.signals();
    let book = app.flows.book();
    let language = book.language(&visit.query.language);
    if let Some(person) = visit.browser.person {
        let said = Shown::to(&app.flows, person, (language, signals), app.now()).await?;
        return Ok(said.into());
    }
    let mut shown = consent::show(&book, (language, signals), visit.browser.refused, app.now())?;
    shown.notice = flows::change::announcement(&app.flows, language, app.now());
    Ok(Reply::public(&shown))
}

/// An answer to the banner.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    choices: BTreeMap<String, String>,
    text_hash: String,
    language: String,
    screen: Option<Screen>,
}

/// Where it was asked.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Screen {
    Banner,
    PrivacyCentre,
    Registration,
}

impl Screen {
    const fn word(self) -> &'static str {
        match self {
            Self::Banner => "banner",
            Self::PrivacyCentre => "privacy-centre",
            Self::Registration => "registration",
        }
    }
}

/// `PUT /v1/consent`
pub(crate) async fn choose(
    State(app): State<App>,
    visit: Visit,
    once: Once,
    Json(given): Json<Given>,
) -> Answer {
    app.pass(CONSENT, &visit.peer)?;
    let language = super::spoken(&app, &given.language)?;
    let who = visit.browser.person.map_or(Who::Nobody, Who::Known);
    let whose = visit.browser.person.map_or_else(|| "browser".to_owned(), |it| it.to_string());
    let ask = Choose {
        who,
        choices: given.choices.into_iter().collect(),
        text_hash: given.text_hash,
        language,
        signals: visit.signals(),
        screen: given.screen.unwrap_or(Screen::Banner).word().to_owned(),
        idempotency: once.of(&format!("{whose} consent"))?,
    };
    // A browser that is known already is known anew for as long as the first time.
    let known = visit.browser.session.is_none() && visit.browser.person.is_some();
    let again = credentials::browser(&app, &visit.headers).filter(|_| known);
    match consent::choose(&app.flows, ask, app.now()).await? {
        Answered::Known(recorded) => Ok(Reply::with_cookies_of(recorded, |it| {
            it.browser.as_ref().or(again.as_ref()).map(|secret| cookie::browser(&app, secret))
        })),
        Answered::Nobody(receipt) => Ok(Reply::public(&receipt).with_cookie(cookie::refusal(&app))),
    }
}

/// `POST /v1/events`
pub(crate) async fn events(State(app): State<App>, visit: Visit, sent: Unread) -> Answer {
    let batch = sent.read(|json| Batch::read(app.flows.book(), json))?;
    app.pass(EVENTS, &visit.peer)?;
    if let Some(person) = visit.browser.person {
        let whose = person.to_string();
        app.rates.pass(EVENTS_OF_ONE, whose.as_bytes(), app.now()).map_err(Problem::too_many)?;
    }
    let ask = Events {
        who: visit.browser.person,
        batch,
        signals: visit.signals(),
        address: visit.peer.address(),
        browser: visit.agent(),
    };
    let judged = collection::events(&app.flows, ask, app.now()).await?;
    let mut refused = judged.refused;
    Ok(Reply::gathered(judged.recorded, |arrived| {
        let accepted: usize = arrived.iter().map(|it| it.accepted).sum();
        refused.extend(arrived.into_iter().flat_map(|it| it.refused));
        refused.sort_by_key(|it| it.index);
        Taken { accepted, refused }
    }))
}

/// What came of a batch.
#[derive(Serialize)]
struct Taken {
    accepted: usize,
    refused: Vec<RefusedEvent>,
}
