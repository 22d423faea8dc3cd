//! A new version, as people meet it: the line on every page, the page that says what changes and asks
//! anew, and the list of what was agreed to.

pub(crate) mod words;

use askama::Template;
use axum::extract::State;
use flows::change::{self, Greeting};
use flows::consent::{self, Answered, Choose, Who};
use flows::{Acting, Json, PersonId, Stop, rights};

use self::words::ChangeWords;
use super::date;
use super::frame::{Announced, Frame};
use super::shared::{Ask, Fields, Passed, field, html, not_found, please_sign_in};
use crate::path::Path;
use crate::{App, Reply};

/// The page of a version.
#[derive(Template)]
#[template(path = "change.html")]
struct Change {
    f: Frame,
    c: &'static ChangeWords,
    version: u32,
    title: String,
    says: Vec<String>,
    /// Where answers go: the address without the version.
    answers: &'static str,
    /// How the one who is signed in stands with it.
    own: Option<Own>,
}

/// What it means for one person.
pub(crate) struct Own {
    pub(crate) state: &'static str,
    pub(crate) from: Option<String>,
    pub(crate) ask: Vec<change::Asked>,
    pub(crate) text_hash: String,
    pub(crate) agree: bool,
    /// Whether the one who looks is a child, for whom a guardian answers.
    pub(crate) guardian: bool,
}

/// What was agreed to.
#[derive(Template)]
#[template(path = "accepted.html")]
struct Accepted {
    f: Frame,
    c: &'static ChangeWords,
    lines: Vec<AcceptedLine>,
    next: Option<String>,
}

/// One version that was agreed to, or shown.
struct AcceptedLine {
    version: String,
    counts: &'static str,
    at: String,
    at_shown: String,
    screen: String,
    language: String,
    hash: String,
}

/// The person who is signed in, or the browser that agreed to something.
fn known(ask: &Ask) -> Option<PersonId> {
    ask.person().or(ask.own())
}

fn own(c: &ChangeWords, greeting: Greeting) -> Own {
    Own {
        state: c.state(greeting.state.as_deref(), &greeting.unanswered),
        from: greeting.day,
        ask: greeting.ask,
        text_hash: greeting.text_hash,
        agree: greeting.agree,
        guardian: greeting.answered_by == "guardian",
    }
}

/// Who looks at a version.
#[derive(Clone, Copy)]
pub(super) enum Reader {
    /// Whoever is signed in, or the browser that agreed to something; or anybody.
    Own(Option<PersonId>),
    /// The guardian of a child.
    Guardian(Acting),
}

impl Reader {
    fn who(self) -> Option<Acting> {
        match self {
            Self::Own(person) => person.map(Acting::from),
            Self::Guardian(who) => Some(who),
        }
    }

    const fn answers(self) -> &'static str {
        match self {
            Self::Own(_) => "/privacy/changes",
            Self::Guardian(_) => "/privacy/child/changes",
        }
    }

    /// The screen, as records name it.
    const fn screen(self) -> &'static str {
        match self {
            Self::Own(_) => "privacy-changes",
            Self::Guardian(_) => "guardian-page",
        }
    }
}

/// `GET /privacy/changes/{version}`
pub(crate) async fn show(State(app): State<App>, Path(number): Path<String>, ask: Ask) -> Reply {
    page(&app, &ask, &number, Reader::Own(known(&ask))).await
}

/// A version, for whoever looks.
pub(super) async fn page(app: &App, ask: &Ask, number: &str, reader: Reader) -> Reply {
    let answers = reader.answers();
    let mut f = ask.frame(app, ("privacy", &format!("{answers}/{number}")));
    let Ok(version) = number.parse() else { return not_found(f) };
    let now = app.now();
    let said = change::announcement_of(&app.flows, version, f.language(), now).await;
    let said = match said {
        Ok(Some(said)) => said,
        // An older one keeps the page on which its words are marked.
        Ok(None) => return Reply::see_other(&format!("/privacy/versions/{version}{}", f.q)),
        Err(stop) => return ask.stopped(app, stop),
    };
    let c = ChangeWords::of(f.language());
    let (title, says) = (said.title, said.says);
    // This page is what the line leads to.
    f.announced.retain(|line| line.title != title);
    let greeted = match reader.who() {
        Some(who) => {
            let screen = (reader.screen(), f.language());
            match change::greet(&app.flows, who, screen, now).await {
                Ok(greeted) => greeted,
                Err(stop) => return ask.stopped(app, stop),
            }
        }
        None => None,
    };
    let page = |own| html(&Change { f, c, version, title, says, answers, own });
    let Some(recorded) = greeted else { return Reply::public_page(200, page(None)) };
    Reply::page(recorded, |it| {
        let own = own(c, it);
        let guardian = own.guardian && matches!(reader, Reader::Own(_));
        page(Some(Own { guardian, ..own }))
    })
}

/// `POST /privacy/changes/{version}`
pub(crate) async fn send(
    State(app): State<App>,
    Path(number): Path<String>,
    _: Passed,
    ask: Ask,
    fields: Fields,
) -> Reply {
    let f = ask.frame(&app, ("privacy", "/privacy"));
    match known(&ask) {
        Some(person) => answer(&app, &ask, (&number, &fields), Reader::Own(Some(person))).await,
        None => please_sign_in(f),
    }
}

