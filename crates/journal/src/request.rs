//! Requests to exercise a right, with their state and deadline.

use decide::id::RequestId;
use decide::{PersonId, Right, Timestamp};

use crate::fault::Fault;
use crate::limit::PAGE_MAX;
use crate::sealed::Sealed;
use crate::sql::{Query, Row, Statement, values};

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

pub(crate) fn put(person: PersonId, request: &RequestRow) -> Statement {
    let text = "INSERT INTO requests \
         (person_id, request_id, exercised, state, received, due, sealed) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = values![
        person,
        request.id.bits().to_be_bytes(),
        request.right.word(),
        request.state.word(),
        request.received,
        request.due,
        request.sealed.as_ref().map(Sealed::as_bytes),
    ];
    Statement::new(text, values)
}

pub(crate) fn move_on(
    person: PersonId,
    (id, state): (RequestId, RequestState),
    sealed: Option<&Sealed>,
) -> Statement {
    let text = "UPDATE requests SET state = $1, sealed = coalesce($2, sealed) \
         WHERE person_id = $3 AND request_id = $4";
    let sealed = sealed.map(Sealed::as_bytes);
    Statement::new(text, values![state.word(), sealed, person, id.bits().to_be_bytes()])
}

macro_rules! rows {
    ($rest:literal) => {
        concat!("SELECT request_id, exercised, state, received, due, sealed FROM requests ", $rest)
    };
}

fn read(row: &Row<'_>, person: PersonId) -> Result<RequestRow, Fault> {
    let unknown = || Fault::broken("a request's state is not one that this program knows");
    Ok(RequestRow {
        id: RequestId::new(person.region(), row.id(0)?),
        right: Right::from_word(&row.text(1)?).ok_or_else(unknown)?,
        state: RequestState::from_word(&row.text(2)?).ok_or_else(unknown)?,
        received: row.instant(3)?,
        due: row.instant(4)?,
        sealed: row.maybe_bytes(5)?.map(Sealed::stored),
    })
}

/// A person's requests, newest first, from before `before`, up to `n`.
pub(crate) fn of_person(person: PersonId, before: Option<RequestId>, n: u32) -> Query<RequestRow> {
    let text = rows!("WHERE person_id = $1 AND request_id < $2 ORDER BY request_id DESC LIMIT $3");
    let before = before.map_or([0xff; 16], |it| it.bits().to_be_bytes());
    Query::new(text, values![person, before, n.min(PAGE_MAX)], move |row| read(row, person))
}

/// One request of a person.
pub(crate) fn find(person: PersonId, id: RequestId) -> Query<RequestRow> {
    let text = rows!("WHERE person_id = $1 AND request_id = $2");
    Query::new(text, values![person, id.bits().to_be_bytes()], move |row| read(row, person))
}

/// The newest request of a person for a right, of those that stand so.
pub(crate) fn newest(person: PersonId, (right, state): (Right, RequestState)) -> Query<RequestRow> {
    let text = rows!(
        "WHERE person_id = $1 AND exercised = $2 AND state = $3 ORDER BY request_id DESC LIMIT 1"
    );
    Query::new(text, values![person, right.word(), state.word()], move |row| read(row, person))
}

/// That there was a request remains, for its deadline counts; its text goes.
pub(crate) fn erase(person: PersonId) -> Statement {
    Statement::new("UPDATE requests SET sealed = NULL WHERE person_id = $1", values![person])
}
