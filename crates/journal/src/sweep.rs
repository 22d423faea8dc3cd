//! After an erasure: nothing of the key may be left in the raw bytes, and what it unlocked goes.
//!
//! The key was overwritten in its place when the erasure was recorded. What may still hold it are
//! older pages in the write-ahead log, so that is copied back and emptied; then the raw bytes are
//! searched for the keys, and a file in which one is found is rebuilt.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use decide::{PersonId, RegionCode, Timestamp};

use crate::database::{Place, held, open_keeping};
use crate::event::Partition;
use crate::fault::Fault;
use crate::journal::Journal;
use crate::limit::{SWEEP_CHUNK_BYTES, UNSWEPT_MAX, WRAPPED_KEY_BYTES};
use crate::sealed::WrappedKey;
use crate::{access, idempotency, mail, people, record};

/// What a sweep came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Erased people whose remains were swept.
    pub people: u64,
    /// Records of theirs that went.
    pub records: u64,
    /// Files that had to be rebuilt, because a copy of a key was found.
    pub rebuilt: u64,
}

impl Journal {
    /// After erasures: destroys what is left of them in the raw bytes. Before that, queued entries
    /// are brought into the log, for a record goes only when its entry stands there.
    pub async fn sweep(&self, now: Timestamp) -> Result<Swept, Fault> {
        let _upkeep = self.inner.upkeep.lock().await;
        self.sequence_alone(now).await?;
        let mut swept = Swept::default();
        for region in self.regions() {
            self.expire(*region, now).await?;
            self.sweep_region(*region, &mut swept).await?;
        }
        Ok(swept)
    }

    /// Drops a partition of events: its entries are brought into the log first.
    pub async fn drop_partition(
        &self,
        region: RegionCode,
        partition: &Partition,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let _upkeep = self.inner.upkeep.lock().await;
        self.sequence_alone(now).await?;
        let place = Place::Events(region, partition.clone());
        self.inner.readers.forget(&place);
        self.inner.writer.remove(place).await
    }

    async fn expire(&self, region: RegionCode, now: Timestamp) -> Result<(), Fault> {
        let work = move |file: &rusqlite::Connection| {
            access::expire(file, now)?;
            idempotency::expire(file, now)?;
            mail::expire(file, now)
        };
        let place = Place::People(region);
        self.inner.writer.submit(place, 4_096, move |desk| work(desk.file)).await
    }

    async fn sweep_region(&self, region: RegionCode, swept: &mut Swept) -> Result<(), Fault> {
        let place = Place::People(region);
        let erased =
            self.inner.readers.read(&place, |it| people::unswept(it, region, UNSWEPT_MAX))?;
        if erased.is_empty() {
            return Ok(());
        }
        let mut finished = Vec::new();
        for person in erased {
            let (gone, left) = self.drop_records(person).await?;
            swept.records = swept.records.saturating_add(gone);
            if left == 0 {
                finished.push(person);
            }
        }
        let keys: Vec<WrappedKey> = held(&self.inner.erased)
            .iter()
            .filter(|(person, _)| person.region() == region)
            .map(|(_, key)| key.clone())
            .collect();
        for place in [Place::People(region), Place::Records(region)] {
            let path = place.path(&self.inner.config.dir);
            let keys = keys.clone();
            let cleaned = tokio::task::spawn_blocking(move || clean(&path, &keys));
            let rebuilt = cleaned.await.map_err(Fault::broken)??;
            swept.rebuilt = swept.rebuilt.saturating_add(u64::from(rebuilt));
        }
        // Only now may it be forgotten which keys to look for.
        held(&self.inner.erased).retain(|(person, _)| !finished.contains(person));
        let count = u64::try_from(finished.len()).unwrap_or(u64::MAX);
        let work = move |file: &rusqlite::Connection| {
            finished.into_iter().try_for_each(|it| people::swept(file, it))
        };
        self.inner.writer.submit(place, 4_096, move |desk| work(desk.file)).await?;
        swept.people = swept.people.saturating_add(count);
        Ok(())
    }

    /// An erased person's records go from both files; answers how many went and how many wait.
    async fn drop_records(&self, person: PersonId) -> Result<(u64, u64), Fault> {
        let mut sum = (0_u64, 0_u64);
        for place in [Place::People(person.region()), Place::Records(person.region())] {
            let (gone, left) = self
                .inner
                .writer
                .submit(place, 4_096, move |desk| record::erase(desk.file, person))
                .await?;
            sum = (sum.0.saturating_add(gone), sum.1.saturating_add(left));
        }
        Ok(sum)
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
