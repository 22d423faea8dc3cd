use super::*;

fn said(path: &str, text: &str) -> Vec<String> {
    check(&Tree::planted(&[(path, text)])).iter().map(ToString::to_string).collect()
}

#[test]
fn placeholders_ascend_by_first_appearance() {
    let of = |sql: &str| said("crates/journal/src/person.rs", &format!("\nlet a = \"{sql}\";"));
    assert_eq!(of("SELECT a FROM t WHERE b = $1 AND c = $2 AND d = $1"), [""; 0]);
    assert_eq!(
        of("SELECT a FROM t WHERE b = $2 AND c = $1"),
        [
            "crates/journal/src/person.rs:2: `$2` comes where `$1` should: number by first appearance"
        ]
    );
    assert_eq!(of("INSERT INTO t VALUES ($1, $3)").len(), 1);
    assert_eq!(of("UPDATE t SET a = ? WHERE b = ?").len(), 1);
    assert_eq!(of("UPDATE t SET a = (?)").len(), 1);
}

#[test]
fn statements_stand_in_the_journal_alone() {
    for sql in [
        "SELECT 1 FROM t",
        "  insert into t values ($1)",
        "DELETE FROM t",
        "WITH a AS (SELECT 1)",
        "PRAGMA journal_mode=WAL",
        "CREATE UNIQUE INDEX a ON t (b)",
    ] {
        assert_eq!(said("crates/flows/src/a.rs", &format!("r#\"{sql}\"#")).len(), 1, "{sql}");
        assert_eq!(said("crates/journal/src/a.rs", &format!("r#\"{sql}\"#")).len(), 0, "{sql}");
    }
    assert_eq!(
        said("crates/server/tests/crash.rs", "\"SELECT a FROM t\""),
        [""; 0],
        "an intruder's look"
    );
    assert_eq!(said("crates/server/schema.sql", "").len(), 1);
}

#[test]
fn sentences_are_no_statements() {
    for text in
        ["Select what you agree to", "UPDATE", "with care", "DELETE /v1/me", "Create account"]
    {
        assert_eq!(said("crates/server/src/a.rs", &format!("\"{text}\"")), [""; 0], "{text}");
    }
    assert_eq!(said("crates/server/src/a.rs", "// SELECT a FROM t"), [""; 0]);
}
