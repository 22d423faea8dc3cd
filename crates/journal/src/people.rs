//! People: facts in clear, the key in its fixed place, sealed values and what finds them.

use decide::id::CaseId;
use decide::set::Interned as _;
use decide::{
    Account, Age, Category, Dues, Facts, PersonId, Region, RegionCode, Set, Source, Timestamp,
};

use crate::fault::Fault;
use crate::limit::PAGE_MAX;
use crate::sealed::{Blind, Sealed, WrappedKey};
use crate::sql::{Query, Row, Statement, Touches, Unmet, values};

mod several;
mod standing;

pub(crate) use standing::{everybody, standing, standing_values};

/// What is known of a value without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValueRow {
    /// Its category.
    pub category: Category,
    /// Where it came from.
    pub source: Source,
    /// When.
    pub collected: Timestamp,
    /// When it goes; `None` while nothing says.
    pub due: Option<Timestamp>,
    /// The legal hold that it lies under, and under whose key it is sealed then.
    pub hold: Option<CaseId>,
}

/// A person as one snapshot has them.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) version: u64,
    pub(crate) facts: Facts,
    pub(crate) key: WrappedKey,
    pub(crate) values: Vec<ValueRow>,
    pub(crate) sealed: Vec<(Category, Sealed)>,
}

/// The version of a person; no row for nobody.
pub(crate) fn version(person: PersonId) -> Query<u64> {
    let text = "SELECT version FROM people WHERE person_id = $1";
    Query::new(text, values![person], |row| row.bits(0))
}

/// Facts, key and values in one statement, which is one snapshot on every engine. Sealed bytes come
/// for the `wanted` categories only.
const SNAPSHOT: &str = "SELECT p.version, p.given, p.refused, p.objected, p.shares, p.transfers, \
     p.adopted, p.region, p.age, p.account, p.erased, k.wrapped, \
     v.category, v.source, v.collected, v.due, \
     CASE WHEN ((CAST($1 AS BIGINT) >> CAST(v.category AS INT)) & 1) = 1 THEN v.sealed END, \
     v.hold FROM people p JOIN person_keys k ON k.person_id = p.person_id \
     LEFT JOIN person_values v ON v.person_id = p.person_id \
     WHERE p.person_id = $2";

/// One row for each value of a person, and one for who has none.
pub(crate) struct Part {
    head: Snapshot,
    value: Option<(ValueRow, Option<Sealed>)>,
}

/// Reads a person; [`Snapshot::of`] puts the parts together.
pub(crate) fn read(person: PersonId, wanted: Set<Category>) -> Query<Part> {
    Query::new(SNAPSHOT, values![wanted.bits(), person], move |row| {
        let head = head(row)?;
        let Some(category) = row.maybe_int(12)? else { return Ok(Part { head, value: None }) };
        let value = ValueRow {
            category: u8::try_from(category).map(Category::at).map_err(Fault::broken)?,
            source: Source::at(row.small(13)?),
            collected: row.instant(14)?,
            due: row.maybe_int(15)?.map(Timestamp::from_millis),
            hold: crate::hold::of(row, 17, person)?,
        };
        let sealed = row.maybe_bytes(16)?.map(Sealed::stored);
        Ok(Part { head, value: Some((value, sealed)) })
    })
}

impl Snapshot {
    /// A person, from the rows of one reading; `None` for nobody.
    pub(crate) fn of(parts: Vec<Part>) -> Option<Self> {
        let mut found: Option<Self> = None;
        for Part { head, value } in parts {
            let snapshot = found.get_or_insert(head);
            let Some((value, sealed)) = value else { continue };
            snapshot.sealed.extend(sealed.map(|it| (value.category, it)));
            snapshot.values.push(value);
        }
        let mut snapshot = found?;
        snapshot.bound();
        Some(snapshot)
    }

    /// What the values say of their time goes into the facts.
    fn bound(&mut self) {
        let dues = self.values.iter().filter_map(|it| Some((it.category, it.due?)));
        let held = self.values.iter().filter(|it| it.hold.is_some()).map(|it| it.category);
        self.facts.dues = Dues::new(dues.collect()).holding(held.collect());
    }
}

