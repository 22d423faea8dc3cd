//! `kept journal prove`: one record's proof, to be checked by anybody who holds the record.

use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use super::entry::entry;
use super::fault::Fault;
use super::hash::Hash;
use super::limits::MAX_PROOF;
use super::node::Nodes;
use super::note::Note;
use super::proof::{inclusion, verify_inclusion};
use super::sequencer::CHECKPOINT;
use super::store::Tiles;
use super::verify::leaf;
use super::vkey::Vkey;

/// The version that is written and read.
const VERSION: u8 = 1;

/// A signed checkpoint and the way from one leaf to its root. Hashes are base64.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofBundle {
    /// The format's version, 1.
    pub version: u8,
    /// The signed note, as served at `/checkpoint`.
    pub checkpoint: String,
    /// The entry's index in the log.
    pub index: u64,
    /// The entry's leaf hash, `SHA-256(0x00 ‖ entry)`.
    pub leaf: String,
    /// The siblings from the leaf to the root.
    pub inclusion: Vec<String>,
}

/// Proves the entry at `index` against the checkpoint that the log carries.
pub fn prove(tiles: &impl Tiles, index: u64) -> Result<ProofBundle, Fault> {
    let bytes = tiles.tile(CHECKPOINT).map_err(Fault::io(CHECKPOINT))?;
    let bytes = bytes.ok_or_else(|| Fault::Missing { path: CHECKPOINT.to_owned() })?;
    let note = Note::parse(CHECKPOINT, &bytes)?;
    let Checkpoint { size, root, .. } = Checkpoint::parse(CHECKPOINT, note.unchecked())?;
    let leaf = leaf(tiles, index, size)?;
    let path = inclusion(&Nodes::new(tiles, size), index, size)?;
    verify_inclusion(&leaf, index, (size, &root), &path)?;
    Ok(ProofBundle {
        version: VERSION,
        checkpoint: note.to_string(),
        index,
        leaf: leaf.to_base64(),
        inclusion: path.iter().map(Hash::to_base64).collect(),
    })
}

/// Checks signature and path, and gives the checkpoint that the leaf stands under.
pub fn verify_bundle(bundle: &ProofBundle, vkey: &Vkey) -> Result<Checkpoint, Fault> {
    let wrong = |why| Fault::malformed("proof", why);
    if bundle.version != VERSION {
        return Err(wrong("its version is not known"));
    }
    if bundle.inclusion.len() > MAX_PROOF {
        return Err(wrong("it has more hashes than any tree needs"));
    }
    let checkpoint = Checkpoint::open("proof", bundle.checkpoint.as_bytes(), vkey)?;
    let hash = |text: &String| Hash::from_base64(text).ok_or_else(|| wrong("a hash is broken"));
    let path = bundle.inclusion.iter().map(hash).collect::<Result<Vec<_>, _>>()?;
    let leaf = hash(&bundle.leaf)?;
    verify_inclusion(&leaf, bundle.index, (checkpoint.size, &checkpoint.root), &path)?;
    Ok(checkpoint)
}

/// The same, for the record that the leaf is said to be of.
pub fn verify_record(
    bundle: &ProofBundle,
    vkey: &Vkey,
    record: &[u8],
    blind: &[u8; 32],
) -> Result<Checkpoint, Fault> {
    let checkpoint = verify_bundle(bundle, vkey)?;
    if Hash::leaf(&entry(record, blind)).to_base64() == bundle.leaf {
        return Ok(checkpoint);
    }
    Err(Fault::malformed("proof", "it is of another record, or the record was changed"))
}
