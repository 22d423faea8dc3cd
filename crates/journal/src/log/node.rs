//! The hash of any range of the tree, from its tiles.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::fault::Fault;
use super::hash::Hash;
use super::store::Tiles;
use super::tile::{Level, TilePath};
use super::tree::{perfect, read};

/// Reads hashes of a tree of a given size, each tile once.
#[derive(Debug)]
pub struct Nodes<T> {
    tiles: T,
    size: u64,
    seen: RefCell<BTreeMap<TilePath, Vec<Hash>>>,
}

impl<T: Tiles> Nodes<T> {
    /// The tree of `size` entries that stands in `tiles`.
    pub fn new(tiles: T, size: u64) -> Self {
        Self { tiles, size, seen: RefCell::new(BTreeMap::new()) }
    }

    /// Entries in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The root of the first `size` entries.
    pub fn root(&self, size: u64) -> Result<Hash, Fault> {
        if size == 0 { Ok(Hash::empty()) } else { self.range(0, size) }
    }

    /// The RFC 6962 hash of the entries from `from` up to `to`, where `from` is a multiple of the
    /// largest power of two in their number, as every range of that recursion is.
    pub fn range(&self, from: u64, to: u64) -> Result<Hash, Fault> {
        let mut parts = Vec::new();
        let mut at = from;
        while let Some(height) = to.saturating_sub(at).checked_ilog2() {
            parts.push(self.subtree(height, at)?);
            at = at.saturating_add(1_u64.checked_shl(height).unwrap_or(u64::MAX));
        }
        let mut parts = parts.into_iter().rev();
        let last = parts.next().unwrap_or_else(Hash::empty);
        Ok(parts.fold(last, |right, left| Hash::node(&left, &right)))
    }

    /// The root of the perfect subtree of `2^height` entries that begins at `first`.
    fn subtree(&self, height: u32, first: u64) -> Result<Hash, Fault> {
        let level = height >> 3;
        let width = 1_usize.checked_shl(height & 7).unwrap_or(1);
        let at = first.checked_shr(level.saturating_mul(8)).unwrap_or(0);
        let missing = || Fault::NoEntry { index: first, size: self.size };
        let level = Level::Hashes(u8::try_from(level).map_err(|_| missing())?);
        let path = TilePath::in_tree(level, at >> 8, self.size).ok_or_else(missing)?;
        let offset = usize::try_from(at & 255).unwrap_or(0);
        let mut seen = self.seen.borrow_mut();
        let tile = match seen.entry(path) {
            Entry::Occupied(seen) => seen.into_mut(),
            Entry::Vacant(new) => new.insert(Hash::chunks(&read(&self.tiles, path)?).collect()),
        };
        tile.get(offset..offset.saturating_add(width)).and_then(perfect).ok_or_else(missing)
    }
}
