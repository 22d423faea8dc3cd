//! People: facts in clear, the key in its fixed place, sealed values and what finds them.

use decide::set::Interned as _;
use decide::{
    Account, Age, Category, Dues, Facts, PersonId, Region, RegionCode, Set, Source, Timestamp,
};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::fault::Fault;
use crate::limit::PAGE_MAX;
use crate::sealed::{Blind, Sealed, WrappedKey};

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

/// The id as the database keeps it.
pub(crate) fn id(person: PersonId) -> [u8; 16] {
    person.bits().to_be_bytes()
}

/// The version of a person; `None` for nobody.
pub(crate) fn version(file: &Connection, person: PersonId) -> Result<Option<u64>, Fault> {
    let mut statement = file.prepare_cached("SELECT version FROM people WHERE person_id = $1")?;
    let version = statement.query_row([id(person)], |row| row.get::<_, i64>(0)).optional()?;
    Ok(version.map(i64::cast_unsigned))
}

/// Facts, key and values in one statement, which is one snapshot on every engine. Sealed bytes come
/// for the `wanted` categories only.
const SNAPSHOT: &str = "SELECT p.version, p.given, p.refused, p.objected, p.shares, p.transfers, \
     p.adopted, p.region, p.age, p.account, p.erased, k.wrapped, \
     v.category, v.source, v.collected, v.due, \
     CASE WHEN (($1 >> v.category) & 1) = 1 THEN v.sealed END \
     FROM people p JOIN person_keys k ON k.person_id = p.person_id \
     LEFT JOIN person_values v ON v.person_id = p.person_id \
     WHERE p.person_id = $2";

/// Reads a person.
pub(crate) fn read(
    file: &Connection,
    person: PersonId,
    wanted: Set<Category>,
) -> Result<Snapshot, Fault> {
    let mut statement = file.prepare_cached(SNAPSHOT)?;
    let mut rows = statement.query(params![wanted.bits().cast_signed(), id(person)])?;
    let mut found: Option<Snapshot> = None;
    let mut dues = Vec::new();
    while let Some(row) = rows.next()? {
        let snapshot = match &mut found {
            Some(snapshot) => snapshot,
            None => found.insert(head(row)?),
        };
        let Some(category) = row.get::<_, Option<u8>>(12)?.map(Category::at) else { continue };
        let due = row.get::<_, Option<i64>>(15)?.map(Timestamp::from_millis);
        dues.extend(due.map(|it| (category, it)));
        snapshot.values.push(ValueRow {
            category,
            source: Source::at(row.get(13)?),
            collected: Timestamp::from_millis(row.get(14)?),
            due,
        });
        let sealed = row.get::<_, Option<Vec<u8>>>(16)?.map(Sealed::stored);
        snapshot.sealed.extend(sealed.map(|it| (category, it)));
    }
    let mut snapshot = found.ok_or(Fault::NotFound)?;
    snapshot.facts.dues = Dues::new(dues);
    Ok(snapshot)
}

fn head(row: &Row<'_>) -> Result<Snapshot, Fault> {
    if row.get::<_, i64>(10)? != 0 {
        return Err(Fault::Erased);
    }
    let bits = |column| row.get::<_, i64>(column).map(i64::cast_unsigned);
    let unknown = || Fault::broken("a person's state is not one that this program knows");
    let account = Account::ALL.get(usize::from(row.get::<_, u8>(9)?)).ok_or_else(unknown)?;
    let mut facts = Facts::new(Region::at(row.get(7)?), *account, row.get(6)?);
    facts.given = Set::from_bits(bits(1)?);
    facts.refused = Set::from_bits(bits(2)?);
    facts.objected = Set::from_bits(bits(3)?);
    facts.shares = Set::from_bits(bits(4)?);
    facts.transfers = Set::from_bits(bits(5)?);
    facts.age = *Age::ALL.get(usize::from(row.get::<_, u8>(8)?)).ok_or_else(unknown)?;
    Ok(Snapshot {
        version: bits(0)?,
        facts,
        key: WrappedKey::new(row.get(11)?),
        values: Vec::new(),
        sealed: Vec::new(),
    })
}

/// A new person, with their key.
pub(crate) fn create(file: &Connection, person: PersonId, key: &WrappedKey) -> Result<(), Fault> {
    let made = file
        .prepare_cached(
            "INSERT INTO people (person_id, version, given, refused, objected, shares, transfers, \
             adopted, region, age, account, erased) \
             VALUES ($1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT DO NOTHING",
        )?
        .execute([id(person)])?;
    if made == 0 {
        return Err(Fault::Conflict);
    }
    file.prepare_cached("INSERT INTO person_keys (person_id, wrapped) VALUES ($1, $2)")?
        .execute(params![id(person), key.as_bytes()])?;
    Ok(())
}

/// The facts from here on, and the version that goes with them.
pub(crate) fn set_facts(
    file: &Connection,
    person: PersonId,
    facts: &Facts,
    version: u64,
) -> Result<(), Fault> {
    file.prepare_cached(
        "UPDATE people SET version = $1, given = $2, refused = $3, objected = $4, shares = $5, \
         transfers = $6, adopted = $7, region = $8, age = $9, account = $10 WHERE person_id = $11",
    )?
    .execute(params![
        version.cast_signed(),
        facts.given.bits().cast_signed(),
        facts.refused.bits().cast_signed(),
        facts.objected.bits().cast_signed(),
        facts.shares.bits().cast_signed(),
        facts.transfers.bits().cast_signed(),
        facts.adopted,
        facts.region.position(),
        facts.age as u8,
        facts.account as u8,
        id(person),
    ])?;
    Ok(())
}

