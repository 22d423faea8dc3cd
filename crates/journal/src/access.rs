//! Sessions and one-time codes: hashes, never secrets.

use decide::Timestamp;

/// A session, as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The hash of its secret.
    pub hash: [u8; 32],
    /// When it began.
    pub begun: Timestamp,
    /// When it ends by itself.
    pub expires: Timestamp,
    /// What the person sees of it.
    pub label: String,
}

/// A one-time code that waits to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    /// The hash of the code.
    pub hash: [u8; 32],
    /// When it is no longer good.
    pub expires: Timestamp,
    /// How often it was tried in vain.
    pub tries: u32,
}
