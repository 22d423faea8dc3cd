//! Holds the repository to the shape that `ARCHITECTURE.md` draws: a table of checks, each of which
//! reads the whole tree and says what to do.

mod decisions;
mod headers;
mod layers;
mod lengths;
mod lints;
mod mistakes;
mod nouns;
mod places;
mod sql;
mod tables;
mod tests_law;
mod words;

use crate::tree::{Fault, Tree};

/// One check over the whole tree.
type Check = fn(&Tree) -> Vec<Fault>;

/// Every check, by the name under which it reports.
const CHECKS: &[(&str, Check)] = &[
    ("layers", layers::check),
    ("headers", headers::check),
    ("lengths", lengths::check),
    ("nouns", nouns::check),
    ("sql", sql::check),
    ("tables", tables::check),
    ("words", words::check),
    ("places", places::check),
    ("decisions", decisions::check),
    ("tests", tests_law::check),
    ("lints", lints::check),
    ("mistakes", mistakes::check),
];

/// Runs every check and lists what was found, a line each.
pub(crate) fn faults(tree: &Tree) -> Vec<String> {
    let named = |(name, check): &(&str, Check)| {
        let lines = check(tree).into_iter().map(|fault| format!("[{name}] {fault}"));
        lines.collect::<Vec<_>>()
    };
    CHECKS.iter().flat_map(named).collect()
}

#[cfg(test)]
mod tests;