/// An answer to what a version asks.
pub(super) async fn answer(
    app: &App,
    ask: &Ask,
    (number, fields): (&str, &Fields),
    reader: Reader,
) -> Reply {
    let f = ask.frame(app, ("privacy", "/privacy"));
    let (Ok(version), Some(who)) = (number.parse::<u32>(), reader.who()) else {
        return not_found(f);
    };
    let back = format!("{}/{version}{}&done=saved", reader.answers(), f.q);
    if field(fields, "agree") == "1" {
        let what = (version, reader.screen(), f.language());
        return match change::accept(&app.flows, who, what, app.now()).await {
            Ok(recorded) => Reply::recorded_to(recorded, &back),
            Err(stop) => ask.stopped(app, stop),
        };
    }
    let answers = fields.0.iter().filter_map(|(name, value)| {
        Some((name.strip_prefix("purpose.")?.to_owned(), value.clone()))
    });
    let choose = Choose {
        who: if who.is_guardian() { Who::Guardian(who) } else { Who::Known(who.person()) },
        choices: answers.collect(),
        text_hash: field(fields, "text_hash").to_owned(),
        language: f.language().to_owned(),
        signals: ask.signals,
        screen: reader.screen().to_owned(),
        idempotency: None,
    };
    match consent::choose(&app.flows, choose, app.now()).await {
        Ok(Answered::Known(recorded)) => {
            app.wake();
            Reply::recorded_to(recorded, &back)
        }
        Ok(Answered::Nobody(_)) => Reply::see_other(&back),
        Err(stop) => ask.stopped(app, stop),
    }
}

/// `GET /me/accepted`
pub(crate) async fn accepted(State(app): State<App>, ask: Ask) -> Reply {
    let f = ask.frame(&app, ("me", "/me/accepted"));
    let Some(person) = ask.person() else { return please_sign_in(f) };
    let cursor = Some(ask.get("cursor")).filter(|it| !it.is_empty());
    let consents = rights::consents(&app.flows, person, cursor, app.now()).await;
    match consents {
        Ok(recorded) => Reply::page(recorded, |Json(all)| {
            let c = ChangeWords::of(f.language());
            let next = all.get("next").and_then(|it| it.as_str()).map(str::to_owned);
            let lines = all.get("accepted").and_then(|it| it.as_array());
            let lines = lines.into_iter().flatten().map(|it| line(&f, c, it)).collect();
            html(&Accepted { f, c, lines, next })
        }),
        Err(stop) => ask.stopped(&app, stop),
    }
}

fn line(f: &Frame, c: &'static ChangeWords, it: &serde_json::Value) -> AcceptedLine {
    let text = |name: &str| match it.get(name) {
        Some(serde_json::Value::String(it)) => it.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let at = text("at");
    AcceptedLine {
        version: text("version"),
        counts: if text("counts") == "notice-seen" { c.seen } else { c.agreed },
        at_shown: if at.is_empty() { String::new() } else { date::minute(f, &at) },
        at,
        screen: text("screen"),
        language: super::frame::in_its_own_words(&text("language")).to_owned(),
        hash: text("text_hash"),
    }
}

/// The line on every page, while a version is new.
pub(super) fn announced(app: &App, f: &Frame) -> Option<Announced> {
    let said = change::announcement(&app.flows, f.language(), app.now())?;
    let more = ChangeWords::of(f.language()).more.to_owned();
    let link = Some((format!("{}{}", said.href, f.q), more));
    Some(Announced { title: said.title, text: said.text, link })
}

/// What a person is to know of a new version when they come to their privacy centre.
pub(super) async fn greeting(app: &App, ask: &Ask, f: &mut Frame) -> Result<Option<Card>, Stop> {
    let Some(person) = ask.person() else { return Ok(None) };
    card(app, (Reader::Own(Some(person)), "privacy-centre"), f).await
}

/// The same for a guardian who comes to the page for a child.
pub(super) async fn greeting_of_child(
    app: &App,
    who: Acting,
    f: &mut Frame,
) -> Result<Option<Card>, Stop> {
    card(app, (Reader::Guardian(who), "guardian-page"), f).await
}

async fn card(
    app: &App,
    (reader, screen): (Reader, &str),
    f: &mut Frame,
) -> Result<Option<Card>, Stop> {
    let Some(who) = reader.who() else { return Ok(None) };
    let greeted = change::greet(&app.flows, who, (screen, f.language()), app.now()).await?;
    let Some(recorded) = greeted else { return Ok(None) };
    let it = recorded.into_inner();
    let c = ChangeWords::of(f.language());
    // Said once on this page.
    f.announced.retain(|line| line.title != it.title);
    Ok(Some(Card {
        title: it.title.clone(),
        href: format!("{}/{}{}", reader.answers(), it.version, f.q),
        more: c.more,
        warn: !it.ask.is_empty() || it.agree,
        state: c.state(it.state.as_deref(), &it.unanswered),
    }))
}

/// The card of a new version in the privacy centre.
pub(crate) struct Card {
    pub(crate) title: String,
    pub(crate) href: String,
    pub(crate) more: &'static str,
    /// Whether something is asked.
    pub(crate) warn: bool,
    pub(crate) state: &'static str,
}
