//! Signing in by password or by a code from the mail, and out.

use axum::extract::State;
use flows::account::{self, SignIn};
use flows::{Plain, Secret};

use super::register::regions;
use super::shared::{Ask, Fields, Passed, field, html, typed};
use super::view;
use crate::{App, Reply, cookie};

/// The form.
pub(crate) async fn show(State(app): State<App>, ask: Ask) -> Reply {
    page(&app, &ask, Typed::default(), None)
}

/// What was typed already. Not the password.
#[derive(Default)]
struct Typed {
    region: String,
    email: String,
    /// Whether a code was sent there, and is asked for now.
    by_code: bool,
}

fn page(
    app: &App,
    ask: &Ask,
    Typed { region, email, by_code }: Typed,
    wrong: Option<String>,
) -> Reply {
    let code_for = Some(email.clone()).filter(|_| by_code);
    let f = ask.frame(app, ("sign-in", "/sign-in"));
    let regions = regions(app, &f);
    let status = if wrong.is_some() { 422 } else { 200 };
    Reply::public_page(status, html(&view::SignIn { f, regions, region, email, code_for, wrong }))
}

/// A password, a wish for a code, or the code.
pub(crate) async fn send(State(app): State<App>, _: Passed, ask: Ask, fields: Fields) -> Reply {
    let email = field(&fields, "email").to_owned();
    if let Err(problem) = app.pass_for(&email) {
        return ask.held_up(&app, &problem);
    }
    let region = field(&fields, "region").to_owned();
    let code = Some(field(&fields, "code")).filter(|it| !it.is_empty()).map(Secret::given);
    let by_code = code.is_some();
    let sign_in = SignIn {
        email: Plain::from(email.as_str()),
        region: Some(region.clone()).filter(|it| !it.is_empty()),
        password: typed(&fields, "password"),
        code,
        label: ask.label.clone(),
        language: ask.language().to_owned(),
    };
    if field(&fields, "by") == "code" {
        if let Err(stop) = account::check_address(&app.flows, &sign_in) {
            return said(&app, &ask, Typed { region, email, by_code: false }, stop);
        }
        return match app.codes.ask(&app.flows, sign_in) {
            Ok(()) => page(&app, &ask, Typed { region, email, by_code: true }, None),
            Err(problem) => ask.held_up(&app, &problem),
        };
    }
    match account::sign_in(&app.flows, sign_in, app.clock.now()).await {
        Ok(recorded) => Reply::signed_in(recorded, &format!("/me{}", ask.query()), |signed| {
            cookie::session(&app, &signed.session)
        }),
        Err(stop) => said(&app, &ask, Typed { region, email, by_code }, stop),
    }
}

fn said(app: &App, ask: &Ask, form: Typed, stop: flows::Stop) -> Reply {
    let wrong_pair = matches!(stop, flows::Stop::Wrong) && !form.by_code;
    match ask.wrong(app, stop) {
        Ok(say) => {
            let words = ask.frame(app, ("sign-in", "/sign-in")).w;
            let say = if wrong_pair { words.sign_in_wrong.to_owned() } else { say };
            page(app, ask, form, Some(say))
        }
        Err(reply) => reply,
    }
}

/// Signs out: the session ends, here and in the store.
pub(crate) async fn out(State(app): State<App>, ask: Ask) -> Reply {
    let to = format!("/sign-in{}", ask.query());
    let (Some(person), Some(session)) = (ask.person(), ask.session.as_ref()) else {
        return Reply::see_other(&to);
    };
    match account::sign_out(&app.flows, person, session, app.clock.now()).await {
        Ok(recorded) => Reply::recorded_to(recorded, &to).with_cookie(cookie::no_session(&app)),
        Err(stop) => ask.stopped(&app, stop),
    }
}
