//! Holds with their keys, for the list of changes.

use decide::{PersonId, RegionCode};

use crate::backup::changes::Part;
use crate::sql::{Query, Value, of_some};

/// Holds with their keys, as rows of cases.
pub(crate) fn standing(region: RegionCode, values: Vec<Value>) -> Query<(PersonId, Part)> {
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
