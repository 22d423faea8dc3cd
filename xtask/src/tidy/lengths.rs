//! A file fits a sitting, and a module has one place. Functions and their parameters are counted by
//! clippy, whose two figures are checked here so that nobody raises them in passing.

use crate::tree::{Fault, Tree};

/// More lines than this are two files.
const LINES_MAX: usize = 400;

/// The figures that `clippy.toml` must hold.
const FIGURES: &[&str] = &["too-many-lines-threshold = 70", "too-many-arguments-threshold = 5"];

/// Files that may be longer, and why.
const LONGER: &[(&str, &str)] = &[(
    "web/kept.js",
    "one script tag: the styles of the banner stand inside it, and it is no bundle",
)];

/// Endings of the files that people write and read.
const COUNTED: &[&str] = &[".rs", ".js", ".mjs", ".ts", ".py", ".sql"];

/// Checks the lengths of files and the names of modules.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.under("", "") {
        let lines = text.lines().count();
        let longer = LONGER.iter().any(|(it, _)| *it == path);
        if lines > LINES_MAX && !longer && COUNTED.iter().any(|ending| path.ends_with(ending)) {
            let remedy = format!("{lines} lines, at most {LINES_MAX}: split it by noun and verb");
            faults.push(Fault::of(path, remedy));
        }
        // Below `tests/` cargo would take `x.rs` for a test of its own.
        if path.ends_with("/mod.rs") && !path.contains("/tests/") {
            faults.push(Fault::of(
                path,
                "name it after its folder and put it beside it: `x.rs` and `x/`",
            ));
        }
    }
    let clippy = tree.text("clippy.toml").unwrap_or_default();
    let gone = FIGURES.iter().filter(|figure| !clippy.lines().any(|line| line == **figure));
    faults.extend(gone.map(|figure| Fault::of("clippy.toml", format!("put back `{figure}`"))));
    faults
}

#[cfg(test)]
mod tests;
