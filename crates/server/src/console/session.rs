//! Signing in to the console with both factors, and out.

use axum::extract::State;
use axum::http::HeaderMap;
use flows::security::{StaffSignIn, change_staff_password, sign_in_staff, sign_out_staff};
use flows::{Plain, Secret, Stop};

use super::desk::{Desk, Visit, Wrong};
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

/// One's own account: taking another password.
pub(super) async fn account(State(app): State<App>, desk: Desk) -> Reply {
    own(&app, &desk, None)
}

fn own(app: &App, desk: &Desk, wrong: Option<Wrong<'_>>) -> Reply {
    let f = desk.frame(app);
    let w = f.w;
    let rows = vec![
        (w.staff_id.to_owned(), view::Cell::from(desk.member.id.as_str())),
        (w.roles.to_owned(), f.roles.as_str().into()),
    ];
    let line = |name, label| view::Field::new(name, label, view::Kind::Line("password"));
    let fields = vec![
        line("old", w.password_before),
        line("new", w.password_new).hint(w.password_hint),
        line("again", w.password_again),
    ];
    let words = (w.another_password, w.another_password);
    let form = desk.form(app, ("/console/account", "password"), words, fields);
    let status = if wrong.is_some() { 422 } else { 200 };
    let mut page = view::Page::new(f, desk.member.name.clone(), w.account);
    page.parts = vec![view::Part::Facts { title: w.details.to_owned(), rows }];
    page.forms = vec![view::Form { lead: w.another_password_lead.to_owned(), ..form }];
    if let Some(wrong) = wrong {
        // What was typed does not go back: these are passwords.
        page.wrong = Some(wrong.say);
    }
    Reply::public_page(status, html(&page))
}

/// Another password is taken.
pub(super) async fn password(
    State(app): State<App>,
    _: Passed,
    desk: Desk,
    headers: HeaderMap,
    fields: Fields,
) -> Result<Reply, Reply> {
    let given = |name: &str| Plain::from(fields.0.get(name).map_or("", String::as_str));
    let done = async {
        let session = credentials::staff_session(&app, &headers).ok_or(Stop::Wrong)?;
        if given("new").as_str() != given("again").as_str() {
            return Err(Stop::invalid("again", "write the same password twice"));
        }
        let both = (given("old"), given("new"));
        change_staff_password(&app.flows, &session, both, app.now()).await
    };
    match done.await {
        Ok(()) => Ok(desk.back_to("/console/account")),
        Err(stop) => Ok(own(&app, &desk, Some(desk.wrong(&app, stop, ("password", &fields))?))),
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
