//! Which address does what: one table.

use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use axum::{Router, middleware};

use crate::limit::BODY_BYTES_MAX;
use crate::{App, Problem, asset, guard, headers, openapi, page};

/// Everything that this server answers.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/kept.js", get(asset::script))
        .route("/kept.css", get(asset::styles))
        .route("/openapi.json", get(openapi::show))
        .merge(page::routes())
        .fallback(async || Problem::not_found())
        .method_not_allowed_fallback(async || Problem::wrong_method())
        .layer(middleware::from_fn(guard::bound))
        .layer(middleware::from_fn_with_state(app.clone(), headers::put))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(app)
}
