//! Reading a body: bounded, JSON, and with a word on what does not fit.

use std::convert::Infallible;
use std::sync::{Arc, OnceLock};

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use flows::Idempotency;
use serde::de::DeserializeOwned;

use crate::limit::{BODY_BYTES_MAX, IDEMPOTENCY_KEY_MAX};
use crate::{App, Problem};

/// A JSON body.
#[derive(Debug)]
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        json_kind(&parts.headers)?;
        let bytes = bytes(body).await?;
        leave(&parts, &bytes);
        read(&bytes).map(Self)
    }
}

/// A JSON body that is not read yet: its reader borrows from it.
#[derive(Debug)]
pub(crate) struct Unread(bytes::Bytes);

impl Unread {
    /// Reads it.
    pub(crate) fn read<'b, T>(
        &'b self,
        read: impl FnOnce(&'b [u8]) -> Result<T, serde_json::Error>,
    ) -> Result<T, Problem> {
        read(&self.0).map_err(|it| misfit(&it))
    }
}

impl FromRequest<App> for Unread {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        json_kind(&parts.headers)?;
        bytes(body).await.map(Self)
    }
}

/// A JSON body that may be left out.
#[derive(Debug)]
pub(crate) struct Perhaps<T>(pub(crate) T);

impl<T: DeserializeOwned + Default> FromRequest<App> for Perhaps<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &App) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let bytes = bytes(body).await?;
        leave(&parts, &bytes);
        if bytes.is_empty() {
            return Ok(Self(T::default()));
        }
        json_kind(&parts.headers)?;
        read(&bytes).map(Self)
    }
}

/// Whether the length that is announced is taken.
pub(crate) fn announced(headers: &HeaderMap) -> Result<(), Problem> {
    let length = headers.get(CONTENT_LENGTH).and_then(|it| it.to_str().ok());
    let length = length.and_then(|it| it.parse::<usize>().ok());
    if length.is_some_and(|it| it > BODY_BYTES_MAX) {
        return Err(Problem::too_large(BODY_BYTES_MAX));
    }
    Ok(())
}

async fn bytes(body: Body) -> Result<bytes::Bytes, Problem> {
    // Beyond the limit, or a connection that broke off: nobody listens any more in the second case.
    to_bytes(body, BODY_BYTES_MAX).await.map_err(|_| Problem::too_large(BODY_BYTES_MAX))
}

/// Leaves the body for the idempotency key, where there is one.
fn leave(parts: &Parts, bytes: &bytes::Bytes) {
    if let Some(Slot(slot)) = parts.extensions.get() {
        // A body is read once: nothing can be there before.
        slot.set(bytes.clone()).ok();
    }
}

fn json_kind(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(CONTENT_TYPE).and_then(|it| it.to_str().ok()).unwrap_or("");
    let kind = kind.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    let json = kind == "application/json" || kind.ends_with("+json");
    if json { Ok(()) } else { Err(Problem::not_json()) }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(bytes).map_err(|it| misfit(&it))
}

fn misfit(error: &serde_json::Error) -> Problem {
    let place = format!("line {}, column {}", error.line(), error.column());
    match error.classify() {
        serde_json::error::Category::Data => Problem::invalid("body", shape(error, &place)),
        serde_json::error::Category::Syntax
        | serde_json::error::Category::Eof
        | serde_json::error::Category::Io => {
            Problem::malformed(format!("send JSON; it goes wrong at {place}"))
        }
    }
}

/// What does not fit. A text of the library can repeat a value that was handed in: of that, only
/// names of fields, which are ours, are passed on.
fn shape(error: &serde_json::Error, place: &str) -> String {
    let text = error.to_string();
    let ours = ["missing field ", "unknown field ", "duplicate field "];
    let named = ours.iter().find(|it| text.starts_with(**it) && **it != "unknown field ");
    match named.and_then(|_| text.split(" at line ").next()) {
        Some(named) => format!("{named}, at {place}"),
        None if text.starts_with("unknown field") => {
            format!("leave out the field at {place}: `/openapi.json` has those that are read")
        }
        None => format!("the value at {place} has another shape than `/openapi.json` says"),
    }
}

/// The client's idempotency key, with what is needed to tell one request from another. It stands
/// before the body among the arguments of a handler: whoever reads the body leaves it here.
pub(crate) struct Once {
    key: Option<HeaderValue>,
    method: Method,
    path: String,
    body: Slot,
}

/// Where the body of a request is left that has an idempotency key.
#[derive(Clone, Default)]
struct Slot(Arc<OnceLock<bytes::Bytes>>);

impl<S: Sync> FromRequestParts<S> for Once {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let key = parts.headers.get("idempotency-key").cloned();
        let body = Slot::default();
        if key.is_some() {
            parts.extensions.insert(body.clone());
        }
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        Ok(Self { key, method, path, body })
    }
}

impl Once {
    /// What makes a repeated request one request, for whoever asks for what.
    pub(crate) fn of(&self, scope: &str) -> Result<Option<Idempotency>, Problem> {
        let Some(given) = &self.key else { return Ok(None) };
        let key = given.to_str().unwrap_or("");
        let fits = !key.is_empty() && key.len() <= IDEMPOTENCY_KEY_MAX;
        if !fits {
            let say = format!("use from 1 to {IDEMPOTENCY_KEY_MAX} plain letters, such as a UUID");
            return Err(Problem::invalid("Idempotency-Key", say));
        }
        let body = self.body.0.get().map_or(&[][..], |it| it);
        let request = [self.method.as_str().as_bytes(), self.path.as_bytes(), body];
        Ok(Some(Idempotency::new(scope, key, request)))
    }
}
