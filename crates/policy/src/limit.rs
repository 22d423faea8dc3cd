//! Every limit of the language, by name. Those of the rules are `decide::limit`.

pub use decide::limit::{
    CATEGORIES_MAX, CLAUSES_MAX, PURPOSES_MAX, RECIPIENTS_MAX, REGION_CODE_MAX, REGIONS_MAX,
    SHARES_MAX, SOURCES_MAX, TRANSFERS_MAX,
};

/// Bytes of all files of a policy together.
pub const SOURCE_BYTES_MAX: usize = 1024 * 1024;
/// Files of a policy.
pub const FILES_MAX: usize = 128;
/// Languages of a policy.
pub const LANGUAGES_MAX: usize = 32;
/// Letters of an id.
pub const ID_MAX: usize = 64;
/// Bytes of a path that prose interpolates.
pub const PATH_MAX: usize = 256;
/// Characters of a title.
pub const TITLE_MAX: usize = 200;
/// Characters of a text.
pub const TEXT_MAX: usize = 2_000;
/// The greatest count of a duration.
pub const DURATION_MAX: u32 = 1_000;
/// Terms of a glossary.
pub const TERMS_MAX: usize = 256;
/// Kinds of event, of cookie, of agreement, of disclosure: of each so many.
pub const DECLARATIONS_MAX: usize = 256;
/// Faults that one compilation reports; the rest are counted.
pub const FAULTS_MAX: usize = 100;
/// The greatest number in a declaration.
pub const NUMBER_MAX: u32 = 1_000_000;
