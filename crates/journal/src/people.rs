//! People: facts in clear, the key in its fixed place, sealed values and what finds them.

use decide::{Category, Source, Timestamp};

/// What is known of a value without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueRow {
    /// Its category.
    pub category: Category,
    /// Where it came from.
    pub source: Source,
    /// When.
    pub collected: Timestamp,
    /// When it goes; `None` while nothing says.
    pub due: Option<Timestamp>,
}
