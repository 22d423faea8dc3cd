//! Going back to a backup, with what was changed since; and putting that on the record of whom it
//! concerns.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use decide::{Act, PersonId, Right, Set, Timestamp};
use journal::{
    Asker, AskerKind, BackupFault, Copy, Database, JobKind, List, Restore, Restored, Write,
};
use serde_json::json;
use tokio::runtime::Handle;
use vault::{Roots, RootsFault, Stream, Vault};

use super::backup::{KEYS, LOG, Made, ROWS, about, backups};
use super::changes;
use crate::engine::{Case, again};
use crate::{Flows, Stop};

/// The job that puts on the record what was applied.
pub(crate) const RESTORED: JobKind = journal::RESTORED;

/// A restore is wanted.
#[derive(Debug, Clone)]
pub struct GoBack {
    /// A backup, or a folder of them: then the newest.
    pub from: PathBuf,
    /// The folders that hold the list of changes.
    pub changes: Vec<PathBuf>,
    /// An empty place, or what an earlier run of the same restore has left.
    pub to: Database,
    /// The key file.
    pub keys: PathBuf,
    /// The folders outside that keep every checkpoint of the log.
    pub checkpoints: Vec<PathBuf>,
}

/// Why a backup was not restored.
#[derive(Debug, thiserror::Error)]
pub enum NotRestored {
    /// The keys.
    #[error(transparent)]
    Keys(#[from] RootsFault),
    /// There is no backup.
    #[error("there is no backup in `{0}`: name one that `kept backup` made, or the folder of them")]
    Nothing(String),
    /// The list of changes cannot be read.
    #[error("the list of changes cannot be read: {0}")]
    List(String),
    /// The restore.
    #[error(transparent)]
    Backup(#[from] BackupFault),
    /// A part of the machinery failed.
    #[error("{0}")]
    Broken(String),
}

/// Restores a backup into a place that nobody serves.
///
/// # Errors
/// When there is no backup, its keys are others, the list of changes is missing, torn or too short, the
/// place is not empty, or the log would contradict a checkpoint outside.
pub async fn restore(ask: GoBack, now: Timestamp) -> Result<(Made, Restored), NotRestored> {
    let vault = Vault::new(Roots::open(&ask.keys)?);
    let made = chosen(&ask.from)?;
    let signer = Roots::open(&ask.keys)?.log_signer(&made.about.origin);
    let signer = signer.map_err(|fault| NotRestored::Broken(fault.to_string()))?;
    let list = changes::list(&vault, &ask.changes).map_err(NotRestored::List)?;
    let path = made.path.clone();
    let restored = tokio::task::spawn_blocking(move || {
        let copy = opened(&vault, &path).map_err(BackupFault::from)?;
        let GoBack { to, checkpoints, .. } = ask;
        let restore = Restore { to, list: &list, outside: checkpoints };
        Handle::current().block_on(restore.run(copy, &signer, now))
    });
    let restored = restored.await.map_err(|error| NotRestored::Broken(error.to_string()))??;
    Ok((made, restored))
}

/// The backup that is named, or the newest of a folder.
fn chosen(from: &Path) -> Result<Made, NotRestored> {
    if let Some(about) = about(from) {
        return Ok(Made { path: from.to_path_buf(), about });
    }
    let none = || NotRestored::Nothing(from.display().to_string());
    backups(from).map_err(|_| none())?.pop().ok_or_else(none)
}

type Opened = vault::Opening<BufReader<File>>;

fn opened(vault: &Vault, dir: &Path) -> io::Result<Copy<Opened, Opened, BufReader<File>>> {
    let file =
        |name: &str| File::open(dir.join(name)).map(|it| BufReader::with_capacity(1 << 20, it));
    let rows = vault.open_stream(Stream::Data, file(ROWS)?)?;
    let keys = vault.open_stream(Stream::Keys, file(KEYS)?)?;
    Ok(Copy { rows, keys, log: file(LOG)? })
}

/// How far a list of changes reaches, for whoever looks whether it is there.
///
/// # Errors
/// When it cannot be read.
pub fn reach_of_changes(keys: &Path, dirs: &[PathBuf]) -> Result<Option<u64>, NotRestored> {
    let vault = Vault::new(Roots::open(keys)?);
    let list: List = changes::list(&vault, dirs).map_err(NotRestored::List)?;
    Ok(list.reaches())
}

/// Puts on a person's record that what they changed after a backup was applied again.
pub(crate) async fn restored(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    again!(once(flows, person, now).await)
}

async fn once(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, "restore");
    let act = Act::Exercise { right: Right::Withdraw };
    let mut tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    tx.stage(Write::DropJob(RESTORED));
    tx.note(json!({ "restored": "changes since the backup were applied again" }));
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}
