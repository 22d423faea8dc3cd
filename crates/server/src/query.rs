//! What stands behind the question mark, and the language that is wanted.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;

use crate::App;

/// A query, decoded.
#[derive(Debug)]
pub(crate) struct Query {
    fields: BTreeMap<String, String>,
    /// The languages that are wanted: as asked for, then as the browser prefers.
    pub(crate) language: String,
}

impl Query {
    /// A field.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str).filter(|it| !it.is_empty())
    }

    /// Whether a field says yes.
    pub(crate) fn says(&self, name: &str) -> bool {
        self.get(name).is_some_and(|it| matches!(it, "1" | "true" | "yes"))
    }
}

impl FromRequestParts<App> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        let fields = fields(parts);
        Ok(Self { language: preferred(&fields, &parts.headers), fields })
    }
}

/// The fields behind the question mark, decoded.
pub(crate) fn fields(parts: &Parts) -> BTreeMap<String, String> {
    let query = parts.uri.query().unwrap_or("");
    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// The languages that are wanted, the one that was asked for before those that the browser prefers:
/// where the first is none that is spoken here, the others are.
pub(crate) fn preferred(query: &BTreeMap<String, String>, headers: &HeaderMap) -> String {
    let accepted = headers.get(ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok()).unwrap_or("");
    match query.get("language") {
        // A comma would end it.
        Some(asked) if accepted.is_empty() => asked.replace([',', ';'], "-"),
        Some(asked) => format!("{},{accepted}", asked.replace([',', ';'], "-")),
        None => accepted.to_owned(),
    }
}
