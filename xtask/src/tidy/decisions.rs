//! Decisions that a newcomer would question have numbered pages, and dependencies have their lines.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{Fault, Tree, numbered};

const FOLDER: &str = "docs/decisions/";

/// Where each dependency says what it is for.
const DEPENDENCIES: &str = "docs/decisions/0001-dependencies.md";

/// Checks the numbers of the pages, and that the page of dependencies is complete and current.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut taken = BTreeMap::new();
    for (path, _) in tree.under(FOLDER, "") {
        let name = path.strip_prefix(FOLDER).unwrap_or(path);
        let number = name.split('-').next().unwrap_or_default();
        if number.len() != 4
            || !number.bytes().all(|it| it.is_ascii_digit())
            || name.strip_suffix(".md").is_none()
        {
            faults.push(Fault::of(path, "name it `NNNN-what-was-decided.md`"));
        } else if let Some(other) = taken.insert(number, path) {
            faults.push(Fault::of(
                path,
                format!("take the next free number: `{other}` has this one"),
            ));
        }
    }
    faults.extend(dependencies(tree));
    faults
}

fn dependencies(tree: &Tree) -> Vec<Fault> {
    let page = tree.text(DEPENDENCIES).unwrap_or_default();
    let root = tree.text("Cargo.toml").unwrap_or_default();
    let declared: Vec<_> = declared(root).collect();
    let described: Vec<_> = numbered(page)
        .filter_map(|(line, text)| Some((line, text.strip_prefix("| `")?.split_once('`')?.0)))
        .collect();
    let missing = declared.iter().filter(|(_, name)| !described.iter().any(|(_, it)| it == name));
    let stale = described.iter().filter(|(_, name)| !declared.iter().any(|(_, it)| it == name));
    let said = |(line, name): &(usize, &str)| {
        let remedy = format!("give `{name}` a line in {DEPENDENCIES}: what for, and why this one");
        Fault::at("Cargo.toml", *line, remedy)
    };
    let gone = |(line, name): &(usize, &str)| {
        let remedy = format!("take the line out: nothing depends on `{name}` any more");
        Fault::at(DEPENDENCIES, *line, remedy)
    };
    missing.map(said).chain(stale.map(gone)).chain(unused(tree, &declared)).collect()
}

/// What the root manifest declares and no crate takes.
fn unused<'tree>(
    tree: &'tree Tree,
    declared: &'tree [(usize, &'tree str)],
) -> impl Iterator<Item = Fault> + 'tree {
    let taken: BTreeSet<String> = tree
        .under("", "/Cargo.toml")
        .flat_map(|(_, manifest)| super::layers::dependencies(manifest))
        .map(|(_, name, _)| name)
        .collect();
    let left = declared.iter().filter(move |(_, name)| !taken.contains(*name));
    left.map(|(line, name)| {
        Fault::at("Cargo.toml", *line, format!("take `{name}` out: no crate depends on it"))
    })
}

/// What the root manifest takes from outside; our own crates are told by their path.
fn declared(root: &str) -> impl Iterator<Item = (usize, &str)> {
    numbered(root)
        .skip_while(|(_, line)| *line != "[workspace.dependencies]")
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('['))
        .filter(|(_, line)| !line.starts_with('#') && !line.contains("path ="))
        .filter_map(|(line, text)| Some((line, text.split_once('=')?.0.trim())))
}

#[cfg(test)]
mod tests;
