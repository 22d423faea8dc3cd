//! Values that wait to be proved by a code: sealed beside those that are held, which stay in force.

use decide::set::Interned as _;
use decide::{Category, PersonId, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::access::CodeRow;
use crate::fault::Fault;
use crate::people::id;
use crate::sealed::Sealed;

/// A value that waits to be proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnprovedRow {
    /// The value, under the person's key.
    pub sealed: Sealed,
    /// The code that proves it; with its time the value goes too.
    pub code: CodeRow,
}

/// Puts one in, in place of the one before.
pub(crate) fn put(
    file: &Connection,
    person: PersonId,
    category: Category,
    row: &UnprovedRow,
) -> Result<(), Fault> {
    file.prepare_cached(
        "INSERT INTO unproved (person_id, category, sealed, hash, expires, tries) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person_id, category) DO UPDATE SET \
         sealed = excluded.sealed, hash = excluded.hash, expires = excluded.expires, \
         tries = excluded.tries",
    )?
    .execute(params![
        id(person),
        category.position(),
        row.sealed.as_bytes(),
        row.code.hash,
        row.code.expires.millis(),
        row.code.tries,
    ])?;
    Ok(())
}

/// By which code it is proved from now on.
pub(crate) fn set_code(
    file: &Connection,
    person: PersonId,
    category: Category,
    hash: &[u8; 32],
) -> Result<(), Fault> {
    file.prepare_cached("UPDATE unproved SET hash = $1 WHERE person_id = $2 AND category = $3")?
        .execute(params![hash, id(person), category.position()])?;
    Ok(())
}

/// What waits, expired or not.
pub(crate) fn of(
    file: &Connection,
    person: PersonId,
    category: Category,
) -> Result<Option<UnprovedRow>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT sealed, hash, expires, tries FROM unproved WHERE person_id = $1 AND category = $2",
    )?;
    let found = statement
        .query_row(params![id(person), category.position()], |row| {
            Ok(UnprovedRow {
                sealed: Sealed::stored(row.get(0)?),
                code: CodeRow {
                    hash: row.get(1)?,
                    expires: Timestamp::from_millis(row.get(2)?),
                    tries: row.get(3)?,
                },
            })
        })
        .optional()?;
    Ok(found)
}

/// A code was tried in vain.
pub(crate) fn tried(file: &Connection, person: PersonId, category: Category) -> Result<(), Fault> {
    file.prepare_cached(
        "UPDATE unproved SET tries = tries + 1 WHERE person_id = $1 AND category = $2",
    )?
    .execute(params![id(person), category.position()])?;
    Ok(())
}

/// It was proved, or is taken back.
pub(crate) fn done(file: &Connection, person: PersonId, category: Category) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM unproved WHERE person_id = $1 AND category = $2")?
        .execute(params![id(person), category.position()])?;
    Ok(())
}

/// What waits of a person goes.
pub(crate) fn erase(file: &Connection, person: PersonId) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM unproved WHERE person_id = $1")?.execute([id(person)])?;
    Ok(())
}

/// What nobody proved in time goes.
pub(crate) fn expire(file: &Connection, now: Timestamp) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM unproved WHERE expires <= $1")?.execute([now.millis()])?;
    Ok(())
}
