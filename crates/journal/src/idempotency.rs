//! Answers under idempotency keys: what was done once is answered again, not done again.

use decide::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::Fault;
use crate::limit::IDEMPOTENT_MILLIS;

/// An answer to keep.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) scope: String,
    pub(crate) key_hash: [u8; 32],
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// What was answered in the last day.
pub(crate) fn find(
    file: &Connection,
    scope: &str,
    key_hash: &[u8; 32],
    now: Timestamp,
) -> Result<Option<(u16, String)>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT status, body FROM answers WHERE key_hash = $1 AND scope = $2 AND at > $3",
    )?;
    let since = now.plus_millis(IDEMPOTENT_MILLIS.saturating_neg());
    let found = statement
        .query_row(params![key_hash, scope, since.millis()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(found)
}

/// Keeps an answer, in place of one that is too old to count.
pub(crate) fn keep(file: &Connection, answer: &Answer, now: Timestamp) -> Result<(), Fault> {
    file.prepare_cached(
        "INSERT INTO answers (key_hash, scope, status, body, at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (key_hash, scope) DO UPDATE SET status = excluded.status, \
         body = excluded.body, at = excluded.at",
    )?
    .execute(params![
        answer.key_hash,
        answer.scope,
        answer.status,
        answer.body,
        now.millis()
    ])?;
    Ok(())
}

/// What is too old goes.
pub(crate) fn expire(file: &Connection, now: Timestamp) -> Result<(), Fault> {
    let since = now.plus_millis(IDEMPOTENT_MILLIS.saturating_neg());
    file.prepare_cached("DELETE FROM answers WHERE at <= $1")?.execute([since.millis()])?;
    Ok(())
}
