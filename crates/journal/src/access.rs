//! Sessions and one-time codes: hashes, never secrets.

mod standing;

use decide::set::Interned as _;
use decide::{Category, PersonId, RegionCode, Timestamp};

use crate::fault::Fault;
use crate::limit::PAGE_MAX;
use crate::sql::{Query, Statement, values};
use crate::{tally, unproved};

pub(crate) use standing::standing;

/// Whose session it is: who comes in with it, and to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Role {
    /// The person's own.
    Person = 0,
    /// That of the person's guardian.
    Guardian = 1,
}

impl Role {
    const fn stored(self) -> i64 {
        self as i64
    }

    fn read(stored: i64) -> Result<Self, Fault> {
        match stored {
            0 => Ok(Self::Person),
            1 => Ok(Self::Guardian),
            _ => Err(Fault::broken("a session's role is not one that this program knows")),
        }
    }
}

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
    /// Whose it is.
    pub role: Role,
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
    let text = "INSERT INTO sessions (hash, person_id, begun, expires, label, role) \
         VALUES ($1, $2, $3, $4, $5, $6)";
    let SessionRow { hash, begun, expires, label, role } = session;
    Statement::new(text, values![hash, person, begun, expires, label, role.stored()])
}

pub(crate) fn end_session(person: PersonId, hash: [u8; 32]) -> Statement {
    let text = "DELETE FROM sessions WHERE hash = $1 AND person_id = $2";
    Statement::new(text, values![hash, person])
}

pub(crate) fn end_sessions(person: PersonId) -> Statement {
    Statement::new("DELETE FROM sessions WHERE person_id = $1", values![person])
}

/// To whose account a session of a role leads, unless it has expired.
pub(crate) fn session(
    region: RegionCode,
    (hash, role): (&[u8; 32], Role),
    now: Timestamp,
) -> Query<PersonId> {
    let text = "SELECT person_id FROM sessions WHERE hash = $1 AND expires > $2 AND role = $3";
    let values = values![*hash, now, role.stored()];
    Query::new(text, values, move |row| Ok(PersonId::new(region, row.id(0)?)))
}

/// A person's sessions that have not expired, newest first.
pub(crate) fn sessions(person: PersonId, now: Timestamp) -> Query<SessionRow> {
    let text = "SELECT hash, begun, expires, label, role FROM sessions \
         WHERE person_id = $1 AND expires > $2 ORDER BY begun DESC, hash LIMIT $3";
    Query::new(text, values![person, now, PAGE_MAX], |row| {
        Ok(SessionRow {
            hash: row.array(0)?,
            begun: row.instant(1)?,
            expires: row.instant(2)?,
            label: row.text(3)?,
            role: Role::read(row.int(4)?)?,
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
