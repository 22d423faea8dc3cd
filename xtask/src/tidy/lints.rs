//! The lints of the workspace are in force: every crate takes them, four take two more, and none
//! switches one off for a whole file without saying why.

use crate::tree::{Fault, Tree};

/// Where a wrapped sum or a swallowed variant is a wrong answer, and not a nuisance.
const STRICT: &[&str] = &["decide", "policy", "vault", "journal"];

const STRICTER: &[&str] = &["clippy::arithmetic_side_effects", "clippy::wildcard_enum_match_arm"];

/// Lines of the root manifest that nobody takes out in passing.
const LAW: &[&str] = &[
    "unsafe_code = \"forbid\"",
    "pedantic = { level = \"warn\", priority = -1 }",
    "unwrap_used = \"deny\"",
    "expect_used = \"deny\"",
    "panic = \"deny\"",
    "indexing_slicing = \"deny\"",
    "allow_attributes = \"deny\"",
    "allow_attributes_without_reason = \"deny\"",
    "disallowed_methods = \"deny\"",
    "disallowed_types = \"deny\"",
];

/// Checks the manifests and the heads of the four strict crates.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, manifest) in tree.under("", "/Cargo.toml") {
        let mut after = manifest.lines().skip_while(|line| *line != "[lints]").skip(1);
        if after.next() != Some("workspace = true") {
            faults
                .push(Fault::of(path, "take the workspace's lints: `[lints]`, `workspace = true`"));
        }
    }
    for name in STRICT {
        let path = format!("crates/{name}/src/lib.rs");
        let text = tree.text(&path).unwrap_or_default();
        let attributes: String = text.lines().filter(|line| !line.starts_with("//")).collect();
        let gone = STRICTER.iter().filter(|lint| !attributes.contains(**lint));
        faults.extend(gone.map(|lint| {
            let remedy = format!("put `#![cfg_attr(not(test), deny({lint}))]` below the header");
            Fault::of(&path, remedy)
        }));
    }
    let root = tree.text("Cargo.toml").unwrap_or_default();
    let gone = LAW.iter().filter(|law| !root.lines().any(|line| line == **law));
    faults.extend(gone.map(|law| Fault::of("Cargo.toml", format!("put back `{law}`"))));
    faults
}

#[cfg(test)]
mod tests;
