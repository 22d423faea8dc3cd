//! What went wrong, as RFC 9457 has it: what it is, and what to do about it.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use flows::Stop;
use flows::security::Role;
use serde_json::{Map, Value, json};

use crate::Reply;

/// An answer that is none.
#[derive(Debug)]
pub struct Problem(Box<What>);

#[derive(Debug)]
struct What {
    status: StatusCode,
    kind: &'static str,
    title: &'static str,
    detail: String,
    more: Map<String, Value>,
    retry_after: Option<u64>,
    /// Answered before under an idempotency key, and answered again as it was.
    replayed: Option<String>,
}

impl Problem {
    /// A problem of a kind, with what to do.
    pub(crate) fn new(
        status: StatusCode,
        (kind, title): (&'static str, &'static str),
        detail: impl Into<String>,
    ) -> Self {
        let (detail, more) = (detail.into(), Map::new());
        let (retry_after, replayed) = (None, None);
        Self(Box::new(What { status, kind, title, detail, more, retry_after, replayed }))
    }

    fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.more.insert(name.to_owned(), value.into());
        self
    }

    fn again_in(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Something in what was handed in does not fit.
    pub(crate) fn invalid(field: impl Into<String>, say: impl Into<String>) -> Self {
        let kind = ("invalid", "something in the request does not fit");
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, kind, say).with("field", field.into())
    }

    /// The body is not JSON at all.
    pub(crate) fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ("malformed", "the request cannot be read"), detail)
    }

    /// The body is larger than is taken.
    pub(crate) fn too_large(most: usize) -> Self {
        let detail = format!("send at most {most} bytes, in several requests if need be");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, ("too-large", "the request is too large"), detail)
    }

    /// The body is of another kind than is read.
    pub(crate) fn not_json() -> Self {
        let kind = ("not-json", "the request is not JSON");
        let detail = "send `content-type: application/json`";
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, kind, detail)
    }

    /// Too many in a window.
    pub(crate) fn too_many(seconds: u64) -> Self {
        let kind = ("too-many", "too many requests");
        let detail = format!("come again in {seconds} seconds");
        Self::new(StatusCode::TOO_MANY_REQUESTS, kind, detail).again_in(seconds)
    }

    /// What kind of answer it is.
    pub(crate) const fn status(&self) -> StatusCode {
        self.0.status
    }

    /// After how many seconds it is worth to come again.
    pub(crate) const fn again(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// No key of an application, or none that is known.
    pub(crate) fn no_key() -> Self {
        let detail = "send `authorization: Bearer kept_app_…` with a key of this installation";
        Self::new(StatusCode::UNAUTHORIZED, ("no-key", "a key is needed"), detail)
    }

    /// Nobody is signed in.
    pub(crate) fn no_session() -> Self {
        let kind = ("not-signed-in", "nobody is signed in");
        Self::new(StatusCode::UNAUTHORIZED, kind, "sign in, and send the session's cookie")
    }

    /// No member of staff is signed in.
    pub(crate) fn no_staff() -> Self {
        let kind = ("not-staff", "this is for staff");
        let detail = "sign in with `POST /v1/staff/session`, or at `/console`";
        Self::new(StatusCode::UNAUTHORIZED, kind, detail)
    }

    /// The member of staff has another role than is needed.
    pub(crate) fn no_role(needed: &[Role]) -> Self {
        let words: Vec<&str> = needed.iter().map(|it| it.word()).collect();
        let kind = ("no-role", "this is for another role");
        let detail = format!("it takes the role `{}`", words.join("` or `"));
        Self::new(StatusCode::FORBIDDEN, kind, detail).with("roles", words)
    }

    /// A call from a page of another site.
    pub(crate) fn foreign() -> Self {
        let kind = ("foreign-site", "the call comes from another site");
        let detail = "call from a page of this server, or name the site with `--site`";
        Self::new(StatusCode::FORBIDDEN, kind, detail)
    }

    /// There is nothing here.
    pub(crate) fn not_found() -> Self {
        let kind = ("not-found", "there is nothing here");
        Self::new(StatusCode::NOT_FOUND, kind, "look at `/openapi.json` for what there is")
    }

    /// The address does something else.
    pub(crate) fn wrong_method() -> Self {
        let kind = ("wrong-method", "this address does not do that");
        let detail = "look at `/openapi.json` for what it does";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, kind, detail)
    }

    /// It took too long.
    pub(crate) fn too_slow() -> Self {
        let kind = ("busy", "it takes too long just now");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, kind, "come again in a second").again_in(1)
    }

    /// The body stopped arriving.
    pub(crate) fn body_paused() -> Self {
        let kind = ("unfinished", "the rest of the request did not arrive");
        let detail = "send the body without a pause, on a connection of its own";
        Self::new(StatusCode::REQUEST_TIMEOUT, kind, detail)
    }

    /// The list of policies was not read for too long.
    pub(crate) fn unconfirmed() -> Self {
        let kind = ("unconfirmed", "which policy is in force is not known for certain");
        let detail = "the database did not answer for five seconds; come again in two";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, kind, detail).again_in(2)
    }

    /// What is recorded does not become durable.
    pub(crate) fn unwritable() -> Self {
        let kind = ("unwritable", "the database takes no writes");
        let detail = "the last that was to be recorded could not be, as when a disk is full; the \
                      server's log says why; come again in five seconds";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, kind, detail).again_in(5)
    }

    /// It is about to stop, and takes no more work.
    pub(crate) fn draining() -> Self {
        let kind = ("stopping", "the server is about to stop");
        let detail = "ask another one, or come again in a minute";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, kind, detail).again_in(60)
    }

    /// A part of the machinery failed. What failed is in the log and never in the answer.
    pub(crate) fn broken() -> Self {
        let kind = ("broken", "the server failed");
        let detail = "try again; if it stays so, tell the operator, whose log says what failed";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, kind, detail)
    }

    /// As the body says it.
    pub(crate) fn value(&self) -> Value {
        let mut fields = Map::new();
        fields.insert("type".to_owned(), format!("/problems/{}", self.0.kind).into());
        fields.insert("title".to_owned(), self.0.title.into());
        fields.insert("status".to_owned(), self.0.status.as_u16().into());
        fields.insert("detail".to_owned(), self.0.detail.clone().into());
        fields.extend(self.0.more.clone());
        Value::Object(fields)
    }
}

