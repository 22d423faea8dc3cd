//! `kept demo`: everything at once, in a temporary folder.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use flows::{Database, Databases, Reach};

use super::place::{log_to_stderr, starter};
use super::{End, say, told_to_stop};
use crate::demo::{Wanted, begin};

/// A demonstration: temporary data, invented people, traffic, a sample site.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Keep everything in this folder instead of a temporary one that goes at the end.
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Where the server listens; any free port where this one is taken.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7600")]
    listen: SocketAddr,
    /// Where the sample site listens.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7601")]
    site: SocketAddr,
    /// How many people are there at the beginning.
    #[arg(long, value_name = "N", default_value_t = 200)]
    people: usize,
    /// Keep the rows in a database, in schemas of the demonstration's own that go at the end.
    #[arg(long, value_name = "URL", env = "KEPT_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Let `POST /v1/test/clock` move the clock.
    #[arg(long)]
    test_clock: bool,
}

impl Demo {
    pub(crate) async fn run(self) -> Result<(), End> {
        log_to_stderr();
        // It shows every mail, and with them every code, to whoever asks.
        if !self.listen.ip().is_loopback() {
            return Err(End::Wrong(format!(
                "a demonstration shows everybody's mail, and `{}` is a public address: listen on \
                 127.0.0.1",
                self.listen
            )));
        }
        let temporary = self.dir.is_none();
        let schema = format!("kept_demo_{}", std::process::id());
        let shared = self.database.map(|url| {
            let reach = Reach { url, authorities: None, connections: 16 };
            Box::new(Databases::of(reach, schema))
        });
        let name = || std::env::temp_dir().join(format!("kept-demo-{}", std::process::id()));
        let dir = self.dir.unwrap_or_else(name);
        let wanted = Wanted {
            dir: dir.clone(),
            listen: self.listen,
            site: self.site,
            people: self.people,
            test_clock: self.test_clock,
            database: shared.clone().map(Database::Shared),
        };
        let told = told_to_stop()?;
        let running = begin(wanted, &starter()).await?;
        say(&running.says());
        let regions = running.regions();
        let ended = running.run(told).await;
        if let Some(shared) = shared {
            shared.remove(&regions).await.map_err(|it| End::Wrong(it.to_string()))?;
        }
        if temporary {
            // Invented people, in a temporary folder: what stays behind harms nobody.
            std::fs::remove_dir_all(&dir).ok();
        }
        Ok(ended?)
    }
}
