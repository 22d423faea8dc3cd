//! Mistakes that others made each have a test, and the page that lists them names tests that are there.

use std::collections::BTreeSet;

use crate::tree::{Fault, Tree, numbered};

const PAGE: &str = "docs/mistakes.md";
/// So many are on the list that is held here.
const MISTAKES: usize = 16;

/// Checks each line of the page.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let Some(page) = tree.text(PAGE) else { return vec![Fault::of(PAGE, "write the page")] };
    let tests = tests(tree);
    let mut faults = Vec::new();
    let mut next = 1;
    for (line, text) in numbered(page) {
        let cells: Vec<&str> = text.split('|').map(str::trim).collect();
        let [_, number, _, _, last, _] = cells.as_slice() else { continue };
        if number.parse() != Ok(next) {
            continue;
        }
        next += 1;
        let names: Vec<&str> = last.split('`').filter(|it| it.contains('_')).collect();
        if names.is_empty() {
            faults.push(Fault::at(PAGE, line, "name the test that fails when this comes back"));
        }
        for name in names.into_iter().filter(|it| !tests.contains(it)) {
            faults.push(Fault::at(PAGE, line, format!("there is no test `{name}`")));
        }
    }
    if next <= MISTAKES {
        faults.push(Fault::of(PAGE, format!("mistake {next} has no line")));
    }
    faults
}

/// The names of functions that stand under `#[test]` or the like.
fn tests(tree: &Tree) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for (_, text) in tree.under("", ".rs") {
        let mut marked = false;
        for line in text.lines().map(str::trim) {
            if line.starts_with("#[") {
                marked |= line.contains("test]") || line.contains("test(");
                continue;
            }
            let head = line.strip_prefix("async ").unwrap_or(line);
            if let Some(rest) = head.strip_prefix("fn ").filter(|_| marked) {
                found.extend(rest.split('(').next());
            }
            marked = false;
        }
    }
    found
}

#[cfg(test)]
mod tests;