impl From<Stop> for Problem {
    fn from(stop: Stop) -> Self {
        let conflict = StatusCode::CONFLICT;
        match stop {
            Stop::Refused(refused) => {
                let denied = refused.denied();
                let kind = ("refused", "the policy refuses this");
                Self::new(StatusCode::FORBIDDEN, kind, denied.detail.clone())
                    .with("clauses", denied.clauses.clone())
                    .with("reason", denied.reason.clone())
                    .with("remedy", denied.remedy.clone())
                    .with("refused", json!(denied.refused))
                    .with("record", refused.record().to_string())
            }
            Stop::NotFound => {
                let kind = ("not-found", "there is nothing here");
                Self::new(StatusCode::NOT_FOUND, kind, "there is nothing with this id")
            }
            Stop::Gone => {
                let kind = ("gone", "this person was erased");
                let detail = "nothing is held of this person any more; forget the id too";
                Self::new(StatusCode::GONE, kind, detail)
            }
            Stop::Invalid { field, say } => Self::invalid(field, say),
            Stop::Wrong => {
                let kind = ("wrong", "that is not right");
                let detail = "the code or password is wrong, used or too old, or too many were \
                              wrong today; ask for a new code, or come again tomorrow";
                Self::new(StatusCode::UNAUTHORIZED, kind, detail)
            }
            Stop::NotBound(purpose) => {
                let kind = ("not-bound", "this key may not name that purpose");
                let detail = format!("use a key that is bound to `{purpose}`");
                Self::new(StatusCode::FORBIDDEN, kind, detail)
            }
            Stop::Taken => {
                let detail = "another account in this region has this value; use another one";
                Self::new(conflict, ("taken", "this value is taken"), detail)
            }
            Stop::Stale => {
                let detail =
                    "read `GET /v1/consent` again, show that text, and send its `text_hash`";
                Self::new(conflict, ("stale", "another text is in force"), detail)
            }
            Stop::NotNow(say) => Self::new(conflict, ("not-now", "this cannot be done now"), say),
            Stop::Replayed { status, body } => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
                let mut problem = Self::new(status, ("replayed", "answered before"), "");
                problem.0.replayed = Some(body);
                problem
            }
            Stop::Full { seconds } => Self::too_many(seconds),
            Stop::Conflict | Stop::Busy => {
                let kind = ("busy", "too much happens at once");
                let detail = "come again in a second";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, kind, detail).again_in(1)
            }
            Stop::Unreachable(why) => {
                tracing::warn!(why, "the database does not answer");
                let kind = ("unreachable", "the database does not answer");
                let detail = "nothing is known to have been done; send it again in two seconds";
                Self::new(StatusCode::SERVICE_UNAVAILABLE, kind, detail).again_in(2)
            }
            Stop::Broken(why) => {
                tracing::error!(why, "a verb failed");
                Self::broken()
            }
        }
    }
}

impl From<Problem> for Reply {
    fn from(problem: Problem) -> Self {
        let value = problem.value();
        let What { status, retry_after, replayed, .. } = *problem.0;
        match replayed {
            Some(body) => Self::json_text(status, body),
            None => Self::problem(status, &value, retry_after),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        Reply::from(self).into_response()
    }
}
