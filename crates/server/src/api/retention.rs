//! What is left of values that were anonymised.

use axum::extract::State;
use flows::retention::anonymous;
use flows::security::Role;
use serde_json::json;

use super::Answer;
use crate::credentials::Staff;
use crate::{App, Reply};

/// `GET /v1/retention/anonymous`
pub(crate) async fn counts(State(app): State<App>, staff: Staff) -> Answer {
    staff.may_any(&[Role::Officer, Role::Auditor])?;
    let groups = anonymous(&app.flows).await?;
    Ok(Reply::public(&json!({ "groups": groups })))
}
