//! Browsers that a person lets us write to, as the Push API hands them over.

use axum::extract::State;
use flows::Plain;
use flows::messages::push::{self, Subscription};
use serde::Deserialize;
use serde_json::json;

use super::Answer;
use crate::body::Json;
use crate::credentials::Person;
use crate::{App, Reply};

/// What a browser hands over: `PushSubscription.toJSON()`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    endpoint: String,
    keys: Keys,
    /// Services let a subscription end, and say so when they are written to.
    #[serde(rename = "expirationTime")]
    _expires: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    p256dh: String,
    auth: String,
}

/// Which browser.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    endpoint: String,
}

/// `GET /v1/push/key`
pub(crate) async fn key(State(app): State<App>) -> Answer {
    Ok(Reply::public(&json!({ "key": push::key(&app.flows)? })))
}

/// `PUT /v1/me/push`
pub(crate) async fn put(
    State(app): State<App>,
    person: Person,
    Json(given): Json<Given>,
) -> Answer {
    let ask = Subscription {
        endpoint: Plain::new(given.endpoint),
        p256dh: Plain::new(given.keys.p256dh),
        auth: Plain::new(given.keys.auth),
    };
    Ok(push::subscribe(&app.flows, person.id, ask, app.now()).await?.into())
}

/// `DELETE /v1/me/push`
pub(crate) async fn delete(
    State(app): State<App>,
    person: Person,
    Json(given): Json<Which>,
) -> Answer {
    let endpoint = Plain::new(given.endpoint);
    Ok(push::unsubscribe(&app.flows, person.id, &endpoint, app.now()).await?.into())
}
