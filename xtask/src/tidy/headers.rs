//! Every file opens by saying what it is, and every crate ends that by saying what it does not do.

use crate::tree::{Fault, Tree, is_test, numbered};

/// A header of fewer words than this says nothing.
const WORDS_MIN: usize = 4;

/// Words by which a header draws a line.
const DENIALS: &[&str] = &["not", "never", "no", "nothing", "neither", "nor", "none", "cannot"];

/// Checks the `//!` lines at the head of every file that is no test.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.under("", ".rs").filter(|(path, _)| !is_test(path)) {
        let header: Vec<&str> =
            numbered(text).map_while(|(_, line)| line.strip_prefix("//!")).map(str::trim).collect();
        let words = header.iter().flat_map(|line| line.split_whitespace()).count();
        if words < WORDS_MIN {
            faults.push(Fault::at(
                path,
                1,
                "open with a `//!` sentence that says what this file is",
            ));
        } else if path.ends_with("src/lib.rs") && !denies(&header) {
            let remedy = "end the crate's header with a sentence that says what it does not do";
            faults.push(Fault::at(path, header.len(), remedy));
        }
    }
    faults
}

/// Whether the last paragraph says what is not done.
fn denies(header: &[&str]) -> bool {
    let last = header.rsplit(|line| line.is_empty()).find(|lines| !lines.is_empty());
    let bare = |word: &str| word.trim_matches(|it: char| !it.is_alphanumeric()).to_lowercase();
    last.unwrap_or_default()
        .iter()
        .flat_map(|line| line.split_whitespace())
        .any(|word| DENIALS.contains(&bare(word).as_str()))
}

#[cfg(test)]
mod tests;
