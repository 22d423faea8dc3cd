//! Guardians: somebody below age asks one, and whoever opens the link reads, proves an address, and
//! agrees or refuses. Opening the link changes nothing.

use axum::extract::State;
use flows::account::Me;
use flows::minors::{self, Answer, Answered, Invite, LinkSeen};
use flows::{Plain, Secret, Stop};

use super::centre::person_or_sign_in;
use super::frame::Frame;
use super::shared::{Ask, Fields, Passed, field, html, message, please_sign_in, typed};
use super::young::Young;
use super::{date, view, young_view};
use crate::path::Path;
use crate::{App, Reply, cookie};

/// What the privacy centre says to the young, and to whoever came of age.
pub(super) fn notice(f: &Frame, me: &Me) -> Option<view::YoungNotice> {
    let y = Young::of(f.language());
    if me.asked_anew {
        let href = format!("/choices{}", f.q);
        let (title, text, label) = (y.anew_title, y.anew_text, y.anew_choose);
        return Some(view::YoungNotice { title, text, href, label });
    }
    let guardian = me.guardian.as_ref()?;
    let (title, text) = match guardian.state.as_str() {
        "agreed" => (y.agreed_title, y.agreed_text),
        _ if me.state == "awaiting-guardian" => (y.waits_title, y.waits_text),
        _ => (y.minor_title, y.minor_text),
    };
    let href = format!("/me/guardian{}", f.q);
    Some(view::YoungNotice { title, text, href, label: y.ask_guardian })
}

/// Where somebody below age asks a guardian.
pub(crate) async fn show(State(app): State<App>, ask: Ask) -> Reply {
    ask_page(&app, &ask, (String::new(), None), None).await
}

/// The page for asking: what was typed and is wrong with it, and a link that was just made.
async fn ask_page(
    app: &App,
    ask: &Ask,
    (email, wrong): (String, Option<String>),
    link: Option<String>,
) -> Reply {
    let person = person_or_sign_in!(app, ask);
    let f = ask.frame(app, ("me", "/me/guardian"));
    let me = flows::account::me(&app.flows, person, ask.session.as_ref(), app.now()).await;
    match me {
        Ok(recorded) => Reply::page(recorded, |me| {
            let guardian = me.guardian.clone();
            let until = guardian.as_ref().and_then(|it| it.until.as_deref());
            let until = until.map(|it| date::minute(&f, it));
            let state = guardian.map_or_else(|| "none".to_owned(), |it| it.state.clone());
            let y = Young::of(f.language());
            html(&young_view::AskGuardian { f, y, state, until, link, email, wrong })
        }),
        Err(stop) => ask.stopped(app, stop),
    }
}

/// A guardian is asked: by mail, or by a link that is shown.
pub(crate) async fn send(State(app): State<App>, _: Passed, ask: Ask, fields: Fields) -> Reply {
    let person = person_or_sign_in!(app, ask);
    let email = typed(&fields, "email");
    let handed = field(&fields, "by") == "link";
    if email.is_none() && !handed {
        return Reply::see_other(&format!("/me/guardian{}", ask.query()));
    }
    let book = app.flows.book();
    let invite = Invite { email, language: book.language(ask.language()).to_owned() };
    match minors::invite(&app.flows, person, invite, app.now()).await {
        Ok(recorded) => {
            app.wake();
            if handed {
                let link = recorded.into_inner().link.clone();
                return ask_page(&app, &ask, (String::new(), None), link).await;
            }
            Reply::recorded_to(recorded, &format!("/me/guardian{}&done=asked", ask.query()))
        }
        Err(stop) => match ask.wrong(&app, stop) {
            Ok(say) => {
                let typed = (field(&fields, "email").to_owned(), Some(say));
                ask_page(&app, &ask, typed, None).await.with_status(422)
            }
            Err(reply) => reply,
        },
    }
}

/// What was typed on the guardian's page.
#[derive(Default)]
struct Typed {
    email: String,
    birth_date: String,
    /// Whether a code was sent, and is asked for.
    code: bool,
}

/// The link: it shows who asks and what for.
pub(crate) async fn link(State(app): State<App>, Path(token): Path<String>, ask: Ask) -> Reply {
    link_page(&app, &ask, &token, (Typed::default(), None)).await
}