fn head(row: &Row<'_>) -> Result<Snapshot, Fault> {
    if row.int(10)? != 0 {
        return Err(Fault::Erased);
    }
    let unknown = || Fault::broken("a person's state is not one that this program knows");
    let account = Account::ALL.get(row.small::<usize>(9)?).ok_or_else(unknown)?;
    let mut facts = Facts::new(Region::at(row.small(7)?), *account, row.small(6)?);
    facts.given = Set::from_bits(row.bits(1)?);
    facts.refused = Set::from_bits(row.bits(2)?);
    facts.objected = Set::from_bits(row.bits(3)?);
    facts.shares = Set::from_bits(row.bits(4)?);
    facts.transfers = Set::from_bits(row.bits(5)?);
    facts.age = *Age::ALL.get(row.small::<usize>(8)?).ok_or_else(unknown)?;
    let (version, key) = (row.bits(0)?, WrappedKey::new(row.array(11)?));
    Ok(Snapshot { version, facts, key, values: Vec::new(), sealed: Vec::new() })
}

/// A new person, with their key.
pub(crate) fn create(person: PersonId, key: &WrappedKey) -> [Statement; 2] {
    let people = "INSERT INTO people (person_id, version, given, refused, objected, shares, \
         transfers, adopted, region, age, account, erased) \
         VALUES ($1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING";
    let keys = "INSERT INTO person_keys (person_id, wrapped) VALUES ($1, $2)";
    [
        Statement::new(people, values![person]).or(Unmet::Conflict),
        Statement::new(keys, values![person, key.as_bytes().as_slice()]),
    ]
}

/// The facts from here on, and the version that goes with them, where `from` still stands.
pub(crate) fn set_facts(person: PersonId, facts: &Facts, from: u64) -> Statement {
    let text = "UPDATE people SET version = $1, given = $2, refused = $3, objected = $4, \
         shares = $5, transfers = $6, adopted = $7, region = $8, age = $9, account = $10 \
         WHERE person_id = $11 AND version = $12";
    let values = values![
        from.saturating_add(1),
        facts.given.bits(),
        facts.refused.bits(),
        facts.objected.bits(),
        facts.shares.bits(),
        facts.transfers.bits(),
        facts.adopted,
        facts.region.position(),
        facts.age as u8,
        facts.account as u8,
        person,
        from,
    ];
    Statement::new(text, values).or(Unmet::Conflict)
}

/// Holds the version still until the transaction ends, if it still is this one. Only where several
/// write at once: the embedded engine writes one after another, and compares in memory.
pub(crate) fn hold(person: PersonId, version: u64) -> Statement {
    Statement::new(HELD, values![person, version]).or(Unmet::Conflict)
}

/// The statement of [`hold`], for one that holds and writes at once.
const HELD: &str = "SELECT 1 FROM people WHERE person_id = $1 AND version = $2 FOR SHARE";

/// A value, in place of the one before, unless that one is held; what finds it goes with it.
pub(crate) fn set_value(person: PersonId, value: &ValueRow, sealed: &Sealed) -> [Statement; 2] {
    let text = "INSERT INTO person_values (person_id, category, source, collected, due, sealed) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person_id, category) DO UPDATE SET \
         source = excluded.source, collected = excluded.collected, due = excluded.due, \
         sealed = excluded.sealed WHERE person_values.hold IS NULL";
    let values = values![
        person,
        value.category.position(),
        value.source.position(),
        value.collected,
        value.due,
        sealed.as_bytes(),
    ];
    let value_row = Statement::new(text, values).or(Unmet::Conflict);
    [value_row, drop_blind(person, value.category)]
}

/// What a value is found by.
pub(crate) fn set_blind(person: PersonId, category: Category, blind: &Blind) -> Statement {
    let text = "INSERT INTO blinds (hash, category, person_id, single) VALUES ($1, $2, $3, $4) \
         ON CONFLICT DO NOTHING";
    let values = values![blind.hash, category.position(), person, i64::from(blind.unique)];
    Statement::new(text, values).or(Unmet::Taken(category))
}

