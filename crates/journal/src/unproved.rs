//! Values that wait to be proved by a code: sealed beside those that are held, which stay in force.

use decide::set::Interned as _;
use decide::{Category, PersonId, Timestamp};

use crate::access::CodeRow;
use crate::sealed::Sealed;
use crate::sql::{Query, Statement, values};

/// A value that waits to be proved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnprovedRow {
    /// The value, under the person's key.
    pub sealed: Sealed,
    /// The code that proves it; with its time the value goes too.
    pub code: CodeRow,
}

/// Puts one in, in place of the one before.
pub(crate) fn put(person: PersonId, category: Category, row: &UnprovedRow) -> Statement {
    let text = "INSERT INTO unproved (person_id, category, sealed, hash, expires, tries) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person_id, category) DO UPDATE SET \
         sealed = excluded.sealed, hash = excluded.hash, expires = excluded.expires, \
         tries = excluded.tries";
    let UnprovedRow { sealed, code } = row;
    let values = values![
        person,
        category.position(),
        sealed.as_bytes(),
        code.hash,
        code.expires,
        code.tries,
    ];
    Statement::new(text, values)
}

/// By which code it is proved from now on.
pub(crate) fn set_code(person: PersonId, category: Category, hash: [u8; 32]) -> Statement {
    let text = "UPDATE unproved SET hash = $1 WHERE person_id = $2 AND category = $3";
    Statement::new(text, values![hash, person, category.position()])
}

/// What waits, expired or not.
pub(crate) fn of(person: PersonId, category: Category) -> Query<UnprovedRow> {
    let text = "SELECT sealed, hash, expires, tries FROM unproved \
         WHERE person_id = $1 AND category = $2";
    Query::new(text, values![person, category.position()], |row| {
        Ok(UnprovedRow {
            sealed: Sealed::stored(row.bytes(0)?),
            code: CodeRow { hash: row.array(1)?, expires: row.instant(2)?, tries: row.small(3)? },
        })
    })
}

/// A code was tried in vain.
pub(crate) fn tried(person: PersonId, category: Category) -> Statement {
    let text = "UPDATE unproved SET tries = tries + 1 WHERE person_id = $1 AND category = $2";
    Statement::new(text, values![person, category.position()])
}

/// It was proved, or is taken back.
pub(crate) fn done(person: PersonId, category: Category) -> Statement {
    let text = "DELETE FROM unproved WHERE person_id = $1 AND category = $2";
    Statement::new(text, values![person, category.position()])
}

/// What waits of a person goes.
pub(crate) fn erase(person: PersonId) -> Statement {
    Statement::new("DELETE FROM unproved WHERE person_id = $1", values![person])
}

/// What nobody proved in time goes.
pub(crate) fn expire(now: Timestamp) -> Statement {
    Statement::new("DELETE FROM unproved WHERE expires <= $1", values![now])
}
