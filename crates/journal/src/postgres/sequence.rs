//! Brings waiting entries of every region into the one log. One node does it at a time, by a lease;
//! and because the head moves only from the size that was read, a node that was held up and believes
//! that the lease is still its own appends nothing.
//!
//! An entry is in the log first and its record knows of it after. What a crash leaves between the two
//! is found again by whoever comes next: the head says how far records know their places.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};

use deadpool_postgres::Object;
use decide::{RegionCode, Timestamp};

use super::lease::{self, Holder};
use super::pool::Pool;
use super::run;
use super::tiles::{self, Fetched, Head, Stored};
use super::told::{people, told};
use crate::backup::Ship;
use crate::backup::changes::Told;
use crate::fault::{Fault, OpenFault};
use crate::held;
use crate::limit::{SEQUENCE_MAX, THIN_EVERY_MILLIS};
use crate::log::{
    Checkpoint, Folder, Hash, Level, Nodes, Outside, Signer, TilePath, Tiles as _, Tree,
    decode_bundle,
};
use crate::record::{self, Queue, Unplaced};

/// What the lease is for.
const SEQUENCER: &str = "sequencer";

/// The log as one node sees it.
pub(super) struct Log {
    signer: Signer,
    holder: Holder,
    outside: Arc<Mutex<Vec<Outside<Folder>>>>,
    /// The edge of the tree as this node last left it.
    tree: tokio::sync::Mutex<Tree>,
    /// When old checkpoints outside were last looked through.
    thinned: AtomicI64,
    /// Where changes are written down before the log speaks of them.
    pub(super) ship: OnceLock<Arc<dyn Ship>>,
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Log({})", self.signer.vkey().name())
    }
}

/// A region and which of its queues.
type Source<'a> = (RegionCode, &'a Pool, Queue);

impl Log {
    /// Finds the log, or begins one by signing the empty tree. One that contradicts a checkpoint kept
    /// outside is refused.
    pub(super) async fn open(
        kept: &Pool,
        outside: &[PathBuf],
        signer: Signer,
        (id, millis): ([u8; 16], u32),
    ) -> Result<Self, OpenFault> {
        let reach = |fault: Fault| OpenFault::Reach { why: fault.to_string() };
        let mut places = Vec::new();
        for path in outside {
            let place = Folder::create(path)
                .map_err(|error| OpenFault::Io { path: path.clone(), error })?;
            places.push(Outside::new(place));
        }
        let client = kept.client().await.map_err(reach)?;
        let empty = signed(&Tree::new(), &signer).map_err(reach)?;
        tiles::begin(&client, &empty).await.map_err(reach)?;
        let head = head(&client).await.map_err(reach)?;
        let checkpoint = Checkpoint::open("checkpoint", head.note.as_bytes(), signer.vkey())?;
        let tree = load(&client, &checkpoint).await.map_err(reach)?;
        let vkey = signer.vkey().clone();
        let log = Self {
            signer,
            holder: Holder { id, millis },
            outside: Arc::new(Mutex::new(places)),
            tree: tokio::sync::Mutex::new(tree),
            thinned: AtomicI64::new(i64::MIN),
            ship: OnceLock::new(),
        };
        log.beside(kept, head.size, move |nodes, places| {
            places.iter().try_for_each(|it| it.admits(nodes, &vkey))
        })
        .await?;
        Ok(log)
    }

    /// Brings in what waits now; nothing while another node holds the lease. What other nodes record in
    /// the meantime waits for the next step, or this would not end while they are busy.
    pub(super) async fn sequence(
        &self,
        kept: &Pool,
        regions: &BTreeMap<RegionCode, Pool>,
    ) -> Result<u64, Fault> {
        let client = kept.client().await?;
        let mut brought = 0_u64;
        loop {
            let Some(fence) = lease::take(&client, SEQUENCER, self.holder).await? else {
                return Ok(brought);
            };
            let head = head(&client).await?;
            if head.marked < head.size {
                self.catch_up(&client, regions, &head).await?;
            }
            let mut leaves = Vec::new();
            let mut parts = Vec::new();
            for source in sources(regions) {
                let room = SEQUENCE_MAX.saturating_sub(leaves.len());
                let found = waiting(&source, None, room).await?;
                leaves.extend(found.iter().map(|it| it.leaf));
                parts.push((source, found));
            }
            if leaves.is_empty() {
                return Ok(brought);
            }
            let told = self.told(&client, &parts).await?;
            let step = (leaves.as_slice(), told);
            match self.append(kept, client_of(kept).await?, (&head, fence), step).await {
                Ok(()) => {}
                // Somebody else was quicker: what waits is read again.
                Err(Fault::Conflict) => continue,
                Err(fault) => return Err(fault),
            }
            let mut index = head.size;
            for ((region, pool, queue), found) in parts {
                let count = u64::try_from(found.len()).unwrap_or(u64::MAX);
                let placed = found.into_iter().zip(index..).collect();
                place((region, pool, queue), placed).await?;
                index = index.saturating_add(count);
            }
            run::one(&client, &tiles::marked(index)).await?;
            brought = brought.saturating_add(index.saturating_sub(head.size));
            if leaves.len() < SEQUENCE_MAX {
                return Ok(brought);
            }
        }
    }

