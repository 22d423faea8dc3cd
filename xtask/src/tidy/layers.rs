//! Who may know whom: a crate is a wall, and its manifest is the gate in it.

use crate::tree::{Fault, Tree, numbered};

/// What a crate may know of the other crates here; one that may know all says `*`.
const LAYERS: &[(&str, &[&str])] = &[
    ("decide", &[]),
    ("policy", &["decide"]),
    ("journal", &["decide"]),
    ("vault", &["decide", "journal"]),
    ("flows", &["decide", "policy", "vault", "journal"]),
    ("server", &["flows", "decide", "policy"]),
    ("sim", &["*"]),
    ("xtask", &["*"]),
    ("bench", &["*"]),
    ("fuzz", &["*"]),
];

/// What a wall keeps out of a crate, whoever made it: database, network, clock and chance.
const KEPT_OUT: &[(&str, &[&str], &str)] = &[
    ("decide", &["*"], "the decision rests on nothing but the language"),
    (
        "policy",
        &["rusqlite", "refinery", "tokio", "axum", "hyper", "getrandom", "uuid", "tempfile"],
        "a policy is text: no file, no network, no chance",
    ),
    ("journal", &["axum", "hyper", "lettre"], "the journal has one door, and it is no network"),
    (
        "vault",
        &["rusqlite", "refinery", "axum", "hyper", "lettre"],
        "the vault knows keys: statements are the journal's, requests the server's",
    ),
    (
        "flows",
        &["rusqlite", "refinery", "axum", "http", "tower-http"],
        "a flow is what the product does: statements are the journal's, requests the server's",
    ),
    ("server", &["rusqlite", "refinery"], "statements are the journal's"),
];

/// Checks each crate's manifest against the two tables.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (path, manifest) in tree.under("", "/Cargo.toml") {
        let Some(name) = path.rsplit('/').nth(1) else { continue };
        let Some((_, known)) = LAYERS.iter().find(|(it, _)| *it == name) else {
            faults.push(Fault::of(
                path,
                format!("say in xtask/src/tidy/layers.rs whom `{name}` may know"),
            ));
            continue;
        };
        for (line, dependency, for_tests) in dependencies(manifest) {
            let ours = LAYERS.iter().any(|(it, _)| *it == dependency);
            // `sim` is a world for tests: whoever has tests may know it there.
            let world = for_tests && dependency == "sim";
            if ours && !world && dependency != name && !allows(known, &dependency) {
                let whom = if known.is_empty() { "no crate".to_owned() } else { known.join(", ") };
                let remedy = format!("`{name}` must not know `{dependency}`; it may know {whom}");
                faults.push(Fault::at(path, line, remedy));
            }
            let kept_out =
                KEPT_OUT.iter().find(|(it, list, _)| *it == name && allows(list, &dependency));
            if let Some((_, _, why)) = kept_out.filter(|_| !ours && !for_tests) {
                let remedy = format!("take `{dependency}` out of `{name}`: {why}");
                faults.push(Fault::at(path, line, remedy));
            }
        }
    }
    faults
}

fn allows(list: &[&str], name: &str) -> bool {
    list.contains(&name) || list.contains(&"*")
}

/// Every crate that a manifest names, with its line, and whether only its tests see it.
pub(super) fn dependencies(manifest: &str) -> Vec<(usize, String, bool)> {
    let mut found = Vec::new();
    let mut section = "";
    for (line, text) in numbered(manifest) {
        let text = text.trim();
        if let Some(header) = text.strip_prefix('[') {
            section = header.trim_end_matches(']');
            // `[dependencies.NAME]` is a table of its own.
            if let Some((table, name)) =
                section.rsplit_once('.').filter(|(it, _)| it.ends_with("dependencies"))
            {
                found.push((line, name.to_owned(), table.ends_with("dev-dependencies")));
            }
        } else if section.ends_with("dependencies") && !text.starts_with('#') {
            let for_tests = section.ends_with("dev-dependencies");
            if let Some(name) = text.split(['.', ' ', '=']).next().filter(|it| !it.is_empty()) {
                found.push((line, name.trim_matches('"').to_owned(), for_tests));
            }
            // `other = { package = "decide" }` knows `decide` by another name.
            if let Some((_, renamed)) = text.split_once("package") {
                let name = renamed.split('"').nth(1).unwrap_or_default();
                found.push((line, name.to_owned(), for_tests));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests;
