//! Requests to exercise a right, with their state and deadline.

use decide::id::RequestId;
use decide::{PersonId, Right, Timestamp};
use rusqlite::{Connection, Row, params};

use crate::fault::Fault;
use crate::limit::PAGE_MAX;
use crate::people::id as person_id;
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

pub(crate) fn put(file: &Connection, person: PersonId, request: &RequestRow) -> Result<(), Fault> {
    file.prepare_cached(
        "INSERT INTO requests (person_id, request_id, exercised, state, received, due, sealed) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )?
    .execute(params![
        person_id(person),
        request.id.bits().to_be_bytes(),
        request.right.word(),
        request.state.word(),
        request.received.millis(),
        request.due.millis(),
        request.sealed.as_ref().map(Sealed::as_bytes),
    ])?;
    Ok(())
}

pub(crate) fn move_on(
    file: &Connection,
    person: PersonId,
    (id, state): (RequestId, RequestState),
    sealed: Option<&Sealed>,
) -> Result<(), Fault> {
    file.prepare_cached(
        "UPDATE requests SET state = $1, sealed = coalesce($2, sealed) \
         WHERE person_id = $3 AND request_id = $4",
    )?
    .execute(params![
        state.word(),
        sealed.map(Sealed::as_bytes),
        person_id(person),
        id.bits().to_be_bytes(),
    ])?;
    Ok(())
}

const ROW: &str = "SELECT request_id, exercised, state, received, due, sealed FROM requests";

fn read(row: &Row<'_>, person: PersonId) -> Result<RequestRow, Fault> {
    let unknown = || Fault::broken("a request's state is not one that this program knows");
    let right: String = row.get(1)?;
    let state: String = row.get(2)?;
    Ok(RequestRow {
        id: RequestId::new(person.region(), u128::from_be_bytes(row.get(0)?)),
        right: Right::from_word(&right).ok_or_else(unknown)?,
        state: RequestState::from_word(&state).ok_or_else(unknown)?,
        received: Timestamp::from_millis(row.get(3)?),
        due: Timestamp::from_millis(row.get(4)?),
        sealed: row.get::<_, Option<Vec<u8>>>(5)?.map(Sealed::stored),
    })
}

/// A person's requests, newest first, from before `before`, up to `n`.
pub(crate) fn of_person(
    file: &Connection,
    person: PersonId,
    before: Option<RequestId>,
    n: u32,
) -> Result<Vec<RequestRow>, Fault> {
    let before = before.map_or([0xff; 16], |it| it.bits().to_be_bytes());
    let mut statement = file.prepare_cached(&format!(
        "{ROW} WHERE person_id = $1 AND request_id < $2 ORDER BY request_id DESC LIMIT $3"
    ))?;
    let mut rows = statement.query(params![person_id(person), before, n.min(PAGE_MAX)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row, person)?);
    }
    Ok(found)
}

/// One request of a person.
pub(crate) fn find(
    file: &Connection,
    person: PersonId,
    id: RequestId,
) -> Result<Option<RequestRow>, Fault> {
    let mut statement =
        file.prepare_cached(&format!("{ROW} WHERE person_id = $1 AND request_id = $2"))?;
    let mut rows = statement.query(params![person_id(person), id.bits().to_be_bytes()])?;
    rows.next()?.map(|row| read(row, person)).transpose()
}

/// The newest request of a person for a right, of those that stand so.
pub(crate) fn newest(
    file: &Connection,
    person: PersonId,
    (right, state): (Right, RequestState),
) -> Result<Option<RequestRow>, Fault> {
    let mut statement = file.prepare_cached(&format!(
        "{ROW} WHERE person_id = $1 AND exercised = $2 AND state = $3 \
         ORDER BY request_id DESC LIMIT 1"
    ))?;
    let mut rows = statement.query(params![person_id(person), right.word(), state.word()])?;
    rows.next()?.map(|row| read(row, person)).transpose()
}

/// That there was a request remains, for its deadline counts; its text goes.
pub(crate) fn erase(file: &Connection, person: PersonId) -> Result<(), Fault> {
    file.prepare_cached("UPDATE requests SET sealed = NULL WHERE person_id = $1")?
        .execute([person_id(person)])?;
    Ok(())
}
