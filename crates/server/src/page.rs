//! The pages that people read and fill in. They work without scripts, in English and Chinese.
//!
//! A page that shows something of a person is made from what was recorded, like every answer. Pages
//! decide nothing, and keep nothing.

mod centre;
mod change;
mod child;
mod choices;
mod date;
mod frame;
mod guardian;
mod mail;
mod messages;
mod phone;
mod policy;
mod push;
mod register;
mod requests;
mod said;
mod shared;
mod sign_in;
mod transfer;
mod uses;
mod view;
mod words;
mod young;
mod young_view;

pub(crate) use date::minute_in;
pub(crate) use frame::in_its_own_words;
pub(crate) use mail::take_codes;
pub(crate) use said::sentence;
pub(crate) use shared::{Fields, Passed, field, html};
pub(crate) use words::Words;

use axum::Router;
use axum::extract::{FromRequestParts as _, Request, State};
use axum::routing::{get, post};

use crate::{App, Problem, Reply};

/// The addresses of the pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(policy::home))
        .route("/privacy", get(policy::current))
        .route("/privacy/versions", get(policy::versions))
        .route("/privacy/versions/{version}", get(policy::version))
        .route("/privacy/changes/{version}", get(change::show).post(change::send))
        .route("/contact", get(policy::contact))
        .route("/register", get(register::show).post(register::send))
        .route("/register/code", post(register::code))
        .route("/sign-in", get(sign_in::show).post(sign_in::send))
        .route("/sign-out", post(sign_in::out))
        .route("/choices", get(choices::show).post(choices::send))
        .route("/me", get(centre::show))
        .route("/me/uses", get(uses::show))
        .route("/me/accepted", get(change::accepted))
        .route("/me/export", get(centre::export))
        .route("/me/data/{category}", get(centre::edit).post(centre::correct))
        .route("/me/data/{category}/delete", get(centre::ask_delete).post(centre::delete))
        .route("/me/phone", get(phone::show).post(phone::send))
        .route("/me/push", get(push::show))
        .route("/me/push/off", post(push::off))
        .route("/me/transfers", get(transfer::show).post(transfer::send))
        .route("/me/transfers/token", post(transfer::token))
        .route("/me/transfers/{id}/carry", post(transfer::carry))
        .route("/me/close", get(centre::ask_close).post(centre::close))
        .route("/privacy/cancel", get(centre::ask_cancel).post(centre::cancel))
        .route("/privacy/contact", get(messages::show).post(messages::send))
        .route("/privacy/service", get(messages::service))
        .route("/me/requests", get(requests::list).post(requests::send))
        .route("/me/requests/{id}", get(requests::one))
        .route("/privacy/request", get(requests::follow).post(requests::act))
        .route("/privacy/ask", get(requests::by_address).post(requests::send_by_address))
        .route("/privacy/certificate", get(requests::certificate))
        .route("/me/messages", get(messages::list))
        .route("/me/messages/{id}", get(messages::one).post(messages::add))
        .route("/me/guardian", get(guardian::show).post(guardian::send))
        .route("/privacy/guardian/{token}", get(guardian::link).post(guardian::answer))
        .merge(child_routes())
        .route("/mail", get(mail::show))
}

/// The addresses of a guardian's pages for a child.
fn child_routes() -> Router<App> {
    Router::new()
        .route("/privacy/child", get(child::show))
        .route("/privacy/child/sign-in", post(child::sign_in))
        .route("/privacy/child/sign-out", post(child::sign_out))
        .route("/privacy/child/uses", get(child::used))
        .route("/privacy/child/choices", get(child::choices).post(child::choose))
        .route("/privacy/child/data/{category}", get(child::edit).post(child::correct))
        .route("/privacy/child/data/{category}/delete", get(child::ask_delete).post(child::delete))
        .route("/privacy/child/changes/{version}", get(child::change).post(child::change_answer))
        .route("/privacy/child/requests", get(child::list).post(child::send))
        .route("/privacy/child/requests/{id}", get(child::one))
        .route("/privacy/child/export", get(child::export))
        .route("/privacy/child/export/file", get(child::file))
        .route("/privacy/child/close", get(child::ask_close).post(child::close))
        .route("/privacy/child/keep", post(child::keep))
}

/// What is not there: a page for a browser that goes somewhere, a problem for everybody else.
pub(crate) async fn nothing(State(app): State<App>, request: Request) -> Reply {
    let (mut parts, _) = request.into_parts();
    if !shared::is_read(&parts) {
        return Problem::not_found().into();
    }
    match shared::Ask::from_request_parts(&mut parts, &app).await {
        Ok(ask) => shared::not_found(ask.frame(&app, ("", "/privacy"))),
        Err(reply) => reply,
    }
}
