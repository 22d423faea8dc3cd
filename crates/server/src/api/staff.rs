//! Signing in and out as a member of staff.

use axum::extract::State;
use axum::http::HeaderMap;
use flows::security::{StaffSignIn, sign_in_staff, sign_out_staff};
use flows::{Plain, Secret};
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use crate::body::Json;
use crate::credentials::{self, Staff};
use crate::limit::SIGN_IN_MAX;
use crate::rate::{Gate, Peer};
use crate::{App, Reply, cookie};

/// Sign-ins of staff from one address in a window.
const SIGN_IN: Gate = Gate { name: "staff-sign-in", most: SIGN_IN_MAX };

/// Who signs in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    id: String,
    password: String,
    code: String,
}

/// `POST /v1/staff/session`
pub(crate) async fn begin(State(app): State<App>, peer: Peer, Json(given): Json<Given>) -> Answer {
    app.pass(SIGN_IN, &peer)?;
    app.pass_for(&format!("staff/{}", given.id))?;
    let ask = StaffSignIn {
        id: given.id,
        password: Plain::new(given.password),
        code: Secret::given(given.code),
    };
    let (member, session) = sign_in_staff(&app.flows, ask, app.now()).await?;
    let answer = json!({ "id": member.id, "name": member.name, "roles": member.roles() });
    Ok(Reply::public(&answer).with_cookie(cookie::staff(&app, &session)))
}

/// `GET /v1/staff/session`
pub(crate) async fn show(staff: Staff) -> Answer {
    let member = &staff.member;
    let answer = json!({ "id": member.id, "name": member.name, "roles": member.roles() });
    Ok(Reply::public(&answer))
}

/// `DELETE /v1/staff/session`
pub(crate) async fn end(State(app): State<App>, _: Staff, headers: HeaderMap) -> Answer {
    if let Some(session) = credentials::staff_session(&app, &headers) {
        sign_out_staff(&app.flows, &session).await?;
    }
    Ok(Reply::nothing().with_cookie(cookie::no_staff(&app)))
}
