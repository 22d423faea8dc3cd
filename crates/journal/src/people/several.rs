//! Several people read together: one statement and one snapshot, and a transaction for each.

use std::collections::BTreeMap;
use std::sync::Arc;

use decide::set::Interned as _;
use decide::{Category, PersonId, RegionCode, Source, Timestamp};

use super::{Snapshot, ValueRow, head};
use crate::fault::Fault;
use crate::journal::Journal;
use crate::limit::SEVERAL_MAX;
use crate::place::Place;
use crate::sql::{Query, Value};
use crate::tx::{Read, Tx};

/// [`SEVERAL_MAX`] placeholders, in one text that the engines prepare once.
macro_rules! several {
    () => {
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
    };
}

/// Facts and keys, a row for each person, and a row for each value: nobody's facts come with each of
/// their values. A value has no key.
const SEVERAL: &str = concat!(
    "SELECT p.version, p.given, p.refused, p.objected, p.shares, p.transfers, p.adopted, \
     p.region, p.age, p.account, p.erased, k.wrapped, p.person_id, \
     CAST(NULL AS BYTEA) \
     FROM people p JOIN person_keys k ON k.person_id = p.person_id \
     WHERE p.erased = 0 AND p.person_id IN ",
    several!(),
    " UNION ALL SELECT v.category, v.source, v.collected, v.due, 0, 0, 0, \
     0, 0, 0, 0, CAST(NULL AS BYTEA), v.person_id, v.hold \
     FROM person_values v WHERE v.person_id IN ",
    several!()
);

enum Part {
    Head(Box<Snapshot>),
    Value(ValueRow),
}

/// Reads up to [`SEVERAL_MAX`] people of a region; whoever is erased or was never there is left out.
fn read(region: RegionCode, people: &[PersonId]) -> Query<(PersonId, Part)> {
    // Fewer than there is room for: the last one is asked for again.
    let all = people.iter().chain(people.iter().last().into_iter().cycle());
    let values = all.take(SEVERAL_MAX).map(|it| Value::from(*it)).collect();
    Query::new(SEVERAL, values, move |row| {
        let person = PersonId::new(region, row.id(12)?);
        if row.maybe_bytes(11)?.is_some() {
            return Ok((person, Part::Head(Box::new(head(row)?))));
        }
        let value = ValueRow {
            category: Category::at(row.small(0)?),
            source: Source::at(row.small(1)?),
            collected: row.instant(2)?,
            due: row.maybe_int(3)?.map(Timestamp::from_millis),
            hold: crate::hold::of(row, 13, person)?,
        };
        Ok((person, Part::Value(value)))
    })
}

/// Puts the parts of each person together.
fn together(parts: Vec<(PersonId, Part)>) -> BTreeMap<PersonId, Snapshot> {
    let mut heads = BTreeMap::new();
    let mut values: BTreeMap<PersonId, Vec<ValueRow>> = BTreeMap::new();
    for (person, part) in parts {
        match part {
            Part::Head(snapshot) => drop(heads.insert(person, *snapshot)),
            Part::Value(row) => values.entry(person).or_default().push(row),
        }
    }
    for (person, snapshot) in &mut heads {
        snapshot.values = values.remove(person).unwrap_or_default();
        snapshot.bound();
    }
    heads
}

impl Journal {
    /// Reads many people as [`Journal::begin`] reads one with no value wanted, some at a time: for
    /// work that comes to many and decides for each. Whoever is erased or was never there is left out.
    ///
    /// # Errors
    /// When a region is not served, or the rows cannot be read.
    pub async fn begin_each(&self, people: &[PersonId]) -> Result<Vec<Tx<Read>>, Fault> {
        let mut found = Vec::with_capacity(people.len());
        let regions = people.chunk_by(|one, next| one.region() == next.region());
        for some in regions.flat_map(|it| it.chunks(SEVERAL_MAX)) {
            let Some(region) = some.first().map(PersonId::region) else { continue };
            self.serves(region)?;
            let query = read(region, some);
            let parts = self.inner.engine.read(&Place::People(region), &query).await?;
            let each = together(parts).into_iter();
            found.extend(each.map(|(person, it)| Tx::known(self.clone(), person, Arc::new(it))));
        }
        Ok(found)
    }
}
