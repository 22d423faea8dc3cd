//! Bounds around every handler: the size of a body, the time it takes, and what happens when one
//! fails in a way that nobody foresaw.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::limit::REQUEST_SECONDS_MAX;
use crate::{App, Problem, body};

/// What is answered whatever the database does.
const OF_THE_PROCESS: [&str; 2] = ["/health", "/ready"];

/// Runs a handler within its bounds.
pub(crate) async fn bound(State(app): State<App>, request: Request, next: Next) -> Response {
    if let Err(problem) = body::announced(request.headers()) {
        return problem.into_response();
    }
    if !app.is_confirmed() && !OF_THE_PROCESS.contains(&request.uri().path()) {
        return Problem::unconfirmed().into_response();
    }
    let paused = Arc::new(Notify::new());
    let request = attended(request, app.settings.limits.body_pause, &paused);
    let work = AssertUnwindSafe(next.run(request)).catch_unwind();
    let work = timeout(Duration::from_secs(REQUEST_SECONDS_MAX), work);
    let done = tokio::select! {
        it = work => it,
        () = paused.notified() => return last(Problem::body_paused()),
    };
    match done {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!("a handler failed in a way that nobody foresaw");
            Problem::broken().into_response()
        }
        Err(_) => Problem::too_slow().into_response(),
    }
}

/// A request whose body says so when it stands still for too long.
fn attended(request: Request, pause: Duration, paused: &Arc<Notify>) -> Request {
    if request.body().is_end_stream() {
        return request;
    }
    let paused = Arc::clone(paused);
    request.map(|body| {
        let state = (body.into_data_stream(), paused);
        let parts = stream::unfold(state, move |(mut rest, paused)| async move {
            let Ok(part) = timeout(pause, rest.next()).await else {
                paused.notify_one();
                // Whoever reads is let go, and with it this.
                return std::future::pending().await;
            };
            part.map(|it| (it, (rest, paused)))
        });
        Body::from_stream(parts)
    })
}

/// An answer after which the connection is of no use: the rest of a body would be taken for a request.
fn last(problem: Problem) -> Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
