//! Backups: the rows of an installation as one stream, in one form for both engines, wrapped keys in
//! another; and what was changed since, which is written down outside before the log speaks of it. A
//! restored installation is the backup with every erasure and every no since applied on the way, so
//! that what must not come back is not written first and taken away after.
//!
//! It seals nothing itself: what it writes to and reads from does.

mod apply;
mod cells;
pub(crate) mod changes;
mod list;
mod restore;
pub(crate) mod source;
mod start;
mod take;

pub use apply::RESTORED;
pub use changes::{Node, Ship, Shipment, State};
pub use list::List;
pub use restore::{Copy, Restore, Restored};
pub use take::{BackedUp, Backup};

use crate::fault::{Fault, OpenFault};

/// The format of what is in a backup.
const VERSION: u32 = 1;

/// Tables that a backup leaves out: codes, attempts, answers to repeated requests and what waits for a
/// code. They are good for a day at most, and would be wrong on any other.
const LEFT_OUT: [&str; 5] = ["codes", "tallies", "answers", "unproved", "staff_sessions"];
/// Of them, what takes a closing back comes from the list.
const CODES: &str = "codes";
/// Whole rows of it are keys.
const KEYS: &str = "person_keys";
/// Tables of which one column is a key.
const WITH_KEYS: &str = "cases";
/// That column.
const OWN_KEY: &str = "own_key";

/// Why a backup was not made, or not restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupFault {
    /// The installation could not be opened.
    #[error(transparent)]
    Open(#[from] OpenFault),
    /// It failed on the way.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// A file could not be read or written.
    #[error("a file of the backup failed: {0}")]
    Io(#[from] std::io::Error),
    /// There is nothing to back up.
    #[error("there is no installation to back up: name the one that `kept serve` uses")]
    Nothing,
    /// What is there is not whole.
    #[error("an unfinished move or restore leads here: complete it first")]
    Unfinished,
    /// The backup is not one that this program reads.
    #[error("the backup cannot be restored: {0}")]
    Format(String),
    /// The log of the backup contradicts what was seen outside.
    #[error("the log would contradict what was seen outside: {0}")]
    Log(#[from] crate::log::Fault),
    /// The list of changes does not reach.
    #[error("the list of changes {0}")]
    List(String),
    /// The target holds something else.
    #[error("there is an installation already (rows in `{0}`): name an empty place")]
    Taken(String),
    /// The target is what something else left unfinished.
    #[error("what is there was left by another restore or move: empty it, and begin again")]
    Other,
    /// Somebody serves the target.
    #[error("the target is in use by a node of `kept serve`: stop all of them first")]
    InUse,
}

impl BackupFault {
    /// Whether it is the answer to a restore, and nothing that was called wrongly.
    pub const fn is_no(&self) -> bool {
        matches!(self, Self::List(_) | Self::Log(_))
    }

    fn format(why: impl std::fmt::Display) -> Self {
        Self::Format(why.to_string())
    }
}
