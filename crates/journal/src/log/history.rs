//! The whole tree recomputed from its entries, and one checkpoint held against another.

use std::collections::{BTreeMap, BTreeSet};

use super::checkpoint::Checkpoint;
use super::fault::Fault;
use super::hash::Hash;
use super::node::Nodes;
use super::outside::contains;
use super::proof::{consistency, verify_consistency};
use super::store::Tiles;
use super::tile::{Level, TilePath, decode_bundle};
use super::tree::{Tree, Write, read};

/// Recomputes every hash from the entries, and compares each tile and the signed root.
pub fn verify_tree(tiles: &impl Tiles, checkpoint: &Checkpoint) -> Result<(), Fault> {
    let roots = recompute(tiles, checkpoint.size, &BTreeSet::from([checkpoint.size]))?;
    signed_root(&roots, "checkpoint", checkpoint)
}

/// Shows that the tree of `new`, as it stands in `tiles`, begins with the tree of `old`.
///
/// `old` is a checkpoint that was kept elsewhere. A tail that was cut off, or rewritten and signed
/// again, fails here however valid the newer signature is.
pub fn verify_extends(old: &Checkpoint, new: &Checkpoint, tiles: &impl Tiles) -> Result<(), Fault> {
    let nodes = Nodes::new(tiles, new.size);
    let computed = nodes.root(new.size)?;
    signed_root(&BTreeMap::from([(new.size, computed)]), "checkpoint", new)?;
    if old.size > new.size {
        return contains(&nodes, "older checkpoint", old);
    }
    let path = consistency(&nodes, old.size, new.size)?;
    verify_consistency((old.size, &old.root), (new.size, &new.root), &path).map_err(|_| {
        Fault::Rewritten { outside: "older checkpoint".to_owned(), from: 0, to: old.size }
    })
}

/// Fails unless the root computed at the checkpoint's size is the one it was signed for.
pub(super) fn signed_root(
    roots: &BTreeMap<u64, Hash>,
    what: &str,
    checkpoint: &Checkpoint,
) -> Result<(), Fault> {
    let computed = roots.get(&checkpoint.size).copied().unwrap_or_else(Hash::empty);
    if computed == checkpoint.root {
        return Ok(());
    }
    let (size, signed) = (checkpoint.size, checkpoint.root);
    Err(Fault::Root { what: what.to_owned(), size, computed, signed })
}

/// Goes over every entry once, and gives the root at each size in `stops`.
pub(super) fn recompute(
    tiles: &impl Tiles,
    size: u64,
    stops: &BTreeSet<u64>,
) -> Result<BTreeMap<u64, Hash>, Fault> {
    let mut tree = Tree::new();
    let mut roots = BTreeMap::new();
    if stops.contains(&0) {
        roots.insert(0, tree.root());
    }
    let mut writes = Vec::new();
    let mut number = 0_u64;
    while let Some(path) = TilePath::in_tree(Level::Entries, number, size) {
        for entry in bundle(tiles, path)? {
            tree.push(&entry, &mut writes);
            if stops.contains(&tree.size()) {
                roots.insert(tree.size(), tree.root());
            }
        }
        for write in writes.drain(..) {
            compare(tiles, &write)?;
        }
        number = number.saturating_add(1);
    }
    for write in tree.edge() {
        compare(tiles, &write)?;
    }
    Ok(roots)
}

/// A bundle's entries, each held against its leaf.
fn bundle(tiles: &impl Tiles, path: TilePath) -> Result<Vec<Hash>, Fault> {
    let entries = decode_bundle(path, &read(tiles, path)?)?;
    let leaves = TilePath { level: Level::Hashes(0), ..path };
    let stored = read(tiles, leaves)?;
    let first = path.index.saturating_mul(256);
    for (index, (entry, leaf)) in (first..).zip(entries.iter().zip(Hash::chunks(&stored))) {
        if Hash::leaf(entry) != leaf {
            let (bundle, tile) = (path.to_string(), leaves.to_string());
            return Err(Fault::Entry { index, bundle, tile });
        }
    }
    Ok(entries)
}

/// Holds a computed tile against the stored one, and says which hash differs.
fn compare(tiles: &impl Tiles, write: &Write) -> Result<(), Fault> {
    let Level::Hashes(level) = write.path.level else {
        return Ok(());
    };
    let stored = read(tiles, write.path)?;
    let mut pairs = Hash::chunks(&write.bytes).zip(Hash::chunks(&stored));
    let Some(position) = pairs.position(|(computed, stored)| computed != stored) else {
        return Ok(());
    };
    let each = 1_u64.checked_shl(u32::from(level).saturating_mul(8)).unwrap_or(u64::MAX);
    let at = write.path.index.saturating_mul(256);
    let first = at.saturating_add(u64::try_from(position).unwrap_or(0)).saturating_mul(each);
    Err(Fault::Tile { tile: write.path.to_string(), position, first })
}
