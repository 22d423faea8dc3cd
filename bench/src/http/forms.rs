//! What is asked over HTTP, as the product takes it; the peers take the same.

use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use serde_json::Value;

use crate::dice::Dice;
use crate::load::Connection;
use crate::probe::said;

/// A use, as it is sent.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    pub(super) person: String,
    pub(super) purpose: String,
    pub(super) categories: Vec<String>,
}

/// An answer of JSON.
pub(super) fn json(status: u16, body: Vec<u8>) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let kind = if status.is_success() { "application/json" } else { "application/problem+json" };
    (status, [("content-type", kind), ("cache-control", "no-store")], body).into_response()
}

/// A failure of the peer itself.
pub(super) fn broken(error: impl std::fmt::Display) -> Response {
    json(500, format!("{{\"detail\":{}}}", Value::from(error.to_string())).into_bytes())
}

/// An address of somebody behind the proxy that the client speaks for.
pub(super) fn forwarded(dice: &mut Dice, many: usize) -> String {
    let number = dice.below(many);
    format!("10.{}.{}.{}", number / 65_536 % 256, number / 256 % 256, number % 256)
}

/// Asks once and reads JSON.
pub(super) async fn ask(to: &mut Connection, request: &[u8]) -> Result<(u16, Value), String> {
    let (status, body) = to.call(request).await.map_err(said)?;
    Ok((status, serde_json::from_slice(&body).unwrap_or(Value::Null)))
}
