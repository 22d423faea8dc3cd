//! The statements that come of the descriptions, and that every table is described.

use std::collections::BTreeSet;

use decide::RegionCode;

use super::*;
use crate::event::Partition;

fn events() -> Place {
    let partition = Partition::parse("20261122-visits").unwrap();
    Place::Events(RegionCode::new("cn").unwrap(), partition)
}

fn named<'a>(tables: &'a [Table], name: &str) -> &'a Table {
    tables.iter().find(|it| it.name == name).unwrap()
}

#[test]
fn rows_are_read_in_the_order_of_bytes() {
    let (place, jobs) = (Place::People(RegionCode::new("cn").unwrap()), named(PEOPLE, "jobs"));
    assert_eq!(
        jobs.select(Dialect::Postgres, &place, true, 9),
        "SELECT person_id, kind, due, wake, attempts FROM jobs AS moved \
         WHERE (person_id, kind COLLATE \"C\") > ($1, $2) \
         ORDER BY person_id, kind COLLATE \"C\" LIMIT 9"
    );
    assert_eq!(
        jobs.greatest(Dialect::Sqlite, &place),
        "SELECT person_id, kind FROM jobs AS moved ORDER BY person_id DESC, kind DESC LIMIT 1"
    );
}

#[test]
fn what_only_one_engine_has_is_put_in() {
    let tags = named(event::MOVED, "tag_bytes");
    assert_eq!(
        tags.insert(Dialect::Postgres, &events(), 2),
        "INSERT INTO tag_bytes (tag, bytes, partition) OVERRIDING SYSTEM VALUE \
         VALUES ($1, $2, '20261122-visits'), ($3, $4, '20261122-visits')"
    );
    assert_eq!(
        tags.insert(Dialect::Sqlite, &events(), 1),
        "INSERT INTO tag_bytes (tag, bytes) VALUES ($1, $2)"
    );
    let records = named(event::MOVED, "event_records");
    assert!(records.insert(Dialect::Sqlite, &events(), 1).contains("leaf, sealed, seq)"));
}

const MIGRATIONS: [&str; 5] = [
    include_str!("../../../migrations/postgres/kept/V1__installation.sql"),
    include_str!("../../../migrations/postgres/kept/V2__moving.sql"),
    include_str!("../../../migrations/postgres/kept/V3__rounds__from_2.sql"),
    include_str!("../../../migrations/postgres/region/V1__people.sql"),
    include_str!("../../../migrations/postgres/region/V2__cases__from_2.sql"),
];

/// A table that a migration makes and nobody describes would be left behind.
#[test]
fn every_table_is_described() {
    // What a move says itself, and what belongs to running nodes.
    let beside = ["regions", "log_head", "log_tiles", "leases", "moving"];
    let after = |words: &'static str| {
        let each = MIGRATIONS.iter().flat_map(move |it| it.split(words).skip(1));
        each.filter_map(|it| it.split([' ', ';', '\n']).next())
    };
    let dropped: BTreeSet<&str> = after("DROP TABLE ").collect();
    let made: BTreeSet<&str> =
        after("CREATE TABLE ").filter(|it| !beside.contains(it) && !dropped.contains(it)).collect();
    let tables = [KEPT, PEOPLE, &[record::MOVED_USES], event::MOVED].concat();
    let described: BTreeSet<&str> = tables.iter().map(|it| it.postgres.into).collect();
    assert_eq!(made, described);
}

/// A column that a migration adds and nobody describes would be left behind.
#[test]
fn every_column_is_described() {
    for table in [KEPT, PEOPLE, event::MOVED].concat() {
        let opening = format!("CREATE TABLE {} (", table.postgres.into);
        let text = MIGRATIONS.into_iter().find_map(|it| it.split(&opening).nth(1)).unwrap();
        let adding = format!("ALTER TABLE {} ADD COLUMN ", table.postgres.into);
        let added = MIGRATIONS.into_iter().flat_map(|it| it.split(adding.as_str()).skip(1));
        let made: BTreeSet<&str> = text
            .lines()
            .take_while(|it| !it.starts_with(')'))
            .filter_map(|it| it.split_whitespace().next())
            .filter(|it| !it.starts_with("--") && !["PRIMARY", "UNIQUE"].contains(it))
            .chain(added.filter_map(|it| it.split_whitespace().next()))
            .collect();
        let columns = table.postgres.columns(&table);
        assert_eq!(made, columns.split(", ").collect(), "{}", table.name);
    }
}

/// Mistake 15: remainders of numbers with a fraction. Times, counts and places are integers in every
/// table of either engine.
#[test]
fn no_number_with_a_fraction_is_stored() {
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations")];
    let mut read = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap().to_lowercase();
            read += 1;
            let rows = text.lines().map(|it| it.split("--").next().unwrap_or_default());
            let words = rows.flat_map(|it| it.split(|it: char| !it.is_alphanumeric()));
            let found: Vec<&str> = words
                .filter(|it| {
                    ["real", "float", "float4", "float8", "double", "numeric"].contains(it)
                })
                .collect();
            assert_eq!(found, Vec::<&str>::new(), "{}", path.display());
        }
    }
    assert!(read > 8, "{read} migrations");
}
