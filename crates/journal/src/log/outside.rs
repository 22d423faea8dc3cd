//! Checkpoints kept outside the data folder: what a rewritten or shortened log is caught against.
//!
//! One file for each size (`000000000123`) and `latest`. Whoever rewrites the data folder must
//! reach this place too; an auditor may copy it anywhere.
//!
//! A rewrite is located between two of them, so the young ones stand close together: all of the last
//! day, then one an hour for thirty days, then one a day for ever.

use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};

use decide::Timestamp;

use super::checkpoint::{Checkpoint, decimal};
use super::fault::Fault;
use super::limits::{OUTSIDE_ALL_MILLIS, OUTSIDE_HOURLY_MILLIS};
use super::node::Nodes;
use super::note::Note;
use super::store::{Store, Tiles};
use super::vkey::Vkey;

/// The file that always holds the newest one.
const LATEST: &str = "latest";
const HOUR_MILLIS: i64 = 60 * 60 * 1_000;
const DAY_MILLIS: i64 = 24 * HOUR_MILLIS;

/// One outside place.
#[derive(Debug)]
pub struct Outside<S> {
    store: S,
    latest: Option<Vec<u8>>,
    newest: Option<String>,
    /// A number that no other writer has: several may keep their checkpoints in one place, on machines
    /// that number their processes alike.
    own: u64,
}

impl<S: Store> Outside<S> {
    /// A place to keep checkpoints in.
    pub fn new(store: S) -> Self {
        let own = RandomState::new().build_hasher().finish();
        Self { store, latest: None, newest: None, own }
    }

    /// Fails if the newest checkpoint kept here is ahead of the tree or contradicts it.
    pub(crate) fn admits<T: Tiles>(&self, nodes: &Nodes<T>, vkey: &Vkey) -> Result<(), Fault> {
        let names = self.store.names().map_err(Fault::io("outside checkpoints"))?;
        let sized = names.iter().rev().find(|name| *name != LATEST && is_checkpoint(name));
        for name in sized.map(String::as_str).into_iter().chain([LATEST]) {
            if let Some(kept) = self.open(name, vkey)? {
                contains(nodes, name, &kept)?;
            }
        }
        Ok(())
    }

    /// The same for `latest` alone, and at no cost if it still is what was written here last.
    pub(crate) fn unmoved<T: Tiles>(&self, nodes: &Nodes<T>, vkey: &Vkey) -> Result<(), Fault> {
        let bytes = self.store.tile(LATEST).map_err(Fault::io(LATEST))?;
        if bytes == self.latest {
            return Ok(());
        }
        match self.open(LATEST, vkey)? {
            Some(kept) => contains(nodes, LATEST, &kept),
            None => Ok(()),
        }
    }

    /// Keeps a signed checkpoint. The newest is durable after the next [`Outside::sync`]; one
    /// between may be lost to a power failure, which costs only how closely a rewrite is located.
    pub(crate) fn keep(&mut self, size: u64, note: &str) -> Result<(), Fault> {
        let fresh = format!("latest.{:016x}.new", self.own);
        self.store.put(&fresh, note.as_bytes()).map_err(Fault::io(&fresh))?;
        self.store.rename(&fresh, LATEST).map_err(Fault::io(LATEST))?;
        let name = format!("{size:012}");
        self.store.put_loose(&name, note.as_bytes()).map_err(Fault::io(&name))?;
        self.latest = Some(note.as_bytes().to_vec());
        self.newest = Some(name);
        Ok(())
    }

    pub(crate) fn sync(&mut self) -> Result<(), Fault> {
        if let (Some(name), Some(note)) = (&self.newest, &self.latest) {
            self.store.put(name, note).map_err(Fault::io(name))?;
        }
        self.store.sync().map_err(Fault::io("outside checkpoints"))
    }

    /// Removes what stands closer together than its age asks for; never the first, never the newest.
    pub(crate) fn thin(&mut self, now: Timestamp) -> Result<(), Fault> {
        let listed = self.store.times().map_err(Fault::io("outside checkpoints"))?;
        let sized =
            listed.into_iter().filter(|(it, _)| it != LATEST && is_checkpoint(it)).collect();
        for name in superfluous(sized, now) {
            self.store.remove(&name).map_err(Fault::io(&name))?;
        }
        Ok(())
    }

    /// A file that is cut off is what a crash left of a checkpoint that nobody was shown yet; it
    /// says nothing, as if it were not there. One that is whole must be signed.
    fn open(&self, name: &str, vkey: &Vkey) -> Result<Option<Checkpoint>, Fault> {
        let Some(bytes) = self.store.tile(name).map_err(Fault::io(name))? else {
            return Ok(None);
        };
        if Note::parse(name, &bytes).is_err() {
            return Ok(None);
        }
        Checkpoint::open(name, &bytes, vkey).map(Some)
    }
}

/// Fails unless the tree in `nodes` begins with the tree that `kept` was signed for.
pub(super) fn contains<T: Tiles>(
    nodes: &Nodes<T>,
    name: &str,
    kept: &Checkpoint,
) -> Result<(), Fault> {
    let outside = name.to_owned();
    if kept.size > nodes.size() {
        let (outside_size, size) = (kept.size, nodes.size());
        return Err(Fault::Truncated { outside, outside_size, size });
    }
    if nodes.root(kept.size)? == kept.root {
        return Ok(());
    }
    Err(Fault::Rewritten { outside, from: 0, to: kept.size })
}

/// Which of these need not be kept any longer. Of each stretch the largest stays.
fn superfluous(mut all: Vec<(String, Timestamp)>, now: Timestamp) -> Vec<String> {
    // Names have twelve digits and more: by length first, so that they stand by size.
    all.sort_by(|(a, _), (b, _)| (a.len(), a).cmp(&(b.len(), b)));
    let newest = all.pop();
    let first = (!all.is_empty()).then(|| all.remove(0));
    let mut taken: BTreeSet<_> = newest.iter().map(|(_, it)| stretch(*it, now)).collect();
    taken.extend(first.iter().map(|(_, it)| stretch(*it, now)));
    let old = |written: Timestamp| age(written, now) >= OUTSIDE_ALL_MILLIS;
    let older = all.into_iter().rev().filter(|(_, written)| old(*written));
    older
        .filter(|(_, written)| !taken.insert(stretch(*written, now)))
        .map(|(name, _)| name)
        .collect()
}

fn age(written: Timestamp, now: Timestamp) -> i64 {
    now.millis().saturating_sub(written.millis())
}

/// The stretch of time of which one is kept: its length, and which of that length it is.
fn stretch(written: Timestamp, now: Timestamp) -> (i64, i64) {
    let length = if age(written, now) < OUTSIDE_HOURLY_MILLIS { HOUR_MILLIS } else { DAY_MILLIS };
    (length, written.millis().div_euclid(length))
}

/// Whether a file of an outside place is one of its checkpoints.
pub(super) fn is_checkpoint(name: &str) -> bool {
    let digits = name.trim_start_matches('0');
    name == LATEST || (name.len() >= 12 && (digits.is_empty() || decimal(digits).is_some()))
}

#[cfg(test)]
mod tests;
