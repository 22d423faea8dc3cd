//! The public log of entries: one Merkle tree in the C2SP `tlog-tiles` layout with signed
//! checkpoints, so that auditors' existing tools verify it.
//!
//! Leaves are [`entry()`] hashes, tiles and checkpoints are files ([`Folder`]), [`Sequencer`] is the
//! only writer, [`verify()`] and [`prove()`] are what the command line calls. Formats:
//! `docs/formats/entry.md`, `checkpoint.md`, `tiles.md`.
//!
//! It does not know records, people, SQL or the clock, and never decides what is appended.

mod bundle;
mod checkpoint;
mod elsewhere;
mod entry;
mod fault;
mod folder;
mod hash;
mod history;
mod limits;
mod node;
mod note;
mod outside;
mod pending;
mod proof;
mod sequencer;
mod store;
mod tile;
mod tree;
mod verify;
mod vkey;

pub use bundle::{ProofBundle, prove, verify_bundle, verify_record};
pub use checkpoint::Checkpoint;
pub use elsewhere::Elsewhere;
pub use entry::entry;
pub use fault::Fault;
pub use folder::Folder;
pub use hash::Hash;
pub use history::{verify_extends, verify_tree};
pub use limits::*;
pub use node::Nodes;
pub use note::{Note, Signature};
pub use outside::Outside;
pub use proof::{
    consistency, inclusion, root_of_consistency, verify_consistency, verify_inclusion,
};
pub use sequencer::{CHECKPOINT, Published, Sequencer};
pub use store::{Store, Tiles};
pub use tile::{Level, TilePath, decode_bundle, encode_bundle};
pub use tree::{Tree, Write as TreeWrite};
pub use verify::{Report, files, verify};
pub use vkey::{Signer, Vkey};

#[cfg(test)]
mod tests;
