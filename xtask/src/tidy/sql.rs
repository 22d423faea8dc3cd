//! Statements stand in the journal, and their placeholders ascend: SQLite numbers a `$N` by where it
//! first appears, PostgreSQL by its figure, and only ascending do both mean the same.

use super::places::DATABASE;
use crate::rust::{self, Kind};
use crate::tree::{Fault, Tree};

/// What a statement begins with; the second word, where given, tells it from a heading.
const VERBS: &[(&str, &[&str])] = &[
    ("SELECT", &[]),
    ("INSERT", &["INTO", "OR"]),
    ("UPDATE", &[]),
    ("DELETE", &["FROM"]),
    ("REPLACE", &["INTO"]),
    ("WITH", &[]),
    ("CREATE", &["TABLE", "INDEX", "UNIQUE", "VIEW", "TRIGGER", "SCHEMA", "TEMP", "VIRTUAL"]),
    ("ALTER", &["TABLE"]),
    ("DROP", &["TABLE", "INDEX", "VIEW", "TRIGGER"]),
    ("PRAGMA", &[]),
    ("ATTACH", &[]),
    ("VACUUM", &[]),
];

/// Where statements may stand beside the journal: in benchmarks, whose peers are databases, and here.
const HOMES: &[&str] = &["bench/", "xtask/src/tidy/"];

fn at_home(path: &str) -> bool {
    DATABASE.iter().chain(HOMES).any(|home| path.starts_with(home))
}

/// Checks every string literal and every `.sql` file.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.under("", ".rs") {
        for piece in rust::pieces(text).into_iter().filter(|it| it.kind == Kind::Text) {
            if !is_statement(piece.text) {
                continue;
            }
            if !at_home(path) {
                faults.push(Fault::at(path, piece.line, "move the statement into crates/journal"));
            } else if path.starts_with("crates/journal/") {
                faults.extend(disorder(piece.text).map(|it| Fault::at(path, piece.line, it)));
            }
        }
    }
    for (path, _) in tree.under("", ".sql") {
        if !at_home(path) {
            faults.push(Fault::of(path, "move the statements into crates/journal"));
        }
    }
    faults
}

/// Whether a literal holds SQL: it begins, in either case, as a statement does, and goes on so.
pub(super) fn is_statement(literal: &str) -> bool {
    let mut words =
        literal.split(|it: char| !it.is_alphanumeric() && it != '_').filter(|it| !it.is_empty());
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default();
    let shouted = VERBS.iter().any(|(verb, next)| {
        first == *verb && !second.is_empty() && (next.is_empty() || next.contains(&second))
    });
    // Small letters are read too, where two words leave no doubt.
    let small = matches!(
        (first, second),
        ("insert", "into") | ("delete", "from") | ("create" | "alter" | "drop", "table")
    );
    shouted || small
}

/// What is wrong with the placeholders of a statement.
fn disorder(statement: &str) -> Option<String> {
    if statement
        .split_whitespace()
        .any(|word| word.trim_matches(['(', ',', ')', ';']).starts_with('?'))
    {
        return Some("write `$1` for `?`: PostgreSQL knows no other".to_owned());
    }
    let mut highest = 0_u32;
    for after in statement.split('$').skip(1) {
        let end = after.find(|it: char| !it.is_ascii_digit()).unwrap_or(after.len());
        let Some(number) = after.get(..end).and_then(|it| it.parse::<u32>().ok()) else { continue };
        if number > highest.saturating_add(1) {
            let next = highest.saturating_add(1);
            return Some(format!(
                "`${number}` comes where `${next}` should: number by first appearance"
            ));
        }
        highest = highest.max(number);
    }
    None
}

#[cfg(test)]
mod tests;
