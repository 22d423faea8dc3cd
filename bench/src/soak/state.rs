//! What can be seen of a server from outside: its memory, its files, what waits for the log.

use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::kept::Kept;
use crate::probe::said;
use crate::process::memory;

/// A look at it.
#[derive(Debug, Clone, Copy)]
pub(super) struct State {
    /// Bytes of memory.
    pub(super) memory: u64,
    /// Bytes of all write-ahead logs.
    pub(super) wal: u64,
    /// Bytes of the largest.
    pub(super) wal_most: u64,
    /// Entries that wait for the log.
    pub(super) waiting: u64,
}

impl State {
    /// Looks; and throws away the mail that was written, which nobody reads.
    pub(super) fn look(kept: &Kept, folder: &Path) -> Result<Self, String> {
        for mail in files(&folder.join("mail"))? {
            // Written anew at this moment: the next look finds it.
            std::fs::remove_file(mail).ok();
        }
        let (mut wal, mut wal_most, mut waiting) = (0, 0, 0);
        for path in files(&folder.join("data"))? {
            let name = path.file_name().and_then(|it| it.to_str()).unwrap_or_default();
            if name.ends_with("-wal") {
                let bytes = std::fs::metadata(&path).map_or(0, |it| it.len());
                wal += bytes;
                wal_most = wal_most.max(bytes);
            } else if name.ends_with(".db") && name != "kept.db" {
                waiting += unplaced(&path)?;
            }
        }
        Ok(Self { memory: memory(kept.id(), "VmRSS"), wal, wal_most, waiting })
    }
}

/// Entries of a file past the last that the log has.
fn unplaced(path: &Path) -> Result<u64, String> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let file = Connection::open_with_flags(path, flags).map_err(said)?;
    let text = "SELECT coalesce((SELECT max(seq) FROM records), 0) \
         - coalesce((SELECT max(last_seq) FROM spans), 0)";
    let found: i64 = file.query_row(text, [], |row| row.get(0)).map_err(said)?;
    Ok(u64::try_from(found).unwrap_or(0))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(said)? {
        let path = entry.map_err(said)?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    Ok(found)
}
