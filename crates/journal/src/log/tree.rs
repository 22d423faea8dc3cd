//! The growing edge of the tree: takes entries, gives tiles to write and the root.
//!
//! One pass, about two hashes an entry. In memory stand only the roots of the perfect subtrees
//! on the right edge and the tiles that are not full yet: at most 8 kB a level.

use super::fault::Fault;
use super::hash::Hash;
use super::limits::{HASH_BYTES, TILE_BYTES, TILE_WIDTH};
use super::store::Tiles;
use super::tile::{Level, TilePath, decode_bundle, push_entry};

/// A file that an append makes: a tile or an entry bundle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Write {
    /// Where it goes.
    pub path: TilePath,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The tile of one level that is not full yet.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Edge {
    bytes: Vec<u8>,
    changed: bool,
}

/// The right edge of the tree.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tree {
    size: u64,
    // Roots of perfect subtrees, largest first: one for each bit set in `size`.
    peaks: Vec<Hash>,
    entries: Edge,
    levels: Vec<Edge>,
}

impl Tree {
    /// An empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Entries in the tree.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The RFC 6962 root.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else {
            return Hash::empty();
        };
        peaks.fold(*last, |right, left| Hash::node(left, &right))
    }

    /// Adds entries and gives every tile and bundle that came to be or grew, bottom level first.
    pub fn append(&mut self, entries: &[Hash]) -> Vec<Write> {
        let mut writes = Vec::with_capacity(8);
        for entry in entries {
            self.push(entry, &mut writes);
        }
        self.partials(&mut writes);
        writes
    }

    /// Adds one entry; only tiles that became full are written.
    pub(super) fn push(&mut self, entry: &Hash, writes: &mut Vec<Write>) {
        push_entry(&mut self.entries.bytes, entry);
        self.entries.changed = true;
        if self.entries.bytes.len() >= TILE_WIDTH * (HASH_BYTES + 2) {
            let path = full(Level::Entries, self.size >> 8);
            writes.push(Write { path, bytes: self.entries.take() });
        }
        let mut hash = Hash::leaf(entry);
        self.put(0, &hash, writes);
        // Adding one to a binary number: each carry joins two perfect subtrees of equal height.
        for height in 1..=self.size.trailing_ones() {
            let Some(left) = self.peaks.pop() else { break };
            hash = Hash::node(&left, &hash);
            if height % 8 == 0 {
                self.put(height >> 3, &hash, writes);
            }
        }
        self.peaks.push(hash);
        self.size = self.size.saturating_add(1);
    }

    /// Adds a hash to the edge of a level; a full tile leaves it.
    fn put(&mut self, level: u32, hash: &Hash, writes: &mut Vec<Write>) {
        let Ok(number) = u8::try_from(level) else { return };
        let at = usize::from(number);
        if self.levels.len() <= at {
            self.levels.resize_with(at.saturating_add(1), Edge::default);
        }
        let Some(edge) = self.levels.get_mut(at) else { return };
        edge.bytes.extend_from_slice(&hash.0);
        edge.changed = true;
        if edge.bytes.len() >= TILE_BYTES {
            let shift = level.saturating_add(1).saturating_mul(8);
            let path = full(Level::Hashes(number), self.size.checked_shr(shift).unwrap_or(0));
            writes.push(Write { path, bytes: edge.take() });
        }
    }

    /// The partial tiles that changed since they were last given out.
    fn partials(&mut self, writes: &mut Vec<Write>) {
        let hashes = (0_u8..).map(Level::Hashes).zip(&mut self.levels);
        for (level, edge) in std::iter::once((Level::Entries, &mut self.entries)).chain(hashes) {
            let changed = std::mem::take(&mut edge.changed);
            if !changed || edge.bytes.is_empty() {
                continue;
            }
            if let Some(path) = edge_path(level, self.size) {
                writes.push(Write { path, bytes: edge.bytes.clone() });
            }
        }
    }

    /// The tiles of the right edge that are not full, whether or not they changed.
    pub(crate) fn edge(&self) -> Vec<Write> {
        let mut copy = self.clone();
        copy.entries.changed = true;
        for level in &mut copy.levels {
            level.changed = true;
        }
        let mut writes = Vec::new();
        copy.partials(&mut writes);
        writes
    }

    /// Where the tiles lie that [`Tree::load`] needs for a tree of `size` entries.
    pub fn edge_paths(size: u64) -> impl Iterator<Item = TilePath> {
        let levels = (0..8).map(Level::Hashes);
        std::iter::once(Level::Entries).chain(levels).filter_map(move |it| edge_path(it, size))
    }

    /// Builds the edge of a tree of `size` entries again from its stored tiles. The root is
    /// whatever the tiles give: the caller compares it with a signed one.
    pub fn load(tiles: &impl Tiles, size: u64) -> Result<Self, Fault> {
        let mut tree = Self { size, ..Self::default() };
        for number in 0..8_u8 {
            if size.checked_shr(u32::from(number).saturating_mul(8)).unwrap_or(0) == 0 {
                break;
            }
            let bytes = load_edge(tiles, Level::Hashes(number), size)?;
            tree.levels.push(Edge { bytes, changed: false });
        }
        tree.entries.bytes = load_edge(tiles, Level::Entries, size)?;
        for level in tree.levels.iter().rev() {
            peaks(&level.bytes, &mut tree.peaks);
        }
        Ok(tree)
    }
}

