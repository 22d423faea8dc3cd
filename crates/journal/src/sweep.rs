//! After an erasure: nothing of the key may be left in the raw bytes.

/// What a sweep came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Erased people whose remains were swept.
    pub people: u64,
    /// Records of theirs that went.
    pub records: u64,
    /// Files that had to be rebuilt, because a copy of a key was found.
    pub rebuilt: u64,
}
