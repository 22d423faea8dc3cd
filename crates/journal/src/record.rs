//! Records and their entries: what was decided, sealed, and the leaf that stands for it in the log.

use decide::Timestamp;
use decide::id::RecordId;

use crate::sealed::Sealed;

/// A record as it is kept. Its plaintext is 32 bytes of blind, then the record's JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRecord {
    /// Its id.
    pub id: RecordId,
    /// When it was decided.
    pub at: Timestamp,
    /// Blind and record, under the person's key.
    pub sealed: Sealed,
    /// Where its entry stands in the log; `None` while it waits to be brought in.
    pub log_index: Option<u64>,
}
