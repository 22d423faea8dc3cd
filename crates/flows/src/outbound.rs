//! The way out: one request by HTTPS to an address that somebody else named, with a limit on
//! everything that may come of it.
//!
//! It follows no redirect, sends no cookie, and reaches no machine of our own network: a name is
//! looked up once, and what is connected to is what was looked at.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_LENGTH, HOST, RETRY_AFTER, USER_AGENT};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use crate::limit::{OUTBOUND_ANSWER_BYTES, OUTBOUND_MILLIS};

/// How long one request may take, and how much may come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Milliseconds from looking the name up to the end of the answer.
    pub millis: u64,
    /// Bytes of the answer's body.
    pub bytes: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { millis: OUTBOUND_MILLIS, bytes: OUTBOUND_ANSWER_BYTES }
    }
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status: a redirect is an answer like any other.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
    /// Seconds after which to come again, where the other side says so.
    pub retry_after: Option<u64>,
}

/// Why nothing came back. None of them shows the address, which may be a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Not an address that may be written to, now or later.
    #[error("{0}")]
    Barred(&'static str),
    /// Nobody answers there just now.
    #[error("{0}")]
    Away(&'static str),
}

/// Writes to others. Clones are handles to the same.
#[derive(Clone)]
pub struct Outbound {
    tls: TlsConnector,
    private: Arc<AtomicBool>,
}

impl std::fmt::Debug for Outbound {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbound").field("private", &self.private).finish_non_exhaustive()
    }
}

impl Outbound {
    /// Believes the public authorities, and reaches public addresses alone.
    ///
    /// # Errors
    /// When the library of TLS refuses its own defaults.
    pub(crate) fn new() -> Result<Self, String> {
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { tls: TlsConnector::from(Arc::new(config)), private: Arc::default() })
    }

    /// Lets private addresses and unencrypted ones be reached: for tests on one machine, whose clock
    /// moves as well, and never together with a public address.
    pub fn allow_private(&self) {
        self.private.store(true, Ordering::SeqCst);
    }

    /// Whether an address may be written to, as far as it says itself: to be asked before it is kept.
    ///
    /// # Errors
    /// `Barred`, with what is wrong with it.
    pub fn check(&self, address: &str) -> Result<(), Fault> {
        self.target(address).map(drop)
    }

    /// Posts a body, once.
    ///
    /// # Errors
    /// `Barred` when it may not be written to, `Away` when trying again may help.
    pub async fn post(
        &self,
        address: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
        bounds: Bounds,
    ) -> Result<Reply, Fault> {
        let target = self.target(address)?;
        let limit = Duration::from_millis(bounds.millis);
        let exchange = self.exchange(&target, headers, body, bounds.bytes);
        let over = |_| Fault::Away("the other side took too long");
        tokio::time::timeout(limit, exchange).await.map_err(over)?
    }

    fn target(&self, address: &str) -> Result<Url, Fault> {
        let url = Url::parse(address).map_err(|_| Fault::Barred("write a whole `https://` URL"))?;
        let private = self.private.load(Ordering::SeqCst);
        if url.scheme() != "https" && !(private && url.scheme() == "http") {
            return Err(Fault::Barred("write an address that begins with `https://`"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Fault::Barred("leave name and password out of the address"));
        }
        let public = match url.host() {
            None => return Err(Fault::Barred("write a whole `https://` URL")),
            Some(Host::Domain(name)) => !crate::public_address::is_local(name),
            Some(Host::Ipv4(ip)) => crate::public_address::is_public(ip.into()),
            Some(Host::Ipv6(ip)) => crate::public_address::is_public(ip.into()),
        };
        if public || private { Ok(url) } else { Err(Fault::Barred(NOT_PUBLIC)) }
    }

    /// Where the name leads, each address looked at.
    async fn look_up(&self, url: &Url) -> Result<Vec<SocketAddr>, Fault> {
        let port = url.port_or_known_default().unwrap_or(443);
        let found: Vec<SocketAddr> = match url.host() {
            Some(Host::Ipv4(ip)) => vec![(ip, port).into()],
            Some(Host::Ipv6(ip)) => vec![(ip, port).into()],
            Some(Host::Domain(name)) => tokio::net::lookup_host((name, port))
                .await
                .map_err(|_| Fault::Away("the name is not known just now"))?
                .collect(),
            None => Vec::new(),
        };
        let private = self.private.load(Ordering::SeqCst);
        // One bad address among good ones is somebody trying.
        if !private && found.iter().any(|it| !crate::public_address::is_public(it.ip())) {
            return Err(Fault::Barred(NOT_PUBLIC));
        }
        Ok(found)
    }

    async fn exchange(
        &self,
        url: &Url,
        headers: &[(&str, &str)],
        body: Vec<u8>,
        bytes: usize,
    ) -> Result<Reply, Fault> {
        let stream = connect(&self.look_up(url).await?).await?;
        let request = request(url, headers, body)?;
        if url.scheme() == "http" {
            return talk(stream, request, bytes).await;
        }
        let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(name);
        let name = name.map_err(|_| Fault::Barred("the name of the host is none"))?;
        let stream = self.tls.connect(name, stream).await;
        talk(stream.map_err(|_| Fault::Away("no encrypted connection"))?, request, bytes).await
    }
}

const NOT_PUBLIC: &str = "write a public address: this one is in a private network";

async fn connect(found: &[SocketAddr]) -> Result<TcpStream, Fault> {
    for at in found {
        if let Ok(stream) = TcpStream::connect(at).await {
            stream.set_nodelay(true).ok();
            return Ok(stream);
        }
    }
    Err(Fault::Away("no connection"))
}

fn request(
    url: &Url,
    headers: &[(&str, &str)],
    body: Vec<u8>,
) -> Result<Request<Full<Bytes>>, Fault> {
    let mut path = url.path().to_owned();
    if let Some(query) = url.query() {
        path.push('?');
        path.push_str(query);
    }
    let host = match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    };
    let mut building = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header(HOST, host)
        .header(USER_AGENT, "kept")
        .header(CONTENT_LENGTH, body.len());
    for (name, value) in headers {
        building = building.header(*name, *value);
    }
    let body = Full::new(Bytes::from(body));
    building.body(body).map_err(|_| Fault::Barred("the address or a header cannot be sent"))
}

/// One request over a connection that is used once.
async fn talk<S>(stream: S, request: Request<Full<Bytes>>, bytes: usize) -> Result<Reply, Fault>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let cut = |_| Fault::Away("the connection was cut");
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(cut)?;
    // Dropping it ends the connection, also when this request is given up.
    let mut running = tokio::task::JoinSet::new();
    running.spawn(async move { connection.await.ok() });
    let answer = sender.send_request(request).await.map_err(cut)?;
    let status = answer.status().as_u16();
    let after = answer.headers().get(RETRY_AFTER).and_then(|it| it.to_str().ok());
    let retry_after = after.and_then(|it| it.trim().parse().ok());
    let body = Limited::new(answer.into_body(), bytes).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() {
            Fault::Away("the answer is larger than it may be")
        } else {
            Fault::Away("the connection was cut")
        }
    })?;
    Ok(Reply { status, body: body.to_bytes().to_vec(), retry_after })
}

#[cfg(test)]
mod tests;
