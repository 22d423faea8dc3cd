//! Legal holds: what a value lies under, and how it comes free of it.

use decide::id::CaseId;
use decide::set::Interned as _;
use decide::{Category, PersonId};

use crate::case::{self, CaseRow};
use crate::fault::Fault;
use crate::people;
use crate::place::Place;
use crate::scratch::Scratch;
use crate::sealed::{Blind, Sealed};
use crate::sql::{Query, Row, Statement, Touches, Unmet, values};

/// The hold of a value, where it lies under one.
pub(crate) fn of(row: &Row<'_>, at: usize, person: PersonId) -> Result<Option<CaseId>, Fault> {
    if row.maybe_bytes(at)?.is_none() {
        return Ok(None);
    }
    Ok(Some(CaseId::new(person.region(), row.id(at)?)))
}

/// A value lies under a hold from here on, in its place; nothing finds it.
pub(crate) fn put(
    person: PersonId,
    (category, case): (Category, CaseId),
    sealed: &Sealed,
) -> Vec<Statement> {
    let text = "UPDATE person_values SET sealed = $1, hold = $2 \
         WHERE person_id = $3 AND category = $4 AND hold IS NULL";
    let case = case.bits().to_be_bytes();
    let values = values![sealed.as_bytes(), case, person, category.position()];
    let held = Statement::new(text, values).or(Unmet::Conflict);
    vec![held, people::drop_blind(person, category)]
}

/// A value is free: under the person's key again, or gone.
pub(crate) fn lift(
    person: PersonId,
    category: Category,
    back: Option<(Sealed, Option<Blind>)>,
) -> Vec<Statement> {
    let Some((sealed, blind)) = back else {
        let text = "DELETE FROM person_values WHERE person_id = $1 AND category = $2";
        return vec![Statement::new(text, values![person, category.position()])];
    };
    let text = "UPDATE person_values SET sealed = $1, hold = NULL \
         WHERE person_id = $2 AND category = $3 AND hold IS NOT NULL";
    let values = values![sealed.as_bytes(), person, category.position()];
    let found = blind.map(|it| people::set_blind(person, category, &it));
    std::iter::once(Statement::new(text, values).or(Unmet::Conflict)).chain(found).collect()
}

/// A hold over somebody who was erased ends: what it covered goes, and its key.
fn end(person: PersonId, case: CaseId, state: &str) -> Vec<Statement> {
    let id = case.bits().to_be_bytes();
    let values = "DELETE FROM person_values WHERE person_id = $1 AND hold = $2";
    let ended = "UPDATE cases SET state = $1, open = 0, sealed = NULL, own_key = NULL \
         WHERE person_id = $2 AND case_id = $3 AND own_key IS NOT NULL";
    let newer = "UPDATE people SET version = version + 1 WHERE person_id = $1";
    vec![
        Statement::new(ended, values![state, person, id]).or(Unmet::NotFound),
        Statement::new(newer, values![person]).touching(Touches::Person(person)),
        Statement::new(values, values![person, id]).touching(Touches::Person(person)),
        case::drop_notes(person, case, u128::MAX),
    ]
}

impl Scratch<'_> {
    /// A case that has a key of its own, with what is sealed in it, and whose it is: also of somebody
    /// who was erased.
    pub async fn held_case(
        &self,
        id: impl Into<CaseId>,
    ) -> Result<Option<(PersonId, CaseRow)>, Fault> {
        let id = id.into();
        self.journal.serves(id.region())?;
        let place = Place::People(id.region());
        self.journal.inner.engine.first(&place, &case::with_own_key(id)).await
    }

    /// How many pieces of log information and of conversations were copied out for a hold.
    pub async fn copied(&self, person: PersonId, id: impl Into<CaseId>) -> Result<u32, Fault> {
        let text = "SELECT CAST(count(*) AS BIGINT) FROM case_notes \
             WHERE person_id = $1 AND case_id = $2";
        let id: CaseId = id.into();
        let query = Query::new(text, values![person, id.bits().to_be_bytes()], |row| row.small(0));
        let place = Place::People(person.region());
        Ok(self.journal.inner.engine.first(&place, &query).await?.unwrap_or(0))
    }

    /// A hold over somebody who was erased ends: what it covered goes with its key. There is no key any
    /// more to record it under.
    pub async fn end_hold(
        &self,
        person: PersonId,
        id: impl Into<CaseId>,
        state: &str,
    ) -> Result<(), Fault> {
        let place = Place::People(person.region());
        let id = id.into();
        self.journal.tell_end(person, id).await?;
        let statements = end(person, id, state);
        self.journal.inner.engine.write(&place, statements).await.map(drop)
    }
}
