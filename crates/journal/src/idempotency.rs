//! Answers under idempotency keys: what was done once is answered again, not done again. They go
//! with the person whom they are about.

use decide::{PersonId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::Fault;
use crate::limit::IDEMPOTENT_MILLIS;
use crate::people::id;

/// A key that came with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Who asked for what: a key's id and a route.
    pub scope: String,
    /// The hash of the client's key.
    pub key_hash: [u8; 32],
    /// A keyed hash of the request: another one under the same key is a mistake.
    pub request: [u8; 32],
}

/// An answer to keep.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) once: Once,
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// What was answered in the last day; a fault where that was the answer to another request.
pub(crate) fn find(
    file: &Connection,
    once: &Once,
    now: Timestamp,
) -> Result<Option<(u16, String)>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT request, status, body FROM answers \
         WHERE key_hash = $1 AND scope = $2 AND at > $3",
    )?;
    let since = now.plus_millis(IDEMPOTENT_MILLIS.saturating_neg());
    let found = statement
        .query_row(params![once.key_hash, once.scope, since.millis()], |row| {
            Ok((row.get::<_, [u8; 32]>(0)?, (row.get(1)?, row.get(2)?)))
        })
        .optional()?;
    match found {
        Some((request, _)) if request != once.request => Err(Fault::OtherRequest),
        found => Ok(found.map(|(_, answer)| answer)),
    }
}

/// Keeps an answer, in place of one that is too old to count.
pub(crate) fn keep(
    file: &Connection,
    person: PersonId,
    answer: &Answer,
    now: Timestamp,
) -> Result<(), Fault> {
    file.prepare_cached(
        "INSERT INTO answers (key_hash, scope, person_id, request, status, body, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (key_hash, scope) DO UPDATE SET person_id = excluded.person_id, \
         request = excluded.request, status = excluded.status, body = excluded.body, \
         at = excluded.at",
    )?
    .execute(params![
        answer.once.key_hash,
        answer.once.scope,
        id(person),
        answer.once.request,
        answer.status,
        answer.body,
        now.millis()
    ])?;
    Ok(())
}

/// What was answered about an erased person goes.
pub(crate) fn erase(file: &Connection, person: PersonId) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM answers WHERE person_id = $1")?.execute([id(person)])?;
    Ok(())
}

/// What is too old goes.
pub(crate) fn expire(file: &Connection, now: Timestamp) -> Result<(), Fault> {
    let since = now.plus_millis(IDEMPOTENT_MILLIS.saturating_neg());
    file.prepare_cached("DELETE FROM answers WHERE at <= $1")?.execute([since.millis()])?;
    Ok(())
}