async fn link_page(
    app: &App,
    ask: &Ask,
    token: &str,
    (typed, wrong): (Typed, Option<String>),
) -> Reply {
    let status = if wrong.is_some() { 422 } else { 200 };
    match minors::look(&app.flows, &Secret::given(token), app.now()).await {
        Ok(recorded) => {
            Reply::page(recorded, |seen| html(&shown(app, ask, (token, &seen), (typed, wrong))))
                .with_status(status)
        }
        Err(stop) => over(app, ask, stop),
    }
}

fn shown(
    app: &App,
    ask: &Ask,
    (token, seen): (&str, &LinkSeen),
    (typed, wrong): (Typed, Option<String>),
) -> young_view::Guardian {
    let action = format!("/privacy/guardian/{token}");
    let f = ask.frame(app, ("", &action));
    let book = app.flows.book();
    let region = book.policy().regions.get(&seen.region);
    young_view::Guardian {
        y: Young::of(f.language()),
        child: seen.child.clone(),
        region: region
            .map_or(seen.region.as_str(), |it| it.title.in_language(f.language()))
            .to_owned(),
        until: date::day(&f, &seen.until),
        version: seen.version,
        hash: seen.hash.clone(),
        // Where the link was handed on, the guardian says by which address, also a second time.
        asks_email: seen.sent_to.is_none() || !typed.email.is_empty(),
        by_phone: seen.by_phone,
        email: typed.email,
        birth_date: typed.birth_date,
        code: typed.code,
        action,
        wrong,
        f,
    }
}

/// A link that opens nothing, or was answered.
fn over(app: &App, ask: &Ask, stop: Stop) -> Reply {
    let f = ask.frame(app, ("", "/privacy"));
    let y = Young::of(f.language());
    match stop {
        Stop::NotFound | Stop::Gone => message(f, 404, (y.no_link_title, y.no_link_text)),
        other => ask.stopped(app, other),
    }
}

/// The guardian's answer.
pub(crate) async fn answer(
    State(app): State<App>,
    Path(token): Path<String>,
    _: Passed,
    ask: Ask,
    fields: Fields,
) -> Reply {
    if let Err(problem) = app.pass_for(&token) {
        return ask.held_up(&app, &problem);
    }
    let code = Some(field(&fields, "code")).filter(|it| !it.is_empty()).map(Secret::given);
    let with_code = code.is_some();
    let given = Answer {
        decision: field(&fields, "decision").to_owned(),
        birth_date: typed(&fields, "birth_date"),
        code,
        email: typed(&fields, "email").filter(|it| !is_number(&app, it)),
        phone: typed(&fields, "email").filter(|it| is_number(&app, it)),
        accept: Some(field(&fields, "accept").parse().unwrap_or(0)),
        language: ask.language().to_owned(),
        label: ask.label.clone(),
    };
    let done = minors::answer(&app.flows, &Secret::given(token.as_str()), given, app.now()).await;
    let typed = |code| Typed {
        email: field(&fields, "email").to_owned(),
        birth_date: field(&fields, "birth_date").to_owned(),
        code,
    };
    match done {
        Ok(recorded) => {
            app.wake();
            let answered = recorded.into_inner();
            if answered.sent.is_some() {
                return link_page(&app, &ask, &token, (typed(true), None)).await;
            }
            answered_page(&app, &ask, &answered)
        }
        Err(stop @ (Stop::NotFound | Stop::Gone)) => over(&app, &ask, stop),
        Err(stop) => match ask.wrong(&app, stop) {
            Ok(say) => link_page(&app, &ask, &token, (typed(with_code), Some(say))).await,
            Err(reply) => reply,
        },
    }
}

/// Whether what a guardian typed, in the one field for both, is a number and no address.
fn is_number(app: &App, given: &Plain) -> bool {
    minors::by_phone(&app.flows) && !given.as_str().contains('@')
}

fn answered_page(app: &App, ask: &Ask, answered: &Answered) -> Reply {
    if let Some(session) = &answered.session {
        let to = format!("/privacy/child{}&done=agreed", ask.query());
        return Reply::see_other(&to).with_cookie(cookie::guardian(app, session));
    }
    let f = ask.frame(app, ("", "/privacy"));
    let y = Young::of(f.language());
    message(f, 200, (y.refused_title, y.refused_text))
}
