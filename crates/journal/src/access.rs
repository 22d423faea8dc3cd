//! Sessions and one-time codes: hashes, never secrets.

use decide::set::Interned as _;
use decide::{Category, PersonId, RegionCode, Timestamp};

use crate::limit::PAGE_MAX;
use crate::sql::{Query, Statement, values};
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

pub(crate) fn begin_session(person: PersonId, session: SessionRow) -> Statement {
    let text = "INSERT INTO sessions (hash, person_id, begun, expires, label) \
         VALUES ($1, $2, $3, $4, $5)";
    let SessionRow { hash, begun, expires, label } = session;
    Statement::new(text, values![hash, person, begun, expires, label])
}

pub(crate) fn end_session(person: PersonId, hash: [u8; 32]) -> Statement {
    let text = "DELETE FROM sessions WHERE hash = $1 AND person_id = $2";
    Statement::new(text, values![hash, person])
}

pub(crate) fn end_sessions(person: PersonId) -> Statement {
    Statement::new("DELETE FROM sessions WHERE person_id = $1", values![person])
}

/// Whose session this is, unless it has expired.
pub(crate) fn session(region: RegionCode, hash: &[u8; 32], now: Timestamp) -> Query<PersonId> {
    let text = "SELECT person_id FROM sessions WHERE hash = $1 AND expires > $2";
    Query::new(text, values![*hash, now], move |row| Ok(PersonId::new(region, row.id(0)?)))
}

/// A person's sessions that have not expired, newest first.
pub(crate) fn sessions(person: PersonId, now: Timestamp) -> Query<SessionRow> {
    let text = "SELECT hash, begun, expires, label FROM sessions \
         WHERE person_id = $1 AND expires > $2 ORDER BY begun DESC, hash LIMIT $3";
    Query::new(text, values![person, now, PAGE_MAX], |row| {
        Ok(SessionRow {
            hash: row.array(0)?,
            begun: row.instant(1)?,
            expires: row.instant(2)?,
            label: row.text(3)?,
        })
    })
}

pub(crate) fn set_code(person: PersonId, channel: Category, code: &CodeRow) -> Statement {
    let text = "INSERT INTO codes (person_id, channel, hash, expires, tries) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (person_id, channel) DO UPDATE SET \
         hash = excluded.hash, expires = excluded.expires, tries = excluded.tries";
    let values = values![person, channel.position(), code.hash, code.expires, code.tries];
    Statement::new(text, values)
}

pub(crate) fn drop_code(person: PersonId, channel: Category) -> Statement {
    let text = "DELETE FROM codes WHERE person_id = $1 AND channel = $2";
    Statement::new(text, values![person, channel.position()])
}

pub(crate) fn code_tried(person: PersonId, channel: Category) -> Statement {
    let text = "UPDATE codes SET tries = tries + 1 WHERE person_id = $1 AND channel = $2";
    Statement::new(text, values![person, channel.position()])
}

pub(crate) fn code(person: PersonId, channel: Category) -> Query<CodeRow> {
    let text = "SELECT hash, expires, tries FROM codes WHERE person_id = $1 AND channel = $2";
    Query::new(text, values![person, channel.position()], |row| {
        Ok(CodeRow { hash: row.array(0)?, expires: row.instant(1)?, tries: row.small(2)? })
    })
}

/// Everything by which the person could still come in goes.
pub(crate) fn erase(person: PersonId) -> [Statement; 4] {
    let codes = "DELETE FROM codes WHERE person_id = $1";
    let codes = Statement::new(codes, values![person]);
    [end_sessions(person), codes, unproved::erase(person), tally::erase(person)]
}

/// What has expired goes.
pub(crate) fn expire(now: Timestamp) -> [Statement; 4] {
    [
        Statement::new("DELETE FROM sessions WHERE expires <= $1", values![now]),
        Statement::new("DELETE FROM codes WHERE expires <= $1", values![now]),
        unproved::expire(now),
        tally::expire(now),
    ]
}
