//! Signing in to the console with both factors, and out.

use axum::extract::State;
use axum::http::HeaderMap;
use flows::security::{StaffSignIn, sign_in_staff, sign_out_staff};
use flows::{Plain, Secret, Stop};

use super::desk::Visit;
use super::view;
use crate::page::{Fields, Passed, field, html};
use crate::{App, Reply, cookie, credentials};

/// The form.
pub(super) async fn show(State(app): State<App>, visit: Visit) -> Reply {
    page(&app, &visit, (visit.get("to"), ""), None)
}

fn page(app: &App, visit: &Visit, (to, id): (&str, &str), wrong: Option<String>) -> Reply {
    let status = if wrong.is_some() { 422 } else { 200 };
    let (f, to, id) = (visit.frame(app), place(to).to_owned(), id.to_owned());
    Reply::public_page(status, html(&view::SignIn { f, id, to, wrong }))
}

/// A place of the console to go on to: never another site.
fn place(to: &str) -> &str {
    let plain = to.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'/' | b'_' | b'-'));
    let fits = plain && (to == "/console" || to.starts_with("/console/")) && !to.contains("sign-");
    if fits { to } else { "/console" }
}

/// Signs in.
pub(super) async fn send(State(app): State<App>, _: Passed, visit: Visit, fields: Fields) -> Reply {
    let id = field(&fields, "id").to_owned();
    if let Err(problem) = app.pass_for(&format!("staff/{id}")) {
        return visit.held_up(&app, &problem);
    }
    let ask = StaffSignIn {
        id: id.clone(),
        password: Plain::from(field(&fields, "password")),
        code: Secret::given(field(&fields, "code")),
    };
    let to = place(field(&fields, "to")).to_owned();
    match sign_in_staff(&app.flows, ask, app.now()).await {
        Ok((_, session)) => Reply::see_other(&format!("{to}?language={}", visit.language))
            .with_cookie(cookie::staff(&app, &session)),
        Err(Stop::Wrong) => {
            let say = visit.frame(&app).w.wrong.to_owned();
            page(&app, &visit, (&to, &id), Some(say))
        }
        Err(stop) => visit.stopped(&app, stop),
    }
}

/// Signs out.
pub(super) async fn out(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Reply {
    if let Some(session) = credentials::staff_session(&app, &headers)
        && let Err(stop) = sign_out_staff(&app.flows, &session).await
    {
        return visit.stopped(&app, stop);
    }
    Reply::see_other(&format!("/console/sign-in?language={}", visit.language))
        .with_cookie(cookie::no_staff(&app))
}
