//! A test neither sleeps nor hides: time is an argument, and what is not run proves nothing.

use crate::rust;
use crate::tree::{Fault, Tree, is_test, numbered};

/// Waiting for another program has no event to wait on: these poll, with a limit on the tries.
/// A file stands here with what it waits for.
const MAY_POLL: &[(&str, &str)] = &[];

/// Checks test files for sleeping, for tests that are switched off, and scripts for fixed waits.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.under("", ".rs") {
        for (line, code) in numbered(&rust::code(text)) {
            if is_test(path) && sleeps(code) && !may_poll(path) {
                faults.push(Fault::at(
                    path,
                    line,
                    "wait for the event, or pass the time in: a test does not sleep",
                ));
            }
            if code.trim_start().starts_with("#[ignore") {
                faults.push(Fault::at(
                    path,
                    line,
                    "run the test or take it out: an ignored one proves nothing",
                ));
            }
        }
    }
    for (path, text) in tree.under("e2e/", "") {
        let waits = numbered(text).filter(|(_, line)| line.contains("waitForTimeout("));
        faults.extend(waits.map(|(line, _)| {
            Fault::at(path, line, "wait for what the page shows: a test does not sleep")
        }));
    }
    let unused = MAY_POLL.iter().filter(|(path, _)| {
        !tree.text(path).is_some_and(|text| rust::code(text).lines().any(sleeps))
    });
    faults
        .extend(unused.map(|(path, _)| Fault::of(path, "take it off the list of tests that poll")));
    faults
}

fn may_poll(path: &str) -> bool {
    MAY_POLL.iter().any(|(it, _)| *it == path)
}

/// Whether the line calls something named `sleep`, or brings it into scope.
fn sleeps(code: &str) -> bool {
    let mut pieces = rust::pieces(code).into_iter().filter(|it| it.text.trim() != "");
    pieces.any(|it| matches!(it.text, "sleep" | "sleep_until" | "sleep_ms"))
}

#[cfg(test)]
mod tests;
