//! The console: where officers and support see what is due, and act. It works without scripts, in
//! English and Chinese.
//!
//! Every page is lists and details of the same shape, described by data: a noun says what it shows and
//! which forms it has, and the verbs of the flows do the work. The console decides nothing, and whatever
//! it shows of a person comes from a record.

mod approval;
mod cessation;
mod clock;
mod desk;
mod draft;
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

/// The addresses, for the description of the interface.
pub(crate) const PAGES: &[(&str, &str, &str)] = &[
    ("get", "/console", "What is due, for staff"),
    ("get", "/console/sign-in", "Signing in as a member of staff"),
    ("post", "/console/sign-in", "Signs in with both factors, from a form"),
    ("post", "/console/sign-out", "Signs out, from a form"),
    ("get", "/console/account", "One's own account at the console"),
    ("post", "/console/account/password", "Takes another password, from a form"),
    ("get", "/console/messages", "Messages and complaints, by the time that is left"),
    ("get", "/console/messages/{id}", "A conversation, while it is open"),
    (
        "post",
        "/console/messages/{id}/{verb}",
        "Answers, decides, assigns, notes or closes, from a form",
    ),
    ("get", "/console/requests", "Requests, by the time that is left"),
    ("post", "/console/requests/open", "Opens one for somebody who wrote in, from a form"),
    ("get", "/console/requests/{id}", "A request, whole"),
    (
        "post",
        "/console/requests/{id}/{verb}",
        "Finds out who asks, extends, refuses or answers, from a form",
    ),
    ("get", "/console/holds", "Legal holds"),
    ("post", "/console/holds/place", "Asks for one, from a form"),
    ("get", "/console/holds/{id}", "A hold"),
    ("post", "/console/holds/{id}/{verb}", "Approves, refuses or lifts it, from a form"),
    ("get", "/console/policy", "Versions of the policy, and who was told"),
    ("get", "/console/policy/draft", "The texts of the newest version, to be changed"),
    ("post", "/console/policy/draft", "Checks a draft of the next one or hands it in, from a form"),
    ("get", "/console/policy/{version}", "A draft that waits for a second person, to be read"),
    (
        "post",
        "/console/policy/{version}/approve",
        "A second person agrees to the draft that they read, from a form",
    ),
    ("get", "/console/evidence", "Clause by clause: whether the program keeps it"),
    ("get", "/console/cessation", "Ends of products or of the service"),
    ("post", "/console/cessation/plan", "Plans one, from a form"),
    ("get", "/console/cessation/{id}", "An end, its dates and whom it reaches"),
    ("post", "/console/cessation/{id}/{verb}", "Announces, approves or calls it off, from a form"),
];

/// The addresses of the console.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/console", get(due::show))
        .route("/console/sign-in", get(session::show).post(session::send))
        .route("/console/sign-out", post(session::out))
        .route("/console/account", get(session::account))
        .route("/console/account/password", post(session::password))
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
        .route("/console/policy/draft", get(draft::show).post(draft::send))
        .route("/console/policy/{version}", get(approval::show))
        .route("/console/policy/{version}/approve", post(approval::approve))
        .route("/console/evidence", get(evidence::show))
        .route("/console/cessation", get(cessation::list))
        .route("/console/cessation/plan", post(cessation::plan))
        .route("/console/cessation/{id}", get(cessation::show))
        .route("/console/cessation/{id}/{verb}", post(cessation::act))
}
