//! `kept key`: keys of applications, partners and staff.

use clap::{Args, Subcommand};
use flows::AskerKind;
use flows::security::{AddKey, AddStaff, add_key, add_staff, end_staff, keys, staff};

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
    /// Accounts of staff, for the console.
    Staff(Staff),
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

#[derive(Debug, Args)]
struct Staff {
    #[command(subcommand)]
    verb: StaffVerb,
}

#[derive(Debug, Subcommand)]
enum StaffVerb {
    /// Add a member of staff; password and second factor are shown once.
    Add(AddMember),
    /// Somebody leaves: every session ends.
    End(EndMember),
    /// List who is and was a member of staff.
    List(Place),
}

#[derive(Debug, Args)]
struct AddMember {
    /// What colleagues call them.
    #[arg(long)]
    name: String,
    /// What they may do, separated by commas: officer, support, engineer, auditor.
    #[arg(
        long = "role",
        alias = "roles",
        value_name = "ROLES",
        value_delimiter = ',',
        required = true
    )]
    roles: Vec<String>,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
struct EndMember {
    /// The id: `stf_…`.
    id: String,
    #[command(flatten)]
    place: Place,
}

impl Staff {
    async fn run(self) -> Result<(), End> {
        let clock = Clock::wall();
        match self.verb {
            StaffVerb::Add(add) => {
                let flows = add.place.open_there(&clock).await?;
                let ask = AddStaff { name: add.name, roles: add.roles };
                let added =
                    add_staff(&flows, ask, clock.now()).await.map_err(super::people::end)?;
                say(&format!(
                    "id        {}\npassword  {}\nfactor    {}\n\nThis is the only time that password \
                     and second factor are shown: put the last line into an authenticator. The \
                     console is at `/console`.",
                    added.id,
                    added.password.as_str(),
                    added.url.as_str()
                ));
            }
            StaffVerb::End(end) => {
                let flows = end.place.open_there(&clock).await?;
                end_staff(&flows, &end.id, clock.now()).await.map_err(super::people::end)?;
                say(&format!("{} is signed out everywhere, and cannot sign in.", end.id));
            }
            StaffVerb::List(place) => {
                let flows = place.open_there(&clock).await?;
                for it in staff(&flows).await.map_err(super::people::end)? {
                    let left = if it.ended { "  left" } else { "" };
                    say(&format!("{}  {}  {}{left}", it.id, it.roles.join(","), it.name));
                }
            }
        }
        Ok(())
    }
}

impl Key {
    pub(crate) async fn run(self) -> Result<(), End> {
        let (kind, what) = match self.whose {
            Whose::App(what) => (AskerKind::App, what),
            Whose::Partner(what) => (AskerKind::Partner, what),
            Whose::Staff(staff) => return staff.run().await,
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
