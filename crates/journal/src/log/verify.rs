//! `kept journal verify`: the log's folder held against its key and against checkpoints kept
//! elsewhere.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use super::checkpoint::Checkpoint;
use super::elsewhere::Elsewhere;
use super::fault::Fault;
use super::folder::Folder;
use super::hash::Hash;
use super::history::{recompute, signed_root};
use super::sequencer::CHECKPOINT;
use super::store::Tiles;
use super::tile::TilePath;
use super::tree::read;
use super::vkey::Vkey;

/// What was verified.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Report {
    /// The checkpoint that the folder now carries.
    pub checkpoint: Checkpoint,
    /// How many checkpoints from outside were found to agree.
    pub outside: usize,
    /// How many partial tiles of earlier sizes were found to agree.
    pub partials: usize,
}

/// Verifies the log in `dir` (the folder that holds `checkpoint` and `tile/`).
///
/// Every entry is hashed, every tile compared, every checkpoint from outside checked; the first
/// thing that is wrong is what comes back. A node may write the log meanwhile: what it adds after
/// the checkpoint was read is not looked at.
pub fn verify(dir: &Path, outside: &Elsewhere, vkey: &Vkey) -> Result<Report, Fault> {
    let folder = Folder::open(dir);
    let bytes = folder.tile(CHECKPOINT).map_err(Fault::io(CHECKPOINT))?;
    let bytes = bytes.ok_or_else(|| Fault::Missing { path: CHECKPOINT.to_owned() })?;
    let checkpoint = Checkpoint::open(CHECKPOINT, &bytes, vkey)?;
    let kept = outside.open(vkey)?;
    if let Some((outside, newest)) = kept.last().filter(|(_, k)| k.size > checkpoint.size) {
        let (outside, outside_size) = (outside.clone(), newest.size);
        return Err(Fault::Truncated { outside, outside_size, size: checkpoint.size });
    }
    let mut stops: BTreeSet<u64> = kept.iter().map(|(_, kept)| kept.size).collect();
    stops.insert(checkpoint.size);
    let roots = recompute(&folder, checkpoint.size, &stops)?;
    signed_root(&roots, CHECKPOINT, &checkpoint)?;
    let mut from = 0;
    for (name, kept) in &kept {
        if signed_root(&roots, name, kept).is_err() {
            return Err(Fault::Rewritten { outside: name.clone(), from, to: kept.size });
        }
        from = kept.size;
    }
    let partials = earlier(&folder, checkpoint.size)?;
    Ok(Report { checkpoint, outside: kept.len(), partials })
}

/// Partial tiles of earlier sizes that still stand must be the beginning of what they became.
fn earlier(folder: &Folder, size: u64) -> Result<usize, Fault> {
    let mut count = 0_usize;
    for path in files(folder.root(), "tile")? {
        let Some(tile) = TilePath::parse(&path) else {
            return Err(Fault::malformed(path, "no tile has such an address; remove it"));
        };
        let Some(now) = TilePath::in_tree(tile.level, tile.index, size) else { continue };
        if !tile.is_partial() || tile.width > now.width {
            continue;
        }
        // One that went since it was listed went because its tile is full.
        let Some(stored) = folder.tile(&path).map_err(Fault::io(&path))? else { continue };
        let current = read(folder, now)?;
        if stored.is_empty() || !current.starts_with(&stored) {
            let position = current.iter().zip(&stored).take_while(|(a, b)| a == b).count() / 32;
            return Err(Fault::Tile {
                tile: path,
                position,
                first: tile.index.saturating_mul(256),
            });
        }
        read(folder, tile)?;
        count = count.saturating_add(1);
    }
    Ok(count)
}

/// Every file below a folder, by its path from the root.
pub fn files(root: &Path, below: &str) -> Result<Vec<String>, Fault> {
    let mut found = Vec::new();
    let mut open = vec![below.to_owned()];
    while let Some(folder) = open.pop() {
        let listed = match fs::read_dir(root.join(&folder)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other.map_err(Fault::io(&folder))?,
        };
        for file in listed {
            let file = file.map_err(Fault::io(&folder))?;
            let path = format!("{folder}/{}", file.file_name().to_string_lossy());
            if file.file_type().map_err(Fault::io(&path))?.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// The leaf hash at an index.
pub(super) fn leaf(tiles: &impl Tiles, index: u64, size: u64) -> Result<Hash, Fault> {
    let none = || Fault::NoEntry { index, size };
    let path =
        TilePath::in_tree(super::tile::Level::Hashes(0), index >> 8, size).ok_or_else(none)?;
    let offset = usize::try_from(index & 255).unwrap_or(usize::MAX);
    Hash::chunks(&read(tiles, path)?).nth(offset).ok_or_else(none)
}
