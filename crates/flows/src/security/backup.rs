//! Backups in a folder: each a folder of its own with rows, wrapped keys and the log, sealed, and with
//! what anybody may read of it.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use decide::Timestamp;
use journal::log::Vkey;
use journal::{BackedUp, Backup, BackupFault, Database};
use serde::{Deserialize, Serialize};
use tokio::runtime::Handle;
use vault::{Roots, RootsFault, Sealing, Stream, Vault};

use crate::Flows;
use crate::time::when;

/// The files of a backup.
pub(super) const ROWS: &str = "data.kept";
pub(super) const KEYS: &str = "keys.kept";
pub(super) const LOG: &str = "log";
pub(super) const ABOUT: &str = "about.json";
/// How a backup that is being made ends.
const PART: &str = ".part";
/// After which one that was never completed is nobody's any more.
const PART_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Why a backup was not made.
#[derive(Debug, thiserror::Error)]
pub enum NotBackedUp {
    /// The keys.
    #[error(transparent)]
    Keys(#[from] RootsFault),
    /// The installation, or the files.
    #[error(transparent)]
    Backup(#[from] BackupFault),
    /// A part of the machinery failed.
    #[error("{0}")]
    Broken(String),
}

impl From<io::Error> for NotBackedUp {
    fn from(error: io::Error) -> Self {
        Self::Backup(error.into())
    }
}

/// What stands beside a backup in clear. Nothing of it is personal, and nothing of it is believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The version of this.
    pub v: u32,
    /// The id of the backup.
    pub id: String,
    /// When it was begun.
    pub made: String,
    /// The same in milliseconds.
    pub made_at: i64,
    /// The name of the log.
    pub origin: String,
    /// Entries of the log, from which on changes are not in it.
    pub since: u64,
    /// Entries of the log that goes with it.
    pub entries: u64,
    /// Rows.
    pub rows: u64,
    /// People.
    pub people: u64,
}

/// A backup that lies in a folder.
#[derive(Debug, Clone)]
pub struct Made {
    /// Its folder.
    pub path: PathBuf,
    /// What is said of it.
    pub about: About,
}

/// Makes a backup of an installation, served or not.
///
/// # Errors
/// When the keys do not open, there is nothing, or the folder cannot be written.
pub async fn back_up(
    from: Database,
    keys: &Path,
    to: &Path,
    now: Timestamp,
) -> Result<Made, NotBackedUp> {
    let roots = Roots::open(keys)?;
    let origin = origin(&from).await?.ok_or(BackupFault::Nothing)?;
    let broken = |fault: journal::log::Fault| NotBackedUp::Broken(fault.to_string());
    let vkey = roots.log_signer(&origin).map_err(broken)?.vkey().clone();
    make(Making { from, vault: Vault::new(roots), vkey, to: to.to_path_buf() }, now).await
}

/// The name of the log of an installation.
async fn origin(from: &Database) -> Result<Option<String>, NotBackedUp> {
    match from {
        Database::Folder(dir) => {
            let text = std::fs::read_to_string(dir.join("log/checkpoint")).ok();
            let line = text.and_then(|it| it.lines().next().map(str::to_owned));
            Ok(line.filter(|it| !it.is_empty()))
        }
        Database::Shared(it) => Ok(it.origin().await.map_err(BackupFault::from)?),
    }
}

/// Makes a backup of the installation that is served here.
///
/// # Errors
/// When it cannot be read, or the folder not be written.
pub(super) async fn back_up_this(
    flows: &Flows,
    to: &Path,
    now: Timestamp,
) -> Result<Made, NotBackedUp> {
    let broken = |fault: journal::log::Fault| NotBackedUp::Broken(fault.to_string());
    let vkey = Vkey::parse(flows.log_key()).map_err(broken)?;
    let (from, vault) = (flows.settings().database.clone(), flows.vault().clone());
    make(Making { from, vault, vkey, to: to.to_path_buf() }, now).await
}

struct Making {
    from: Database,
    vault: Vault,
    vkey: Vkey,
    to: PathBuf,
}

/// On a thread that may wait for disks.
async fn make(making: Making, now: Timestamp) -> Result<Made, NotBackedUp> {
    let made = tokio::task::spawn_blocking(move || {
        let dir = making.folder(now)?;
        let written = Handle::current().block_on(making.write(&dir, now));
        let about = written.inspect_err(|_| {
            // What is not whole is nothing to keep; the next one removes what stays.
            std::fs::remove_dir_all(&dir.0).ok();
        })?;
        std::fs::rename(&dir.0, &dir.1)?;
        sync(&making.to)?;
        Ok(Made { path: dir.1, about })
    });
    made.await.map_err(|error| NotBackedUp::Broken(error.to_string()))?
}

/// The folder while it is written, and when it is whole.
struct Dir(PathBuf, PathBuf, [u8; 16]);

impl Making {
    fn folder(&self, now: Timestamp) -> Result<Dir, NotBackedUp> {
        let mut id = [0; 16];
        self.vault.random(&mut id).map_err(|it| NotBackedUp::Broken(it.to_string()))?;
        let short = id.first_chunk().copied().map_or(0, u32::from_be_bytes);
        let stamp: String =
            when(now).chars().take(19).filter(char::is_ascii_alphanumeric).collect();
        let name = format!("{stamp}Z-{short:08x}");
        let part = self.to.join(format!("{name}{PART}"));
        DirBuilder::new().recursive(true).mode(0o700).create(&part)?;
        Ok(Dir(part, self.to.join(name), id))
    }

