//! Mail that somebody's server of mail brings, as it came.

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::HeaderMap;
use flows::Secret;
use flows::limit::MAIL_BYTES_MAX;
use flows::messages::{self, Came};
use serde_json::json;

use super::Answer;
use crate::credentials::bearer;
use crate::{App, Problem, Reply};

/// A body as it came, whatever kind it says it is.
#[derive(Debug)]
pub(crate) struct Raw(Bytes);

impl FromRequest<App> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        // Nobody's bytes are taken in before it is known who brings them.
        known(app, &parts.headers)?;
        let bytes = to_bytes(body, MAIL_BYTES_MAX).await;
        bytes.map(Self).map_err(|_| Problem::too_large(MAIL_BYTES_MAX))
    }
}

fn known(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let given: Option<Secret> = bearer(headers);
    if given.is_some_and(|it| app.flows.brings_mail(&it)) { Ok(()) } else { Err(Problem::no_key()) }
}

/// `POST /v1/mail`
pub(crate) async fn take(State(app): State<App>, Raw(mail): Raw) -> Answer {
    let came = messages::incoming(&app.flows, &mail, app.now()).await?;
    if came == Came::Unreadable {
        let say = "send the mail as it came, RFC 5322, with an address in `From`";
        return Err(Problem::invalid("body", say));
    }
    app.wake();
    Ok(Reply::public(&json!({ "came": came.word() })))
}
