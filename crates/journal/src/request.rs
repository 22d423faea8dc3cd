//! Requests to exercise a right, with their state and deadline.

use decide::id::RequestId;
use decide::{Right, Timestamp};

use crate::sealed::Sealed;

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequestState {
    /// It came in.
    Received,
    /// It waits for the person, for instance for a code.
    Waiting,
    /// It is being done.
    Working,
    /// It was done.
    Done,
    /// It was refused, with a reason.
    Refused,
    /// The person took it back.
    Cancelled,
}

impl RequestState {
    /// All of them.
    pub const ALL: &'static [Self] =
        &[Self::Received, Self::Waiting, Self::Working, Self::Done, Self::Refused, Self::Cancelled];

    /// Its word in answers and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Waiting => "waiting",
            Self::Working => "working",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Cancelled => "cancelled",
        }
    }

    /// The one with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.word() == word)
    }
}

/// A request as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    /// Its id.
    pub id: RequestId,
    /// The right.
    pub right: Right,
    /// Where it stands.
    pub state: RequestState,
    /// When it came in.
    pub received: Timestamp,
    /// The deadline.
    pub due: Timestamp,
    /// Its text, under the person's key.
    pub sealed: Option<Sealed>,
}
