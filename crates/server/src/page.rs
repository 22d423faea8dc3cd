//! The pages that people read and fill in. They work without scripts, in English and Chinese.
//!
//! A page that shows something of a person is made from what was recorded, like every answer. Pages
//! decide nothing, and keep nothing.

mod centre;
mod choices;
mod date;
mod frame;
mod mail;
mod policy;
mod register;
mod said;
mod shared;
mod sign_in;
mod uses;
mod view;
mod words;

pub(crate) use mail::take_codes;
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
        .route("/contact", get(policy::contact))
        .route("/register", get(register::show).post(register::send))
        .route("/register/code", post(register::code))
        .route("/sign-in", get(sign_in::show).post(sign_in::send))
        .route("/sign-out", post(sign_in::out))
        .route("/choices", get(choices::show).post(choices::send))
        .route("/me", get(centre::show))
        .route("/me/uses", get(uses::show))
        .route("/me/export", get(centre::export))
        .route("/me/data/{category}", get(centre::edit).post(centre::correct))
        .route("/me/data/{category}/delete", get(centre::ask_delete).post(centre::delete))
        .route("/me/close", get(centre::ask_close).post(centre::close))
        .route("/privacy/cancel", get(centre::ask_cancel).post(centre::cancel))
        .route("/mail", get(mail::show))
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
