//! The only writer of the log: brings entries into the tree and signs what it then is.
//!
//! The order of a publish, and what a crash after each step leaves:
//! 1. entries and signed checkpoint are appended to `pending`, one `fdatasync`: from here the
//!    publish is durable, and opening the log again completes it;
//! 2. tiles and bundles are written in place: readers look at none that no checkpoint names;
//! 3. `checkpoint` is renamed into place: the publish is visible;
//! 4. the checkpoint is copied to each outside place.
//!
//! Now and then ([`Sequencer::settle`]) all of that is made durable, partial tiles that became
//! full are removed, and `pending` begins anew. What stands beyond the newest signed checkpoint
//! is never read and is written over.

use decide::Timestamp;

use super::checkpoint::Checkpoint;
use super::fault::Fault;
use super::hash::Hash;
use super::limits::{MAX_BATCH, SETTLE_BYTES, SETTLE_PUBLISHES};
use super::node::Nodes;
use super::outside::{Outside, contains};
use super::pending::{self, PENDING};
use super::store::{Store, Tiles};
use super::tile::{Level, TilePath, decode_bundle};
use super::tree::{Tree, Write, read};
use super::vkey::{Signer, Vkey};

/// Where the newest checkpoint is served from.
/// Where the checkpoint is served.
pub const CHECKPOINT: &str = "checkpoint";

/// What a publish came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Published {
    /// The checkpoint in force.
    pub checkpoint: Checkpoint,
    /// How many of the given entries were not in the log before.
    pub added: usize,
}

/// The writer of one log. One at a time: the caller holds the lease or the lock.
#[derive(Debug)]
pub struct Sequencer<S> {
    store: S,
    outside: Vec<Outside<S>>,
    signer: Signer,
    tree: Tree,
    note: String,
    publishes: u32,
    bytes: u64,
    filled: Vec<TilePath>,
    stopped: bool,
}

impl<S: Store> Sequencer<S> {
    /// Opens a log, completing what a crash interrupted, or begins one by signing the empty tree.
    ///
    /// Refuses when a stored or outside checkpoint is ahead of the folder or contradicts it: such
    /// a log was shortened or rewritten, and signing on would hide it.
    pub fn open(store: S, outside: Vec<S>, signer: Signer) -> Result<Self, Fault> {
        let outside = outside.into_iter().map(Outside::new).collect();
        let mut log = Self {
            store,
            outside,
            signer,
            tree: Tree::new(),
            note: String::new(),
            publishes: 0,
            bytes: 0,
            filled: Vec::new(),
            stopped: false,
        };
        log.recover()?;
        let nodes = Nodes::new(&log.store, log.tree.size());
        for place in &log.outside {
            place.admits(&nodes, log.signer.vkey())?;
        }
        log.note = log.checkpoint().sign(&log.signer)?.to_string();
        log.publish()?;
        log.settle()?;
        Ok(log)
    }

    /// Entries in the log.
    pub fn size(&self) -> u64 {
        self.tree.size()
    }

