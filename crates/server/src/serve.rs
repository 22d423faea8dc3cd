//! Serving: a listener, connections within their limits, the tasks beside them, and a gentle end.

mod connection;
mod limits;
mod listen;
mod patience;
mod share;

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use self::share::Shares;
use crate::router::Routes;
use crate::{App, task};

pub use self::limits::Limits;
pub use self::listen::listen;

/// How long nothing is accepted after the system had no file left for it.
const BREATH: Duration = Duration::from_secs(1);

/// A server that runs.
#[derive(Debug)]
pub struct Running {
    app: App,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    done: JoinHandle<io::Result<()>>,
}

impl Running {
    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on `/ready` says no and every answer closes its connection, while the listener
    /// stays: whoever shares out the work has time to notice.
    pub fn drain(&self) {
        self.app.drain();
    }

    /// Stops it: what is on its way is still taken, requests that are open end, what waits goes into the
    /// log.
    ///
    /// # Errors
    /// When the listener failed.
    pub async fn stop(self) -> io::Result<()> {
        self.drain();
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
    let done = tokio::spawn(run(app.clone(), listener, stopping));
    Ok(Running { app, address, stop, done })
}

async fn run(app: App, listener: TcpListener, stopping: watch::Receiver<bool>) -> io::Result<()> {
    let mut tasks = task::spawn(&app, &stopping);
    let limits = app.settings.limits;
    let mut open = accept(&app, listener, stopping).await;
    let ended = async { while open.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.drain, ended).await.is_err() {
        tracing::warn!(left = open.len(), "open requests took too long to end");
        open.shutdown().await;
    }
    let ended = async { while tasks.join_next().await.is_some() {} };
    if tokio::time::timeout(limits.drain, ended).await.is_err() {
        // A database that answers nothing holds nobody up: what is acknowledged is durable, and goes
        // into the log from another node, or from this one when it comes back.
        tracing::warn!("what is done beside the requests took too long to end");
        tasks.shutdown().await;
    }
    Ok(())
}

/// Takes connections until it is told to stop, and a moment longer; answers those that are open then.
async fn accept(
    app: &App,
    listener: TcpListener,
    mut stopping: watch::Receiver<bool>,
) -> JoinSet<()> {
    let limits = app.settings.limits;
    let seats = Arc::new(Semaphore::new(limits.connections));
    let mut door = Door {
        limits,
        shares: Shares::new(limits.connections_of_one, &app.settings.proxies),
        routes: Routes::new(app.clone()),
        stopping: stopping.clone(),
        open: JoinSet::new(),
    };
    let mut over = pin!(farewell(&mut stopping, limits.farewell));
    loop {
        let (stream, peer, place) = tokio::select! {
            biased;
            () = &mut over => break,
            it = next(&listener, &seats) => it,
        };
        door.enter((stream, peer), place);
    }
    // Whoever the system keeps waiting was told that it is connected: closing would cut them off.
    if let Ok(listener) = listener.into_std() {
        while let Ok((stream, peer)) = listener.accept() {
            let stream = stream.set_nonblocking(true).and_then(|()| TcpStream::from_std(stream));
            let place = Arc::clone(&seats).try_acquire_owned().ok();
            if let (Ok(stream), Some(place)) = (stream, place) {
                door.enter((stream, peer), Some(place));
            }
        }
    }
    door.open
}

/// What lets connections in.
struct Door {
    limits: Limits,
    shares: Arc<Shares>,
    routes: Routes,
    stopping: watch::Receiver<bool>,
    open: JoinSet<()>,
}

impl Door {
    fn enter(
        &mut self,
        (stream, peer): (TcpStream, SocketAddr),
        place: Option<OwnedSemaphorePermit>,
    ) {
        while self.open.try_join_next().is_some() {}
        // Dropped: whoever has its whole share has to close one first.
        let Some(share) = self.shares.take(peer.ip()) else { return };
        let (routes, stopping) = (self.routes.clone(), self.stopping.clone());
        let served = connection::serve((stream, peer), routes, self.limits, stopping);
        self.open.spawn(async move {
            served.await;
            drop((place, share));
        });
    }
}

/// Ends a moment after it is time to stop.
async fn farewell(stopping: &mut watch::Receiver<bool>, moment: Duration) {
    stopping.wait_for(|it| *it).await.ok();
    tokio::time::sleep(moment).await;
}

/// The next connection, when there is room for it.
async fn next(
    listener: &TcpListener,
    seats: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
    // Never closed, so there always is one.
    let place = Arc::clone(seats).acquire_owned().await.ok();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Slower without, and not wrong.
                stream.set_nodelay(true).ok();
                return (stream, peer, place);
            }
            Err(error) if gone_already(&error) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

fn gone_already(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionRefused | ConnectionAborted | ConnectionReset)
}