/// Values go, and what finds them; what is held stays.
pub(crate) fn drop_values(person: PersonId, gone: Set<Category>) -> Vec<Statement> {
    const VALUES: &str = "DELETE FROM person_values WHERE person_id = $1 AND hold IS NULL \
         AND ((CAST($2 AS BIGINT) >> CAST(category AS INT)) & 1) = 1";
    const BLINDS: &str = "DELETE FROM blinds WHERE person_id = $1 \
         AND ((CAST($2 AS BIGINT) >> CAST(category AS INT)) & 1) = 1";
    if gone.is_empty() {
        return Vec::new();
    }
    [VALUES, BLINDS].map(|it| Statement::new(it, values![person, gone.bits()])).into()
}

pub(crate) fn drop_blind(person: PersonId, category: Category) -> Statement {
    let text = "DELETE FROM blinds WHERE person_id = $1 AND category = $2";
    Statement::new(text, values![person, category.position()])
}

/// When a value goes.
pub(crate) fn set_due(person: PersonId, category: Category, due: Option<Timestamp>) -> Statement {
    let text = "UPDATE person_values SET due = $1 WHERE person_id = $2 AND category = $3";
    Statement::new(text, values![due, person, category.position()])
}

/// The key is overwritten where it stands; values and what finds them go.
pub(crate) fn erase(person: PersonId) -> [Statement; 4] {
    let key = "UPDATE person_keys SET wrapped = $1 WHERE person_id = $2";
    [
        Statement::new(key, values![WrappedKey::DESTROYED.as_bytes().as_slice(), person]),
        // What lies under a hold is sealed under the key of the hold, and stays.
        Statement::new(
            "DELETE FROM person_values WHERE person_id = $1 AND hold IS NULL",
            values![person],
        ),
        Statement::new("DELETE FROM blinds WHERE person_id = $1", values![person]),
        Statement::new("UPDATE people SET erased = 1 WHERE person_id = $1", values![person]),
    ]
}

/// Bytes of the table of keys: what it costs to write it anew. Only where a sweep does that.
pub(crate) const KEYS_BYTES: &str = "SELECT pg_total_relation_size('person_keys')";

/// Who was erased and not swept yet, up to `n`.
pub(crate) fn unswept(region: RegionCode, n: usize) -> Query<PersonId> {
    let text = "SELECT person_id FROM people WHERE erased = 1 ORDER BY person_id LIMIT $1";
    let most = i64::try_from(n).unwrap_or(i64::MAX);
    Query::new(text, values![most], move |row| Ok(PersonId::new(region, row.id(0)?)))
}

/// A person was swept.
pub(crate) fn swept(person: PersonId) -> Statement {
    Statement::new("UPDATE people SET erased = 2 WHERE person_id = $1", values![person])
        .touching(Touches::Person(person))
}

/// Everybody who has this value, up to `n`: a value need not be one person's alone.
pub(crate) fn find(
    region: RegionCode,
    (category, blind): (Category, &Blind),
    n: u32,
) -> Query<PersonId> {
    let text = "SELECT person_id FROM blinds WHERE hash = $1 AND category = $2 \
         ORDER BY person_id LIMIT $3";
    let values = values![blind.hash, category.position(), n.min(PAGE_MAX)];
    Query::new(text, values, move |row| Ok(PersonId::new(region, row.id(0)?)))
}

/// People who were not erased, in the order of their ids.
pub(crate) fn list(region: RegionCode, after: Option<PersonId>, n: u32) -> Query<PersonId> {
    let text = "SELECT person_id FROM people WHERE person_id > $1 AND erased = 0 \
         ORDER BY person_id LIMIT $2";
    let after = after.map_or([0; 16], |it| it.bits().to_be_bytes());
    Query::new(text, values![after, n.min(PAGE_MAX)], move |row| {
        Ok(PersonId::new(region, row.id(0)?))
    })
}
