//! Answers under idempotency keys: what was done once is answered again, not done again. They go
//! with the person whom they are about.

use decide::{PersonId, Timestamp};

use crate::fault::Fault;
use crate::limit::IDEMPOTENT_MILLIS;
use crate::sql::{Query, Statement, Unmet, values};

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

/// What was answered under a key.
pub(crate) struct Answered {
    request: [u8; 32],
    answer: (u16, String),
}

impl Answered {
    /// The answer; a fault where it was the answer to another request.
    pub(crate) fn of(self, once: &Once) -> Result<(u16, String), Fault> {
        if self.request == once.request { Ok(self.answer) } else { Err(Fault::OtherRequest) }
    }
}

/// What was answered in the last day.
pub(crate) fn find(once: &Once, now: Timestamp) -> Query<Answered> {
    let text = "SELECT request, status, body FROM answers \
         WHERE key_hash = $1 AND scope = $2 AND at > $3";
    let since = now.plus_millis(IDEMPOTENT_MILLIS.saturating_neg());
    Query::new(text, values![once.key_hash, once.scope.as_str(), since], |row| {
        Ok(Answered { request: row.array(0)?, answer: (row.small(1)?, row.text(2)?) })
    })
}

/// Keeps an answer, in place of one that is too old to count.
pub(crate) fn keep(person: PersonId, answer: Answer, now: Timestamp) -> Statement {
    let text = "INSERT INTO answers (key_hash, scope, person_id, request, status, body, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) \
         ON CONFLICT (key_hash, scope) DO UPDATE SET person_id = excluded.person_id, \
         request = excluded.request, status = excluded.status, body = excluded.body, \
         at = excluded.at WHERE answers.at <= $8";
    let since = now.plus_millis(IDEMPOTENT_MILLIS.saturating_neg());
    let Answer { once: Once { scope, key_hash, request }, status, body } = answer;
    let values = values![key_hash, scope, person, request, status, body, now, since];
    Statement::new(text, values).or(Unmet::Conflict)
}

/// What was answered about an erased person goes.
pub(crate) fn erase(person: PersonId) -> Statement {
    Statement::new("DELETE FROM answers WHERE person_id = $1", values![person])
}

/// What is too old goes.
pub(crate) fn expire(now: Timestamp) -> Statement {
    let since = now.plus_millis(IDEMPOTENT_MILLIS.saturating_neg());
    Statement::new("DELETE FROM answers WHERE at <= $1", values![since])
}
