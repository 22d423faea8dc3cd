//! What stands in the address itself, and what to say where it cannot be read.

use axum::extract::{FromRequestParts, Path as Framework};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;

use crate::{App, Problem};

/// The variable parts of an address, decoded.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        // Why the framework could not read it repeats what was handed in.
        let read = Framework::<T>::from_request_parts(parts, app).await;
        read.map(|Framework(it)| Self(it)).map_err(|_| {
            Problem::malformed("write the address in UTF-8: what follows a `%` in it is not")
        })
    }
}
