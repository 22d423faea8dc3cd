//! The one shape of an answer: made from what was recorded, from what was only asked, or from what
//! is public. There is no other way to make one.

use axum::body::Body;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_TYPE, LOCATION, RETRY_AFTER, SET_COOKIE, WWW_AUTHENTICATE,
};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use flows::account::SignedIn;
use flows::purpose::Found;
use flows::{Recorded, Said};
use serde::Serialize;

use crate::Problem;
use crate::cookie::Cookie;

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";
const PROBLEM: &str = "application/problem+json";
/// What belongs to one person is kept by no cache.
const NO_STORE: &str = "no-store";

/// An answer.
#[derive(Debug)]
#[must_use = "an answer is owed to whoever asked"]
pub struct Reply {
    status: StatusCode,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Vec<u8>,
}

/// An answer with the record that it rests on.
#[derive(Serialize)]
struct OnRecord<T> {
    #[serde(flatten)]
    answer: T,
    record: String,
}

/// What came of one of many.
#[derive(Serialize)]
#[serde(untagged)]
enum OneOf<T> {
    Done {
        status: u16,
        #[serde(flatten)]
        answer: OnRecord<T>,
    },
    Not(serde_json::Value),
}

/// What came of many.
#[derive(Serialize)]
struct Results<T> {
    results: Vec<OneOf<T>>,
}

