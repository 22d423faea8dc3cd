//! How a guardian comes in again, and leaves.

use axum::extract::State;
use flows::minors::{self, Enter};
use flows::{Plain, Secret};

use super::Guarding;
use crate::page::shared::{Ask, Fields, Passed, field, html};
use crate::page::young::Young;
use crate::page::young_view;
use crate::{App, Reply, cookie};

pub(super) fn sign_in_page(
    app: &App,
    ask: &Ask,
    (email, code): (String, bool),
    wrong: Option<String>,
) -> Reply {
    let f = ask.frame(app, ("", "/privacy/child"));
    let y = Young::of(f.language());
    let status = if wrong.is_some() { 422 } else { 200 };
    let by_phone = minors::by_phone(&app.flows);
    let page = young_view::ChildSignIn { f, y, by_phone, email, code, wrong };
    Reply::public_page(status, html(&page))
}

/// A guardian comes in again: asks for a code, or enters it.
pub(crate) async fn sign_in(State(app): State<App>, _: Passed, ask: Ask, fields: Fields) -> Reply {
    let email = field(&fields, "email").to_owned();
    if let Err(problem) = app.pass_for(&email) {
        return ask.held_up(&app, &problem);
    }
    let code = Some(field(&fields, "code")).filter(|it| !it.is_empty()).map(Secret::given);
    let by_code = code.is_some();
    let enter = Enter {
        contact: Plain::from(email.as_str()),
        region: None,
        code,
        language: ask.language().to_owned(),
        label: ask.label.clone(),
    };
    if !by_code {
        if let Err(stop) = minors::check_guardian(&app.flows, &enter) {
            return match ask.wrong(&app, stop) {
                Ok(say) => sign_in_page(&app, &ask, (email, false), Some(say)),
                Err(reply) => reply,
            };
        }
        // The same whether or not somebody is a guardian, and as soon.
        return match app.codes.ask_guardian(enter) {
            Ok(()) => sign_in_page(&app, &ask, (email, true), None),
            Err(problem) => ask.held_up(&app, &problem),
        };
    }
    match minors::enter(&app.flows, enter, app.now()).await {
        Ok(recorded) => {
            let to = format!("/privacy/child{}", ask.query());
            Reply::recorded_with(recorded, &to, |it| Some(cookie::guardian(&app, &it.session)))
        }
        Err(stop) => match ask.wrong(&app, stop) {
            Ok(say) => sign_in_page(&app, &ask, (email, true), Some(say)),
            Err(reply) => reply,
        },
    }
}

/// The guardian's session ends, here and in the store.
pub(crate) async fn sign_out(State(app): State<App>, guarding: Guarding) -> Reply {
    let (ask, who, session) = guardian_or_sign_in!(app, guarding);
    let to = format!("/privacy/child{}", ask.query());
    match minors::leave(&app.flows, who, &session, app.now()).await {
        Ok(recorded) => Reply::recorded_to(recorded, &to).with_cookie(cookie::no_guardian(&app)),
        Err(stop) => ask.stopped(&app, stop),
    }
}
