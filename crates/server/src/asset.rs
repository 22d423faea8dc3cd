//! What is served as it is: the script for other people's pages, our stylesheet, our description.

use crate::Reply;

const SCRIPT: &str = include_str!("../../../web/dist/kept.min.js");
const STYLES: &str = include_str!("../../../web/kept.css");
const WORKER: &str = include_str!("../../../web/kept-sw.js");
const PUSH: &str = include_str!("../../../web/kept-push.js");
/// Seconds for which a browser need not ask again.
const KEEP_SECONDS: u32 = 300;

/// Banner, consent, collector: one script tag.
pub(crate) async fn script() -> Reply {
    let kind = "text/javascript; charset=utf-8";
    let any = axum::http::HeaderName::from_static("cross-origin-resource-policy");
    Reply::public_bytes(kind, SCRIPT, KEEP_SECONDS).with_header(any, "cross-origin")
}

/// The one stylesheet.
pub(crate) async fn styles() -> Reply {
    Reply::public_bytes("text/css; charset=utf-8", STYLES, KEEP_SECONDS)
}

/// What shows messages in a browser, also when no page of ours is open.
pub(crate) async fn worker() -> Reply {
    Reply::public_bytes("text/javascript; charset=utf-8", WORKER, 0)
}

/// What switches messages on and off, on the page in the privacy centre.
pub(crate) async fn push() -> Reply {
    Reply::public_bytes("text/javascript; charset=utf-8", PUSH, KEEP_SECONDS)
}
