//! The rights of a child that a guardian asks for: requests with their answers, and the export.

use axum::extract::State;

use super::{Guarding, sign_in_page};
use crate::api::me::exported;
use crate::page::centre::export_page;
use crate::page::requests::view::Typed;
use crate::page::requests::{self, Asking};
use crate::page::shared::Fields;
use crate::path::Path;
use crate::query::Query;
use crate::{App, Reply};

/// The requests for the child, and the form for a new one.
pub(crate) async fn list(State(app): State<App>, guarding: Guarding) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    requests::listed((&app, &ask), Asking::guardian(who), Typed::default()).await
}

/// The guardian asks for a right.
pub(crate) async fn send(State(app): State<App>, guarding: Guarding, fields: Fields) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    requests::sent((&app, &ask), Asking::guardian(who), &fields).await
}

/// One of the requests.
pub(crate) async fn one(
    State(app): State<App>,
    Path(id): Path<String>,
    guarding: Guarding,
) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    requests::shown((&app, &ask), Asking::guardian(who), &id).await
}

/// Everything that is held of the child, to read.
pub(crate) async fn export(State(app): State<App>, guarding: Guarding) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    let f = ask.frame(&app, ("", "/privacy/child/export"));
    export_page(&app, &ask, f, (who, "/privacy/child/export/file")).await
}

/// The same as a file.
pub(crate) async fn file(State(app): State<App>, query: Query, guarding: Guarding) -> Reply {
    let (ask, who, _) = guardian_or_sign_in!(app, guarding);
    match exported(&app, who, &query).await {
        Ok(reply) => reply,
        Err(problem) => ask.held_up(&app, &problem),
    }
}
