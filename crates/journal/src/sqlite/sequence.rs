//! Brings queued entries into the log: appended first, then marked in their files. What a crash
//! between the two leaves unmarked is recognised by its leaf, which no other record has.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use decide::{PersonId, Timestamp};

use super::Sqlite;
use crate::backup::changes::{self, Told};
use crate::fault::{Fault, OpenFault};
use crate::held;
use crate::limit::{SEQUENCE_MAX, THIN_EVERY_MILLIS};
use crate::log::{Folder, Hash, Level, Sequencer, Signer, TilePath, Tiles as _, decode_bundle};
use crate::place::Place;
use crate::record::{self, Span, Waiting};

/// The public log, and whether its end was compared with what the files know.
pub(super) struct Queue {
    sequencer: Sequencer<Folder>,
    compared: bool,
    thinned: Option<Timestamp>,
}

impl Queue {
    pub(super) fn open(dir: &Path, outside: &[PathBuf], signer: Signer) -> Result<Self, OpenFault> {
        let create = |path: &PathBuf| {
            Folder::create(path).map_err(|error| OpenFault::Io { path: path.clone(), error })
        };
        let places = outside.iter().map(create).collect::<Result<Vec<_>, _>>()?;
        let sequencer = Sequencer::open(create(&dir.to_path_buf())?, places, signer)?;
        Ok(Self { sequencer, compared: false, thinned: None })
    }

    fn thin(&mut self, now: Timestamp) {
        self.thinned = Some(now);
        // A place from which nothing can be removed is a good one: the log goes on.
        if let Err(fault) = self.sequencer.thin(now) {
            tracing::warn!(%fault, "old checkpoints outside stay");
        }
    }

    fn thins_at(&self, now: Timestamp) -> bool {
        self.thinned.is_none_or(|it| now.millis().saturating_sub(it.millis()) >= THIN_EVERY_MILLIS)
    }
}

/// Entries of one file, in its order.
type Batch = (Place, Vec<Waiting>);

impl Sqlite {
    /// Brings queued entries into the log, signs and publishes; answers how many it brought.
    pub(crate) async fn sequence(&self, now: Timestamp) -> Result<u64, Fault> {
        self.thin(now).await?;
        self.recognise().await?;
        let mut brought = 0_u64;
        loop {
            let batches = self.waiting()?;
            let count: usize = batches.iter().map(|(_, it)| it.len()).sum();
            if count == 0 {
                return Ok(brought);
            }
            let leaves: Vec<Hash> =
                batches.iter().flat_map(|(_, it)| it.iter().map(|(_, leaf)| *leaf)).collect();
            let people = self.concerned(&batches)?;
            let first = self.append(leaves, people).await?;
            let mut next = first;
            for (place, waiting) in batches {
                let indexed: Vec<(i64, u64)> =
                    waiting.iter().map(|(seq, _)| *seq).zip(next..).collect();
                next = next.saturating_add(u64::try_from(waiting.len()).unwrap_or(u64::MAX));
                self.mark(&place, &indexed).await?;
            }
            held(&self.queue).compared = true;
            brought = brought.saturating_add(next.saturating_sub(first));
        }
    }

    /// Removes outside checkpoints that nobody needs any longer, now and then.
    async fn thin(&self, now: Timestamp) -> Result<(), Fault> {
        let queue = Arc::clone(&self.queue);
        if !held(&queue).thins_at(now) {
            return Ok(());
        }
        tokio::task::spawn_blocking(move || held(&queue).thin(now)).await.map_err(Fault::broken)
    }

    /// What waits, from every file, up to a batch.
    fn waiting(&self) -> Result<Vec<Batch>, Fault> {
        let mut room = SEQUENCE_MAX;
        let mut batches = Vec::new();
        for place in self.places()? {
            let mut waiting = self.readers.read_if_there(&place, &record::waiting())?;
            waiting.truncate(room);
            room = room.saturating_sub(waiting.len());
            if !waiting.is_empty() {
                batches.push((place, waiting));
            }
        }
        Ok(batches)
    }

