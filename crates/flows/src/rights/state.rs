//! Where a request to exercise a right stands, and the case that it is kept as.

use decide::id::RequestId;
use decide::{Right, Timestamp};
use journal::{CaseRow, Sealed};

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

    /// Whether somebody has still to act.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Received | Self::Waiting | Self::Working => true,
            Self::Done | Self::Refused | Self::Cancelled => false,
        }
    }
}

/// A request that comes in, as the case that it is kept as.
pub(crate) fn case(
    (id, right): (RequestId, Right),
    state: RequestState,
    (received, due): (Timestamp, Timestamp),
    sealed: Option<Sealed>,
) -> CaseRow {
    CaseRow {
        id: id.into(),
        kind: right.word().to_owned(),
        state: state.word().to_owned(),
        received,
        due,
        open: state.is_open(),
        assigned: String::new(),
        about: "{}".to_owned(),
        sealed,
        own_key: None,
    }
}

/// The same request in another state.
pub(crate) fn moved(case: CaseRow, state: RequestState) -> CaseRow {
    CaseRow { state: state.word().to_owned(), open: state.is_open(), ..case }
}
