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

/// A table that a migration makes and nobody describes would be left behind.
#[test]
fn every_table_is_described() {
    let migrations = [
        include_str!("../../../migrations/postgres/kept/V1__installation.sql"),
        include_str!("../../../migrations/postgres/kept/V2__moving.sql"),
        include_str!("../../../migrations/postgres/region/V1__people.sql"),
    ];
    // What a move says itself, and what belongs to running nodes.
    let beside = ["regions", "log_head", "log_tiles", "leases", "moving"];
    let made: BTreeSet<&str> = migrations
        .iter()
        .flat_map(|it| it.split("CREATE TABLE ").skip(1))
        .filter_map(|it| it.split_whitespace().next())
        .filter(|it| !beside.contains(it))
        .collect();
    let tables = [KEPT, PEOPLE, &[record::MOVED_USES], event::MOVED].concat();
    let described: BTreeSet<&str> = tables.iter().map(|it| it.postgres.into).collect();
    assert_eq!(made, described);
}

/// A column that a migration adds and nobody describes would be left behind.
#[test]
fn every_column_is_described() {
    let region = include_str!("../../../migrations/postgres/region/V1__people.sql");
    let kept = include_str!("../../../migrations/postgres/kept/V1__installation.sql");
    for table in [KEPT, PEOPLE, event::MOVED].concat() {
        let opening = format!("CREATE TABLE {} (", table.postgres.into);
        let text = [region, kept].into_iter().find_map(|it| it.split(&opening).nth(1)).unwrap();
        let made: BTreeSet<&str> = text
            .lines()
            .take_while(|it| !it.starts_with(')'))
            .filter_map(|it| it.split_whitespace().next())
            .filter(|it| !it.starts_with("--") && !["PRIMARY", "UNIQUE"].contains(it))
            .collect();
        let columns = table.postgres.columns(&table);
        assert_eq!(made, columns.split(", ").collect(), "{}", table.name);
    }
}
