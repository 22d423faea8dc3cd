//! Serving: a listener, the router, the tasks beside it, and a gentle end.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::ListenerExt as _;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::limit::DRAIN_SECONDS_MAX;
use crate::{App, router, task};

/// A server that runs.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    done: JoinHandle<io::Result<()>>,
}

impl Running {
    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Stops it: requests that are open end, what waits goes into the log.
    ///
    /// # Errors
    /// When the listener failed.
    pub async fn stop(self) -> io::Result<()> {
        self.stop.send_replace(true);
        self.done.await.map_err(io::Error::other)?
    }
}

/// Starts serving in this process.
///
/// # Errors
/// When the listener has no address.
pub fn start(app: App, listener: TcpListener) -> io::Result<Running> {
    let address = listener.local_addr()?;
    let (stop, stopping) = watch::channel(false);
    let done = tokio::spawn(run(app, listener, stopping));
    Ok(Running { address, stop, done })
}

async fn run(app: App, listener: TcpListener, stopping: watch::Receiver<bool>) -> io::Result<()> {
    let mut tasks = task::spawn(&app, &stopping);
    let listener = listener.tap_io(|stream| {
        // Slower without, and not wrong.
        stream.set_nodelay(true).ok();
    });
    let routes = router::router(app).into_make_service_with_connect_info::<SocketAddr>();
    let mut told = stopping.clone();
    let server = axum::serve(listener, routes).with_graceful_shutdown(async move {
        told.wait_for(|it| *it).await.ok();
    });
    let mut late = stopping;
    let ended = tokio::select! {
        ended = server => ended,
        () = drained(&mut late) => Ok(()),
    };
    while tasks.join_next().await.is_some() {}
    ended
}

/// Ends when open requests have had their time.
async fn drained(stopping: &mut watch::Receiver<bool>) {
    stopping.wait_for(|it| *it).await.ok();
    tokio::time::sleep(Duration::from_secs(DRAIN_SECONDS_MAX)).await;
}