impl Reply {
    fn new(status: StatusCode, kind: &'static str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![
            (CONTENT_TYPE, HeaderValue::from_static(kind)),
            (CACHE_CONTROL, HeaderValue::from_static(NO_STORE)),
        ];
        Self { status, headers, body: body.into() }
    }

    fn json(answer: &impl Serialize) -> Self {
        match serde_json::to_vec(answer) {
            Ok(body) => Self::new(StatusCode::OK, JSON, body),
            Err(_) => Problem::broken().into(),
        }
    }

    fn empty(status: StatusCode) -> Self {
        let mut reply = Self::new(status, HTML, Vec::new());
        reply.headers.retain(|(name, _)| *name != CONTENT_TYPE);
        reply
    }

    /// What is public and belongs to nobody.
    pub fn public(answer: &impl Serialize) -> Self {
        Self::json(answer)
    }

    /// What is public, as bytes of a kind, which caches may keep for so many seconds.
    pub(crate) fn public_bytes(kind: &'static str, body: impl Into<Vec<u8>>, seconds: u32) -> Self {
        let mut reply = Self::new(StatusCode::OK, kind, body);
        let keep =
            if seconds == 0 { "no-cache".to_owned() } else { format!("public, max-age={seconds}") };
        reply.set(CACHE_CONTROL, &keep);
        reply
    }

    /// A page without personal data.
    pub fn public_page(status: u16, html: String) -> Self {
        Self::new(StatusCode::from_u16(status).unwrap_or(StatusCode::OK), HTML, html)
    }

    /// A page made from what was recorded.
    pub fn page<T>(recorded: Recorded<T>, html: impl FnOnce(T) -> String) -> Self {
        Self::new(StatusCode::OK, HTML, html(recorded.into_inner()))
    }

    /// A page made from what was only asked.
    pub fn said_page<T>(said: Said<T>, html: impl FnOnce(T) -> String) -> Self {
        Self::new(StatusCode::OK, HTML, html(said.into_inner()))
    }

    /// What was recorded, in another shape.
    pub fn shaped<T, U: Serialize>(recorded: Recorded<T>, shape: impl FnOnce(T) -> U) -> Self {
        Self::json(&shape(recorded.into_inner()))
    }

    /// What was recorded, as a file of a kind.
    pub(crate) fn file<T>(
        recorded: Recorded<T>,
        kind: &'static str,
        write: impl FnOnce(&T) -> std::io::Result<Vec<u8>>,
    ) -> Self {
        match write(&recorded.into_inner()) {
            Ok(body) => Self::new(StatusCode::OK, kind, body),
            Err(_) => Problem::broken().into(),
        }
    }

    /// What was recorded, with the id of the record.
    pub fn with_record<T: Serialize>(recorded: Recorded<T>) -> Self {
        let record = recorded.record_id().to_string();
        Self::json(&OnRecord { answer: recorded.into_inner(), record })
    }

    /// What was recorded in several records, as one answer.
    pub(crate) fn gathered<T, U: Serialize>(
        recorded: Vec<Recorded<T>>,
        shape: impl FnOnce(Vec<T>) -> U,
    ) -> Self {
        Self::json(&shape(recorded.into_iter().map(Recorded::into_inner).collect()))
    }

    /// What came of each of many, in their order.
    pub(crate) fn batch<T: Serialize>(done: Vec<Result<Recorded<T>, Problem>>) -> Self {
        let results = done.into_iter().map(|it| match it {
            Ok(recorded) => {
                let record = recorded.record_id().to_string();
                let answer = OnRecord { answer: recorded.into_inner(), record };
                OneOf::Done { status: StatusCode::OK.as_u16(), answer }
            }
            Err(problem) => OneOf::Not(problem.value()),
        });
        Self::json(&Results { results: results.collect() })
    }

    /// What was recorded, and the cookies that come of it.
    pub fn with_cookies_of<T: Serialize>(
        recorded: Recorded<T>,
        cookies: impl FnOnce(&T) -> Option<Cookie>,
    ) -> Self {
        let answer = recorded.into_inner();
        let cookie = cookies(&answer);
        Self::json(&answer).with_cookie(cookie.unwrap_or_default())
    }

    /// Go and see there.
    pub fn see_other(to: &str) -> Self {
        let mut reply = Self::empty(StatusCode::SEE_OTHER);
        reply.set(LOCATION, to);
        reply
    }

    /// It is recorded; go and see there.
    pub fn recorded_to<T>(recorded: Recorded<T>, to: &str) -> Self {
        drop(recorded.into_inner());
        Self::see_other(to)
    }

    /// It is recorded, cookies come of it; go and see there.
    pub fn recorded_with<T>(
        recorded: Recorded<T>,
        to: &str,
        cookies: impl FnOnce(&T) -> Option<Cookie>,
    ) -> Self {
        let cookie = cookies(&recorded.into_inner());
        Self::see_other(to).with_cookie(cookie.unwrap_or_default())
    }

    /// Somebody is signed in: the session's cookie, and go and see there.
    pub fn signed_in(
        recorded: Recorded<SignedIn>,
        to: &str,
        cookie: impl FnOnce(&SignedIn) -> Cookie,
    ) -> Self {
        Self::recorded_with(recorded, to, |it| Some(cookie(it)))
    }

    /// Nothing to say but that it is done.
    pub(crate) fn done<T>(recorded: Recorded<T>) -> Self {
        drop(recorded.into_inner());
        Self::empty(StatusCode::NO_CONTENT)
    }

    /// Nothing to say but that it is done, where nothing of a person was touched.
    pub(crate) fn nothing() -> Self {
        Self::empty(StatusCode::NO_CONTENT)
    }

    /// What was answered before.
    pub(crate) fn json_text(status: StatusCode, body: String) -> Self {
        Self::new(status, JSON, body)
    }

    pub(crate) fn problem(
        status: StatusCode,
        value: &serde_json::Value,
        retry_after: Option<u64>,
    ) -> Self {
        let mut reply = Self::new(status, PROBLEM, value.to_string());
        if status == StatusCode::UNAUTHORIZED {
            reply.set(WWW_AUTHENTICATE, "Bearer realm=\"kept\"");
        }
        if let Some(seconds) = retry_after {
            reply.set(RETRY_AFTER, &seconds.to_string());
        }
        reply
    }

    /// With another status.
    pub fn with_status(self, status: u16) -> Self {
        Self { status: StatusCode::from_u16(status).unwrap_or(self.status), ..self }
    }

    /// With cookies.
    pub fn with_cookie(mut self, cookie: Cookie) -> Self {
        for line in cookie.0 {
            if let Ok(mut value) = HeaderValue::from_str(&line) {
                value.set_sensitive(true);
                self.headers.push((SET_COOKIE, value));
            }
        }
        self
    }

    /// With a header whose value is made of what is not personal.
    pub(crate) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        self.set(name, value);
        self
    }

    fn set(&mut self, name: HeaderName, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.retain(|(it, _)| *it != name);
            self.headers.push((name, value));
        }
    }
}

impl<T: Serialize> From<Recorded<T>> for Reply {
    fn from(recorded: Recorded<T>) -> Self {
        Self::json(&recorded.into_inner())
    }
}

impl<T: Serialize> From<Said<T>> for Reply {
    fn from(said: Said<T>) -> Self {
        Self::json(&said.into_inner())
    }
}

/// Each person who is named was recorded one by one.
impl From<Found> for Reply {
    fn from(found: Found) -> Self {
        Self::json(&found)
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        for (name, value) in self.headers {
            // Not `insert`: several cookies are several lines.
            response.headers_mut().append(name, value);
        }
        response
    }
}
