//! Sessions and one-time codes: hashes, never secrets.

use decide::set::Interned as _;
use decide::{Category, PersonId, RegionCode, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::Fault;
use crate::limit::PAGE_MAX;
use crate::people::id;
use crate::{tally, unproved};

/// A session, as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// The hash of its secret.
    pub hash: [u8; 32],
    /// When it began.
    pub begun: Timestamp,
    /// When it ends by itself.
    pub expires: Timestamp,
    /// What the person sees of it.
    pub label: String,
}

/// A one-time code that waits to be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeRow {
    /// The hash of the code.
    pub hash: [u8; 32],
    /// When it is no longer good.
    pub expires: Timestamp,
    /// How often it was tried in vain.
    pub tries: u32,
}

pub(crate) fn begin_session(
    file: &Connection,
    person: PersonId,
    session: &SessionRow,
) -> Result<(), Fault> {
    file.prepare_cached(
        "INSERT INTO sessions (hash, person_id, begun, expires, label) \
         VALUES ($1, $2, $3, $4, $5)",
    )?
    .execute(params![
        session.hash,
        id(person),
        session.begun.millis(),
        session.expires.millis(),
        session.label,
    ])?;
    Ok(())
}

pub(crate) fn end_session(
    file: &Connection,
    person: PersonId,
    hash: &[u8; 32],
) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM sessions WHERE hash = $1 AND person_id = $2")?
        .execute(params![hash, id(person)])?;
    Ok(())
}

pub(crate) fn end_sessions(file: &Connection, person: PersonId) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM sessions WHERE person_id = $1")?.execute([id(person)])?;
    Ok(())
}

/// Whose session this is, unless it has expired.
pub(crate) fn session(
    file: &Connection,
    region: RegionCode,
    hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<PersonId>, Fault> {
    let mut statement =
        file.prepare_cached("SELECT person_id FROM sessions WHERE hash = $1 AND expires > $2")?;
    let found = statement
        .query_row(params![hash, now.millis()], |row| row.get::<_, [u8; 16]>(0))
        .optional()?;
    Ok(found.map(|it| PersonId::new(region, u128::from_be_bytes(it))))
}

/// A person's sessions that have not expired, newest first.
pub(crate) fn sessions(
    file: &Connection,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<SessionRow>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT hash, begun, expires, label FROM sessions WHERE person_id = $1 AND expires > $2 \
         ORDER BY begun DESC, hash LIMIT $3",
    )?;
    let rows = statement.query_map(params![id(person), now.millis(), PAGE_MAX], |row| {
        Ok(SessionRow {
            hash: row.get(0)?,
            begun: Timestamp::from_millis(row.get(1)?),
            expires: Timestamp::from_millis(row.get(2)?),
            label: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn set_code(
    file: &Connection,
    person: PersonId,
    channel: Category,
    code: &CodeRow,
) -> Result<(), Fault> {
    file.prepare_cached(
        "INSERT INTO codes (person_id, channel, hash, expires, tries) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (person_id, channel) DO UPDATE SET hash = excluded.hash, \
         expires = excluded.expires, tries = excluded.tries",
    )?
    .execute(params![
        id(person),
        channel.position(),
        code.hash,
        code.expires.millis(),
        code.tries,
    ])?;
    Ok(())
}

pub(crate) fn drop_code(
    file: &Connection,
    person: PersonId,
    channel: Category,
) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM codes WHERE person_id = $1 AND channel = $2")?
        .execute(params![id(person), channel.position()])?;
    Ok(())
}

pub(crate) fn code_tried(
    file: &Connection,
    person: PersonId,
    channel: Category,
) -> Result<(), Fault> {
    file.prepare_cached(
        "UPDATE codes SET tries = tries + 1 WHERE person_id = $1 AND channel = $2",
    )?
    .execute(params![id(person), channel.position()])?;
    Ok(())
}

pub(crate) fn code(
    file: &Connection,
    person: PersonId,
    channel: Category,
) -> Result<Option<CodeRow>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT hash, expires, tries FROM codes WHERE person_id = $1 AND channel = $2",
    )?;
    let found = statement
        .query_row(params![id(person), channel.position()], |row| {
            Ok(CodeRow {
                hash: row.get(0)?,
                expires: Timestamp::from_millis(row.get(1)?),
                tries: row.get(2)?,
            })
        })
        .optional()?;
    Ok(found)
}

/// Everything by which the person could still come in goes.
pub(crate) fn erase(file: &Connection, person: PersonId) -> Result<(), Fault> {
    end_sessions(file, person)?;
    file.prepare_cached("DELETE FROM codes WHERE person_id = $1")?.execute([id(person)])?;
    unproved::erase(file, person)?;
    tally::erase(file, person)
}

/// What has expired goes.
pub(crate) fn expire(file: &Connection, now: Timestamp) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM sessions WHERE expires <= $1")?.execute([now.millis()])?;
    file.prepare_cached("DELETE FROM codes WHERE expires <= $1")?.execute([now.millis()])?;
    unproved::expire(file, now)?;
    tally::expire(file, now)
}
