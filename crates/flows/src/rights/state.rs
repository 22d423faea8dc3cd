//! Where a request to exercise a right stands, and the case that it is kept as.

use decide::id::RequestId;
use decide::{Right, Timestamp};
use journal::{CaseRow, Sealed};

use crate::machine::{Machine, Move};

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

/// How a request moves. `received` waits for us, `waiting` for the person, `working` for us or, after
/// an erasure, for those who were told.
pub const MACHINE: Machine = Machine {
    name: "request",
    moves: &[
        Move::of(
            "",
            "ask",
            "person or guardian or staff",
            (
                "received",
                "it has a number, and whoever asks is told; what can be done at once is done at once",
            ),
            ANSWER,
        ),
        Move::of(
            "",
            "close",
            "person or guardian or staff",
            (
                "waiting",
                "nothing of the person is used from now on; a mail has the link to change one's mind",
            ),
            "the time to change one's mind",
        ),
        Move::of(
            "received",
            "do",
            "system",
            ("done", "it was done while the person watched, and the answer stands with it"),
            "",
        ),
        Move::of(
            "received",
            "check",
            "staff",
            ("waiting", "a code goes to a known address"),
            ANSWER,
        ),
        Move::of(
            "received",
            "see",
            "staff",
            ("working", "documents were seen and not kept; who saw them stands with it"),
            ANSWER,
        ),
        Move::of(
            "received",
            "take",
            "staff",
            ("working", "it is known who asks; somebody works on it"),
            ANSWER,
        ),
        Move::of(
            "waiting",
            "check",
            "staff",
            ("waiting", "another code goes to the known address; the one before is void"),
            ANSWER,
        ),
        Move::of(
            "received",
            "check",
            "system",
            ("waiting", "a code goes to the address that somebody gave in a form"),
            "seven days",
        ),
        Move::of(
            "waiting",
            "lapse",
            "system",
            ("cancelled", "the code did not come back; of whoever has no account nothing stays"),
            "",
        ),
        Move::of("waiting", "prove", "person or staff", ("working", "the code came back"), ANSWER),
        Move::of(
            "waiting",
            "see",
            "staff",
            ("working", "documents were seen and not kept; who saw them stands with it"),
            ANSWER,
        ),
        Move::of(
            "received",
            "extend",
            "staff",
            ("received", "the person is told why, and the new deadline"),
            "the longer deadline",
        ),
        Move::of(
            "waiting",
            "extend",
            "staff",
            ("waiting", "the person is told why, and the new deadline"),
            "the longer deadline",
        ),
        Move::of(
            "working",
            "extend",
            "staff",
            ("working", "the person is told why, and the new deadline"),
            "the longer deadline",
        ),
        Move::of(
            "working",
            "answer",
            "staff",
            (
                "done",
                "what was asked for is done, and the person has a written answer, also where nothing is held",
            ),
            "",
        ),
        Move::of(
            "working",
            "close",
            "staff",
            (
                "waiting",
                "nothing of the person is used from now on; a mail has the link to change one's mind",
            ),
            "the time to change one's mind",
        ),
        Move::of("received", "refuse", "staff", ("refused", REFUSED), ""),
        Move::of("waiting", "refuse", "staff", ("refused", REFUSED), ""),
        Move::of("working", "refuse", "staff", ("refused", REFUSED), ""),
        Move::of(
            "received",
            "cancel",
            "person or guardian or staff",
            ("cancelled", "nothing more is done"),
            "",
        ),
        Move::of(
            "waiting",
            "cancel",
            "person or guardian or staff",
            ("cancelled", "nothing more is done; an account that was being closed is as before"),
            "",
        ),
        Move::of("received", "gone", "system", ("cancelled", GONE), ""),
        Move::of("waiting", "gone", "system", ("cancelled", GONE), ""),
        Move::of("working", "gone", "system", ("cancelled", GONE), ""),
        Move::of("waiting", "erase", "system", ("working", ERASED), TOLD),
        Move::of("working", "erase", "system", ("working", ERASED), TOLD),
        Move::of(
            "working",
            "told",
            "system",
            ("done", "everybody who was to be told has answered that it is done"),
            "",
        ),
    ],
};

const ANSWER: &str = "the answer's deadline, by right and region";
const REFUSED: &str = "the person is told why, how to complain, and of the authority";
const ERASED: &str = "the key is destroyed; recipients, sources and connected systems are told";
const GONE: &str = "the person was erased meanwhile: nothing is left that it could be about";
const TOLD: &str = "each is told again until it answers";
