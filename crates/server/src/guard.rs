//! Bounds around every handler: the size of a body, the time it takes, and what happens when one
//! fails in a way that nobody foresaw.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt as _;
use hyper::body::{Frame, SizeHint};
use tokio::sync::Notify;
use tokio::time::{Sleep, sleep, timeout};

use crate::limit::REQUEST_SECONDS_MAX;
use crate::{App, Problem, body};

/// What is answered whatever the database does.
const OF_THE_PROCESS: [&str; 2] = ["/health", "/ready"];

/// Runs a handler within its bounds.
pub(crate) async fn bound<F>(
    app: &App,
    request: Request,
    next: impl FnOnce(Request) -> F,
) -> Response
where
    F: Future<Output = Result<Response, Infallible>>,
{
    if let Err(problem) = body::announced(request.headers()) {
        return problem.into_response();
    }
    if !app.is_confirmed() && !OF_THE_PROCESS.contains(&request.uri().path()) {
        return Problem::unconfirmed().into_response();
    }
    let (request, paused) = attended(request, app.settings.limits.body_pause);
    let mut work = pin!(AssertUnwindSafe(next(request)).catch_unwind());
    // Most is done at once: a clock runs for the rest alone.
    let done = if let Some(done) = work.as_mut().now_or_never() {
        done
    } else {
        let work = timeout(Duration::from_secs(REQUEST_SECONDS_MAX), work);
        let done = tokio::select! {
            it = work => it,
            () = stopped(paused) => return last(Problem::body_paused()),
        };
        let Ok(done) = done else { return Problem::too_slow().into_response() };
        done
    };
    match done {
        Ok(Ok(response)) => response,
        Err(_) => {
            tracing::error!("a handler failed in a way that nobody foresaw");
            Problem::broken().into_response()
        }
    }
}

/// Ends when a body has stood still for too long.
async fn stopped(paused: Option<Arc<Notify>>) {
    match paused {
        Some(paused) => paused.notified().await,
        None => std::future::pending().await,
    }
}

/// A request whose body says so when it stands still for too long.
fn attended(request: Request, pause: Duration) -> (Request, Option<Arc<Notify>>) {
    if request.body().is_end_stream() {
        return (request, None);
    }
    let paused = Arc::new(Notify::new());
    let stopped = Arc::clone(&paused);
    let request = request.map(|body| Body::new(Attended { body, pause, waiting: None, stopped }));
    (request, Some(paused))
}

/// A body that says so when it stands still for too long.
struct Attended {
    body: Body,
    pause: Duration,
    /// Runs while a part is waited for: a body that is there at once costs no timer.
    waiting: Option<Pin<Box<Sleep>>>,
    stopped: Arc<Notify>,
}

impl HttpBody for Attended {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let part = Pin::new(&mut self.body).poll_frame(context);
        if part.is_ready() {
            self.waiting = None;
            return part;
        }
        let pause = self.pause;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(pause)));
        if waiting.as_mut().poll(context).is_ready() {
            // Whoever reads is let go, and with it this.
            self.stopped.notify_one();
        }
        Poll::Pending
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// An answer after which the connection is of no use: the rest of a body would be taken for a request.
fn last(problem: Problem) -> Response {
    let mut response = problem.into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
