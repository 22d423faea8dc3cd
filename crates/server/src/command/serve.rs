//! `kept serve`: the server, until it is told to stop.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use flows::messages::Post;

use super::backup::Scheduled;
use super::place::Place;
use super::{End, say, told_to_stop};
use crate::clock::Clock;
use crate::{App, Limits, Settings, listen, start};

/// Serves an installation; makes it where there is none.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    backups: Scheduled,
    /// Where to listen.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7600")]
    listen: SocketAddr,
    /// How people reach this server: `https://privacy.example.com`. Links in mails begin with it.
    #[arg(long, value_name = "URL")]
    address: Option<String>,
    /// An origin of a site that carries the banner: `https://www.example.com`.
    #[arg(long, value_name = "ORIGIN")]
    site: Vec<String>,
    /// The address of a proxy of ours in front; its `X-Forwarded-For` says who calls.
    #[arg(long, value_name = "IP")]
    proxy: Vec<IpAddr>,
    /// Send mail by SMTP: `smtps://name:password@host`.
    #[arg(long, value_name = "URL", conflicts_with = "mail_folder")]
    smtp: Option<String>,
    /// Write mail to a folder outside the data folder, as `.eml` files.
    #[arg(long, value_name = "DIR")]
    mail_folder: Option<PathBuf>,
    /// Let `POST /v1/test/clock` move the clock; never together with a public address.
    #[arg(long)]
    test_clock: bool,
    /// Let push messages go to private and unencrypted addresses: for tests on one machine.
    #[arg(long, requires = "test_clock")]
    private_addresses: bool,
    /// Seconds for which `/ready` says no before the listener closes, so that a balancer notices.
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    notice: u64,
    /// A file with these settings: `listen = "0.0.0.0:7600"`. The command line goes before it.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Serve {
    pub(crate) async fn run(self) -> Result<(), End> {
        super::place::log_to_stderr();
        if let Some(path) = &self.config {
            tracing::info!(path = %path.display(), "settings come from a file too");
        }
        if self.test_clock && !self.listen.ip().is_loopback() {
            return Err(End::Wrong(format!(
                "`--test-clock` lets anybody move the clock, and `{}` is a public address: listen \
                 on 127.0.0.1, or leave it out",
                self.listen
            )));
        }
        let listener = listen(self.listen)
            .map_err(|error| End::Wrong(format!("cannot listen on `{}`: {error}", self.listen)))?;
        let at = listener.local_addr()?;
        let address = self.address.clone().unwrap_or_else(|| format!("http://{at}"));
        let secure = address.starts_with("https://");
        if self.test_clock && secure {
            return Err(End::Wrong(format!(
                "`--test-clock` lets anybody move the clock, and `{address}` is a public address: \
                 leave one of them out"
            )));
        }
        let clock = Arc::new(Clock::wall());
        let flows = self.place.open((address, self.post()?), &clock).await?;
        if self.private_addresses {
            flows.outbound().allow_private();
        }
        self.backups.plan(&flows, &self.place, clock.now()).await?;
        let desk = match &self.config {
            Some(path) => super::desk::read(path, &self.place.data)?,
            None => flows::messages::Desk::default(),
        };
        if let Some(path) = &self.config {
            super::systems::connect(&flows, path)?;
            super::texts::connect(&flows, (path, &self.place.data))?;
        }
        let settings = Settings {
            sites: self.site,
            secure,
            test_clock: self.test_clock,
            proxies: self.proxy,
            mails_shown: None,
            limits: Limits::default().within_files(super::process::raise_files()),
            desk,
        };
        let app = App::new(flows, clock, settings);
        let app =
            app.ok_or_else(|| End::Wrong("the system has no randomness to give".to_owned()))?;
        let told = told_to_stop()?;
        let running = start(app, listener)?;
        say(&format!("listening on http://{}", running.address()));
        told.await;
        running.drain();
        tokio::time::sleep(Duration::from_secs(self.notice)).await;
        Ok(running.stop().await?)
    }

    fn post(&self) -> Result<Post, End> {
        Ok(match (&self.smtp, &self.mail_folder) {
            (Some(url), _) => Post::Smtp(url.clone()),
            (None, Some(folder)) if folder.starts_with(&self.place.data) => {
                return Err(End::Wrong(
                    "mail in the clear does not belong into the data folder: name another one"
                        .to_owned(),
                ));
            }
            (None, Some(folder)) => Post::Folder(folder.clone()),
            (None, None) => Post::Nowhere,
        })
    }
}
