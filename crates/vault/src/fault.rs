//! What can go wrong with what is sealed. Never says what was in it.

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The bytes do not open under this key, person, category or version.
    #[error("the sealed {0} does not open: its key was destroyed, or it is not where it belongs")]
    Closed(&'static str),
    /// The permit does not cover what was to be sealed.
    #[error("the permit does not cover this {0}")]
    NotPermitted(&'static str),
    /// There is no root key for the region.
    #[error("no root key for region `{0}`: add the region to the key file")]
    NoRoot(String),
    /// Invariant: the generator of the cryptographic library answers.
    #[error("the secure random generator failed")]
    Random,
    /// Invariant: the cryptographic library accepts keys of its own sizes.
    #[error("the cryptographic library refused a key")]
    Library,
}
