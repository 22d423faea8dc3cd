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
        step(
            "",
            "ask",
            "person or guardian or staff",
            "received",
            (
                "it has a number, and whoever asks is told; what can be done at once is done at once",
                ANSWER,
            ),
        ),
        step(
            "",
            "close",
            "person or guardian or staff",
            "waiting",
            (
                "nothing of the person is used from now on; a mail has the link to change one's mind",
                "the time to change one's mind",
            ),
        ),
        step(
            "received",
            "do",
            "system",
            "done",
            ("it was done while the person watched, and the answer stands with it", ""),
        ),
        step("received", "check", "staff", "waiting", ("a code goes to a known address", ANSWER)),
        step(
            "received",
            "see",
            "staff",
            "working",
            ("documents were seen and not kept; who saw them stands with it", ANSWER),
        ),
        step(
            "received",
            "take",
            "staff",
            "working",
            ("it is known who asks; somebody works on it", ANSWER),
        ),
        step(
            "waiting",
            "check",
            "staff",
            "waiting",
            ("another code goes to the known address; the one before is void", ANSWER),
        ),
        step("waiting", "prove", "person or staff", "working", ("the code came back", ANSWER)),
        step(
            "waiting",
            "see",
            "staff",
            "working",
            ("documents were seen and not kept; who saw them stands with it", ANSWER),
        ),
        step(
            "received",
            "extend",
            "staff",
            "received",
            ("the person is told why, and the new deadline", "the longer deadline"),
        ),
        step(
            "waiting",
            "extend",
            "staff",
            "waiting",
            ("the person is told why, and the new deadline", "the longer deadline"),
        ),
        step(
            "working",
            "extend",
            "staff",
            "working",
            ("the person is told why, and the new deadline", "the longer deadline"),
        ),
        step(
            "working",
            "answer",
            "staff",
            "done",
            (
                "what was asked for is done, and the person has a written answer, also where nothing is held",
                "",
            ),
        ),
        step(
            "working",
            "close",
            "staff",
            "waiting",
            (
                "nothing of the person is used from now on; a mail has the link to change one's mind",
                "the time to change one's mind",
            ),
        ),
        step("received", "refuse", "staff", "refused", (REFUSED, "")),
        step("waiting", "refuse", "staff", "refused", (REFUSED, "")),
        step("working", "refuse", "staff", "refused", (REFUSED, "")),
        step(
            "received",
            "cancel",
            "person or guardian or staff",
            "cancelled",
            ("nothing more is done", ""),
        ),
        step(
            "waiting",
            "cancel",
            "person or guardian or staff",
            "cancelled",
            ("nothing more is done; an account that was being closed is as before", ""),
        ),
        step("received", "gone", "system", "cancelled", (GONE, "")),
        step("waiting", "gone", "system", "cancelled", (GONE, "")),
        step("working", "gone", "system", "cancelled", (GONE, "")),
        step("waiting", "erase", "system", "working", (ERASED, TOLD)),
        step("working", "erase", "system", "working", (ERASED, TOLD)),
        step(
            "working",
            "told",
            "system",
            "done",
            ("everybody who was to be told has answered that it is done", ""),
        ),
    ],
};

const ANSWER: &str = "the answer's deadline, by right and region";
const REFUSED: &str = "the person is told why, how to complain, and of the authority";
const ERASED: &str = "the key is destroyed; recipients, sources and connected systems are told";
const GONE: &str = "the person was erased meanwhile: nothing is left that it could be about";
const TOLD: &str = "each is told again until it answers";

const fn step(
    from: &'static str,
    event: &'static str,
    by: &'static str,
    to: &'static str,
    (follows, clock): (&'static str, &'static str),
) -> Move {
    Move { from, event, by, to, follows, clock }
}
