//! What may cross a border with a consent of its own: each case by itself with the four things that are
//! told first, taken back as easily as given; and the handing over to a new account elsewhere.

pub(crate) mod words;

use askama::Template;
use axum::extract::State;
use flows::Secret;
use flows::transfer::{self, Agree, Carried, Carry, Shown, TransferShown};

use self::words::TransferWords;
use super::date;
use super::frame::Frame;
use super::shared::{Ask, Fields, Passed, field, html, not_found, please_sign_in};
use crate::path::Path;
use crate::{App, Reply};

/// The page.
#[derive(Template)]
#[template(path = "transfers.html")]
struct Listed {
    f: Frame,
    c: &'static TransferWords,
    transfers: Vec<TransferShown>,
}

/// The token, the one time that it is shown.
#[derive(Template)]
#[template(path = "move_token.html")]
struct MoveToken {
    f: Frame,
    c: &'static TransferWords,
    token: String,
    until: String,
}

/// What was handed over.
#[derive(Template)]
#[template(path = "carried.html")]
struct HandedOver {
    f: Frame,
    c: &'static TransferWords,
    carried: Vec<String>,
    stays: Vec<Stays>,
}

/// What stays.
struct Stays {
    title: String,
    why: &'static str,
    clauses: Vec<String>,
}

/// `GET /me/transfers`
pub(crate) async fn show(State(app): State<App>, ask: Ask) -> Reply {
    let f = ask.frame(&app, ("me", "/me/transfers"));
    let Some(person) = ask.person() else { return please_sign_in(f) };
    match transfer::list(&app.flows, person, f.language(), app.now()).await {
        Ok(said) => Reply::said_page(said, |Shown { transfers, .. }| {
            let c = TransferWords::of(f.language());
            html(&Listed { f, c, transfers })
        }),
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// `POST /me/transfers`
pub(crate) async fn send(State(app): State<App>, _: Passed, ask: Ask, fields: Fields) -> Reply {
    let f = ask.frame(&app, ("me", "/me/transfers"));
    let Some(person) = ask.person() else { return please_sign_in(f) };
    let agree = Agree {
        who: person.into(),
        transfer: field(&fields, "transfer").to_owned(),
        choice: field(&fields, "choice").to_owned(),
        text_hash: field(&fields, "text_hash").to_owned(),
        language: f.language().to_owned(),
        screen: "privacy-centre".to_owned(),
        idempotency: None,
    };
    match transfer::agree(&app.flows, agree, app.now()).await {
        Ok(recorded) => {
            app.wake();
            Reply::recorded_to(recorded, &format!("/me/transfers{}&done=saved", f.q))
        }
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// `POST /me/transfers/token`
pub(crate) async fn token(State(app): State<App>, _: Passed, ask: Ask) -> Reply {
    let f = ask.frame(&app, ("me", "/me/transfers"));
    let Some(person) = ask.person() else { return please_sign_in(f) };
    match transfer::token(&app.flows, person, app.now()).await {
        Ok(said) => Reply::said_page(said, |it| {
            let c = TransferWords::of(f.language());
            let until = date::minute(&f, &it.until);
            html(&MoveToken { f, c, token: it.token.as_str().to_owned(), until })
        }),
        Err(stop) => ask.stopped(&app, stop),
    }
}

/// `POST /me/transfers/{id}/carry`
pub(crate) async fn carry(
    State(app): State<App>,
    Path(id): Path<String>,
    _: Passed,
    ask: Ask,
    fields: Fields,
) -> Reply {
    let f = ask.frame(&app, ("me", "/me/transfers"));
    let Some(from) = ask.person() else { return please_sign_in(f) };
    let token = Secret::given(field(&fields, "token").trim());
    let Some(to) = transfer::account(&token) else {
        return ask.stopped(&app, flows::Stop::Wrong);
    };
    if !app.flows.book().policy().transfers.contains_key(&id) {
        return not_found(f);
    }
    let what = Carry { from, transfer: id, to, token };
    match transfer::carry(&app.flows, what, app.now()).await {
        Ok(recorded) => {
            app.wake();
            Reply::page(recorded, |it| {
                let c = TransferWords::of(f.language());
                let (carried, stays) = lines(&app, &f, it);
                html(&HandedOver { f, c, carried, stays })
            })
        }
        Err(stop) => ask.stopped(&app, stop),
    }
}

fn lines(app: &App, f: &Frame, it: Carried) -> (Vec<String>, Vec<Stays>) {
    let (book, c) = (app.flows.book(), TransferWords::of(f.language()));
    let title = |id: &str| {
        let found = book.policy().categories.get(id);
        found.map_or(id, |it| it.title.in_language(f.language())).to_owned()
    };
    let carried = it.carried.iter().map(|id| title(id)).collect();
    let stays = it.stays.into_iter().map(|it| Stays {
        title: it.category.as_deref().map_or_else(String::new, title),
        why: match it.reason.as_str() {
            "held-there" => c.held_there,
            "asked-there" => c.asked_there,
            _ => c.not_covered,
        },
        clauses: it.clauses,
    });
    (carried, stays.collect())
}
