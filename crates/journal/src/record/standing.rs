//! What the log attests, for the list of changes.

use decide::{PersonId, RegionCode};

use crate::backup::changes::Part;
use crate::sql::{Query, Value, of_some};

/// What the log attests of people: leaves without a record.
pub(crate) fn standing(region: RegionCode, values: Vec<Value>) -> Query<(PersonId, Part)> {
    let text = of_some!(
        "SELECT owner_id, record_id, at, leaf FROM records WHERE length(sealed) = 0 AND owner_id"
    );
    Query::new(text, values, move |row| {
        let person = PersonId::new(region, row.id(0)?);
        let cells = vec![
            Value::from(person),
            Value::Bytes(row.bytes(1)?),
            Value::Int(row.int(2)?),
            Value::Bytes(row.bytes(3)?),
        ];
        Ok((person, Part::Attested(cells)))
    })
}
