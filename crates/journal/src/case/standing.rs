//! Holds with their keys, and what was begun and is not ended, for the list of changes.

use decide::{PersonId, RegionCode};

use crate::backup::changes::Part;
use crate::sql::{Query, Value, of_some};

/// The kind of a hold.
const HOLD: &str = "hold";

/// Holds with their keys, deliveries that are not done, closings, and children who have to name a
/// guardian, as rows of cases.
pub(crate) fn standing(region: RegionCode, values: Vec<Value>) -> Query<(PersonId, Part)> {
    let text = of_some!(
        "SELECT person_id, case_id, kind, state, received, due, open, assigned, about, sealed, \
         own_key FROM cases WHERE ((kind = 'hold' AND own_key IS NOT NULL) \
         OR kind = 'close-account' OR (kind = 'delivery' AND open = 1) \
         OR (kind = 'guardian' AND state = 'asked')) AND person_id"
    );
    Query::new(text, values, move |row| {
        let person = PersonId::new(region, row.id(0)?);
        let kind = row.text(2)?;
        let part = if kind == HOLD { Part::Hold } else { Part::Case };
        let cells = vec![
            Value::from(person),
            Value::Bytes(row.bytes(1)?),
            Value::Text(kind),
            Value::Text(row.text(3)?),
            Value::Int(row.int(4)?),
            Value::Int(row.int(5)?),
            Value::Int(row.int(6)?),
            Value::Text(row.text(7)?),
            Value::Text(row.text(8)?),
            row.maybe_bytes(9)?.into(),
            row.maybe_bytes(10)?.into(),
        ];
        Ok((person, part(cells)))
    })
}