    /// Removes outside checkpoints that nobody needs any longer, now and then.
    pub(super) async fn thin(&self, now: Timestamp) -> Result<(), Fault> {
        let last = self.thinned.load(Ordering::Relaxed);
        if now.millis().saturating_sub(last) < THIN_EVERY_MILLIS {
            return Ok(());
        }
        self.thinned.store(now.millis(), Ordering::Relaxed);
        let outside = Arc::clone(&self.outside);
        let thinned = tokio::task::spawn_blocking(move || {
            held(&outside).iter_mut().try_for_each(|it| it.thin(now))
        });
        if let Err(fault) = thinned.await.map_err(Fault::broken)? {
            // A place from which nothing can be removed is a good one: the log goes on.
            tracing::warn!(%fault, "old checkpoints outside stay");
        }
        Ok(())
    }

    /// Lets another node take the lease at once.
    pub(super) async fn release(&self, kept: &Pool) -> Result<(), Fault> {
        lease::release(&kept.client().await?, SEQUENCER, self.holder).await
    }

    /// Appends and signs; visible and durable together, or not at all.
    async fn append(
        &self,
        kept: &Pool,
        client: Object,
        (head, fence): (&Head, i64),
        (leaves, told): (&[Hash], Option<Told>),
    ) -> Result<(), Fault> {
        let mut known = self.tree.lock().await;
        let mut tree = if known.size() == head.size {
            known.clone()
        } else {
            let vkey = self.signer.vkey();
            let checkpoint = Checkpoint::open("checkpoint", head.note.as_bytes(), vkey);
            load(&client, &checkpoint.map_err(Fault::broken)?).await?
        };
        let vkey = self.signer.vkey().clone();
        let outside = self.beside(kept, head.size, move |nodes, places| {
            places.iter().try_for_each(|it| it.unmoved(nodes, &vkey))
        });
        if let Err(fault) = outside.await {
            // What is kept outside may be ahead of what was read, but never of what stands now.
            let moved = self::head(&client).await?.size != head.size;
            return Err(if moved { Fault::Conflict } else { Fault::broken(fault) });
        }
        let checkpoint = |it: &Tree| {
            let origin = self.signer.vkey().name().to_owned();
            Checkpoint { origin, size: it.size(), root: it.root() }
        };
        let base = checkpoint(&tree);
        let writes = tree.append(leaves);
        if let Some(told) = told {
            let (to, leaves) = (checkpoint(&tree), leaves.to_vec());
            // It waits for a disk, or for a network behind one.
            let told = tokio::task::spawn_blocking(move || told.ship(base, to, &leaves));
            told.await.map_err(Fault::broken)??;
        }
        let note = signed(&tree, &self.signer)?;
        let size = tree.size();
        let statements = tiles::publish((head.size, size), fence, &note, writes);
        run::transaction(client, statements).await?;
        *known = tree;
        let kept_outside = self.beside(kept, size, move |_, places| {
            places.iter_mut().try_for_each(|it| it.keep(size, &note).and_then(|()| it.sync()))
        });
        kept_outside.await.map_err(Fault::broken)
    }

