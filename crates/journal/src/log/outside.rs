//! Checkpoints kept outside the data folder: what a rewritten or shortened log is caught against.
//!
//! One file for each size (`000000000123`) and `latest`. Whoever rewrites the data folder must
//! reach this place too; an auditor may copy it anywhere.

use super::checkpoint::{Checkpoint, decimal};
use super::fault::Fault;
use super::node::Nodes;
use super::note::Note;
use super::store::{Store, Tiles};
use super::vkey::Vkey;

/// The file that always holds the newest one.
const LATEST: &str = "latest";

/// One outside place.
#[derive(Debug)]
pub struct Outside<S> {
    store: S,
    latest: Option<Vec<u8>>,
    newest: Option<String>,
}

impl<S: Store> Outside<S> {
    /// A place to keep checkpoints in.
    pub fn new(store: S) -> Self {
        Self { store, latest: None, newest: None }
    }

    /// Every checkpoint at hand with the name of its file, smallest first.
    pub fn all(&self, vkey: &Vkey) -> Result<Vec<(String, Checkpoint)>, Fault> {
        let mut all = Vec::new();
        for name in self.store.names().map_err(Fault::io("outside checkpoints"))? {
            if is_checkpoint(&name) {
                all.extend(self.open(&name, vkey)?.map(|checkpoint| (name, checkpoint)));
            }
        }
        all.sort_by_key(|(_, checkpoint)| checkpoint.size);
        Ok(all)
    }

    /// Fails if the newest checkpoint kept here is ahead of the tree or contradicts it.
    pub(super) fn admits<T: Tiles>(&self, nodes: &Nodes<T>, vkey: &Vkey) -> Result<(), Fault> {
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
    pub(super) fn unmoved<T: Tiles>(&self, nodes: &Nodes<T>, vkey: &Vkey) -> Result<(), Fault> {
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
    pub(super) fn keep(&mut self, size: u64, note: &str) -> Result<(), Fault> {
        let fresh = "latest.new";
        self.store.put(fresh, note.as_bytes()).map_err(Fault::io(fresh))?;
        self.store.rename(fresh, LATEST).map_err(Fault::io(LATEST))?;
        let name = format!("{size:012}");
        self.store.put_loose(&name, note.as_bytes()).map_err(Fault::io(&name))?;
        self.latest = Some(note.as_bytes().to_vec());
        self.newest = Some(name);
        Ok(())
    }

    pub(super) fn sync(&mut self) -> Result<(), Fault> {
        if let (Some(name), Some(note)) = (&self.newest, &self.latest) {
            self.store.put(name, note).map_err(Fault::io(name))?;
        }
        self.store.sync().map_err(Fault::io("outside checkpoints"))
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

fn is_checkpoint(name: &str) -> bool {
    let digits = name.trim_start_matches('0');
    name == LATEST || (name.len() >= 12 && (digits.is_empty() || decimal(digits).is_some()))
}
