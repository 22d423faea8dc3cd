//! Tallies: how often something was tried on a person, or mailed to them, in a window of time.

use decide::{PersonId, Timestamp};

use crate::sql::{Query, Statement, Unmet, values};

/// One more, up to `most` in a window; a window that is over begins anew and lasts until `ends`. One
/// too many is a conflict: whoever decides again sees that the tally is full.
pub(crate) fn count(
    person: PersonId,
    (kind, most): (&str, u32),
    (ends, now): (Timestamp, Timestamp),
) -> Statement {
    let text = "INSERT INTO tallies (person_id, kind, ends, n) VALUES ($1, $2, $3, 1) \
         ON CONFLICT (person_id, kind) DO UPDATE SET \
         n = CASE WHEN tallies.ends <= $4 THEN 1 ELSE tallies.n + 1 END, \
         ends = CASE WHEN tallies.ends <= $4 THEN excluded.ends ELSE tallies.ends END \
         WHERE tallies.ends <= $4 OR tallies.n < $5";
    Statement::new(text, values![person, kind, ends, now, most]).or(Unmet::Conflict)
}

/// How often, in the window that has not ended.
pub(crate) fn of(person: PersonId, kind: &str, now: Timestamp) -> Query<u32> {
    let text = "SELECT n FROM tallies WHERE person_id = $1 AND kind = $2 AND ends > $3";
    Query::new(text, values![person, kind, now], |row| row.small(0))
}

/// When the window ends that has not ended.
pub(crate) fn until(person: PersonId, kind: &str, now: Timestamp) -> Query<Timestamp> {
    let text = "SELECT ends FROM tallies WHERE person_id = $1 AND kind = $2 AND ends > $3";
    Query::new(text, values![person, kind, now], |row| row.instant(0))
}

/// A person's tallies go.
pub(crate) fn erase(person: PersonId) -> Statement {
    Statement::new("DELETE FROM tallies WHERE person_id = $1", values![person])
}

/// Windows that are over go.
pub(crate) fn expire(now: Timestamp) -> Statement {
    Statement::new("DELETE FROM tallies WHERE ends <= $1", values![now])
}
