//! Cases: what stands open about a person until somebody acts, with its clock. Requests of rights,
//! messages, complaints, holds, guardians and deliveries are kept alike; what their states mean is
//! not known here.

mod closed;
mod kind;
mod standing;

pub use closed::ClosedCase;
pub(crate) use standing::standing;

use decide::id::CaseId;
use decide::{PersonId, RegionCode, Timestamp};

use crate::fault::Fault;
use crate::limit::{KINDS_MAX, PAGE_MAX};
use crate::sealed::{Sealed, WrappedKey};
use crate::sql::{Query, Row, Statement, Text, Unmet, Value, values};

/// A case as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// Its id.
    pub id: CaseId,
    /// Its kind: the word of a right, `message`, `hold`.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// When it came in.
    pub received: Timestamp,
    /// Until when somebody has to act.
    pub due: Timestamp,
    /// Whether somebody has still to act.
    pub open: bool,
    /// The member of staff who has it, by id; empty for nobody.
    pub assigned: String,
    /// A small JSON object in clear: ids, words and figures, never a personal value.
    pub about: String,
    /// Its text, under the person's key or under its own.
    pub sealed: Option<Sealed>,
    /// A key of its own, where it outlives the person.
    pub own_key: Option<WrappedKey>,
}

/// What was said in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteRow {
    /// The case.
    pub case: CaseId,
    /// Its id, UUIDv7.
    pub id: u128,
    /// Its kind: `in`, `out`, `internal`.
    pub kind: String,
    /// When.
    pub at: Timestamp,
    /// Who wrote it, by id; empty for the person.
    pub author: String,
    /// The text, under the key of the case.
    pub sealed: Sealed,
}

/// Which cases a queue shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue<'a> {
    /// Their kinds, at least one.
    pub kinds: &'a [&'a str],
    /// Whether somebody has still to act on them.
    pub open: bool,
    /// Where the page begins: after the case with this deadline and id.
    pub after: Option<(Timestamp, CaseId)>,
}

macro_rules! rows {
    ($rest:literal) => {
        concat!(
            "SELECT case_id, kind, state, received, due, open, assigned, about, sealed, own_key \
             FROM cases ",
            $rest
        )
    };
}

/// The case, whole, in place of the one before.
pub(crate) fn put(person: PersonId, case: CaseRow) -> Statement {
    let text = "INSERT INTO cases (person_id, case_id, kind, state, received, due, open, assigned, \
         about, sealed, own_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
         ON CONFLICT (person_id, case_id) DO UPDATE SET kind = excluded.kind, \
         state = excluded.state, received = excluded.received, due = excluded.due, \
         open = excluded.open, assigned = excluded.assigned, about = excluded.about, \
         sealed = excluded.sealed, own_key = excluded.own_key";
    let values = values![
        person,
        case.id.bits().to_be_bytes(),
        case.kind,
        case.state,
        case.received,
        case.due,
        i64::from(case.open),
        case.assigned,
        case.about,
        case.sealed.as_ref().map(Sealed::as_bytes),
        case.own_key.as_ref().map(|it| it.as_bytes().as_slice()),
    ];
    Statement::new(text, values)
}

/// A note, behind the others; one that is there already is not written twice.
pub(crate) fn note(person: PersonId, note: &NoteRow) -> Statement {
    let text = "INSERT INTO case_notes (person_id, case_id, note_id, kind, at, author, sealed) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let values = values![
        person,
        note.case.bits().to_be_bytes(),
        note.id.to_be_bytes(),
        note.kind.as_str(),
        note.at,
        note.author.as_str(),
        note.sealed.as_bytes(),
    ];
    Statement::new(text, values)
}

/// What was said up to a note goes, that one included.
pub(crate) fn drop_notes(person: PersonId, case: CaseId, until: u128) -> Statement {
    let text = "DELETE FROM case_notes WHERE person_id = $1 AND case_id = $2 AND note_id <= $3";
    let values = values![person, case.bits().to_be_bytes(), until.to_be_bytes()];
    Statement::new(text, values)
}

