//! Moving the clock, where the server was started so that it may be.

use axum::extract::State;
use jiff::{Span, SpanRelativeTo};
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use crate::body::Json;
use crate::{App, Problem, Reply, clock, task};

/// How far.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    advance: String,
}

/// `POST /v1/test/clock`: moves the clock, and does everything that is due by then.
pub(crate) async fn advance(State(app): State<App>, Json(given): Json<Given>) -> Answer {
    if !app.settings.test_clock {
        return Err(Problem::not_found());
    }
    let say = || Problem::invalid("advance", "write how far ahead: `25h`, `90s`, `3d`");
    let span: Span = given.advance.trim().parse().map_err(|_| say())?;
    let far = span.to_duration(SpanRelativeTo::days_are_24_hours()).map_err(|_| say())?;
    let millis = i64::try_from(far.as_millis()).map_err(|_| say())?;
    if !(0..=crate::limit::ADVANCE_MILLIS_MAX).contains(&millis) {
        return Err(say());
    }
    let now = app.clock.advance(millis);
    task::run(&app).await?;
    app.flows.sequence(app.now()).await?;
    Ok(Reply::public(&json!({ "now": clock::text(now) })))
}
