//! The end of a product or of the service, for members of staff.

use axum::extract::State;
use flows::cessation::{self, Plan};
use flows::security::Role;
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use crate::body::Perhaps;
use crate::credentials::Staff;
use crate::path::Path;
use crate::{App, Problem, Reply};

/// Who may act: whoever runs it, and whoever answers for it. That one of the two who announce is an
/// officer is looked at with each.
const ACTING: &[Role] = &[Role::Officer, Role::Engineer];
/// Who may look.
const LOOKING: &[Role] = &[Role::Officer, Role::Engineer, Role::Auditor];

/// What is to end.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    /// The product; the whole service where there is none.
    product: Option<String>,
    /// When, where that is later than the policy's notice asks: RFC 3339.
    ends: Option<String>,
}

/// `GET /v1/cessation`
pub(crate) async fn list(State(app): State<App>, staff: Staff) -> Answer {
    staff.may_any(LOOKING)?;
    Ok(Reply::public(&json!({ "endings": cessation::all(&app.flows).await? })))
}

/// `GET /v1/cessation/{id}`
pub(crate) async fn show(State(app): State<App>, Path(id): Path<String>, staff: Staff) -> Answer {
    staff.may_any(LOOKING)?;
    Ok(Reply::public(&cessation::one(&app.flows, &id).await?))
}

/// `POST /v1/cessation`
pub(crate) async fn plan(
    State(app): State<App>,
    staff: Staff,
    Perhaps(given): Perhaps<Given>,
) -> Answer {
    staff.may_any(ACTING)?;
    let read = |text: &String| {
        flows::instant(text).ok_or_else(|| Problem::invalid("ends", "write `2027-03-01T00:00:00Z`"))
    };
    let ends = given.ends.as_ref().map(read).transpose()?;
    let ask = Plan { product: given.product, ends };
    let seen = cessation::plan(&app.flows, ask, &staff.id, app.now()).await?;
    app.wake();
    Ok(Reply::public(&seen).with_status(201))
}

/// `POST /v1/cessation/{id}/announce`
pub(crate) async fn announce(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
) -> Answer {
    staff.may_any(ACTING)?;
    Ok(Reply::public(&cessation::announce(&app.flows, &id, &staff.id).await?))
}

/// `POST /v1/cessation/{id}/approve`
pub(crate) async fn approve(
    State(app): State<App>,
    Path(id): Path<String>,
    staff: Staff,
) -> Answer {
    staff.may_any(ACTING)?;
    let seen = cessation::approve(&app.flows, &id, &staff.id, app.now()).await?;
    app.wake();
    Ok(Reply::public(&seen))
}

/// `POST /v1/cessation/{id}/cancel`
pub(crate) async fn cancel(State(app): State<App>, Path(id): Path<String>, staff: Staff) -> Answer {
    staff.may_any(ACTING)?;
    let seen = cessation::cancel(&app.flows, &id, &staff.id, app.now()).await?;
    app.wake();
    Ok(Reply::public(&seen))
}

/// `GET /v1/cessation/{id}/report`
pub(crate) async fn report(State(app): State<App>, Path(id): Path<String>, staff: Staff) -> Answer {
    staff.may_any(LOOKING)?;
    let report = cessation::one(&app.flows, &id).await?.report.ok_or_else(Problem::not_found)?;
    Ok(Reply::public_bytes("text/plain; charset=utf-8", report, 0))
}