fn read(row: &Row<'_>, region: RegionCode) -> Result<CaseRow, Fault> {
    let own_key = match row.maybe_bytes(9)? {
        Some(_) => Some(WrappedKey::new(row.array(9)?)),
        None => None,
    };
    Ok(CaseRow {
        id: CaseId::new(region, row.id(0)?),
        kind: row.text(1)?,
        state: row.text(2)?,
        received: row.instant(3)?,
        due: row.instant(4)?,
        open: row.int(5)? != 0,
        assigned: row.text(6)?,
        about: row.text(7)?,
        sealed: row.maybe_bytes(8)?.map(Sealed::stored),
        own_key,
    })
}

/// A person's cases, newest first, from before `before`, up to `n`.
pub(crate) fn of_person(person: PersonId, before: Option<CaseId>, n: u32) -> Query<CaseRow> {
    let text = rows!("WHERE person_id = $1 AND case_id < $2 ORDER BY case_id DESC LIMIT $3");
    let before = before.map_or([0xff; 16], |it| it.bits().to_be_bytes());
    let region = person.region();
    Query::new(text, values![person, before, n.min(PAGE_MAX)], move |row| read(row, region))
}

/// One case of a person.
pub(crate) fn find(person: PersonId, id: CaseId) -> Query<CaseRow> {
    let text = rows!("WHERE person_id = $1 AND case_id = $2");
    let region = person.region();
    Query::new(text, values![person, id.bits().to_be_bytes()], move |row| read(row, region))
}

/// The newest case of a person of a kind, of those that stand so.
pub(crate) fn newest(person: PersonId, (kind, state): (&str, &str)) -> Query<CaseRow> {
    let text =
        rows!("WHERE person_id = $1 AND kind = $2 AND state = $3 ORDER BY case_id DESC LIMIT 1");
    let region = person.region();
    Query::new(text, values![person, kind, state], move |row| read(row, region))
}

/// What was said in a case, oldest first, up to `n`.
pub(crate) fn notes(person: PersonId, case: CaseId, n: u32) -> Query<NoteRow> {
    let text = "SELECT note_id, kind, at, author, sealed FROM case_notes \
         WHERE person_id = $1 AND case_id = $2 ORDER BY note_id LIMIT $3";
    let values = values![person, case.bits().to_be_bytes(), n.min(PAGE_MAX)];
    Query::new(text, values, move |row| {
        Ok(NoteRow {
            case,
            id: row.id(0)?,
            kind: row.text(1)?,
            at: row.instant(2)?,
            author: row.text(3)?,
            sealed: Sealed::stored(row.bytes(4)?),
        })
    })
}

/// A case with a key of its own, whole, and whose it is.
pub(crate) fn with_own_key(id: CaseId) -> Query<(PersonId, CaseRow)> {
    let text = "SELECT case_id, kind, state, received, due, open, assigned, about, sealed, own_key, \
         person_id FROM cases WHERE case_id = $1 AND own_key IS NOT NULL";
    let region = id.region();
    Query::new(text, values![id.bits().to_be_bytes()], move |row| {
        Ok((PersonId::new(region, row.id(10)?), read(row, region)?))
    })
}

/// Whose case it is.
pub(crate) fn owner(id: CaseId) -> Query<PersonId> {
    let text = "SELECT person_id FROM cases WHERE case_id = $1";
    let region = id.region();
    Query::new(text, values![id.bits().to_be_bytes()], move |row| {
        Ok(PersonId::new(region, row.id(0)?))
    })
}

const CLEAR: Text = Text::each(
    "SELECT case_id, kind, state, received, due, open, assigned, about, NULL, NULL, person_id \
     FROM cases WHERE case_id = $1",
    "SELECT case_id, kind, state, received, due, open, assigned, about, \
     CAST(NULL AS BYTEA), CAST(NULL AS BYTEA), person_id FROM cases WHERE case_id = $1",
);

