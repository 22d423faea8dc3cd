//! Every limit of the decision, by name.

/// Categories that one installation may ever declare: they are bits of one machine word.
pub const CATEGORIES_MAX: usize = 64;
/// Purposes that one installation may ever declare.
pub const PURPOSES_MAX: usize = 64;
/// Recipients that one installation may ever declare.
pub const RECIPIENTS_MAX: usize = 64;
/// Sources that one installation may ever declare.
pub const SOURCES_MAX: usize = 64;
/// Shares that one installation may ever declare.
pub const SHARES_MAX: usize = 64;
/// Transfers that one installation may ever declare.
pub const TRANSFERS_MAX: usize = 64;
/// Regions that one installation may ever declare.
pub const REGIONS_MAX: usize = 16;
/// Clauses of one policy.
pub const CLAUSES_MAX: usize = 512;
/// Letters of a region's code.
pub const REGION_CODE_MAX: usize = 8;
/// Clauses that one permit cites.
pub const CITED_MAX: usize = 4;
