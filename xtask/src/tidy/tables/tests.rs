use super::*;

const MIGRATION: (&str, &str) = (
    "crates/journal/migrations/V1__start.sql",
    "CREATE TABLE IF NOT EXISTS person (id);\nCREATE TABLE outbox (id);",
);

fn said(files: &[(&str, &str)]) -> Vec<String> {
    let mut all = vec![MIGRATION];
    all.extend(files);
    check(&Tree::planted(&all)).iter().map(ToString::to_string).collect()
}

#[test]
fn a_module_may_be_several_files() {
    assert_eq!(
        said(&[
            ("crates/journal/src/person.rs", "\"SELECT id FROM person\""),
            ("crates/journal/src/person/close.rs", "\"DELETE FROM person\""),
            ("crates/journal/src/outbox.rs", "\"SELECT id FROM outbox\""),
            ("crates/journal/src/log.rs", "\"the person\" // SELECT id FROM person"),
        ]),
        [""; 0]
    );
}

#[test]
fn a_second_module_is_sent_to_the_owner() {
    assert_eq!(
        said(&[
            ("crates/journal/src/log.rs", "\n\"SELECT 1 FROM outbox JOIN person\""),
            ("crates/journal/src/person.rs", "\"SELECT id FROM person\""),
            ("crates/journal/src/outbox.rs", "\"SELECT id FROM outbox\""),
        ]),
        [
            "crates/journal/src/log.rs:2: ask `outbox` for it: the table `outbox` is that module's",
            "crates/journal/src/log.rs:2: ask `person` for it: the table `person` is that module's",
        ]
    );
}

#[test]
fn tables_made_in_code_count_too() {
    let made = "\"CREATE TABLE event (id)\"";
    assert_eq!(
        said(&[
            ("crates/journal/src/schema.rs", made),
            ("crates/journal/src/event.rs", "\"SELECT id FROM event\""),
            ("crates/journal/src/log.rs", "\"SELECT id FROM event\""),
        ]),
        ["crates/journal/src/log.rs:1: ask `event` for it: the table `event` is that module's"]
    );
}
