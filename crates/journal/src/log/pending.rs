//! The pending file: what makes a publish durable with one `fdatasync`.
//!
//! It begins with the edge of the tree at the last settled checkpoint, then holds one frame per
//! publish: its entries and its signed checkpoint. Tiles written since may be lost by a power
//! failure; they are made again from here. `docs/formats/tiles.md` has the bytes.

use super::fault::Fault;
use super::hash::Hash;
use super::limits::{HASH_BYTES, MAX_BATCH, MAX_NOTE_BYTES};
use super::store::Tiles;
use super::tile::TilePath;
use super::tree::{Tree, Write};

use std::collections::BTreeMap;
use std::io;

/// The file's name inside the log's folder.
pub(super) const PENDING: &str = "pending";
/// Its first bytes; the version is part of them.
const MAGIC: &[u8] = b"kept-pending-v1\n";

/// The settled beginning and the publishes since.
#[derive(Debug)]
pub(super) struct Pending {
    /// The settled checkpoint's note.
    pub(super) base: Vec<u8>,
    /// The tiles of the right edge at that checkpoint.
    pub(super) edge: Edge,
    /// The publishes since, oldest first.
    pub(super) frames: Vec<Frame>,
}

/// One publish.
#[derive(Debug)]
pub(super) struct Frame {
    /// Its entries.
    pub(super) entries: Vec<Hash>,
    /// Its signed checkpoint.
    pub(super) note: Vec<u8>,
}

/// Tiles in memory, to load a [`Tree`] from.
#[derive(Debug, Default)]
pub(super) struct Edge(BTreeMap<String, Vec<u8>>);

impl Tiles for Edge {
    fn tile(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.0.get(path).cloned())
    }
}

/// The bytes of a pending file that begins at `tree`, with its signed checkpoint.
pub(super) fn begin(tree: &Tree, note: &str) -> Vec<u8> {
    let mut body = Vec::new();
    field(&mut body, note.as_bytes());
    for Write { path, bytes } in tree.edge() {
        field(&mut body, path.to_string().as_bytes());
        field(&mut body, &bytes);
    }
    let mut file = MAGIC.to_vec();
    seal(&mut file, &body);
    file
}

/// The bytes of one frame.
pub(super) fn frame(entries: &[Hash], note: &str) -> Vec<u8> {
    let entries_bytes = entries.len().saturating_mul(HASH_BYTES);
    let mut body = Vec::with_capacity(entries_bytes.saturating_add(note.len()).saturating_add(8));
    field(&mut body, note.as_bytes());
    for entry in entries {
        body.extend_from_slice(&entry.0);
    }
    let mut frame = Vec::with_capacity(body.len().saturating_add(HASH_BYTES + 4));
    seal(&mut frame, &body);
    frame
}

/// Reads a pending file. A last frame that was cut off by a crash was never acknowledged, and is
/// left out; `true` says that there was one.
pub(super) fn parse(bytes: &[u8]) -> Result<(Pending, bool), Fault> {
    let wrong = |why| Fault::malformed(PENDING, why);
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| wrong("its first line is not known"))?;
    let (body, mut rest) = open(rest).ok_or_else(|| wrong("its beginning is damaged"))?;
    let (base, mut tiles) = take(body).ok_or_else(|| wrong("it has no checkpoint"))?;
    let mut edge = Edge::default();
    while !tiles.is_empty() {
        let (path, after) = take(tiles).ok_or_else(|| wrong("an edge tile is cut off"))?;
        let (bytes, after) = take(after).ok_or_else(|| wrong("an edge tile is cut off"))?;
        let path = str::from_utf8(path).ok().and_then(TilePath::parse);
        let path = path.ok_or_else(|| wrong("an edge tile has no known address"))?;
        edge.0.insert(path.to_string(), bytes.to_vec());
        tiles = after;
    }
    let mut pending = Pending { base: base.to_vec(), edge, frames: Vec::new() };
    while !rest.is_empty() {
        let Some((body, after)) = open(rest) else {
            return Ok((pending, true));
        };
        let (note, entries) = take(body).ok_or_else(|| wrong("a publish has no checkpoint"))?;
        if entries.len() % HASH_BYTES != 0 {
            return Err(wrong("a publish holds part of an entry"));
        }
        let entries = Hash::chunks(entries).collect();
        pending.frames.push(Frame { entries, note: note.to_vec() });
        rest = after;
    }
    Ok((pending, false))
}

/// Length, bytes, checksum.
fn seal(into: &mut Vec<u8>, body: &[u8]) {
    field(into, body);
    into.extend_from_slice(&Hash::of(body).0);
}

fn open(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (body, rest) = take(bytes)?;
    let (sum, rest) = rest.split_first_chunk::<HASH_BYTES>()?;
    (Hash::of(body).0 == *sum).then_some((body, rest))
}

fn field(into: &mut Vec<u8>, bytes: &[u8]) {
    // A batch and a note are bounded (limits.rs), so the length always fits.
    const _: () = assert!(MAX_BATCH * HASH_BYTES + MAX_NOTE_BYTES < u32::MAX as usize);
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    into.extend_from_slice(&length.to_be_bytes());
    into.extend_from_slice(bytes);
}

fn take(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}
