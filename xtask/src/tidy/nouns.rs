//! The newcomer's rule: a noun has the same name in every layer, and what is not there yet, or never
//! will be, stands in `xtask/missing.txt` with its reason. What exists may not stand there, so the
//! list can only shrink.

use std::collections::BTreeMap;

use crate::tree::{Fault, Tree, is_test, numbered};

/// The nouns of the policy, in the order of `ARCHITECTURE.md`.
const NOUNS: &[&str] = &[
    "notice",
    "account",
    "collection",
    "cookies",
    "consent",
    "minors",
    "purpose",
    "retention",
    "residence",
    "transfer",
    "security",
    "sharing",
    "publication",
    "disclosure",
    "succession",
    "rights",
    "messages",
    "change",
    "cessation",
];

/// A layer: its name on the list, its folder, the ending of its files, whether a folder will do,
/// and the files that belong to the layer and to no noun.
struct Layer {
    name: &'static str,
    folder: &'static str,
    ending: &'static str,
    beside: &'static [&'static str],
}

const LAYERS: &[Layer] = &[
    Layer {
        name: "clause",
        folder: "crates/policy/src/clause/",
        ending: ".rs",
        beside: &["tests"],
    },
    Layer { name: "rule", folder: "crates/decide/src/rule/", ending: ".rs", beside: &["tests"] },
    Layer { name: "flow", folder: "crates/flows/src/", ending: ".rs", beside: &[] },
    Layer { name: "page", folder: "docs/clauses/", ending: ".md", beside: &["README"] },
];

/// The list of what is not there.
const MISSING: &str = "xtask/missing.txt";

/// Checks every noun in every layer against the files and the list.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let missing = missing(tree, &mut faults);
    for layer in LAYERS {
        for noun in NOUNS {
            let there = exists(tree, layer, noun);
            match missing.get(&(layer.name, *noun)) {
                Some(line) if there => {
                    let remedy = format!("take out `{} {noun}`: it is there now", layer.name);
                    faults.push(Fault::at(MISSING, *line, remedy));
                }
                None if !there => {
                    let path = format!("{}{noun}{}", layer.folder, layer.ending);
                    let remedy = format!("write it, or say in {MISSING} why it is not there");
                    faults.push(Fault::of(&path, remedy));
                }
                Some(_) | None => {}
            }
        }
        faults.extend(strangers(tree, layer));
    }
    let map = tree.text("ARCHITECTURE.md").unwrap_or_default();
    let words: Vec<&str> = map.split(|it: char| !it.is_alphanumeric()).collect();
    let unnamed = NOUNS.iter().filter(|noun| !words.contains(noun));
    faults.extend(
        unnamed.map(|noun| Fault::of("ARCHITECTURE.md", format!("name the noun `{noun}`"))),
    );
    faults
}

/// A file of that name, or a folder with something in it.
fn exists(tree: &Tree, layer: &Layer, noun: &str) -> bool {
    let file = format!("{}{noun}{}", layer.folder, layer.ending);
    let folder = format!("{}{noun}/", layer.folder);
    tree.text(&file).is_some() || tree.under(&folder, layer.ending).next().is_some()
}

/// Files of a layer that carry another name than a noun's. In `flows` only folders are nouns: what
/// stands beside them, as files, serves all of them.
fn strangers(tree: &Tree, layer: &Layer) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut last = "";
    for (path, _) in tree.under(layer.folder, layer.ending) {
        let rest = path.strip_prefix(layer.folder).unwrap_or(path);
        let is_folder = rest.contains('/');
        let name = rest.split(['/', '.']).next().unwrap_or(rest);
        let serves_all = layer.name == "flow" && (!is_folder || is_test(path));
        if name == last || serves_all || NOUNS.contains(&name) || layer.beside.contains(&name) {
            continue;
        }
        last = name;
        let remedy =
            format!("`{name}` is no noun of the policy: put it under the noun that it serves");
        faults.push(Fault::of(path, remedy));
    }
    faults
}

/// The list: `layer noun why`, one a line, `#` before a remark.
fn missing<'tree>(
    tree: &'tree Tree,
    faults: &mut Vec<Fault>,
) -> BTreeMap<(&'tree str, &'tree str), usize> {
    let mut listed = BTreeMap::new();
    for (line, text) in numbered(tree.text(MISSING).unwrap_or_default()) {
        if text.starts_with('#') || text.trim().is_empty() {
            continue;
        }
        let mut words = text.splitn(3, ' ');
        let (layer, noun) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        let known = LAYERS.iter().any(|it| it.name == layer) && NOUNS.contains(&noun);
        if !known || words.next().is_none_or(|why| why.trim().is_empty()) {
            let remedy =
                "write `layer noun why`, with a layer (clause, rule, flow, page) and a noun";
            faults.push(Fault::at(MISSING, line, remedy));
        } else if listed.insert((layer, noun), line).is_some() {
            faults.push(Fault::at(MISSING, line, "take it out: it stands here twice"));
        }
    }
    listed
}

#[cfg(test)]
mod tests;
