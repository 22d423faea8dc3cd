//! Where a tile or an entry bundle stands, and what its bytes hold (C2SP tlog-tiles).

use std::fmt;

use super::checkpoint::decimal;
use super::fault::Fault;
use super::hash::Hash;
use super::limits::{HASH_BYTES, TILE_WIDTH};

/// What a tile holds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    /// The entries themselves.
    Entries,
    /// Hashes; level 0 are leaves, each level above hashes 256 of the one below.
    Hashes(u8),
}

/// The address of a tile: `tile/<L>/<N>[.p/<W>]`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct TilePath {
    /// What it holds.
    pub level: Level,
    /// Its index within the level.
    pub index: u64,
    /// Hashes or entries in it, 1 to 256; below 256 it is partial.
    pub width: u16,
}

impl TilePath {
    /// The tile with this index in a tree of `size` entries, or `None` if the tree has none there.
    pub fn in_tree(level: Level, index: u64, size: u64) -> Option<Self> {
        let count = match level {
            Level::Entries => size,
            Level::Hashes(level) => {
                size.checked_shr(u32::from(level).saturating_mul(8)).unwrap_or(0)
            }
        };
        let left = count.checked_sub(index.checked_mul(256)?)?;
        let width = u16::try_from(left.min(256)).ok()?;
        (width > 0).then_some(Self { level, index, width })
    }

    /// The same tile, complete.
    #[must_use]
    pub fn full(self) -> Self {
        Self { width: 256, ..self }
    }

    /// Whether fewer than 256 stand in it.
    pub fn is_partial(self) -> bool {
        self.width < 256
    }

    /// The folder that holds every partial version of this tile.
    pub fn partials(self) -> String {
        format!("{}.p", self.full())
    }

    /// Reads an address as it stands in a URL, without the leading slash.
    pub fn parse(path: &str) -> Option<Self> {
        let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let level = match level {
            "entries" => Level::Entries,
            number => Level::Hashes(u8::try_from(decimal(number)?).ok().filter(|n| *n < 64)?),
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => {
                let width = u16::try_from(decimal(width)?).ok()?;
                (number, Some(width).filter(|w| (1..256).contains(w))?)
            }
            None => (rest, 256),
        };
        let parsed = Self { level, index: parse_index(number)?, width };
        (parsed.to_string() == path).then_some(parsed)
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Level::Entries => f.write_str("tile/entries/")?,
            Level::Hashes(level) => write!(f, "tile/{level}/")?,
        }
        // A u64 has at most seven groups of three digits.
        for power in [1_000_000_000_000_000_000, 1_000_000_000_000_000, 1_000_000_000_000] {
            group(f, self.index, power)?;
        }
        for power in [1_000_000_000, 1_000_000, 1_000] {
            group(f, self.index, power)?;
        }
        write!(f, "{:03}", self.index % 1000)?;
        if self.is_partial() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

fn group(f: &mut fmt::Formatter<'_>, index: u64, power: u64) -> fmt::Result {
    match index.checked_div(power) {
        Some(high) if high > 0 => write!(f, "x{:03}/", high % 1000),
        Some(_) | None => Ok(()),
    }
}

fn parse_index(number: &str) -> Option<u64> {
    let mut index: u64 = 0;
    for part in number.split('/') {
        let digits = part.strip_prefix('x').unwrap_or(part);
        if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
    }
    Some(index)
}

/// Entries as a bundle: each with its length as two big-endian bytes before it.
pub fn encode_bundle(entries: &[Hash]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(entries.len().saturating_mul(HASH_BYTES + 2));
    for entry in entries {
        push_entry(&mut bytes, entry);
    }
    bytes
}

/// Adds one entry to the bytes of a bundle.
pub(super) fn push_entry(bytes: &mut Vec<u8>, entry: &Hash) {
    bytes.extend_from_slice(&[0, 32]);
    bytes.extend_from_slice(&entry.0);
}

/// Reads a bundle of exactly `width` entries. Ours are 32 bytes each; another length is a fault.
pub fn decode_bundle(path: TilePath, bytes: &[u8]) -> Result<Vec<Hash>, Fault> {
    let wrong = |why| Fault::malformed(path.to_string(), why);
    let (entries, rest) = bytes.as_chunks::<{ HASH_BYTES + 2 }>();
    if !rest.is_empty() || entries.len() != usize::from(path.width).min(TILE_WIDTH) {
        return Err(wrong("it does not hold as many 32-byte entries as its width says"));
    }
    entries
        .iter()
        .map(|entry| match entry {
            [0, 32, hash @ ..] => Ok(Hash(*hash)),
            _ => Err(wrong("an entry is not 32 bytes long")),
        })
        .collect()
}
