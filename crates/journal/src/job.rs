//! Durable jobs: one of a kind for each person, claimed for a while by whoever does it.

use std::borrow::Cow;

use decide::{PersonId, Timestamp};

/// The kind of a job, by name: `erase`, `values-due`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct JobKind(Cow<'static, str>);

impl JobKind {
    /// A kind of the program's own: `const ERASE: JobKind = JobKind::named("erase")`.
    pub const fn named(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A claimed job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Whose.
    pub person: PersonId,
    /// Its kind.
    pub kind: JobKind,
    /// When it became due.
    pub due: Timestamp,
    /// How often it was claimed, this time included.
    pub attempts: u32,
}
