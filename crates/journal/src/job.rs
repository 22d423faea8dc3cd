//! Durable jobs: one of a kind for each person, claimed for a while by whoever does it.

use std::borrow::Cow;

use decide::{PersonId, RegionCode, Timestamp};
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::limit::LEASE_MILLIS;
use crate::people::id;

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

pub(crate) fn put(
    file: &Connection,
    person: PersonId,
    kind: &JobKind,
    due: Timestamp,
) -> Result<(), Fault> {
    file.prepare_cached(
        "INSERT INTO jobs (person_id, kind, due, wake, attempts) VALUES ($1, $2, $3, $3, 0) \
         ON CONFLICT (person_id, kind) DO UPDATE SET due = excluded.due, wake = excluded.wake, \
         attempts = 0",
    )?
    .execute(params![id(person), kind.as_str(), due.millis()])?;
    Ok(())
}

pub(crate) fn done(file: &Connection, person: PersonId, kind: &JobKind) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM jobs WHERE person_id = $1 AND kind = $2")?
        .execute(params![id(person), kind.as_str()])?;
    Ok(())
}

pub(crate) fn later(
    file: &Connection,
    person: PersonId,
    kind: &JobKind,
    wake: Timestamp,
) -> Result<(), Fault> {
    file.prepare_cached("UPDATE jobs SET wake = $1 WHERE person_id = $2 AND kind = $3")?
        .execute(params![wake.millis(), id(person), kind.as_str()])?;
    Ok(())
}

/// Takes up to `n` jobs for the time of a lease.
pub(crate) fn claim(
    file: &Connection,
    region: RegionCode,
    now: Timestamp,
    n: u32,
) -> Result<Vec<JobRow>, Fault> {
    let mut statement = file.prepare_cached(
        "UPDATE jobs SET wake = $1, attempts = attempts + 1 \
         WHERE (person_id, kind) IN (SELECT person_id, kind FROM jobs \
         WHERE wake <= $2 ORDER BY wake LIMIT $3) RETURNING person_id, kind, due, attempts",
    )?;
    let until = now.plus_millis(LEASE_MILLIS).millis();
    let rows = statement.query_map(params![until, now.millis(), n], |row| {
        Ok(JobRow {
            person: PersonId::new(region, u128::from_be_bytes(row.get(0)?)),
            kind: JobKind(Cow::Owned(row.get(1)?)),
            due: Timestamp::from_millis(row.get(2)?),
            attempts: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Nothing more is to be done for the person.
pub(crate) fn erase(file: &Connection, person: PersonId) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM jobs WHERE person_id = $1")?.execute([id(person)])?;
    Ok(())
}
