//! `kept restore`: back to a backup, with every erasure and every no since.

use std::path::PathBuf;

use clap::Args;
use flows::security::{GoBack, NotRestored, restore};

use super::place::Place;
use super::{End, say};
use crate::clock::Clock;

/// Goes back to a backup, and applies what was erased, withdrawn, restricted and held since.
#[derive(Debug, Args)]
pub(crate) struct Restore {
    /// A backup, or the folder of them: then the newest.
    #[arg(long, value_name = "FOLDER")]
    from: PathBuf,
    /// The folder of the list of changes; may be given more than once.
    #[arg(long, value_name = "DIR", required = true)]
    changes: Vec<PathBuf>,
    /// The data folder that it goes into: nothing may be there. A database is named with `--database`.
    #[arg(long, value_name = "DIR", required_unless_present = "database")]
    to: Option<PathBuf>,
    /// The key file.
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// The folders outside that keep every checkpoint of the log: the restored log is held against
    /// each of them.
    #[arg(long, value_name = "DIR")]
    checkpoints: Vec<PathBuf>,
    /// Goes back although no checkpoint was kept outside: nobody can say then whether the list of
    /// changes is whole at its end.
    #[arg(long, conflicts_with = "checkpoints")]
    without_checkpoints: bool,
    /// A database, in place of a data folder.
    #[arg(
        long,
        value_name = "URL",
        env = "KEPT_DATABASE",
        hide_env_values = true,
        conflicts_with = "to"
    )]
    database: Option<String>,
    /// A region's own database: `eu=postgres://…`.
    #[arg(long, value_name = "REGION=URL")]
    database_of: Vec<String>,
    /// The certificates of whoever signs for the servers of the database.
    #[arg(long, value_name = "FILE")]
    database_ca: Option<PathBuf>,
}

/// Connections to each region: rows go one batch after the other.
const CONNECTIONS: usize = 4;

impl Restore {
    pub(crate) async fn run(self) -> Result<(), End> {
        super::place::log_to_stderr();
        if self.checkpoints.is_empty() && !self.without_checkpoints {
            return Err(End::Wrong(
                "name the folders outside that keep the checkpoints of the log, with `--checkpoints \
                 DIR`: the list of changes has to reach the newest of them. Where none was ever kept, \
                 say `--without-checkpoints`"
                    .to_owned(),
            ));
        }
        let place = Place {
            data: self.to.unwrap_or_default(),
            keys: Some(self.keys.clone()),
            policy: None,
            checkpoints: Vec::new(),
            backup_changes: None,
            database: self.database,
            database_of: self.database_of,
            database_ca: self.database_ca,
            connections: CONNECTIONS,
            origin: String::new(),
        };
        let ask = GoBack {
            from: self.from,
            changes: self.changes,
            to: place.database()?,
            keys: self.keys,
            checkpoints: self.checkpoints,
        };
        let (made, done) = restore(ask, Clock::wall().now()).await.map_err(|it| end(&it))?;
        say(&format!(
            "restored {} of {}: {} rows of this run\n{} erased since are erased, {} changed otherwise \
             and have what they said since\nlog: {} entries, as outsiders know it; what {} of them \
             stood for is lost\n\nNobody is signed in any more. Serve it with the same keys, \
             checkpoints and list of changes.",
            made.path.display(),
            made.about.made,
            done.rows,
            done.erased,
            done.narrowed,
            done.log.size,
            done.lost,
        ));
        Ok(())
    }
}

/// That the list does not reach is an answer; everything else is to be set right first.
fn end(fault: &NotRestored) -> End {
    let text = fault.to_string();
    match fault {
        NotRestored::List(_) => End::No(text),
        NotRestored::Backup(it) if it.is_no() => End::No(text),
        NotRestored::Backup(_)
        | NotRestored::Keys(_)
        | NotRestored::Nothing(_)
        | NotRestored::Broken(_) => End::Wrong(text),
    }
}
