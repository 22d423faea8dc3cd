//! The list of changes: steps of the log, sealed, in a folder outside. Files are only ever added to; a
//! new one begins with each start and when one has become long.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, BufReader};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use journal::{List, Node, Ship, Shipment};
use vault::{Opening, Piece, Sealing, Stream, Vault};

use crate::limit::{CHANGES_BYTES_MAX, CHANGES_FILES_READ, CHANGES_PIECE_BYTES};
use crate::{Flows, Stop};

/// How the files end.
const END: &str = ".changes";

/// A folder outside.
pub(super) struct Changes {
    dir: PathBuf,
    vault: Vault,
    open: Mutex<Option<Writing>>,
}

/// The file that is written.
struct Writing {
    path: PathBuf,
    to: Sealing<File>,
    bytes: usize,
    /// People without an entry stand together with the entries that come after them.
    entries: bool,
}

/// Has every change written down in a folder outside from now on, before the log speaks of it.
///
/// # Errors
/// When the folder cannot be read or written.
pub async fn ship_changes(flows: &Flows, dir: &Path) -> Result<(), Stop> {
    let said = |error: io::Error| Stop::Broken(format!("`{}`: {error}", dir.display()));
    DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(said)?;
    let (dir, vault) = (dir.to_path_buf(), flows.vault().clone());
    let changes = Changes { dir, vault, open: Mutex::new(None) };
    Ok(flows.journal().ship(Arc::new(changes)).await?)
}

impl Ship for Changes {
    fn ship(&self, it: &Shipment) -> Result<(), String> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let written = self.write(&mut open, it);
        if written.is_err() {
            // What was begun and not ended is never read past: the next one begins a new file.
            *open = None;
        }
        written.map_err(|error| {
            format!("changes cannot be written to `{}`: {error}", self.dir.display())
        })
    }

    fn newest(&self) -> Result<Vec<(Node, Node)>, String> {
        let mut found = Vec::new();
        for path in files(&self.dir)?.iter().rev().take(CHANGES_FILES_READ) {
            let all = read(&self.vault, path)?;
            found.extend(all.last().map(|it| (it.base, it.to)));
        }
        Ok(found)
    }
}

impl Changes {
    fn write(&self, open: &mut Option<Writing>, it: &Shipment) -> io::Result<()> {
        self.write_once(open, it)?;
        // Another node took it away for old while this one wrote: once more, into a new one.
        if open.as_ref().is_some_and(|it| !it.path.exists()) {
            *open = None;
            self.write_once(open, it)?;
        }
        Ok(())
    }

    fn write_once(&self, open: &mut Option<Writing>, it: &Shipment) -> io::Result<()> {
        let over = |it: &Writing| (it.bytes > CHANGES_BYTES_MAX && it.entries) || !it.path.exists();
        if open.as_ref().is_none_or(over) {
            *open = Some(self.begin(it.base.size)?);
        }
        let Some(writing) = open else { return Ok(()) };
        for piece in pieces(it) {
            writing.to.piece(&piece)?;
            writing.bytes = writing.bytes.saturating_add(piece.len());
        }
        writing.entries = !it.leaves.is_empty();
        writing.to.get_mut().sync_data()
    }

    /// A new file, named by the size of the log at its beginning.
    fn begin(&self, size: u64) -> io::Result<Writing> {
        let mut id = [0; 16];
        self.vault.random(&mut id).map_err(io::Error::other)?;
        let name = format!("{size:020}-{:032x}{END}", u128::from_be_bytes(id));
        let path = self.dir.join(name);
        let file = OpenOptions::new().append(true).create_new(true).mode(0o600).open(&path)?;
        let to = self.vault.seal_stream(Stream::Changes, id, file)?;
        File::open(&self.dir)?.sync_all()?;
        Ok(Writing { path, to, bytes: 0, entries: false })
    }
}

/// A step as pieces that are not too large: people first, where there are many.
fn pieces(it: &Shipment) -> Vec<Vec<u8>> {
    let bytes = it.to_bytes();
    let half = it.states.len() / 2;
    if bytes.len() <= CHANGES_PIECE_BYTES || it.states.is_empty() {
        return vec![bytes];
    }
    let (some, others) = it.states.split_at(half.max(1));
    let mut all = pieces(&Shipment::of_people(it.base, some.to_vec(), Vec::new()));
    all.extend(pieces(&Shipment { states: others.to_vec(), ..it.clone() }));
    all
}

/// The files of a folder, in the order in which they were begun.
fn files(dir: &Path) -> Result<Vec<PathBuf>, String> {
    let said = |error: io::Error| format!("`{}` cannot be read: {error}", dir.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(said)? {
        let path = entry.map_err(said)?.path();
        if path.to_string_lossy().ends_with(END) {
            found.push(path);
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// What stands in a file. What a crash cut off at its end was never said.
fn read(vault: &Vault, path: &Path) -> Result<Vec<Shipment>, String> {
    let said = |why: String| format!("`{}`: {why}", path.display());
    let file = File::open(path).map_err(|error| said(error.to_string()))?;
    let opened = vault.open_stream(Stream::Changes, BufReader::new(file));
    let mut opened: Opening<_> = match opened {
        Ok(opened) => opened,
        // Nothing was written into it yet.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(Vec::new()),
        Err(error) => return Err(said(error.to_string())),
    };
    let mut all = Vec::new();
    loop {
        match opened.piece().map_err(|error| said(error.to_string()))? {
            Piece::Whole(bytes) => {
                all.push(Shipment::from_bytes(&bytes).map_err(|it| said(it.to_string()))?);
            }
            Piece::End | Piece::Cut => return Ok(all),
        }
    }
}

/// The list that stands in folders.
pub(super) fn list(vault: &Vault, dirs: &[PathBuf]) -> Result<List, String> {
    let mut all = Vec::new();
    for dir in dirs {
        for path in files(dir)? {
            all.extend(read(vault, &path)?);
        }
    }
    Ok(List::new(all))
}

/// Removes what no backup needs any longer: whatever the oldest of them has in it.
pub(super) fn thin(vault: &Vault, dir: &Path, since: u64) -> Result<(), String> {
    let mut all = files(dir)?;
    // The last one is written.
    all.pop();
    for path in all {
        if !is_old(vault, &path, since)? {
            continue;
        }
        let said = |error: io::Error| format!("`{}`: {error}", path.display());
        // Somebody may have gone on with it since it was read: nobody does from here on.
        let aside = path.with_extension("old");
        std::fs::rename(&path, &aside).map_err(said)?;
        if is_old(vault, &aside, since)? {
            std::fs::remove_file(&aside).map_err(said)?;
        } else {
            std::fs::rename(&aside, &path).map_err(said)?;
        }
    }
    Ok(())
}

fn is_old(vault: &Vault, path: &Path, since: u64) -> Result<bool, String> {
    let reaches = read(vault, path)?.iter().map(|it| it.to.size).max();
    Ok(reaches.is_none_or(|it| it <= since))
}
