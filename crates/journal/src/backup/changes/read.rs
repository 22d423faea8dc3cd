//! How people stand, as rows say it: the statements that read them, for both engines.

use std::collections::BTreeMap;

use decide::{Account, PersonId, RegionCode};

use super::State;
use crate::moving::side::Cells;
use crate::sql::{Query, TOGETHER, Value};
use crate::{access, case, installation, job, people, record, staff};

/// One part of what is known of a person.
pub(crate) enum Part {
    Person(Box<State>),
    Value { category: u64, held: Option<Cells> },
    Hold(Cells),
    Case(Cells),
    Ends(Cells),
    Code(Cells),
    Attested(Cells),
}

/// The statements that read up to [`TOGETHER`] people of a region, erased ones included. The version
/// comes first: what is read after it is as new or newer.
pub(crate) fn read(region: RegionCode, people: &[PersonId]) -> [Query<(PersonId, Part)>; 6] {
    // Fewer than there is room for: the last one is asked for again.
    let all = people.iter().chain(people.iter().last().into_iter().cycle());
    let values: Vec<Value> = all.take(TOGETHER).map(|it| Value::from(*it)).collect();
    [
        people::standing(region, values.clone()),
        people::standing_values(region, values.clone()),
        case::standing(region, values.clone()),
        job::standing(region, values.clone()),
        access::standing(region, values.clone()),
        record::standing(region, values),
    ]
}

/// Puts the parts together; the facts of each person come first.
pub(crate) fn together(parts: Vec<(PersonId, Part)>) -> Vec<State> {
    let mut states = BTreeMap::new();
    for (person, part) in parts {
        if let Part::Person(state) = part {
            states.insert(person, *state);
            continue;
        }
        let Some(state) = states.get_mut(&person) else { continue };
        match part {
            Part::Value { category, held } => {
                let bit = u32::try_from(category).ok().and_then(|it| 1_u64.checked_shl(it));
                state.values |= bit.unwrap_or(0);
                state.held.extend(held);
            }
            Part::Hold(cells) => state.holds.push(cells),
            Part::Case(cells) => state.cases.push(cells),
            Part::Ends(cells) => state.ends.push(cells),
            // Only what takes a closing back is good for longer than minutes.
            Part::Code(cells) => {
                let closing = state.facts.account == Account::Closing as u64;
                state.codes.extend(closing.then_some(cells));
            }
            Part::Attested(cells) => state.attested.push(cells),
            Part::Person(_) => {}
        }
    }
    states.into_values().collect()
}

/// Keys and members of staff that were ended.
pub(crate) fn ended() -> [Query<String>; 2] {
    [installation::ended(), staff::ended()]
}