    /// The checkpoint in force.
    pub fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            origin: self.signer.vkey().name().to_owned(),
            size: self.tree.size(),
            root: self.tree.root(),
        }
    }

    /// The key that auditors verify with.
    pub fn vkey(&self) -> &Vkey {
        self.signer.vkey()
    }

    /// What the log is, and what it would be with these entries behind it.
    pub fn ahead(&self, entries: &[Hash]) -> (Checkpoint, Checkpoint) {
        let base = self.checkpoint();
        let mut tree = self.tree.clone();
        drop(tree.append(entries));
        let origin = base.origin.clone();
        (base, Checkpoint { origin, size: tree.size(), root: tree.root() })
    }

    /// Appends entries whose first has index `first`, signs and publishes; durable on return.
    ///
    /// A caller that does not know whether its last call was completed sends the same again:
    /// entries that are in the log already are compared and not added twice.
    pub fn append(&mut self, first: u64, entries: &[Hash]) -> Result<Published, Fault> {
        let size = self.tree.size();
        if self.stopped {
            return Err(Fault::Stopped);
        }
        if entries.len() > MAX_BATCH {
            return Err(Fault::Batch { given: entries.len(), most: MAX_BATCH });
        }
        let Some(known) = size.checked_sub(first) else {
            return Err(Fault::Gap { first, size });
        };
        let known = usize::try_from(known).unwrap_or(usize::MAX).min(entries.len());
        let (old, new) = entries.split_at(known);
        self.compare(first, old)?;
        if !new.is_empty() {
            for place in &self.outside {
                place.unmoved(&Nodes::new(&self.store, size), self.signer.vkey())?;
            }
            self.stopped = true;
            self.extend(new)?;
            self.stopped = false;
        }
        Ok(Published { checkpoint: self.checkpoint(), added: new.len() })
    }

    /// Makes everything durable in its place and begins `pending` anew. Called by itself every
    /// few hundred publishes; call it when there is nothing else to do, and before stopping.
    pub fn settle(&mut self) -> Result<(), Fault> {
        for full in std::mem::take(&mut self.filled) {
            let folder = full.partials();
            self.store.prune(&folder).map_err(Fault::io(folder))?;
        }
        self.sync()?;
        for place in &mut self.outside {
            place.sync()?;
        }
        let fresh = "pending.new";
        let bytes = pending::begin(&self.tree, &self.note);
        self.store.put(fresh, &bytes).map_err(Fault::io(fresh))?;
        self.sync()?;
        self.store.rename(fresh, PENDING).map_err(Fault::io(PENDING))?;
        self.sync()?;
        self.publishes = 0;
        self.bytes = 0;
        Ok(())
    }

    /// Removes outside checkpoints that stand closer together than their age asks for.
    pub fn thin(&mut self, now: Timestamp) -> Result<(), Fault> {
        self.outside.iter_mut().try_for_each(|it| it.thin(now))
    }

    /// Entries that are said again must say the same.
    fn compare(&self, first: u64, entries: &[Hash]) -> Result<(), Fault> {
        let size = self.tree.size();
        let mut bundle: Option<(u64, Vec<Hash>)> = None;
        for (index, entry) in (first..).zip(entries) {
            let number = index >> 8;
            if bundle.as_ref().is_none_or(|(at, _)| *at != number) {
                let path = TilePath::in_tree(Level::Entries, number, size)
                    .ok_or(Fault::NoEntry { index, size })?;
                bundle = Some((number, decode_bundle(path, &read(&self.store, path)?)?));
            }
            let offset = usize::try_from(index & 255).unwrap_or(usize::MAX);
            let stored = bundle.as_ref().and_then(|(_, entries)| entries.get(offset));
            if stored != Some(entry) {
                return Err(Fault::Differs { index });
            }
        }
        Ok(())
    }

    fn extend(&mut self, entries: &[Hash]) -> Result<(), Fault> {
        let writes = self.tree.append(entries);
        self.note = self.checkpoint().sign(&self.signer)?.to_string();
        let frame = pending::frame(entries, &self.note);
        self.store.append(PENDING, &frame).map_err(Fault::io(PENDING))?;
        self.write(writes)?;
        self.publish()?;
        self.publishes = self.publishes.saturating_add(1);
        self.bytes = self.bytes.saturating_add(u64::try_from(frame.len()).unwrap_or(u64::MAX));
        if self.publishes >= SETTLE_PUBLISHES || self.bytes >= SETTLE_BYTES {
            self.settle()?;
        }
        Ok(())
    }

    fn write(&mut self, writes: Vec<Write>) -> Result<(), Fault> {
        for Write { path, bytes } in writes {
            let name = path.to_string();
            self.store.put(&name, &bytes).map_err(Fault::io(name))?;
            if !path.is_partial() {
                self.filled.push(path);
            }
        }
        Ok(())
    }

    fn publish(&mut self) -> Result<(), Fault> {
        let fresh = "checkpoint.new";
        self.store.put(fresh, self.note.as_bytes()).map_err(Fault::io(fresh))?;
        self.store.rename(fresh, CHECKPOINT).map_err(Fault::io(CHECKPOINT))?;
        for place in &mut self.outside {
            place.keep(self.tree.size(), &self.note)?;
        }
        Ok(())
    }

    fn sync(&mut self) -> Result<(), Fault> {
        self.store.sync().map_err(Fault::io("log"))
    }

    /// The tree as the last durable publish left it, and its tiles written again.
    fn recover(&mut self) -> Result<(), Fault> {
        let stored = self.store.tile(CHECKPOINT).map_err(Fault::io(CHECKPOINT))?;
        let Some(bytes) = self.store.tile(PENDING).map_err(Fault::io(PENDING))? else {
            if let Some(bytes) = stored {
                let checkpoint = Checkpoint::open(CHECKPOINT, &bytes, self.signer.vkey())?;
                self.tree = load(&self.store, &checkpoint)?;
            }
            return Ok(());
        };
        self.replay(&bytes)?;
        // A power failure may leave this file torn; `pending` has its text. If it is whole, it
        // must not know more than `pending` does.
        let kept = stored.and_then(|b| Checkpoint::open(CHECKPOINT, &b, self.signer.vkey()).ok());
        match kept {
            Some(kept) => contains(&Nodes::new(&self.store, self.tree.size()), CHECKPOINT, &kept),
            None => Ok(()),
        }
    }

    fn replay(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let (pending, _torn) = pending::parse(bytes)?;
        let base = Checkpoint::open(PENDING, &pending.base, self.signer.vkey())?;
        self.tree = load(&pending.edge, &base)?;
        // The edge stands in `pending` too: restore it, in case its files were removed too early.
        let edge = self.tree.edge();
        self.write(edge)?;
        for frame in pending.frames {
            let writes = self.tree.append(&frame.entries);
            self.write(writes)?;
            let signed = Checkpoint::open(PENDING, &frame.note, self.signer.vkey())?;
            matches_root(PENDING, &self.tree, &signed)?;
        }
        Ok(())
    }
}

fn load(tiles: &impl Tiles, checkpoint: &Checkpoint) -> Result<Tree, Fault> {
    let tree = Tree::load(tiles, checkpoint.size)?;
    matches_root(CHECKPOINT, &tree, checkpoint)?;
    Ok(tree)
}

fn matches_root(what: &str, tree: &Tree, signed: &Checkpoint) -> Result<(), Fault> {
    let (size, computed) = (tree.size(), tree.root());
    if signed.size == size && signed.root == computed {
        return Ok(());
    }
    Err(Fault::Root { what: what.to_owned(), size, computed, signed: signed.root })
}