impl Edge {
    fn take(&mut self) -> Vec<u8> {
        self.changed = false;
        let room = self.bytes.len();
        std::mem::replace(&mut self.bytes, Vec::with_capacity(room))
    }
}

fn full(level: Level, index: u64) -> TilePath {
    TilePath { level, index, width: 256 }
}

/// The tile at the right end of a level, if it is partial.
fn edge_path(level: Level, size: u64) -> Option<TilePath> {
    let count = match level {
        Level::Entries => size,
        Level::Hashes(level) => size.checked_shr(u32::from(level).saturating_mul(8)).unwrap_or(0),
    };
    TilePath::in_tree(level, count >> 8, size)
}

fn load_edge(tiles: &impl Tiles, level: Level, size: u64) -> Result<Vec<u8>, Fault> {
    let Some(path) = edge_path(level, size) else {
        return Ok(Vec::new());
    };
    let bytes = read(tiles, path)?;
    if level == Level::Entries {
        decode_bundle(path, &bytes)?;
    }
    Ok(bytes)
}

/// Reads a tile; a partial one may since have become full, and then stands at its beginning.
pub(super) fn read(tiles: &impl Tiles, path: TilePath) -> Result<Vec<u8>, Fault> {
    let name = path.to_string();
    let wrong = |name: &str| Fault::malformed(name, "its length is not the one of its width");
    let each = match path.level {
        Level::Entries => HASH_BYTES + 2,
        Level::Hashes(_) => HASH_BYTES,
    };
    let length = each.saturating_mul(usize::from(path.width));
    if let Some(bytes) = tiles.tile(&name).map_err(Fault::io(&name))? {
        return if bytes.len() == length { Ok(bytes) } else { Err(wrong(&name)) };
    }
    let whole = path.full().to_string();
    let full =
        if path.is_partial() { tiles.tile(&whole).map_err(Fault::io(&whole))? } else { None };
    match full {
        Some(mut bytes) if bytes.len() == each.saturating_mul(TILE_WIDTH) => {
            bytes.truncate(length);
            Ok(bytes)
        }
        Some(_) => Err(wrong(&whole)),
        None => Err(Fault::Missing { path: name }),
    }
}

/// The roots of the perfect subtrees that a partial tile's hashes fall into, largest first.
fn peaks(bytes: &[u8], into: &mut Vec<Hash>) {
    let hashes: Vec<Hash> = Hash::chunks(bytes).collect();
    let mut rest = hashes.as_slice();
    while let Some(height) = rest.len().checked_ilog2() {
        let (block, right) = rest.split_at(1_usize.checked_shl(height).unwrap_or(rest.len()));
        into.extend(perfect(block));
        rest = right;
    }
}

/// The root of a power of two of hashes.
pub(super) fn perfect(hashes: &[Hash]) -> Option<Hash> {
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row.as_chunks::<2>().0.iter().map(|[left, right]| Hash::node(left, right)).collect();
    }
    row.first().copied()
}
