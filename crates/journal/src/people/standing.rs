//! How people stand, for the list of changes: facts, and of which categories something is held.

use decide::{PersonId, RegionCode};

use crate::backup::changes::{Bits, Part, State};
use crate::fault::Fault;
use crate::limit::CHANGES_MAX;
use crate::moving::side::Cells;
use crate::sql::{Query, Value, of_some};

/// How people stand, erased ones included.
pub(crate) fn standing(region: RegionCode, values: Vec<Value>) -> Query<(PersonId, Part)> {
    let text = of_some!(
        "SELECT person_id, version, erased, given, refused, objected, shares, transfers, age, \
         account FROM people WHERE person_id"
    );
    Query::new(text, values, move |row| {
        let person = PersonId::new(region, row.id(0)?);
        let facts = Bits {
            given: row.bits(3)?,
            refused: row.bits(4)?,
            objected: row.bits(5)?,
            shares: row.bits(6)?,
            transfers: row.bits(7)?,
            age: row.bits(8)?,
            account: row.bits(9)?,
        };
        let state = State {
            person,
            version: row.bits(1)?,
            erased: row.int(2)? != 0,
            facts,
            values: 0,
            holds: Vec::new(),
            held: Vec::new(),
            ends: Vec::new(),
            cases: Vec::new(),
            codes: Vec::new(),
            attested: Vec::new(),
        };
        Ok((person, Part::Person(Box::new(state))))
    })
}

/// Which categories are held; and whole rows of what lies under a hold.
pub(crate) fn standing_values(region: RegionCode, values: Vec<Value>) -> Query<(PersonId, Part)> {
    let text = of_some!(
        "SELECT person_id, category, source, collected, due, \
         CASE WHEN hold IS NOT NULL THEN sealed END, hold FROM person_values WHERE person_id"
    );
    Query::new(text, values, move |row| {
        let person = PersonId::new(region, row.id(0)?);
        let category = row.bits(1)?;
        let held = row.maybe_bytes(6)?.map(|hold| -> Result<Cells, Fault> {
            Ok(vec![
                Value::from(person),
                Value::from(category),
                Value::Int(row.int(2)?),
                Value::Int(row.int(3)?),
                row.maybe_int(4)?.into(),
                Value::Bytes(row.bytes(5)?),
                Value::Bytes(hold),
            ])
        });
        Ok((person, Part::Value { category, held: held.transpose()? }))
    })
}

/// People in the order of their ids, the erased ones too.
pub(crate) fn everybody(region: RegionCode, after: Option<PersonId>) -> Query<PersonId> {
    let text = "SELECT person_id FROM people WHERE person_id > $1 ORDER BY person_id LIMIT $2";
    let after = after.map_or([0; 16], |it| it.bits().to_be_bytes());
    let n = i64::try_from(CHANGES_MAX).unwrap_or(i64::MAX);
    Query::new(text, vec![after.into(), n.into()], move |row| Ok(PersonId::new(region, row.id(0)?)))
}
