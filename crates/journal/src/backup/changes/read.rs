//! How people stand, as rows say it: the statements that read them, for both engines.

use std::collections::BTreeMap;

use decide::{PersonId, RegionCode};

use super::{Bits, State};
use crate::fault::Fault;
use crate::limit::CHANGES_MAX;
use crate::moving::side::Cells;
use crate::sql::{Query, Value};

/// People that are read in one statement.
pub(crate) const TOGETHER: usize = 16;

/// [`TOGETHER`] placeholders.
macro_rules! of_some {
    ($text:literal) => {
        concat!(
            $text,
            " IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        )
    };
}

/// One part of what is known of a person.
pub(crate) enum Part {
    Person(Box<State>),
    Value { category: u64, held: Option<Cells> },
    Hold(Cells),
    Ends(Cells),
}

/// The statements that read up to [`TOGETHER`] people of a region, erased ones included. The version
/// comes first: what is read after it is as new or newer.
pub(crate) fn read(region: RegionCode, people: &[PersonId]) -> [Query<(PersonId, Part)>; 4] {
    // Fewer than there is room for: the last one is asked for again.
    let all = people.iter().chain(people.iter().last().into_iter().cycle());
    let values: Vec<Value> = all.take(TOGETHER).map(|it| Value::from(*it)).collect();
    [
        facts(region, values.clone()),
        values_of(region, values.clone()),
        holds(region, values.clone()),
        ends(region, values),
    ]
}

fn facts(region: RegionCode, values: Vec<Value>) -> Query<(PersonId, Part)> {
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
        };
        Ok((person, Part::Person(Box::new(state))))
    })
}

/// Which categories are held; and whole rows of what lies under a hold.
fn values_of(region: RegionCode, values: Vec<Value>) -> Query<(PersonId, Part)> {
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

fn holds(region: RegionCode, values: Vec<Value>) -> Query<(PersonId, Part)> {
    let text = of_some!(
        "SELECT person_id, case_id, kind, state, received, due, open, assigned, about, sealed, \
         own_key FROM cases WHERE kind = 'hold' AND own_key IS NOT NULL AND person_id"
    );
    Query::new(text, values, move |row| {
        let person = PersonId::new(region, row.id(0)?);
        let cells = vec![
            Value::from(person),
            Value::Bytes(row.bytes(1)?),
            Value::Text(row.text(2)?),
            Value::Text(row.text(3)?),
            Value::Int(row.int(4)?),
            Value::Int(row.int(5)?),
            Value::Int(row.int(6)?),
            Value::Text(row.text(7)?),
            Value::Text(row.text(8)?),
            row.maybe_bytes(9)?.into(),
            Value::Bytes(row.bytes(10)?),
        ];
        Ok((person, Part::Hold(cells)))
    })
}

fn ends(region: RegionCode, values: Vec<Value>) -> Query<(PersonId, Part)> {
    let text = of_some!(
        "SELECT person_id, kind, due FROM jobs \
         WHERE (kind = 'erase' OR kind LIKE 'hold-ends/%') AND person_id"
    );
    Query::new(text, values, move |row| {
        let person = PersonId::new(region, row.id(0)?);
        let due = Value::Int(row.int(2)?);
        let cells = vec![person.into(), Value::Text(row.text(1)?), due.clone(), due, Value::Int(0)];
        Ok((person, Part::Ends(cells)))
    })
}

/// Puts the parts together; the facts of each person come first.
pub(crate) fn together(parts: Vec<(PersonId, Part)>) -> Vec<State> {
    let mut states = BTreeMap::new();
    for (person, part) in parts {
        match part {
            Part::Person(state) => {
                states.insert(person, *state);
            }
            Part::Value { category, held } => {
                let Some(state) = states.get_mut(&person) else { continue };
                let bit = u32::try_from(category).ok().and_then(|it| 1_u64.checked_shl(it));
                state.values |= bit.unwrap_or(0);
                state.held.extend(held);
            }
            Part::Hold(cells) => {
                if let Some(state) = states.get_mut(&person) {
                    state.holds.push(cells);
                }
            }
            Part::Ends(cells) => {
                if let Some(state) = states.get_mut(&person) {
                    state.ends.push(cells);
                }
            }
        }
    }
    states.into_values().collect()
}

/// Keys and members of staff that were ended.
pub(crate) fn ended() -> Query<String> {
    let text = "SELECT key_id FROM app_keys WHERE ended IS NOT NULL UNION ALL \
         SELECT staff_id FROM staff WHERE ended IS NOT NULL";
    Query::new(text, Vec::new(), |row| row.text(0))
}

/// Whose records of changes lie in a run of rows of a file.
pub(crate) fn owners(first: i64, last: i64) -> Query<[u8; 16]> {
    let text = "SELECT DISTINCT owner_id FROM records WHERE seq >= $1 AND seq <= $2";
    Query::new(text, vec![Value::Int(first), Value::Int(last)], |row| row.array(0))
}

/// People in the order of their ids, the erased ones too.
pub(crate) fn everybody(region: RegionCode, after: Option<PersonId>) -> Query<PersonId> {
    let text = "SELECT person_id FROM people WHERE person_id > $1 ORDER BY person_id LIMIT $2";
    let after = after.map_or([0; 16], |it| it.bits().to_be_bytes());
    let n = i64::try_from(CHANGES_MAX).unwrap_or(i64::MAX);
    Query::new(text, vec![after.into(), n.into()], move |row| Ok(PersonId::new(region, row.id(0)?)))
}
