//! One connection: the time it has, the room it has, and how it ends.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;

use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;

use super::limits::Limits;
use super::patience::Patient;
use crate::limit::HEADER_BYTES_MAX;
use crate::router::Routes;

/// Answers what comes on a connection until either side ends it.
pub(super) async fn serve(
    (stream, peer): (TcpStream, SocketAddr),
    routes: Routes,
    limits: Limits,
    mut stopping: watch::Receiver<bool>,
) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        let routes = routes.clone();
        async move { Ok::<_, Infallible>(routes.answer(request.map(Body::new)).await) }
    });
    let stream = TokioIo::new(Patient::new(stream, limits.reader_pause));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.header)
        .max_buf_size(HEADER_BYTES_MAX)
        .serve_connection(stream, service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        it = connection.as_mut() => it,
        () = super::farewell(&mut stopping, limits.farewell) => {
            // What is being answered is finished; what is idle ends at once.
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // The other side's business: broken off, too slow, or no HTTP at all.
        tracing::debug!(%error, "a connection ended");
    }
}
