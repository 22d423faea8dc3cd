//! The sample site: somebody's shop, with one script tag of ours. It has its own origin, as a real
//! one has.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::staff::Staff;

/// The files of the site, by path.
macro_rules! files {
    ($($path:literal),+ $(,)?) => {
        &[$((concat!("/", $path), include_bytes!(concat!("../../../../web/site/", $path)))),+]
    };
}

static FILES: &[(&str, &[u8])] = files!(
    "index.html",
    "index.zh.html",
    "product.html",
    "product.zh.html",
    "shop.html",
    "shop.zh.html",
    "site.css",
    "site.js",
    "offers.js",
    "img/flour.svg",
    "img/icon.svg",
    "img/mixer.svg",
    "img/oven.svg",
    "img/scraper.svg",
    "img/sheeter.svg",
    "img/spiral.svg",
);

/// The site, as it runs.
#[derive(Debug)]
pub(super) struct Site {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Site {
    /// Starts it; `kept` is where our server is.
    pub(super) fn start(listener: TcpListener, kept: &str, staff: Arc<Staff>) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let router = Router::new()
            .route("/authenticator", get(async move || codes(&staff)))
            .fallback(file)
            .with_state(Arc::<str>::from(kept));
        let task = tokio::spawn(async move {
            // The site goes with the demonstration; there is nobody to tell.
            axum::serve(listener, router).await.ok();
        });
        Ok(Self { address, task })
    }

    /// Where it listens.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends it.
    pub(super) fn stop(&self) {
        self.task.abort();
    }
}

/// What an authenticator would show to the staff of the demonstration.
fn codes(staff: &Staff) -> Response {
    let policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, staff.page()).into_response()
}

async fn file(State(kept): State<Arc<str>>, uri: Uri) -> Response {
    let path = if uri.path() == "/" { "/index.html" } else { uri.path() };
    let found = FILES.iter().find(|(it, _)| *it == path);
    let Some((_, bytes)) = found else {
        return (StatusCode::NOT_FOUND, "not here").into_response();
    };
    let kind = kind(path);
    let body = if kind.starts_with("text/html") {
        String::from_utf8_lossy(bytes).replace("{{kept}}", &kept).into_bytes()
    } else {
        bytes.to_vec()
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' {kept}; style-src 'self'; img-src 'self' data:; \
         connect-src {kept}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_SECURITY_POLICY, policy),
        (CACHE_CONTROL, "no-cache".to_owned()),
    ];
    (headers, body).into_response()
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
