//! Bounds around every handler: the size of a body, the time it takes, and what happens when one
//! fails in a way that nobody foresaw.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;

use crate::limit::REQUEST_SECONDS_MAX;
use crate::{Problem, body};

/// Runs a handler within its bounds.
pub(crate) async fn bound(request: Request, next: Next) -> Response {
    if let Err(problem) = body::announced(request.headers()) {
        return problem.into_response();
    }
    let work = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(Duration::from_secs(REQUEST_SECONDS_MAX), work).await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => {
            tracing::error!("a handler failed in a way that nobody foresaw");
            Problem::broken().into_response()
        }
        Err(_) => Problem::too_slow().into_response(),
    }
}
