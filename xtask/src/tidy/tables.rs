//! A table has one owner: the module whose statements name it. Whoever else wants its rows asks the
//! owner, so that a column is changed in one place.

use std::collections::{BTreeMap, BTreeSet};

use super::sql::is_statement;
use crate::rust::{self, Kind};
use crate::tree::{Fault, Tree, is_test};

const JOURNAL: &str = "crates/journal/src/";

/// Tables that two modules name, for a reason: table, module, why.
const SHARED: &[(&str, &str, &str)] = &[
    (
        "people",
        "record",
        "a use is recorded on condition that the person's version stands, in one statement",
    ),
    (
        "people",
        "hold",
        "a hold ends in one outcome with the version of its person, so that a backup is told of it",
    ),
    (
        "cases",
        "hold",
        "a hold over somebody who was erased ends in one outcome with what it covered",
    ),
    ("case_notes", "hold", "what was copied out for a hold is counted where holds are"),
    ("person_values", "people", "a person is read in one statement, values and holds included"),
    ("counters", "decided", "answers are counted under clauses, and summed by clause over days"),
    ("counters", "scratch", "what is anonymised counts in the outcome that it leaves with"),
];

/// Checks which modules of the journal name which table.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let tables = tables(tree);
    // Table → module → the first place.
    let mut named: BTreeMap<&str, BTreeMap<String, (&str, usize)>> = BTreeMap::new();
    for (path, text) in tree.under(JOURNAL, ".rs").filter(|(path, _)| !is_test(path)) {
        for piece in rust::pieces(text).into_iter().filter(|it| it.kind == Kind::Text) {
            if !is_statement(piece.text) || shapes(piece.text) {
                continue;
            }
            for word in piece.text.split(|it: char| !it.is_alphanumeric() && it != '_') {
                if let Some(table) = tables.get(word) {
                    let modules = named.entry(table).or_default();
                    modules.entry(module(path)).or_insert((path, piece.line));
                }
            }
        }
    }
    let mut faults = Vec::new();
    for (table, modules) in &named {
        let owner = owner(table, modules);
        for (module, (path, line)) in modules.iter().filter(|(it, _)| **it != owner) {
            if !SHARED.iter().any(|(it, other, _)| it == table && other == module) {
                let remedy = format!("ask `{owner}` for it: the table `{table}` is that module's");
                faults.push(Fault::at(path, *line, remedy));
            }
        }
    }
    faults.extend(stale(&tables, &named));
    faults
}

/// Whether a statement makes or changes a table and reads no row: a schema is written in one place.
fn shapes(statement: &str) -> bool {
    let first = statement.split_whitespace().next().unwrap_or_default();
    matches!(first, "CREATE" | "ALTER" | "DROP" | "PRAGMA" | "VACUUM")
}

/// The module named like its table owns it; otherwise the first by name.
fn owner(table: &str, modules: &BTreeMap<String, (&str, usize)>) -> String {
    let like = |it: &&String| table.starts_with(it.as_str()) || it.starts_with(table);
    modules.keys().find(like).or_else(|| modules.keys().next()).cloned().unwrap_or_default()
}

/// Entries of the list that nothing needs any more.
fn stale(
    tables: &BTreeSet<String>,
    named: &BTreeMap<&str, BTreeMap<String, (&str, usize)>>,
) -> Vec<Fault> {
    let needed = |table: &str, module: &str| {
        named.get(table).is_some_and(|it| it.contains_key(module) && it.len() > 1)
    };
    SHARED
        .iter()
        .filter(|(table, module, _)| tables.contains(*table) && !needed(table, module))
        .map(|(table, module, _)| {
            let remedy = format!("take `{table}` in `{module}` out: it is not shared any more");
            Fault::of("xtask/src/tidy/tables.rs", remedy)
        })
        .collect()
}

/// The module a file belongs to: the file or folder just below `src/`.
fn module(path: &str) -> String {
    let rest = path.strip_prefix(JOURNAL).unwrap_or(path);
    rest.split(['/', '.']).next().unwrap_or(rest).to_owned()
}

/// Every table that a migration creates, whether it stands in a file or in a literal.
fn tables(tree: &Tree) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, text) in tree.under("crates/journal/", ".sql") {
        found.extend(created(text));
    }
    for (_, text) in tree.under(JOURNAL, ".rs").filter(|(path, _)| !is_test(path)) {
        for piece in rust::pieces(text).into_iter().filter(|it| it.kind == Kind::Text) {
            found.extend(created(piece.text));
        }
    }
    found
}

fn created(text: &str) -> impl Iterator<Item = String> {
    text.split("CREATE TABLE").skip(1).filter_map(|after| {
        let after = after.trim_start().trim_start_matches("IF NOT EXISTS").trim_start();
        let name = after.split(|it: char| !it.is_alphanumeric() && it != '_').next()?;
        (!name.is_empty()).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests;
