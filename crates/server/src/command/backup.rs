//! `kept backup`: everything that is held, sealed, into a folder; beside whoever serves it.

use std::path::PathBuf;

use clap::Args;
use flows::Flows;
use flows::security::{Archiving, Made, NotBackedUp, Plan, back_up, lacks_backups, plan_backups};
use policy::Duration;

use super::place::Place;
use super::{End, say};
use crate::clock::Clock;

/// Makes a backup, also while it is served.
#[derive(Debug, Args)]
pub(crate) struct Backup {
    #[command(flatten)]
    place: Place,
    /// The folder of backups; each becomes a folder in it. Not in the data folder.
    #[arg(long, value_name = "FOLDER")]
    to: PathBuf,
}

/// Backups that a server makes by itself.
#[derive(Debug, Args)]
pub(crate) struct Scheduled {
    /// The folder of backups that are made by themselves; not in the data folder.
    #[arg(long, value_name = "FOLDER")]
    backup_to: Option<PathBuf>,
    /// How often; as the policy says it where nothing is said.
    #[arg(long, value_name = "DURATION", requires = "backup_to", value_parser = duration)]
    backup_every: Option<Duration>,
    /// How long one is kept; as the policy says it where nothing is said.
    #[arg(long, value_name = "DURATION", requires = "backup_to", value_parser = duration)]
    backup_keep: Option<Duration>,
    /// The folder of archives, into which closed cases move after each backup; not in the data folder.
    #[arg(long, value_name = "FOLDER", requires = "backup_to")]
    archive_to: Option<PathBuf>,
    /// How long after its deadline a closed case is moved.
    #[arg(long, value_name = "DURATION", default_value = "1 year", value_parser = duration)]
    archive_after: Duration,
    /// How long an archive is kept; for ever where nothing is said.
    #[arg(long, value_name = "DURATION", requires = "archive_to", value_parser = duration)]
    archive_keep: Option<Duration>,
}

pub(super) fn duration(text: &str) -> Result<Duration, String> {
    Duration::parse(text).ok_or_else(|| "write `24 hours`, `30 days` or `1 month`".to_owned())
}

impl Scheduled {
    /// Has them made, where a place for them is named; says what is missing else.
    pub(super) async fn plan(
        &self,
        flows: &Flows,
        place: &Place,
        now: decide::Timestamp,
    ) -> Result<(), End> {
        if let Some(to) = &self.backup_to {
            outside(to, place)?;
            let (every, keep) = (self.backup_every, self.backup_keep);
            let changes = place.backup_changes.clone();
            if let Some(to) = &self.archive_to {
                outside(to, place)?;
            }
            let (after, kept) = (self.archive_after, self.archive_keep);
            let archive = self.archive_to.clone().map(|to| Archiving { to, after, keep: kept });
            let plan = Plan { to: to.clone(), every, keep, changes, archive };
            plan_backups(flows, plan, now).await.map_err(|stop| {
                match super::people::end(stop) {
                    End::No(why) | End::Wrong(why) => End::Wrong(why),
                }
            })?;
        }
        if lacks_backups(flows) {
            tracing::warn!(
                "the policy promises backups, and none are made: set `to` under `[backup]`"
            );
        }
        if place.backup_changes.is_none() || place.checkpoints.is_empty() {
            tracing::warn!(
                "nobody could go back to a backup: `--backup-changes` and `--checkpoints` name folders \
                 outside for the list of changes and the log's checkpoints"
            );
        }
        Ok(())
    }
}

pub(super) fn outside(to: &std::path::Path, place: &Place) -> Result<(), End> {
    if place.database.is_none() && to.starts_with(&place.data) {
        return Err(End::Wrong(
            "a backup does not belong into the data folder: name another one, on another disk"
                .to_owned(),
        ));
    }
    Ok(())
}

impl Backup {
    pub(crate) async fn run(self) -> Result<(), End> {
        super::place::log_to_stderr();
        outside(&self.to, &self.place)?;
        let (from, keys) = (self.place.database()?, self.place.key_file());
        let made = back_up(from, &keys, &self.to, Clock::wall().now()).await;
        let Made { path, about } = made.map_err(|it: NotBackedUp| End::Wrong(it.to_string()))?;
        say(&format!(
            "backed up {} rows of {} people, and a log of {} entries: {}\n\nIt opens with the key \
             file alone, which is not in it: keep that apart. Going back to it takes the list of \
             changes since.",
            about.rows,
            about.people,
            about.entries,
            path.display()
        ));
        Ok(())
    }
}
