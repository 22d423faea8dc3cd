//! `kept policy`: publishing a version, and those that are stored.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use flows::Stop;
use flows::change::{Draft, plan, publish};
use jiff::civil::Date;

use super::place::{Place, read};
use super::{End, say};
use crate::clock::{self, Clock};

/// Versions of the policy.
#[derive(Debug, Args)]
pub(crate) struct Policy {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Publish the next version: say what it changes and who must be told, store it, announce it.
    Publish(Publish),
    /// List the versions that are stored.
    List(List),
}

#[derive(Debug, Args)]
struct Publish {
    /// The folder of the policy as it would be.
    dir: PathBuf,
    /// The day from which it counts: `2026-12-24`; the one in its front matter unless said otherwise.
    #[arg(long, value_name = "DATE")]
    effective: Option<Date>,
    /// Say what would be done, and do nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    place: Place,
}

impl Policy {
    pub(crate) async fn run(self) -> Result<(), End> {
        match self.verb {
            Verb::Publish(it) => it.run().await,
            Verb::List(it) => it.run().await,
        }
    }
}

/// A folder that is being served belongs to its server: a version goes to it through its interface.
pub(super) fn served(end: End, instead: &str) -> End {
    match end {
        End::Wrong(say) if say.contains("in use by another process") => {
            End::Wrong(format!("{say}; {instead}"))
        }
        other => other,
    }
}

const INSTEAD: &str = "hand the version in with `POST /v1/policy/versions` as an officer, or stop the \
                       server first";

/// What a verb has no answer to.
pub(super) fn end(stop: Stop) -> End {
    match stop {
        Stop::NotNow(say) | Stop::Invalid { say, .. } => End::No(say),
        other => End::Wrong(format!("this cannot be done now: {other:?}")),
    }
}

impl Publish {
    async fn run(self) -> Result<(), End> {
        let clock = Clock::wall();
        let draft = Draft { folder: read(&self.dir)?, effective: self.effective };
        let opened = self.place.open_as_it_is(&draft.folder, &clock).await;
        let flows = opened.map_err(|it| served(it, INSTEAD))?;
        if self.dry_run {
            say(&plan(&flows, &draft, clock.now()).await.map_err(end)?.render());
            say("nothing was stored");
            return Ok(());
        }
        let published = publish(&flows, &draft, clock.now()).await.map_err(end)?;
        say(&published.render());
        say("stored; whoever must be told is told as soon as the server runs");
        flows.close(clock.now()).await.map_err(end)
    }
}

impl List {
    async fn run(self) -> Result<(), End> {
        let clock = Clock::wall();
        let opened = self.place.open_as_it_is(&self.place.folder()?, &clock).await;
        let instead = "ask it with `GET /v1/policy/versions`";
        let flows = opened.map_err(|it| served(it, instead))?;
        let now = clock.now();
        for (version, policy, effective) in
            flows::notice::versions(&flows).await.map_err(end)?.iter()
        {
            let state = if *version == flows.book().version() {
                "in force"
            } else if *effective > now {
                "announced"
            } else {
                "over"
            };
            let (from, hash) = (clock::text(*effective), policy.hash());
            say(&format!("{version}  {from}  {state:<9}  sha256:{hash}"));
        }
        Ok(())
    }
}
