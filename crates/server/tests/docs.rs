//! What the documentation says that the program prints, against what it prints.

#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_kept");

/// A command of a page, and what the page says that it prints.
struct Example {
    place: String,
    command: String,
    answer: Vec<String>,
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

/// Every page below a folder.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|it| it == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The examples of a page: in a `console` block, from a line that begins with `$ kept` to the next prompt.
fn examples(page: &Path) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let (mut console, mut ours) = (false, false);
    for (number, line) in read(page).lines().enumerate() {
        if line.starts_with("```") {
            (console, ours) = (line == "```console", false);
        } else if let Some(typed) = line.strip_prefix("$ ").filter(|_| console) {
            ours = typed.starts_with("kept ");
            if ours {
                let place = format!("{}:{}", page.display(), number + 1);
                found.push(Example { place, command: typed.to_owned(), answer: Vec::new() });
            }
        } else if ours {
            found.last_mut().unwrap().answer.push(line.to_owned());
        }
    }
    found
}

/// Copies the starter policy to where a command of a page finds it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// What a command prints, both streams, without empty lines at the end.
fn printed(command: &str, folder: &Path) -> String {
    let mut words = command.split_whitespace();
    assert_eq!(words.next(), Some("kept"));
    let done = Command::new(PROGRAM).args(words).current_dir(folder).output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap() + &String::from_utf8(done.stderr).unwrap();
    // Which calendars end soon depends on the day on which it is asked.
    let lines = said.lines().filter(|it| !it.starts_with("kept: calendar `"));
    lines.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// Whether a line is as written; `…` at its end stands for whatever follows.
fn alike(written: &str, seen: &str) -> bool {
    match written.strip_suffix('…') {
        Some(start) => seen.starts_with(start),
        None => written == seen,
    }
}

/// Whether the lines are as written; a line that is `…` alone stands for any number of lines.
fn same(written: &[String], seen: &[&str]) -> bool {
    match (written.split_first(), seen.split_first()) {
        (None, None) => true,
        (Some((first, rest)), _) if first == "…" => {
            (0..=seen.len()).any(|skipped| same(rest, &seen[skipped..]))
        }
        (Some((first, rest)), Some((line, others))) => alike(first, line) && same(rest, others),
        (Some(_), None) | (None, Some(_)) => false,
    }
}

#[test]
fn each_command_of_the_documentation_prints_what_its_page_says() {
    let mut all = pages(&root("docs"));
    all.push(root("README.md"));
    let all: Vec<Example> = all.iter().flat_map(|it| examples(it)).collect();
    assert!(all.len() >= 10, "{} examples were found", all.len());
    let mut wrong = Vec::new();
    for example in all {
        let folder = tempfile::tempdir().unwrap();
        copy(&root("policy"), &folder.path().join("policy"));
        let seen = printed(&example.command, folder.path());
        let mut written = example.answer.clone();
        while written.last().is_some_and(|it| it.trim().is_empty()) {
            written.pop();
        }
        if !same(&written, &seen.lines().collect::<Vec<_>>()) {
            wrong.push(format!("{}\n$ {}\n{seen}\n", example.place, example.command));
        }
    }
    assert!(wrong.is_empty(), "these print something else:\n\n{}", wrong.join("\n"));
}

/// The clause that a line speaks of, if it is of the kind asked for.
fn clause(line: &str, enforced: bool) -> Option<&str> {
    let line = line.trim_start();
    let rest = line.strip_prefix(if enforced { "enforced " } else { "not yet enforced " })?;
    rest.trim_start().split(':').next()
}

#[test]
fn the_list_of_promises_and_the_program_tell_the_same_story() {
    let said = printed("kept check", &root(""));
    let page = read(&root("docs/promises.md"));
    let rows = page.lines().filter_map(|it| it.strip_prefix("| `")?.split_once("` |"));
    let (mut enforced, mut waiting) = (BTreeSet::new(), BTreeSet::new());
    for (id, rest) in rows {
        let standing = rest.trim_end_matches([' ', '|']).rsplit_once("| ").unwrap().1;
        if standing.starts_with("enforced") {
            enforced.insert(id);
        } else {
            assert!(standing.starts_with("not yet enforced"), "`{id}` stands nowhere: {standing}");
            waiting.insert(id);
        }
    }
    assert_eq!(enforced, said.lines().filter_map(|it| clause(it, true)).collect());
    assert_eq!(waiting, said.lines().filter_map(|it| clause(it, false)).collect());
}