    async fn write(&self, dir: &Dir, now: Timestamp) -> Result<About, NotBackedUp> {
        let Dir(dir, _, id) = dir;
        let sealed = |name: &str, stream| -> io::Result<Sealing<BufWriter<File>>> {
            let to = BufWriter::with_capacity(1 << 20, fresh(&dir.join(name))?);
            self.vault.seal_stream(stream, *id, to)
        };
        let mut rows = sealed(ROWS, Stream::Data)?;
        let mut keys = sealed(KEYS, Stream::Keys)?;
        let mut log = BufWriter::with_capacity(1 << 20, fresh(&dir.join(LOG))?);
        let named = format!("{:032x}", u128::from_be_bytes(*id));
        let backup = Backup { from: self.from.clone() };
        let parts = (&mut rows, &mut keys, &mut log);
        let BackedUp { since, log: checkpoint, rows: n, people } =
            backup.run((&named, &self.vkey), parts, now).await?;
        for to in [rows.finish()?, keys.finish()?, log] {
            to.into_inner().map_err(io::Error::from)?.sync_all()?;
        }
        let about = About {
            v: 1,
            id: named,
            made: when(now),
            made_at: now.millis(),
            origin: checkpoint.origin,
            since,
            entries: checkpoint.size,
            rows: n,
            people,
        };
        let text = serde_json::to_string_pretty(&about).map_err(io::Error::other)?;
        let mut file = fresh(&dir.join(ABOUT))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        sync(dir)?;
        Ok(about)
    }
}

fn fresh(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)
}

fn sync(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// The backups of a folder that are whole, oldest first.
///
/// # Errors
/// When the folder cannot be read.
pub fn backups(dir: &Path) -> io::Result<Vec<Made>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(PART) {
            continue;
        }
        found.extend(about(&path).map(|about| Made { path, about }));
    }
    found.sort_by_key(|it| (it.about.made_at, it.path.clone()));
    Ok(found)
}

/// What is said of a backup; `None` where there is none.
pub(super) fn about(dir: &Path) -> Option<About> {
    serde_json::from_str(&std::fs::read_to_string(dir.join(ABOUT)).ok()?).ok()
}

/// Removes the backups whose time is over, and what was never completed; answers the oldest that stays.
///
/// # Errors
/// When the folder cannot be read, or something in it not be removed.
pub(super) fn forget(
    dir: &Path,
    over: impl Fn(Timestamp) -> bool,
    now: Timestamp,
) -> io::Result<Option<Made>> {
    let mut stays = None;
    for it in backups(dir)? {
        if over(Timestamp::from_millis(it.about.made_at)) {
            // Its keys first: without them the rest is nothing.
            std::fs::remove_file(it.path.join(KEYS)).ok();
            std::fs::remove_dir_all(&it.path)?;
        } else if stays.is_none() {
            stays = Some(it);
        }
    }
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned());
        let old = name
            .as_deref()
            .and_then(begun)
            .is_some_and(|it| now.millis().saturating_sub(it.millis()) > PART_MILLIS);
        if old && path.to_string_lossy().ends_with(PART) {
            std::fs::remove_dir_all(&path)?;
        }
    }
    sync(dir)?;
    Ok(stays)
}

/// When a backup was begun, by the name of its folder: `20261122T140000Z-…`.
fn begun(name: &str) -> Option<Timestamp> {
    let stamp = name.get(..15)?;
    let at = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%S", stamp).ok()?;
    let at = at.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from_millis(at.timestamp().as_millisecond()))
}