    /// What goes out with a step, where that is asked for.
    async fn told(
        &self,
        kept: &Object,
        parts: &[(Source<'_>, Vec<Unplaced>)],
    ) -> Result<Option<Told>, Fault> {
        let Some(ship) = self.ship.get() else { return Ok(None) };
        let mut regions = BTreeMap::new();
        for ((region, pool, _), found) in parts {
            let people = people(*region, found);
            if !people.is_empty() {
                regions.insert(*region, (pool.client().await?, people));
            }
        }
        told(ship, kept, regions).await.map(Some)
    }

    /// Does something with the places outside, on a thread that may wait.
    async fn beside(
        &self,
        kept: &Pool,
        size: u64,
        work: impl FnOnce(&Nodes<Stored>, &mut Vec<Outside<Folder>>) -> Result<(), crate::log::Fault>
        + Send
        + 'static,
    ) -> Result<(), crate::log::Fault> {
        let (outside, tiles) = (Arc::clone(&self.outside), Stored::new(kept));
        let done = tokio::task::spawn_blocking(move || {
            work(&Nodes::new(tiles, size), &mut held(&outside))
        });
        done.await.map_err(|_| crate::log::Fault::Stopped)?
    }

    /// After a crash: entries that are in the log, and whose records do not know it.
    async fn catch_up(
        &self,
        client: &Object,
        regions: &BTreeMap<RegionCode, Pool>,
        head: &Head,
    ) -> Result<(), Fault> {
        let mut tail = tail(client, head).await?;
        for source in sources(regions) {
            let mut after = None;
            while !tail.is_empty() {
                let found = waiting(&source, after, SEQUENCE_MAX).await?;
                let Some(last) = found.last() else { break };
                after = Some(last.record);
                let placed: Vec<_> = found
                    .into_iter()
                    .filter_map(|it| tail.remove(&it.leaf).map(|index| (it, index)))
                    .collect();
                place(source, placed).await?;
            }
        }
        run::one(client, &tiles::marked(head.size)).await.map(drop)
    }
}

async fn client_of(pool: &Pool) -> Result<Object, Fault> {
    pool.client().await
}

/// Every queue of every region.
fn sources(regions: &BTreeMap<RegionCode, Pool>) -> impl Iterator<Item = Source<'_>> {
    regions.iter().flat_map(|(region, pool)| Queue::ALL.map(|queue| (*region, pool, queue)))
}

/// What waits in a queue, oldest first, from after a record.
async fn waiting(
    (_, pool, queue): &Source<'_>,
    after: Option<[u8; 16]>,
    room: usize,
) -> Result<Vec<Unplaced>, Fault> {
    if room == 0 {
        return Ok(Vec::new());
    }
    let client = pool.client().await?;
    run::query(&client, &record::unplaced(*queue, after, room)).await
}

/// Tells records where their entries stand. Told twice, it is the same.
async fn place((_, pool, queue): Source<'_>, placed: Vec<(Unplaced, u64)>) -> Result<(), Fault> {
    if placed.is_empty() {
        return Ok(());
    }
    let client = pool.client().await?;
    let owners: Vec<&[u8]> = placed.iter().map(|(it, _)| it.owner.as_slice()).collect();
    let records: Vec<&[u8]> = placed.iter().map(|(it, _)| it.record.as_slice()).collect();
    let indexes: Vec<i64> = placed.iter().map(|(_, index)| index.cast_signed()).collect();
    let prepared = client.prepare_cached(record::place(queue)).await?;
    client.execute(&prepared, &[&owners, &records, &indexes]).await?;
    Ok(())
}

async fn head(client: &Object) -> Result<Head, Fault> {
    tiles::head(client).await?.ok_or_else(|| Fault::broken("the log has no head"))
}

fn signed(tree: &Tree, signer: &Signer) -> Result<String, Fault> {
    let origin = signer.vkey().name().to_owned();
    let checkpoint = Checkpoint { origin, size: tree.size(), root: tree.root() };
    Ok(checkpoint.sign(signer).map_err(Fault::broken)?.to_string())
}

/// The edge of the tree that a checkpoint was signed for.
async fn load(client: &Object, checkpoint: &Checkpoint) -> Result<Tree, Fault> {
    let paths = Tree::edge_paths(checkpoint.size).map(|it| it.to_string()).collect();
    let fetched = Fetched::of(client, paths).await?;
    let tree = Tree::load(&fetched, checkpoint.size).map_err(Fault::broken)?;
    if tree.root() == checkpoint.root {
        Ok(tree)
    } else {
        Err(Fault::broken("the tiles of the log are not those that its checkpoint was signed for"))
    }
}

/// Entries past what is marked, with their places.
async fn tail(client: &Object, head: &Head) -> Result<BTreeMap<Hash, u64>, Fault> {
    let mut tail = BTreeMap::new();
    let mut bundle = head.marked >> 8;
    while let Some(path) = TilePath::in_tree(Level::Entries, bundle, head.size) {
        let name = path.to_string();
        let fetched = Fetched::of(client, vec![name.clone()]).await?;
        let bytes = fetched.tile(&name).map_err(Fault::broken)?;
        let bytes = bytes.ok_or_else(|| Fault::broken("a bundle of the log is missing"))?;
        let entries = decode_bundle(path, &bytes).map_err(Fault::broken)?;
        let placed = entries.into_iter().zip(bundle << 8..);
        tail.extend(placed.filter(|(_, index)| *index >= head.marked));
        bundle = bundle.saturating_add(1);
    }
    Ok(tail)
}
