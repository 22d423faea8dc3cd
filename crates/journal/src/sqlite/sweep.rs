//! After an erasure: nothing of the key may be left in the raw bytes.
//!
//! The key was overwritten in its place when the erasure was recorded. What may still hold it are
//! older pages in the write-ahead log, so that is copied back and emptied; then the raw bytes of the
//! file of people, where alone a key ever stands, are looked through for all that were destroyed since
//! the last time, in one pass, and the file is rebuilt if one is found.

use std::path::Path;

use decide::{PersonId, RegionCode};

use super::Sqlite;
use super::database::{self, open_keeping};
use super::probe::{self, Probe, Search};
use crate::fault::Fault;
use crate::limit::SWEPT_AT_ONCE;
use crate::place::Place;
use crate::sweep::Cleaned;

impl Sqlite {
    /// Destroys what is left of the erased in the raw bytes.
    pub(crate) async fn clean(&self, region: RegionCode) -> Result<Cleaned, Fault> {
        let people = Place::People(region);
        let kept = self.read(&people, &probe::kept(region))?;
        let (erased, probes): (Vec<PersonId>, Vec<Probe>) = kept.into_iter().unzip();
        let paths = [&people, &Place::Records(region)].map(|it| database::path(it, &self.dir));
        let cleaning = tokio::task::spawn_blocking(move || {
            let [people, records] = &paths;
            // What was erased there is gone from it when its log is empty; it never holds a key.
            empty_log(&open_keeping(records)?)?;
            clean(people, &Search::new(&probes))
        });
        let cleaned = cleaning.await.map_err(Fault::broken)??;
        // Only now may it be forgotten what to look for.
        for some in erased.chunks(SWEPT_AT_ONCE) {
            self.write(&people, some.iter().map(|it| probe::forget(*it)).collect()).await?;
        }
        Ok(cleaned)
    }
}

/// Empties the write-ahead log into the file; rebuilds the file if a key is still found.
fn clean(path: &Path, search: &Search) -> Result<Cleaned, Fault> {
    let file = open_keeping(path)?;
    empty_log(&file)?;
    if search.is_empty() {
        return Ok(Cleaned { complete: true, ..Cleaned::default() });
    }
    let (found, bytes) = search.found(path)?;
    if !found {
        return Ok(Cleaned { rebuilt: 0, bytes, complete: true });
    }
    file.execute_batch("VACUUM")?;
    empty_log(&file)?;
    let (found, again) = search.found(path)?;
    if found {
        return Err(Fault::broken("a destroyed key is still found after a file was rebuilt"));
    }
    Ok(Cleaned { rebuilt: 1, bytes: bytes.saturating_add(again), complete: true })
}

fn empty_log(file: &rusqlite::Connection) -> Result<(), Fault> {
    let busy: i64 = file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(Fault::Busy) }
}