    /// How everybody stands whom a change in these batches concerns, where that is written down outside:
    /// what waits is durable, so what is read after it is as new or newer.
    fn concerned(&self, batches: &[Batch]) -> Result<Option<Told>, Fault> {
        let Some(ship) = self.ship.get() else { return Ok(None) };
        let mut states = Vec::new();
        for (place, waiting) in batches {
            let Place::People(region) = place else { continue };
            let (Some((first, _)), Some((last, _))) = (waiting.first(), waiting.last()) else {
                continue;
            };
            let owners = self.readers.read(place, &changes::owners(*first, *last))?;
            let person = |it: [u8; 16]| PersonId::new(*region, u128::from_be_bytes(it));
            let people: Vec<PersonId> = owners.into_iter().map(person).collect();
            for some in people.chunks(changes::TOGETHER) {
                let mut parts = Vec::new();
                for query in changes::read(*region, some) {
                    parts.extend(self.readers.read(place, &query)?);
                }
                states.extend(changes::together(parts));
            }
        }
        let mut ended = Vec::new();
        for query in changes::ended() {
            ended.extend(self.readers.read(&Place::Kept, &query)?);
        }
        Ok(Some(Told { ship: Arc::clone(ship), states, ended }))
    }

    /// Appends and publishes, which waits for the disk, beside the runtime; answers the first index.
    async fn append(&self, leaves: Vec<Hash>, told: Option<Told>) -> Result<u64, Fault> {
        let queue = Arc::clone(&self.queue);
        let appended = tokio::task::spawn_blocking(move || {
            let mut queue = held(&queue);
            let first = queue.sequencer.size();
            if let Some(told) = told {
                let (base, to) = queue.sequencer.ahead(&leaves);
                told.ship(base, to, &leaves)?;
            }
            // Until the files are marked, only the log knows.
            queue.compared = false;
            let appended = queue.sequencer.append(first, &leaves);
            appended.map(|_| first).map_err(Fault::broken)
        });
        appended.await.map_err(Fault::broken)?
    }

    async fn mark(&self, place: &Place, indexed: &[(i64, u64)]) -> Result<(), Fault> {
        let spans = runs(indexed).iter().map(record::mark).collect();
        self.write(place, spans).await.map(drop)
    }

    /// After a crash or a fault: entries that wait and are in the log already are marked.
    async fn recognise(&self) -> Result<(), Fault> {
        if held(&self.queue).compared {
            return Ok(());
        }
        let places = self.places()?;
        let mut known = 0;
        for place in &places {
            let until = self.readers.read_if_there(place, &record::known_until())?;
            known = until.into_iter().fold(known, u64::max);
        }
        // One batch at most stands unmarked: the next is appended when all of it is marked. The
        // highest mark may be of that batch itself.
        let batch = u64::try_from(SEQUENCE_MAX).unwrap_or(u64::MAX);
        let tail = self.tail(known.saturating_sub(batch))?;
        for place in places {
            let waiting = self.readers.read_if_there(&place, &record::waiting())?;
            let indexed: Vec<(i64, u64)> = waiting
                .iter()
                .map_while(|(seq, leaf)| tail.get(leaf).map(|index| (*seq, *index)))
                .collect();
            if !indexed.is_empty() {
                self.mark(&place, &indexed).await?;
            }
        }
        held(&self.queue).compared = true;
        Ok(())
    }

    /// The entries from `from` to the end of the log.
    fn tail(&self, from: u64) -> Result<BTreeMap<Hash, u64>, Fault> {
        let size = held(&self.queue).sequencer.size();
        let folder = Folder::open(&self.log_dir);
        let mut tail = BTreeMap::new();
        let mut bundle = from >> 8;
        while let Some(path) = TilePath::in_tree(Level::Entries, bundle, size) {
            let bytes = folder.tile(&path.to_string()).map_err(Fault::broken)?;
            let bytes = bytes.ok_or_else(|| Fault::broken("a bundle of the log is missing"))?;
            let entries = decode_bundle(path, &bytes).map_err(Fault::broken)?;
            tail.extend(entries.into_iter().zip(bundle << 8..));
            bundle = bundle.saturating_add(1);
        }
        Ok(tail)
    }
}

/// Runs in which place and index rise together.
fn runs(indexed: &[(i64, u64)]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (seq, index) in indexed {
        let follows = spans.last().is_some_and(|it| {
            let length = it.last_seq.saturating_sub(it.first_seq).cast_unsigned();
            it.last_seq.checked_add(1) == Some(*seq)
                && it.first_index.saturating_add(length).saturating_add(1) == *index
        });
        match spans.last_mut().filter(|_| follows) {
            Some(last) => last.last_seq = *seq,
            None => spans.push(Span { first_seq: *seq, last_seq: *seq, first_index: *index }),
        }
    }
    spans
}

#[cfg(test)]
mod tests;
