//! What can be wrong with a log, where, and what to do about it.

use std::io;

use super::hash::Hash;

/// Why a log, a note or a proof is not to be trusted, or could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// A file could not be read or written.
    #[error(
        "could not reach `{path}`: {source}; check that the disk has room and the folder's rights"
    )]
    Io {
        /// The path inside the log's folder.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file, line or field does not have the form its format asks for.
    #[error("`{what}` is malformed: {why}; compare it with docs/formats")]
    Malformed {
        /// The file, or the part of it.
        what: String,
        /// What is wrong with it.
        why: &'static str,
    },
    /// A tile, bundle or checkpoint that must be there is not.
    #[error(
        "`{path}` is missing; restore it from a backup, or start the server once if it was stopped by a power loss"
    )]
    Missing {
        /// The path inside the log's folder.
        path: String,
    },
    /// No signature by the trusted key.
    #[error("`{what}` is not signed by `{key}`; check that this is the log's own key")]
    Unsigned {
        /// The note.
        what: String,
        /// The key's name.
        key: String,
    },
    /// A signature by the trusted key that does not verify.
    #[error("the signature by `{key}` on `{what}` does not verify; its text was changed")]
    BadSignature {
        /// The note.
        what: String,
        /// The key's name.
        key: String,
    },
    /// The checkpoint belongs to another log.
    #[error("`{what}` is for the log `{found}`, not `{expected}`; give a checkpoint of this log")]
    Origin {
        /// The note.
        what: String,
        /// The origin it names.
        found: String,
        /// The origin that was asked for.
        expected: String,
    },
    /// An entry does not hash to the leaf in its tile.
    #[error(
        "entry {index} in `{bundle}` does not hash to its leaf in `{tile}`; one of both was changed"
    )]
    Entry {
        /// The entry's index in the log.
        index: u64,
        /// The entry bundle.
        bundle: String,
        /// The level 0 tile.
        tile: String,
    },
    /// A hash in a tile is not the one that the entries give.
    #[error(
        "hash {position} of `{tile}` (entries from {first}) is not what the entries give; the tile was changed"
    )]
    Tile {
        /// The tile's path.
        tile: String,
        /// Position of the hash inside the tile.
        position: usize,
        /// First entry that the hash covers.
        first: u64,
    },
    /// The entries do not give the root that the checkpoint names.
    #[error(
        "the {size} entries give the root `{computed}`, but `{what}` is signed for `{signed}`; entries were changed"
    )]
    Root {
        /// The checkpoint.
        what: String,
        /// Entries in the tree.
        size: u64,
        /// The root they give.
        computed: Hash,
        /// The root in the checkpoint.
        signed: Hash,
    },
    /// A checkpoint kept outside knows more entries than the folder has.
    #[error("the newest {} entries are missing: `{outside}` was signed at {outside_size} entries, the folder ends at {size}", outside_size.saturating_sub(*size))]
    Truncated {
        /// The checkpoint that was kept outside.
        outside: String,
        /// Its size.
        outside_size: u64,
        /// The folder's size.
        size: u64,
    },
    /// A checkpoint kept outside contradicts the folder.
    #[error(
        "history was rewritten between entries {from} and {to}: the folder does not contain the tree that `{outside}` was signed for"
    )]
    Rewritten {
        /// The checkpoint that was kept outside.
        outside: String,
        /// Entries up to here agree with every older checkpoint at hand.
        from: u64,
        /// The contradicted checkpoint's size.
        to: u64,
    },
    /// A proof does not lead to the root.
    #[error("the proof does not lead from entry {index} to the signed root of {size} entries")]
    Proof {
        /// The entry's index, or the older size of a consistency proof.
        index: u64,
        /// The tree's size.
        size: u64,
    },
    /// An index beyond the log.
    #[error("there is no entry {index}: the log has {size} entries")]
    NoEntry {
        /// The index asked for.
        index: u64,
        /// The log's size.
        size: u64,
    },
    /// A batch that does not begin where the log ends.
    #[error(
        "a batch from entry {first} does not continue a log of {size} entries; send the entries from {size} on"
    )]
    Gap {
        /// The first index of the batch.
        first: u64,
        /// The log's size.
        size: u64,
    },
    /// A batch that says something else about an entry that is already in the log.
    #[error(
        "entry {index} is already in the log with another hash; the queue and the log disagree"
    )]
    Differs {
        /// The entry's index.
        index: u64,
    },
    /// More entries than one batch may hold.
    #[error("a batch of {given} entries is too long; send at most {most} at once")]
    Batch {
        /// Entries given.
        given: usize,
        /// Entries allowed.
        most: usize,
    },
    /// A sequencer that failed half way and must be opened again.
    #[error("the log stopped after a failed write; open it again to recover")]
    Stopped,
}

impl Fault {
    pub(super) fn io(path: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { path, source }
    }

    pub(super) fn malformed(what: impl Into<String>, why: &'static str) -> Self {
        Self::Malformed { what: what.into(), why }
    }
}