/// A value, in place of the one before; what finds it goes with it.
pub(crate) fn set_value(
    file: &Connection,
    person: PersonId,
    value: &ValueRow,
    sealed: &Sealed,
) -> Result<(), Fault> {
    file.prepare_cached(
        "INSERT INTO person_values (person_id, category, source, collected, due, sealed) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (person_id, category) DO UPDATE SET \
         source = excluded.source, collected = excluded.collected, due = excluded.due, \
         sealed = excluded.sealed",
    )?
    .execute(params![
        id(person),
        value.category.position(),
        value.source.position(),
        value.collected.millis(),
        value.due.map(Timestamp::millis),
        sealed.as_bytes(),
    ])?;
    drop_blind(file, person, value.category)
}

/// What a value is found by.
pub(crate) fn set_blind(
    file: &Connection,
    person: PersonId,
    category: Category,
    blind: &Blind,
) -> Result<(), Fault> {
    let written = file
        .prepare_cached(
            "INSERT INTO blinds (hash, category, person_id, single) VALUES ($1, $2, $3, $4) \
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![blind.hash, category.position(), id(person), i64::from(blind.unique)])?;
    if written == 0 { Err(Fault::Taken(category)) } else { Ok(()) }
}

/// A value goes, and what finds it.
pub(crate) fn drop_value(
    file: &Connection,
    person: PersonId,
    category: Category,
) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM person_values WHERE person_id = $1 AND category = $2")?
        .execute(params![id(person), category.position()])?;
    drop_blind(file, person, category)
}

fn drop_blind(file: &Connection, person: PersonId, category: Category) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM blinds WHERE person_id = $1 AND category = $2")?
        .execute(params![id(person), category.position()])?;
    Ok(())
}

/// When a value goes.
pub(crate) fn set_due(
    file: &Connection,
    person: PersonId,
    category: Category,
    due: Option<Timestamp>,
) -> Result<(), Fault> {
    file.prepare_cached(
        "UPDATE person_values SET due = $1 WHERE person_id = $2 AND category = $3",
    )?
    .execute(params![due.map(Timestamp::millis), id(person), category.position()])?;
    Ok(())
}

/// The key is overwritten where it stands; values and what finds them go.
pub(crate) fn erase(file: &Connection, person: PersonId) -> Result<(), Fault> {
    file.prepare_cached("UPDATE person_keys SET wrapped = $1 WHERE person_id = $2")?
        .execute(params![WrappedKey::DESTROYED.as_bytes(), id(person)])?;
    file.prepare_cached("DELETE FROM person_values WHERE person_id = $1")?.execute([id(person)])?;
    file.prepare_cached("DELETE FROM blinds WHERE person_id = $1")?.execute([id(person)])?;
    file.prepare_cached("UPDATE people SET erased = 1 WHERE person_id = $1")?
        .execute([id(person)])?;
    Ok(())
}

/// Who was erased and not swept yet, up to `n`.
pub(crate) fn unswept(
    file: &Connection,
    region: RegionCode,
    n: usize,
) -> Result<Vec<PersonId>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT person_id FROM people WHERE erased = 1 ORDER BY person_id LIMIT $1",
    )?;
    let most = i64::try_from(n).unwrap_or(i64::MAX);
    let found = statement
        .query_map([most], |row| Ok(PersonId::new(region, u128::from_be_bytes(row.get(0)?))))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// A person was swept.
pub(crate) fn swept(file: &Connection, person: PersonId) -> Result<(), Fault> {
    file.prepare_cached("UPDATE people SET erased = 2 WHERE person_id = $1")?
        .execute([id(person)])?;
    Ok(())
}

/// Who has this value.
pub(crate) fn find(
    file: &Connection,
    region: RegionCode,
    category: Category,
    blind: &Blind,
) -> Result<Option<PersonId>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT person_id FROM blinds WHERE hash = $1 AND category = $2 \
         ORDER BY person_id LIMIT 1",
    )?;
    let found = statement
        .query_row(params![blind.hash, category.position()], |row| row.get::<_, [u8; 16]>(0))
        .optional()?;
    Ok(found.map(|it| PersonId::new(region, u128::from_be_bytes(it))))
}

/// Everybody who has this value, up to `n`: a value need not be one person's alone.
pub(crate) fn find_all(
    file: &Connection,
    region: RegionCode,
    (category, blind): (Category, &Blind),
    n: u32,
) -> Result<Vec<PersonId>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT person_id FROM blinds WHERE hash = $1 AND category = $2 \
         ORDER BY person_id LIMIT $3",
    )?;
    let most = n.min(PAGE_MAX);
    let found = statement.query_map(params![blind.hash, category.position(), most], |row| {
        Ok(PersonId::new(region, u128::from_be_bytes(row.get(0)?)))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// People who were not erased, in the order of their ids.
pub(crate) fn list(
    file: &Connection,
    region: RegionCode,
    after: Option<PersonId>,
    n: u32,
) -> Result<Vec<PersonId>, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT person_id FROM people WHERE person_id > $1 AND erased = 0 \
         ORDER BY person_id LIMIT $2",
    )?;
    let after = after.map_or([0; 16], id);
    let found = statement.query_map(params![after, n.min(PAGE_MAX)], |row| {
        Ok(PersonId::new(region, u128::from_be_bytes(row.get(0)?)))
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}
