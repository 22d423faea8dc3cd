//! What stands behind the question mark, and the language that is wanted.

use std::collections::BTreeMap;
use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::request::Parts;

use crate::App;

/// A query, decoded.
#[derive(Debug)]
pub(crate) struct Query {
    fields: BTreeMap<String, String>,
    /// The language: as asked for, else as the browser prefers.
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
        let query = parts.uri.query().unwrap_or("");
        let fields: BTreeMap<String, String> =
            url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        let accepted = parts.headers.get(ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
        let language = fields.get("language").map_or(accepted.unwrap_or(""), String::as_str);
        Ok(Self { language: language.to_owned(), fields })
    }
}
