//! The prose of a policy: its parts and clauses, in every language.

use crate::kind::Kind;
use crate::localized::Localized;

/// The page that people read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Its title.
    pub title: Localized,
    /// Its parts, in order.
    pub parts: Vec<Part>,
}

/// A part of the page: a heading of level 1 and what stands under it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Part {
    /// Its title; that of the first part is the page's.
    pub title: Localized,
    /// What it says before its first clause: Markdown, interpolations unresolved.
    pub intro: Localized,
    /// The ids of its clauses, in order.
    pub clauses: Vec<String>,
}

/// A clause: a sentence for people and declarations for the machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Clause {
    /// The id that every answer cites.
    pub id: String,
    /// Level of its heading, 2 or 3.
    pub level: u8,
    /// Its title.
    pub title: Localized,
    /// What it says: Markdown, interpolations unresolved.
    pub prose: Localized,
    /// What it declares.
    pub declares: Vec<(Kind, String)>,
    /// Why it declares nothing, where it says so.
    pub stated: Option<String>,
}
