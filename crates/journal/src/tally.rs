//! Tallies: how often something was tried on a person, or mailed to them, in a window of time.

use decide::{PersonId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::Fault;
use crate::people::id;

/// One more, up to `most` in a window; a window that is over begins anew and lasts until `ends`. One
/// too many is a conflict: whoever decides again sees that the tally is full.
pub(crate) fn count(
    file: &Connection,
    person: PersonId,
    (kind, most): (&str, u32),
    (ends, now): (Timestamp, Timestamp),
) -> Result<(), Fault> {
    let mut statement = file.prepare_cached(
        "INSERT INTO tallies (person_id, kind, ends, n) VALUES ($1, $2, $3, 1) \
         ON CONFLICT (person_id, kind) DO UPDATE SET \
         n = CASE WHEN tallies.ends <= $4 THEN 1 ELSE tallies.n + 1 END, \
         ends = CASE WHEN tallies.ends <= $4 THEN excluded.ends ELSE tallies.ends END \
         RETURNING n",
    )?;
    let n: u32 = statement
        .query_row(params![id(person), kind, ends.millis(), now.millis()], |row| row.get(0))?;
    if n > most { Err(Fault::Conflict) } else { Ok(()) }
}

/// How often, in the window that has not ended.
pub(crate) fn of(
    file: &Connection,
    person: PersonId,
    kind: &str,
    now: Timestamp,
) -> Result<u32, Fault> {
    let mut statement = file
        .prepare_cached("SELECT n FROM tallies WHERE person_id = $1 AND kind = $2 AND ends > $3")?;
    let found = statement
        .query_row(params![id(person), kind, now.millis()], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or(0))
}

/// A person's tallies go.
pub(crate) fn erase(file: &Connection, person: PersonId) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM tallies WHERE person_id = $1")?.execute([id(person)])?;
    Ok(())
}

/// Windows that are over go.
pub(crate) fn expire(file: &Connection, now: Timestamp) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM tallies WHERE ends <= $1")?.execute([now.millis()])?;
    Ok(())
}
