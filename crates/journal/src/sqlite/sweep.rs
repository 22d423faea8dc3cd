//! After an erasure: nothing of the key may be left in the raw bytes.
//!
//! The key was overwritten in its place when the erasure was recorded. What may still hold it are
//! older pages in the write-ahead log, so that is copied back and emptied; then the raw bytes are
//! searched for the keys, and a file in which one is found is rebuilt.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use decide::{PersonId, RegionCode};

use super::Sqlite;
use super::database::{self, open_keeping};
use crate::fault::Fault;
use crate::held;
use crate::limit::{SWEEP_CHUNK_BYTES, WRAPPED_KEY_BYTES};
use crate::place::Place;
use crate::sealed::WrappedKey;

impl Sqlite {
    /// Destroys what is left of the erased in the raw bytes; answers how many files were rebuilt.
    pub(crate) async fn clean(&self, region: RegionCode) -> Result<u64, Fault> {
        let erased: Vec<(PersonId, WrappedKey)> = held(&self.erased)
            .iter()
            .filter(|(person, _)| person.region() == region)
            .cloned()
            .collect();
        let mut rebuilt = 0_u64;
        for place in [Place::People(region), Place::Records(region)] {
            let path = database::path(&place, &self.dir);
            let keys: Vec<WrappedKey> = erased.iter().map(|(_, key)| key.clone()).collect();
            let cleaned = tokio::task::spawn_blocking(move || clean(&path, &keys));
            rebuilt = rebuilt.saturating_add(u64::from(cleaned.await.map_err(Fault::broken)??));
        }
        // Only now may it be forgotten which keys to look for.
        held(&self.erased).retain(|(person, _)| !erased.iter().any(|(it, _)| it == person));
        Ok(rebuilt)
    }
}

/// Empties the write-ahead log into the file; rebuilds the file if a key is still found. Answers
/// whether it was rebuilt.
fn clean(path: &Path, keys: &[WrappedKey]) -> Result<bool, Fault> {
    let file = open_keeping(path)?;
    empty_log(&file)?;
    if !found(path, keys)? {
        return Ok(false);
    }
    file.execute_batch("VACUUM")?;
    empty_log(&file)?;
    if found(path, keys)? {
        return Err(Fault::broken("a destroyed key is still found after a file was rebuilt"));
    }
    Ok(true)
}

fn empty_log(file: &rusqlite::Connection) -> Result<(), Fault> {
    let busy: i64 = file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(Fault::Busy) }
}

/// Whether any of the keys stands in the raw bytes of a database or of its logs.
fn found(path: &Path, keys: &[WrappedKey]) -> Result<bool, Fault> {
    for end in ["", "-wal", "-journal"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        let holds = match File::open(&name) {
            Ok(file) => holds(file, keys)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => false,
            Err(error) => return Err(Fault::broken(error)),
        };
        if holds {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Reads chunk after chunk, each with the end of the one before, so that no key falls between two.
fn holds(mut file: File, keys: &[WrappedKey]) -> Result<bool, Fault> {
    if keys.is_empty() {
        return Ok(false);
    }
    // Sixteen bytes of a key find it as surely as all of them, and in any order of keys.
    let heads: std::collections::BTreeSet<[u8; PROBE]> =
        keys.iter().filter_map(|it| it.as_bytes().last_chunk::<PROBE>().copied()).collect();
    let mut chunk = Vec::new();
    loop {
        let keep = chunk.len().saturating_sub(WRAPPED_KEY_BYTES);
        drop(chunk.drain(..keep));
        let most = u64::try_from(SWEEP_CHUNK_BYTES).unwrap_or(u64::MAX);
        let read = file.by_ref().take(most).read_to_end(&mut chunk).map_err(Fault::broken)?;
        if chunk.array_windows::<PROBE>().any(|it| heads.contains(it)) {
            return Ok(true);
        }
        if read == 0 {
            return Ok(false);
        }
    }
}

/// Bytes of a key that are looked for: the end of it, which is as random as the key.
const PROBE: usize = 16;

#[cfg(test)]
mod tests;
