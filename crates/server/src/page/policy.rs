//! The policy, its versions, and how to reach us.

use axum::extract::State;
use policy::notice::{self, NoticeContext};

use super::shared::{Ask, html, not_found};
use super::{date, view};
use crate::path::Path;
use crate::{App, Reply};

/// The front door is the policy.
pub(crate) async fn home(State(_): State<App>, ask: Ask) -> Reply {
    Reply::see_other(&format!("/privacy{}", ask.query()))
}

/// The policy that is in force.
pub(crate) async fn current(State(app): State<App>, ask: Ask) -> Reply {
    let book = app.flows.book();
    let f = ask.frame(&app, ("privacy", "/privacy"));
    let context = NoticeContext {
        versions: Some("/privacy/versions"),
        twin: Some("/privacy.json"),
        choices: Some("/choices"),
        // A version that is announced stands above, as on every page.
        remark: None,
    };
    let body = notice::html(book.policy(), f.language(), &context);
    Reply::public_page(200, html(&view::Policy { f, body }))
}

/// Every version, newest first.
pub(crate) async fn versions(State(app): State<App>, ask: Ask) -> Reply {
    let f = ask.frame(&app, ("privacy", "/privacy/versions"));
    let stored = match flows::notice::versions(&app.flows).await {
        Ok(stored) => stored,
        Err(stop) => return ask.stopped(&app, stop),
    };
    let mut versions: Vec<view::Version> = stored
        .iter()
        .map(|(version, policy, _)| view::Version {
            number: *version,
            updated: policy.header.updated.to_string(),
            updated_day: date::day(&f, &policy.header.updated.to_string()),
            effective_day: date::day(&f, &policy.header.effective.to_string()),
            hash: policy.hash(),
            current: *version == f.version,
        })
        .collect();
    versions.reverse();
    Reply::public_page(200, html(&view::Versions { f, versions }))
}

/// One version, with what it changed.
pub(crate) async fn version(State(app): State<App>, Path(number): Path<String>, ask: Ask) -> Reply {
    let path = format!("/privacy/versions/{number}");
    let f = ask.frame(&app, ("privacy", &path));
    let stored = match flows::notice::versions(&app.flows).await {
        Ok(stored) => stored,
        Err(stop) => return ask.stopped(&app, stop),
    };
    let place = stored.iter().position(|(it, ..)| it.to_string() == number);
    let Some((_, policy, _)) = place.and_then(|it| stored.get(it)) else {
        return not_found(f);
    };
    let before = place.and_then(|it| it.checked_sub(1)).and_then(|it| stored.get(it));
    let context = NoticeContext { versions: Some("/privacy/versions"), ..NoticeContext::default() };
    // What changed comes first, and the whole text stays readable below it.
    let changed = before.map(|(_, older, _)| notice::word_diff(older, policy, f.language()));
    let body = changed.unwrap_or_default() + &notice::html(policy, f.language(), &context);
    Reply::public_page(200, html(&view::Policy { f, body }))
}

/// How to reach us.
pub(crate) async fn contact(State(app): State<App>, ask: Ask) -> Reply {
    let book = app.flows.book();
    let f = ask.frame(&app, ("contact", "/contact"));
    let contact = &book.policy().header.contact;
    let post = contact.post.iter().map(|it| it.in_language(f.language()).to_owned());
    let mut lines = vec![contact.email.clone()];
    lines.extend(contact.phone.iter().cloned());
    lines.extend(post);
    let link = Some((format!("/privacy/contact{}", f.q), f.w.write_to_us.to_owned()));
    let said = (f.w.contact, f.w.contact_lead);
    Reply::public_page(200, html(&view::Message { lines, link, ..view::Message::new(f, said) }))
}