/// A case without what is sealed in it, and whose it is.
pub(crate) fn clear(id: CaseId) -> Query<(PersonId, CaseRow)> {
    let region = id.region();
    Query::new(CLEAR, values![id.bits().to_be_bytes()], move |row| {
        Ok((PersonId::new(region, row.id(10)?), read(row, region)?))
    })
}

/// Open cases of a person of a kind, oldest first, without what is sealed in them.
pub(crate) fn open_of(person: PersonId, kind: &str, n: u32) -> Query<CaseRow> {
    const OPEN: Text = Text::each(
        "SELECT case_id, kind, state, received, due, open, assigned, about, NULL, NULL \
         FROM cases WHERE person_id = $1 AND kind = $2 AND open = 1 ORDER BY case_id LIMIT $3",
        "SELECT case_id, kind, state, received, due, open, assigned, about, \
         CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) \
         FROM cases WHERE person_id = $1 AND kind = $2 AND open = 1 ORDER BY case_id LIMIT $3",
    );
    let region = person.region();
    Query::new(OPEN, values![person, kind, n.min(PAGE_MAX)], move |row| read(row, region))
}

/// Cases of a region by their deadlines, without what is sealed.
pub(crate) fn queue(
    region: RegionCode,
    queue: &Queue<'_>,
    n: u32,
) -> Result<Query<(PersonId, CaseRow)>, Fault> {
    const QUEUE: Text = Text::each(
        "SELECT case_id, kind, state, received, due, open, assigned, about, NULL, NULL, person_id \
         FROM cases WHERE open = $1 AND kind IN ($2, $3, $4, $5, $6, $7, $8, $9) \
         AND (due, case_id) > ($10, $11) ORDER BY due, case_id LIMIT $12",
        "SELECT case_id, kind, state, received, due, open, assigned, about, \
         CAST(NULL AS BYTEA), CAST(NULL AS BYTEA), person_id \
         FROM cases WHERE open = $1 AND kind IN ($2, $3, $4, $5, $6, $7, $8, $9) \
         AND (due, case_id) > ($10, $11) ORDER BY due, case_id LIMIT $12",
    );
    let first = queue.kinds.first().filter(|_| queue.kinds.len() <= KINDS_MAX);
    let first = first.ok_or_else(|| Fault::broken("a queue shows one to eight kinds"))?;
    // The same text however many there are: the first one stands again in the places that are left.
    let mut values = values![i64::from(queue.open)];
    let kinds = queue.kinds.iter().chain(std::iter::repeat(first)).take(KINDS_MAX);
    values.extend(kinds.map(|it| Value::from(*it)));
    let (due, id) = queue
        .after
        .map_or((i64::MIN, [0; 16]), |(due, id)| (due.millis(), id.bits().to_be_bytes()));
    values.extend(values![due, id, n.min(PAGE_MAX)]);
    Ok(Query::new(QUEUE, values, move |row| {
        Ok((PersonId::new(region, row.id(10)?), read(row, region)?))
    }))
}

/// A case of somebody who was erased moves on: there is no key any more to record it under.
pub(crate) fn settle(person: PersonId, (id, state): (CaseId, &str), open: bool) -> Statement {
    let text = "UPDATE cases SET state = $1, open = $2 WHERE person_id = $3 AND case_id = $4";
    let values = values![state, i64::from(open), person, id.bits().to_be_bytes()];
    Statement::new(text, values).or(Unmet::NotFound)
}

/// That there was a case remains, for its deadline counts; its text goes, unless it has a key of its
/// own.
pub(crate) fn erase(person: PersonId) -> [Statement; 2] {
    let notes = "DELETE FROM case_notes WHERE person_id = $1 AND case_id NOT IN \
         (SELECT case_id FROM cases WHERE person_id = $1 AND own_key IS NOT NULL)";
    let texts = "UPDATE cases SET sealed = NULL WHERE person_id = $1 AND own_key IS NULL";
    [notes, texts].map(|it| Statement::new(it, values![person]))
}
