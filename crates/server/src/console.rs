//! The console: where officers and support see what is due, and act. It works without scripts, in
//! English and Chinese.
//!
//! Every page is lists and details of the same shape, described by data: a noun says what it shows and
//! which forms it has, and the verbs of the flows do the work. The console decides nothing, and whatever
//! it shows of a person comes from a record.

mod cessation;
mod clock;
mod desk;
mod due;
mod evidence;
mod frame;
mod holds;
mod list;
mod messages;
mod part;
mod policy;
mod requests;
mod session;
mod view;
mod words;

use axum::Router;
use axum::routing::{get, post};

use crate::App;

/// The addresses of the console.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/console", get(due::show))
        .route("/console/sign-in", get(session::show).post(session::send))
        .route("/console/sign-out", post(session::out))
        .route("/console/messages", get(messages::list))
        .route("/console/messages/{id}", get(messages::show))
        .route("/console/messages/{id}/{verb}", post(messages::act))
        .route("/console/requests", get(requests::list))
        .route("/console/requests/open", post(requests::open))
        .route("/console/requests/{id}", get(requests::show))
        .route("/console/requests/{id}/{verb}", post(requests::act))
        .route("/console/holds", get(holds::list))
        .route("/console/holds/place", post(holds::place))
        .route("/console/holds/{id}", get(holds::show))
        .route("/console/holds/{id}/{verb}", post(holds::act))
        .route("/console/policy", get(policy::show))
        .route("/console/policy/{version}/approve", post(policy::approve))
        .route("/console/evidence", get(evidence::show))
        .route("/console/cessation", get(cessation::list))
        .route("/console/cessation/plan", post(cessation::plan))
        .route("/console/cessation/{id}", get(cessation::show))
        .route("/console/cessation/{id}/{verb}", post(cessation::act))
}
