//! A conversation as it is kept: its kind, how it moves, and what stands beside it in clear.

use journal::CaseRow;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::state::{COMPLAINTS, MACHINE};
use crate::Stop;
use crate::machine::Machine;

/// What somebody writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A message.
    Message,
    /// A complaint: it has a clock of its own, and ends with an outcome.
    Complaint,
}

impl Kind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Message, Self::Complaint];

    /// Its word in answers and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Complaint => "complaint",
        }
    }

    /// The one with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// How it moves.
    pub(super) const fn machine(self) -> &'static Machine {
        match self {
            Self::Message => &MACHINE,
            Self::Complaint => &COMPLAINTS,
        }
    }

    /// What is counted when it is answered: in time, late, and closed without an answer.
    pub(super) const fn counters(self) -> [&'static str; 3] {
        match self {
            Self::Message => ["messages-in-time", "messages-late", "messages-unanswered"],
            Self::Complaint => ["complaints-in-time", "complaints-late", "complaints-unanswered"],
        }
    }
}

/// The kinds of case that are conversations.
pub(super) const KINDS: [&str; 2] = [Kind::Message.word(), Kind::Complaint.word()];

/// What stands beside a conversation in clear: words and figures, nothing of the person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct About {
    /// When the clock that runs, or ran last, began; in milliseconds.
    pub(super) since: i64,
    /// How often the person wrote again after an answer or the end.
    pub(super) reopened: u32,
    /// When somebody else was called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) escalated: Option<i64>,
    /// When it was answered last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answered: Option<i64>,
    /// Of a complaint, what came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) outcome: Option<String>,
    /// Why it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) closed: Option<String>,
}

impl About {
    /// As it stands beside a case.
    pub(super) fn of(row: &CaseRow) -> Self {
        serde_json::from_str(&row.about).unwrap_or_default()
    }

    /// As it is written.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "{}".to_owned())
    }
}

/// What a conversation begins with, sealed: where it is answered.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct Head {
    pub(super) v: u8,
    /// The language that the person writes in.
    pub(super) language: String,
    /// Where to, if not to the address of the account.
    pub(super) reply_to: Option<String>,
}

/// What was said once, sealed.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct Said {
    pub(super) v: u8,
    pub(super) text: String,
    /// The id of the mail that it came in, so that the answer stands below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) mail: Option<String>,
}

/// What is sealed, opened: of this version, or not at all.
pub(super) fn read<T: Versioned>(bytes: &[u8]) -> Result<T, Stop> {
    let read: Option<T> = serde_json::from_slice(bytes).ok();
    // What the library says could repeat what was written.
    let unread = || Stop::Broken("a part of a conversation cannot be read".to_owned());
    read.filter(|it| it.version() == VERSION).ok_or_else(unread)
}

/// What says which version it is.
pub(super) trait Versioned: serde::de::DeserializeOwned {
    /// The version.
    fn version(&self) -> u8;
}

impl Versioned for Head {
    fn version(&self) -> u8 {
        self.v
    }
}

impl Versioned for Said {
    fn version(&self) -> u8 {
        self.v
    }
}

/// The version of both.
pub(super) const VERSION: u8 = 1;
/// As what a head is sealed.
pub(super) const HEAD: &str = "conversation";
/// As what a piece is sealed.
pub(super) const SAID: &str = "said";

/// The kind of a case that is a conversation.
pub(super) fn kind_of(row: &CaseRow) -> Result<Kind, Stop> {
    Kind::from_word(&row.kind).ok_or(Stop::NotFound)
}

/// A person wrote it.
pub(super) const IN: &str = "in";
/// It was sent to the person.
pub(super) const OUT: &str = "out";
/// Staff wrote it for staff.
pub(super) const INTERNAL: &str = "internal";

#[cfg(test)]
mod tests;
