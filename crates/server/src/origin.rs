//! From where a browser calls: pages of this server, pages of the sites that carry the banner, and
//! nobody else.

use std::net::{IpAddr, SocketAddr};

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, Method};

use crate::App;

/// What sites other than ours may call: what a page needs that carries the banner.
pub(crate) const OPEN_TO_SITES: [&str; 3] = ["/v1/consent", "/v1/events", "/v1/location"];

/// Where a call comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum From {
    /// A page of ours, or no browser.
    Here,
    /// A page of a site that was named.
    Site,
    /// Any other page.
    Elsewhere,
}

/// Where a call comes from.
pub(crate) fn of(app: &App, headers: &HeaderMap) -> From {
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    match text(ORIGIN.as_str()) {
        // A browser writes `null` where it is told not to say: then it says at least whether it is ours.
        Some("null") | None => match text("sec-fetch-site") {
            None | Some("same-origin" | "none") => From::Here,
            Some(_) => From::Elsewhere,
        },
        Some(origin) if ours(app, headers, origin) => From::Here,
        Some(origin) if app.settings.sites.iter().any(|it| it == origin) => From::Site,
        Some(_) => From::Elsewhere,
    }
}

fn ours(app: &App, headers: &HeaderMap, origin: &str) -> bool {
    let host = headers.get(HOST).and_then(|it| it.to_str().ok());
    let (_, authority) = origin.split_once("://").unwrap_or(("", ""));
    let addressed = host.is_some_and(|it| it == authority && is_number(it));
    addressed || app.flows.settings().address == origin
}

/// Whether a host is written as an address: a name could have been made to lead here by whoever
/// owns it, and only the one in the settings is ours.
fn is_number(host: &str) -> bool {
    let name =
        host.strip_prefix("localhost").is_some_and(|it| it.is_empty() || it.starts_with(':'));
    name || host.parse::<SocketAddr>().is_ok() || host.parse::<IpAddr>().is_ok()
}

/// Whether a call may change something.
pub(crate) fn may(method: &Method, path: &str, from: From) -> bool {
    match from {
        From::Here => true,
        From::Site => method.is_safe() || OPEN_TO_SITES.contains(&path),
        From::Elsewhere => method.is_safe(),
    }
}
