//! Brings queued entries into the log: appended first, then marked in their files. What a crash
//! between the two leaves unmarked is recognised by its leaf, which no other record has.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use decide::Timestamp;

use crate::database::{Place, held, partitions};
use crate::fault::{Fault, OpenFault};
use crate::journal::Journal;
use crate::limit::{SEQUENCE_MAX, THIN_EVERY_MILLIS};
use crate::log::{Folder, Hash, Level, Sequencer, Signer, TilePath, Tiles as _, decode_bundle};
use crate::record::{self, Span, Waiting};

/// The public log, and whether its end was compared with what the files know.
pub(crate) struct Queue {
    sequencer: Sequencer<Folder>,
    compared: bool,
    thinned: Option<Timestamp>,
}

impl Queue {
    pub(crate) fn open(dir: &Path, outside: &[PathBuf], signer: Signer) -> Result<Self, OpenFault> {
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

impl Journal {
    /// Brings queued entries into the log, signs and publishes; answers how many it brought.
    pub async fn sequence(&self, now: Timestamp) -> Result<u64, Fault> {
        let _upkeep = self.inner.upkeep.lock().await;
        self.sequence_alone(now).await
    }

    /// The same, for whoever holds the lock of upkeep.
    pub(crate) async fn sequence_alone(&self, now: Timestamp) -> Result<u64, Fault> {
        self.thin(now).await?;
        self.scratch().flush(now).await?;
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
            let first = self.append(leaves).await?;
            let mut next = first;
            for (place, waiting) in batches {
                let indexed: Vec<(i64, u64)> =
                    waiting.iter().map(|(seq, _)| *seq).zip(next..).collect();
                next = next.saturating_add(u64::try_from(waiting.len()).unwrap_or(u64::MAX));
                self.mark(place, &indexed).await?;
            }
            held(&self.inner.queue).compared = true;
            brought = brought.saturating_add(next.saturating_sub(first));
        }
    }

    /// Removes outside checkpoints that nobody needs any longer, now and then.
    async fn thin(&self, now: Timestamp) -> Result<(), Fault> {
        let queue = Arc::clone(&self.inner.queue);
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
            let mut waiting = self.inner.readers.read_if_there(&place, record::waiting)?;
            waiting.truncate(room);
            room = room.saturating_sub(waiting.len());
            if !waiting.is_empty() {
                batches.push((place, waiting));
            }
        }
        Ok(batches)
    }

    /// Every file that queues entries.
    fn places(&self) -> Result<Vec<Place>, Fault> {
        let mut places = Vec::new();
        for region in self.regions() {
            places.extend([Place::People(*region), Place::Records(*region)]);
            let partitions = partitions(&self.inner.config.dir, *region)?;
            places.extend(partitions.into_iter().map(|it| Place::Events(*region, it)));
        }
        Ok(places)
    }

    /// Appends and publishes, which waits for the disk, beside the runtime; answers the first index.
    async fn append(&self, leaves: Vec<Hash>) -> Result<u64, Fault> {
        let queue = Arc::clone(&self.inner.queue);
        let appended = tokio::task::spawn_blocking(move || {
            let mut queue = held(&queue);
            let first = queue.sequencer.size();
            // Until the files are marked, only the log knows.
            queue.compared = false;
            queue.sequencer.append(first, &leaves).map(|_| first)
        });
        let first = appended.await.map_err(Fault::broken)?;
        first.map_err(Fault::broken)
    }

    async fn mark(&self, place: Place, indexed: &[(i64, u64)]) -> Result<(), Fault> {
        let spans = runs(indexed);
        self.inner.writer.submit(place, 4_096, move |it| record::mark(it.file, &spans)).await
    }

    /// After a crash or a fault: entries that wait and are in the log already are marked.
    async fn recognise(&self) -> Result<(), Fault> {
        if held(&self.inner.queue).compared {
            return Ok(());
        }
        let places = self.places()?;
        let mut known = 0;
        for place in &places {
            known = known.max(self.inner.readers.read_if_there(place, record::known_until)?);
        }
        // One batch at most stands unmarked: the next is appended when all of it is marked. The
        // highest mark may be of that batch itself.
        let batch = u64::try_from(SEQUENCE_MAX).unwrap_or(u64::MAX);
        let tail = self.tail(known.saturating_sub(batch))?;
        for place in places {
            let waiting = self.inner.readers.read_if_there(&place, record::waiting)?;
            let indexed: Vec<(i64, u64)> = waiting
                .iter()
                .map_while(|(seq, leaf)| tail.get(leaf).map(|index| (*seq, *index)))
                .collect();
            if !indexed.is_empty() {
                self.mark(place, &indexed).await?;
            }
        }
        held(&self.inner.queue).compared = true;
        Ok(())
    }

    /// The entries from `from` to the end of the log.
    fn tail(&self, from: u64) -> Result<BTreeMap<Hash, u64>, Fault> {
        let size = held(&self.inner.queue).sequencer.size();
        let folder = Folder::open(&self.inner.log_dir);
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
