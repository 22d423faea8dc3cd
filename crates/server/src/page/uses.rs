//! Who used what, for which purpose, under which clause.

use axum::extract::State;
use flows::rights::{self, Page, UseSeen};
use flows::security::KeySeen;

use super::centre::{person_or_sign_in, title};
use super::frame::Frame;
use super::shared::{Ask, html, please_sign_in};
use super::{date, view};
use crate::{App, Reply};

/// The records of the person who is signed in, newest first.
pub(crate) async fn show(State(app): State<App>, ask: Ask) -> Reply {
    let person = person_or_sign_in!(app, ask);
    let f = ask.frame(&app, ("me", "/me/uses"));
    let cursor = Some(ask.get("after")).filter(|it| !it.is_empty()).map(str::to_owned);
    let page = Page { cursor, proof: false };
    // Where the names cannot be read, ids stand for them.
    let keys = flows::security::keys(&app.flows).await.unwrap_or_default();
    match rights::uses(&app.flows, person, &page, app.now()).await {
        Ok(recorded) => Reply::page(recorded, |seen| {
            let lines = seen.uses.iter().map(|it| line(&app, (&f, &keys), it)).collect();
            html(&view::Uses { f, lines, next: seen.next })
        }),
        Err(stop) => ask.stopped(&app, stop),
    }
}

pub(super) fn line(app: &App, (f, keys): (&Frame, &[KeySeen]), seen: &UseSeen) -> view::UseLine {
    let categories: Vec<String> = seen.categories.iter().map(|it| title(app, f, it)).collect();
    let who = f.w.asker(&seen.by);
    let key = keys.iter().find(|it| it.id == seen.name).map_or(seen.name.as_str(), |it| &it.name);
    // What a part of our own system is called says nothing to people.
    let own = key == "self" || seen.by == "system";
    let named = if own { String::new() } else { format!(" ({key})") };
    let times = if seen.times > 1 { format!(" × {}", seen.times) } else { String::new() };
    let about = categories.join(f.w.comma);
    let about = if about.is_empty() { about } else { format!("{}{about}", f.w.colon) };
    let in_vain = if seen.in_vain { f.w.in_vain } else { "" };
    view::UseLine {
        at: seen.at.clone(),
        at_shown: date::second(f, &seen.at),
        what: format!("{} · {}", act(f, seen), purpose(app, f, seen)),
        line: format!("{who}{named}{about}{in_vain}{times}"),
        permitted: seen.answer != "refuse",
        clauses: seen.clauses.clone(),
        record: seen.record.clone(),
        index: seen.log_index,
    }
}

/// What was done; a right that another exercised is no right that you did.
fn act(f: &Frame, seen: &UseSeen) -> &'static str {
    match (seen.act.as_str(), seen.by.as_str()) {
        ("exercise", "person") => f.w.act("exercise"),
        ("exercise", _) => f.w.act_exercised,
        (act, _) => f.w.act(act),
    }
}

fn purpose(app: &App, f: &Frame, seen: &UseSeen) -> String {
    let Some(id) = seen.purpose.as_deref() else { return String::new() };
    let book = app.flows.book();
    let declared = book.policy().purposes.get(id);
    declared.map_or_else(
        || f.w.right(id).to_owned(),
        |it| it.title.in_language(f.language()).to_owned(),
    )
}
