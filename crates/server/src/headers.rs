//! The headers that every answer carries: what a browser may do with it, and who may read it.

use axum::extract::Request;
use axum::http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONNECTION,
    CONTENT_SECURITY_POLICY, ORIGIN, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::origin::{self, From, OPEN_TO_SITES};
use crate::{App, Problem};

/// Nothing but our own stylesheet, pictures and forms: no script of anybody, no frame around it.
const CONTENT: &str = "default-src 'none'; style-src 'self'; img-src 'self' data:; \
     form-action 'self'; frame-ancestors 'none'; base-uri 'none'; script-src 'none'";

const ALWAYS: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, CONTENT),
    // Not `no-referrer`: with that, browsers hide from us that a form came from our own page.
    (REFERRER_POLICY, "same-origin"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("x-frame-options"), "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// Puts the headers on, answers what browsers ask beforehand, and stops calls of foreign pages.
pub(crate) async fn put(
    app: &App,
    request: Request,
    next: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let from = origin::of(app, request.headers());
    let site = request.headers().get(ORIGIN).cloned().filter(|_| from == From::Site);
    let path = request.uri().path();
    let open = OPEN_TO_SITES.contains(&path);
    let mut response = if request.method() == Method::OPTIONS && open {
        preflight()
    } else if origin::may(request.method(), path, from) {
        next(request).await
    } else {
        Problem::foreign().into_response()
    };
    let headers = response.headers_mut();
    always(app, headers);
    if open {
        headers.append(VARY, HeaderValue::from_static("Origin"));
        if let Some(site) = site {
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, site);
            headers.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
    }
    response
}

fn preflight() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    let mut set = |name, value| headers.insert(name, HeaderValue::from_static(value));
    set(ACCESS_CONTROL_ALLOW_METHODS, "GET, PUT, POST");
    set(ACCESS_CONTROL_ALLOW_HEADERS, "content-type, idempotency-key");
    set(ACCESS_CONTROL_MAX_AGE, "600");
    response
}

fn always(app: &App, headers: &mut HeaderMap) {
    headers.reserve(ALWAYS.len().saturating_add(4));
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    let own = HeaderValue::from_static("same-origin");
    headers.entry("cross-origin-resource-policy").or_insert(own);
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if app.draining() {
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
    }
    if app.settings.secure {
        let year = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(STRICT_TRANSPORT_SECURITY, year);
    }
}
