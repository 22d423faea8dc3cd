//! Durable jobs: one of a kind for each person, claimed for a while by whoever does it.

use std::borrow::Cow;

use decide::{PersonId, RegionCode, Timestamp};

use crate::backup::changes::Part;
use crate::limit::LEASE_MILLIS;
use crate::sql::{Query, Statement, Text, Value, of_some, values};

/// The kind of a job, by name: `erase`, `values-due`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct JobKind(Cow<'static, str>);

impl JobKind {
    /// A kind of the program's own: `const ERASE: JobKind = JobKind::named("erase")`.
    pub const fn named(name: &'static str) -> Self {
        Self(Cow::Borrowed(name))
    }

    /// One of several of a kind for the same person, by an id: `carry/per_cn_…`.
    pub fn about(name: &str, id: impl std::fmt::Display) -> Self {
        Self(Cow::Owned(format!("{name}/{id}")))
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A claimed job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Whose.
    pub person: PersonId,
    /// Its kind.
    pub kind: JobKind,
    /// When it became due.
    pub due: Timestamp,
    /// How often it was claimed, this time included.
    pub attempts: u32,
}

/// A job that becomes due, in place of the one of its kind.
pub(crate) fn put(person: PersonId, kind: &JobKind, due: Timestamp) -> Statement {
    let text = "INSERT INTO jobs (person_id, kind, due, wake, attempts) \
         VALUES ($1, $2, $3, $3, 0) ON CONFLICT (person_id, kind) DO UPDATE SET \
         due = excluded.due, wake = excluded.wake, attempts = 0";
    Statement::new(text, values![person, kind.as_str(), due])
}

/// A job goes.
pub(crate) fn done(person: PersonId, kind: &JobKind) -> Statement {
    let text = "DELETE FROM jobs WHERE person_id = $1 AND kind = $2";
    Statement::new(text, values![person, kind.as_str()])
}

/// A job is tried again at `wake`.
pub(crate) fn later(person: PersonId, kind: &JobKind, wake: Timestamp) -> Statement {
    let text = "UPDATE jobs SET wake = $1 WHERE person_id = $2 AND kind = $3";
    Statement::new(text, values![wake, person, kind.as_str()])
}

/// A claimed job goes, unless another took its place or its lease ran out and it was claimed again.
pub(crate) fn claim_done(it: &JobRow) -> Statement {
    let text = "DELETE FROM jobs WHERE person_id = $1 AND kind = $2 AND due = $3 AND attempts = $4";
    let attempts = i64::from(it.attempts);
    Statement::new(text, values![it.person, it.kind.as_str(), it.due, attempts])
}

/// A claimed job is tried again at `wake`, as `claim_done` has it.
pub(crate) fn claim_later(it: &JobRow, wake: Timestamp) -> Statement {
    let text = "UPDATE jobs SET wake = $1 \
         WHERE person_id = $2 AND kind = $3 AND due = $4 AND attempts = $5";
    let attempts = i64::from(it.attempts);
    Statement::new(text, values![wake, it.person, it.kind.as_str(), it.due, attempts])
}

/// Claims what is due, so that nobody else does while the lease lasts.
pub(crate) fn claim(region: RegionCode, now: Timestamp, n: u32) -> Query<JobRow> {
    const CLAIM: Text = Text::each(
        "UPDATE jobs SET wake = $1, attempts = attempts + 1 \
         WHERE rowid IN (SELECT rowid FROM jobs \
         WHERE wake <= $2 ORDER BY wake LIMIT $3) RETURNING person_id, kind, due, attempts",
        "UPDATE jobs SET wake = $1, attempts = attempts + 1 \
         WHERE (person_id, kind) IN (SELECT person_id, kind FROM jobs \
         WHERE wake <= $2 ORDER BY wake LIMIT $3 FOR UPDATE SKIP LOCKED) \
         RETURNING person_id, kind, due, attempts",
    );
    let until = now.plus_millis(LEASE_MILLIS);
    Query::new(CLAIM, values![until, now, n], move |row| {
        Ok(JobRow {
            person: PersonId::new(region, row.id(0)?),
            kind: JobKind(Cow::Owned(row.text(1)?)),
            due: row.instant(2)?,
            attempts: row.small(3)?,
        })
    })
}

/// Nothing more is to be done for the person, but that others are told, and that a legal hold ends.
pub(crate) fn erase(person: PersonId) -> Statement {
    let text = "DELETE FROM jobs WHERE person_id = $1 AND kind NOT LIKE 'deliver/%' \
         AND kind NOT LIKE 'hold-ends/%'";
    Statement::new(text, values![person])
}

/// The jobs that end a closing, a wait and holds, and by which others are told, for the list of
/// changes.
pub(crate) fn standing(region: RegionCode, values: Vec<Value>) -> Query<(PersonId, Part)> {
    let text = of_some!(
        "SELECT person_id, kind, due FROM jobs \
         WHERE (kind IN ('erase', 'awaiting-proof', 'guardian', 'coming-of-age') \
         OR kind LIKE 'hold-ends/%' OR kind LIKE 'deliver/%') AND person_id"
    );
    Query::new(text, values, move |row| {
        let person = PersonId::new(region, row.id(0)?);
        let due = Value::Int(row.int(2)?);
        let cells = vec![person.into(), Value::Text(row.text(1)?), due.clone(), due, Value::Int(0)];
        Ok((person, Part::Ends(cells)))
    })
}
