//! `kept key`: keys of applications, partners and staff.

use clap::{Args, Subcommand};
use flows::AskerKind;
use flows::security::{AddKey, add_key, keys};

use super::place::Place;
use super::{End, say};
use crate::clock::Clock;

/// Keys of applications, partners and staff.
#[derive(Debug, Args)]
pub(crate) struct Key {
    #[command(subcommand)]
    whose: Whose,
}

#[derive(Debug, Subcommand)]
enum Whose {
    /// Keys of applications.
    App(What),
    /// Keys of partners.
    Partner(What),
    /// Keys of staff.
    Staff(What),
}

#[derive(Debug, Args)]
struct What {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Add a key; it is shown once.
    Add(Add),
    /// List the keys, without their secrets.
    List(Place),
}

#[derive(Debug, Args)]
struct Add {
    /// What to call it: letters, digits, `-`, `_`, `.`.
    #[arg(long)]
    name: String,
    /// The purposes that it may name, separated by commas.
    #[arg(long, value_delimiter = ',')]
    purposes: Vec<String>,
    /// For a partner: the source that it is.
    #[arg(long)]
    source: Option<String>,
    #[command(flatten)]
    place: Place,
}

impl Key {
    pub(crate) async fn run(self) -> Result<(), End> {
        let (kind, what) = match self.whose {
            Whose::App(what) => (AskerKind::App, what),
            Whose::Partner(what) => (AskerKind::Partner, what),
            Whose::Staff(what) => (AskerKind::Staff, what),
        };
        let clock = Clock::wall();
        match what.verb {
            Verb::Add(add) => {
                let flows = add.place.open_there(&clock).await?;
                let ask =
                    AddKey { kind, name: add.name, purposes: add.purposes, source: add.source };
                let added = add_key(&flows, ask, clock.now()).await.map_err(super::people::end)?;
                say(&format!(
                    "{}\n\nThis is the only time that the key is shown. Its id is {}.",
                    added.secret.as_str(),
                    added.id
                ));
            }
            Verb::List(place) => {
                let flows = place.open_there(&clock).await?;
                for key in keys(&flows).await.map_err(super::people::end)? {
                    let purposes = key.purposes.join(",");
                    say(&format!("{}  {}  {}  {purposes}", key.id, key.kind, key.name));
                }
            }
        }
        Ok(())
    }
}
