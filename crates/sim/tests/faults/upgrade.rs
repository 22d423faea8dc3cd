//! A newer program has changed the schema while nodes of this one serve, and one is started after it.
//!
//! The newer program is played here: its migration is carried out as ours are, under the same lock and
//! with its line in the history. What a node of that program would read and write is its own tests' business.

use sim::outside::postgres::Postgres;

use super::load::{Load, nodes};
use super::world::{World, folder};

/// As `journal` has it.
const LOCK: i64 = 0x6b65_7074;
const SCHEMAS: [&str; 2] = ["kept_cn", "kept_eu"];

/// What a newer program does when it starts.
fn migrate(postgres: &Postgres, schema: &str, (version, name): (u32, &str), text: &str) {
    let history = format!("{schema}.refinery_schema_history");
    let whole = format!(
        "SELECT pg_advisory_lock({LOCK}); BEGIN; SET LOCAL search_path TO {schema}; {text}; \
         INSERT INTO {history} (version, name, applied_on, checksum) \
         SELECT {version}, '{name}', applied_on, checksum FROM {history} LIMIT 1; COMMIT; \
         SELECT pg_advisory_unlock({LOCK})"
    );
    postgres.ask(&whole).unwrap();
}

#[test]
fn nodes_serve_beside_a_newer_program_and_after_it() {
    let folder = folder();
    let postgres = Postgres::start(&folder.path().join("postgres"), &[]).unwrap();
    let (world, node) = World::new(folder.path(), &postgres.url());
    let list = nodes(&[node.address()]);
    let load = Load::start(&list, &world.key, 1);
    load.goes_on(30);
    let added = "ALTER TABLE people ADD COLUMN note TEXT; \
         ALTER TABLE records ADD COLUMN note TEXT NOT NULL DEFAULT ''; \
         CREATE TABLE notes (person_id BYTEA NOT NULL PRIMARY KEY, note TEXT NOT NULL); \
         CREATE INDEX people_by_note ON people (note)";
    for schema in SCHEMAS {
        migrate(&postgres, schema, (98, "notes__from_1"), added);
    }
    let keys = "ALTER TABLE app_keys ADD COLUMN note TEXT; CREATE TABLE notes (note TEXT)";
    migrate(&postgres, "kept", (98, "notes__from_2"), keys);
    // What the newer program writes, the older one leaves be.
    postgres.ask("UPDATE kept_cn.people SET note = 'new'").unwrap();
    let noted = || postgres.ask("SELECT count(*) FROM kept_cn.people WHERE note = 'new'").unwrap();
    let before = noted();
    load.goes_on(60);

    // Back to the program before, while others serve: a rollback.
    let second = world.cluster.start("b", &[]).unwrap();
    list.lock().unwrap().push(second.address().to_owned());
    load.goes_on(60);
    World::ready(&node);
    World::ready(&second);
    assert_eq!(load.refused(), 0, "nobody was told to come again");
    assert_ne!(before, "0");
    assert_eq!(noted(), before);

    world.check(&node, load.stop(), |it| postgres.ask(it).unwrap());

    // A migration that takes something away says so, and then no older program starts.
    let taken = "ALTER TABLE notes RENAME COLUMN note TO text";
    migrate(&postgres, "kept_eu", (99, "texts__from_99"), taken);
    let refused = world.cluster.start("c", &[]).unwrap_err().to_string();
    assert!(refused.contains("run the newer program"), "{refused}");
    second.stop().unwrap();
    node.stop().unwrap();
}
