//! Sides that run as processes of their own, as `kept` does: `bench peer NAME …`, started by a bench.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use axum::Router;
use tokio::net::TcpListener;

use crate::call::{Call, Done};
use crate::http;
use crate::probe::said;
use crate::process::Program;

/// A peer's server that runs until this is dropped.
pub(crate) struct Peer {
    program: Program,
    /// Where it listens.
    pub(crate) address: SocketAddr,
}

impl Peer {
    /// Starts this program again as the peer of that name.
    ///
    /// # Errors
    /// When it does not start.
    pub(crate) fn start(words: &[&str], folder: &Path) -> Result<Self, String> {
        let mut command = Command::new(std::env::current_exe().map_err(said)?);
        command.arg("peer").args(words);
        let program =
            Program::start(&mut command, "listening on http://", &folder.join("peer.log"))?;
        let address = program.value("listening on http://").and_then(|it| it.parse().ok());
        Ok(Self { program, address: address.ok_or("it did not say where it listens")? })
    }

    /// The number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.program.id()
    }
}

/// Runs the side that the words name, until it is killed.
///
/// # Errors
/// When there is none of that name, or it cannot serve.
pub(crate) fn run(call: &Call) -> Done {
    let runtime = tokio::runtime::Runtime::new().map_err(said)?;
    runtime.block_on(async {
        match call.rest().as_slice() {
            #[cfg(feature = "engines")]
            ["cedar", path] => crate::compile::peer(path),
            ["ask", answer] => http::ask::bare(answer).await,
            ["use-steps", dsn, size] => http::uses::steps(dsn, count(size)?).await,
            ["use-tuned", dsn, size] => http::uses::tuned(dsn, count(size)?).await,
            ["tax-on", folder, key] => http::tax::on(Path::new(folder), key).await,
            ["tax-off", path] => http::tax::off(path).await,
            ["events", how, path] => http::events::bare(path, *how == "shared").await,
            words => Err(format!("no such peer: {}", words.join(" "))),
        }
    })
}

fn count(word: &str) -> Result<usize, String> {
    word.parse().map_err(said)
}

/// Serves routes on a free port of this machine, on as many threads as the product: one for each core.
///
/// # Errors
/// When it cannot listen.
pub(crate) async fn serve(routes: Router) -> Done {
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(said)?;
    println!("listening on http://{}", listener.local_addr().map_err(said)?);
    let listener = axum::serve::ListenerExt::tap_io(listener, |it| {
        // Slower without, and not wrong.
        it.set_nodelay(true).ok();
    });
    axum::serve(listener, routes).await.map_err(said)
}
