//! `kept archive`: what is left of closed cases moves into sealed files, and is shown.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use flows::security::{Archiving, archive, archived};
use policy::Duration;

use super::backup::duration;
use super::place::Place;
use super::{End, say};
use crate::clock::Clock;

/// Closed cases, out of the people's rows.
#[derive(Debug, Args)]
pub(crate) struct Archive {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Moves closed cases of which nothing but the row is left, without saying whose they were.
    Make(Box<Make>),
    /// Shows what stands in an archive, or in a folder of them.
    Show(Show),
}

#[derive(Debug, Args)]
struct Make {
    #[command(flatten)]
    place: Place,
    /// The folder of archives; not in the data folder.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
    /// How long after its deadline a closed case is moved.
    #[arg(long, value_name = "DURATION", default_value = "1 year", value_parser = duration)]
    after: Duration,
    /// How long an archive is kept; for ever where nothing is said.
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    keep: Option<Duration>,
}

#[derive(Debug, Args)]
struct Show {
    /// An archive, or a folder of them.
    from: PathBuf,
    /// The key file.
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
}

impl Archive {
    pub(crate) async fn run(self) -> Result<(), End> {
        match self.verb {
            Verb::Make(it) => it.run().await,
            Verb::Show(it) => it.run(),
        }
    }
}

impl Make {
    async fn run(self) -> Result<(), End> {
        super::place::log_to_stderr();
        super::backup::outside(&self.to, &self.place)?;
        let clock = Clock::wall();
        let flows = self.place.open_there(&clock).await?;
        let ask = Archiving { to: self.to, after: self.after, keep: self.keep };
        let moved = archive(&flows, &ask, clock.now()).await.map_err(super::people::end)?;
        say(&match moved {
            (cases, Some(file)) => format!("archived {cases} closed cases: {}", file.display()),
            (_, None) => "no closed case is old enough".to_owned(),
        });
        Ok(())
    }
}

impl Show {
    fn run(&self) -> Result<(), End> {
        let all = archived(&self.keys, &self.from);
        let all = all.map_err(|error| End::Wrong(format!("`{}`: {error}", self.from.display())))?;
        for it in &all {
            say(&format!("{} {} {} {} {}", it.received, it.kind, it.state, it.due, it.case));
        }
        say(&format!("{} cases", all.len()));
        Ok(())
    }
}
