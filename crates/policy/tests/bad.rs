//! Every kind of fault has a file or folder in `tests/bad`, named after its code, and a snapshot of
//! what is said about it. What stands after `--` in a name tells cases of one code apart.

#![cfg(test)]

#[path = "support/folders.rs"]
mod support;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use policy::{Diagnostics, Folder};

/// The calendar of the cases that bring none.
const CALENDAR: &str = "title = \"Mainland China\"\nyears = [2026]\nholidays = [2026-01-01]\n";

fn cases() -> Vec<(String, Folder)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad");
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(root).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|it| (it.file_stem().unwrap().to_str().unwrap().to_owned(), folder(it)))
        .collect()
}

fn folder(path: &Path) -> Folder {
    let mut folder = if path.is_dir() {
        support::folder(path)
    } else {
        Folder::of([("policy.md", std::fs::read_to_string(path).unwrap())])
    };
    folder.files.entry("holidays/cn.toml".to_owned()).or_insert_with(|| CALENDAR.to_owned());
    folder
}

fn faults(folder: &Folder) -> Diagnostics {
    policy::compile(folder).map_or_else(|faults| faults, |policy| policy.warnings)
}

#[test]
fn each_says_what_to_write() {
    for (name, folder) in cases() {
        let found = faults(&folder);
        let code = name.split("--").next().unwrap();
        assert!(found.codes().contains(&code), "{name} found {:?}", found.codes());
        for fault in &found.faults {
            assert!(!fault.help.is_empty(), "`{}` says nothing of what to write", fault.code);
        }
        insta::assert_snapshot!(name, found.to_string());
    }
}

/// Codes as they stand in the source, in quotes before a place and a message.
#[test]
fn every_code_has_a_case() {
    let mut shown: BTreeSet<String> =
        cases().iter().map(|it| it.0.split("--").next().unwrap().to_owned()).collect();
    let mut missing = BTreeSet::new();
    for (_, text) in support::folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).files {
        // Faults that need an older version are shown in `tests/history.rs`.
        shown.insert("version-not-newer".to_owned());
        for call in [".error(", ".warning("] {
            for after in text.split(call).skip(1) {
                let code = after.trim_start().strip_prefix('"').and_then(|it| it.split('"').next());
                missing.extend(code.filter(|it| !shown.contains(*it)).map(str::to_owned));
            }
        }
    }
    assert_eq!(missing, BTreeSet::new(), "these codes have no file in tests/bad");
}

#[test]
fn the_starter_policy_has_none() {
    let found = faults(&support::starter());
    assert!(found.faults.is_empty(), "{found}");
}

#[test]
fn every_code_is_in_the_reference() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats/policy.md");
    let page = std::fs::read_to_string(path).unwrap();
    for (name, _) in cases() {
        let code = name.split("--").next().unwrap();
        assert!(
            page.contains(&format!("\n| `{code}` | ")),
            "`{code}` is not in docs/formats/policy.md"
        );
    }
}
