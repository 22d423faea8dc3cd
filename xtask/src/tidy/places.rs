//! Things that may stand in one place only, and words that may stand nowhere.

use crate::rust;
use crate::tree::{Fault, Tree, is_test, numbered};

/// The journal, and tests of the whole program, which look into its files as an intruder would.
pub(super) const DATABASE: &[&str] =
    &["crates/journal/", "crates/server/tests/", "crates/sim/tests/"];

/// The server, what writes to other systems, and the programs that measure and try both.
const SPEAKING: &[&str] = &["crates/server/", "crates/flows/src/outbound", "crates/sim/", "bench/"];

/// Code that may be written in these folders only: what, where, why. Unit tests are held to it as well.
const ONLY_IN: &[(&str, &[&str], &str)] = &[
    ("Sealed::from_cipher(", &["crates/vault/"], "only the vault seals"),
    ("aws_lc_rs::aead", &["crates/vault/"], "only the vault seals and opens"),
    ("aws_lc_rs::hkdf", &["crates/vault/"], "only the vault derives keys"),
    ("rusqlite::", DATABASE, "only the journal speaks to the database"),
    ("refinery::", &["crates/journal/"], "only the journal migrates"),
    (".commit()", DATABASE, "only the journal commits, and leaves a mark"),
    ("Instant::now(", &["crates/server/", "crates/sim/"], "`now` is an argument"),
    ("SystemTime::now(", &["crates/server/src/clock"], "only the clock looks at the wall"),
    ("Timestamp::now(", &["crates/server/src/clock"], "only the clock looks at the wall"),
    ("argon2::", &["crates/flows/src/account"], "only an account has a password"),
    ("lettre::", &["crates/flows/src/"], "only the courier sends mail"),
    ("hyper::", SPEAKING, "a flow knows no HTTP; `Outbound` posts"),
];

/// Code that may not be written in a folder: what, where not, why.
const NEVER_IN: &[(&str, &str, &str)] = &[
    ("std::fs", "crates/decide/src/", "the decision knows nothing of the world"),
    ("std::io", "crates/decide/src/", "the decision knows nothing of the world"),
    ("std::env", "crates/decide/src/", "the decision knows nothing of the world"),
    ("std::net", "crates/decide/src/", "the decision knows nothing of the world"),
    ("std::thread", "crates/decide/src/", "the decision knows nothing of the world"),
    ("async fn", "crates/decide/src/", "the decision waits for nobody"),
    ("std::fs", "crates/policy/src/", "a policy is text that was already read"),
    ("std::env", "crates/policy/src/", "a policy is text that was already read"),
    ("std::net", "crates/policy/src/", "a policy is text that was already read"),
    ("async fn", "crates/policy/src/", "compiling waits for nobody"),
    ("axum::", "crates/flows/src/", "a flow knows no HTTP"),
];

/// Text that belongs to a machine or to a supplier, not to the product. Put together here so that
/// this file does not hold it itself.
const NOWHERE: &[(&str, &str)] = &[
    (concat!("crates", ".io"), "say `the registry`"),
    (concat!("registry.", "npmjs"), "say `the registry`, and lock without addresses"),
    (concat!("npmjs", ".org"), "say `the registry`"),
    (concat!("npmjs", ".com"), "say `the registry`"),
    (concat!("pypi", ".org"), "say `the registry`"),
    (concat!("python", "hosted"), "say `the registry`"),
    (concat!("deb.", "debian"), "say `Debian's packages`"),
    (concat!(" /", "work/"), "give the path from the root of the repository"),
    (concat!("\"/", "work/"), "give the path from the root of the repository"),
    (concat!("/", "root/"), "give the path from the root of the repository"),
    (concat!("/", "home/"), "give the path from the root of the repository"),
];

/// Checks code against the first two tables and all text against the third.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, text) in tree.under("crates/", ".rs") {
        for (line, code) in numbered(&rust::code(text)) {
            faults.extend(misplaced(path, line, code));
        }
    }
    // cargo writes the lock files, with the registry in them.
    for (path, text) in tree.under("", "").filter(|(path, _)| !path.ends_with("Cargo.lock")) {
        for (line, text) in numbered(text) {
            let found = NOWHERE.iter().filter(|(needle, _)| text.contains(needle));
            faults.extend(found.map(|(_, remedy)| Fault::at(path, line, *remedy)));
        }
    }
    faults
}

fn misplaced(path: &str, line: usize, code: &str) -> Vec<Fault> {
    let astray = ONLY_IN.iter().filter(|(needle, folders, _)| {
        !folders.iter().any(|it| path.starts_with(it)) && holds(code, needle)
    });
    let moved = astray.map(|(needle, folders, why)| {
        let remedy = format!("`{needle}` may stand in {} only: {why}", folders.join(", "));
        Fault::at(path, line, remedy)
    });
    let barred = NEVER_IN.iter().filter(|(needle, folder, _)| {
        path.starts_with(folder) && !is_test(path) && holds(code, needle)
    });
    moved
        .chain(barred.map(|(needle, folder, why)| {
            Fault::at(path, line, format!("`{needle}` may not stand in {folder}: {why}"))
        }))
        .collect()
}

/// Whether the needle stands there, and not as the end of a longer name.
fn holds(code: &str, needle: &str) -> bool {
    let of_name = |it: char| it.is_alphanumeric() || it == '_';
    code.match_indices(needle).any(|(at, _)| {
        let before = code.get(..at).and_then(|it| it.chars().next_back());
        !needle.starts_with(of_name) || !before.is_some_and(of_name)
    })
}

#[cfg(test)]
mod tests;
