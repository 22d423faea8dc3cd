//! Codes, for the list of changes.

use decide::{PersonId, RegionCode};

use crate::backup::changes::Part;
use crate::sql::{Query, Value, of_some};

/// Codes that were sent to people: keyed hashes.
pub(crate) fn standing(region: RegionCode, values: Vec<Value>) -> Query<(PersonId, Part)> {
    let text =
        of_some!("SELECT person_id, channel, hash, expires, tries FROM codes WHERE person_id");
    Query::new(text, values, move |row| {
        let person = PersonId::new(region, row.id(0)?);
        let cells = vec![
            Value::from(person),
            Value::Int(row.int(1)?),
            Value::Bytes(row.bytes(2)?),
            Value::Int(row.int(3)?),
            Value::Int(row.int(4)?),
        ];
        Ok((person, Part::Code(cells)))
    })
}
