//! The starter policy, the list of promises, and the examples of the documentation, against the compiler.

#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use policy::{Folder, Policy, compile};

/// Tests run in the folder of their crate.
const ROOT: &str = "../..";

fn root(path: &str) -> PathBuf {
    Path::new(ROOT).join(path)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.is_file())
        .collect();
    found.sort();
    found
}

fn calendars() -> Vec<(String, String)> {
    let name = |it: &Path| format!("holidays/{}", it.file_name().unwrap().to_str().unwrap());
    files(&root("policy/holidays")).iter().map(|it| (name(it), read(it))).collect()
}

fn starter() -> Policy {
    let name = |it: &Path| it.file_name().unwrap().to_str().unwrap().to_owned();
    let texts = files(&root("policy")).into_iter().map(|it| (name(&it), read(&it)));
    compiled(&Folder::of(texts.chain(calendars())), "policy/")
}

fn compiled(folder: &Folder, what: &str) -> Policy {
    compile(folder).unwrap_or_else(|faults| panic!("{what} does not compile:\n{faults}"))
}

/// Blocks of a page that are fenced with `fence` and this word.
fn blocks(page: &str, fence: &str, word: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Option<String> = None;
    for line in page.lines() {
        match &mut open {
            None if line == format!("{fence}{word}") => open = Some(String::new()),
            None => {}
            Some(block) if line == fence => {
                found.push(std::mem::take(block));
                open = None;
            }
            Some(block) => {
                block.push_str(line);
                block.push('\n');
            }
        }
    }
    found
}

#[test]
fn the_starter_policy_compiles_without_a_warning() {
    let policy = starter();
    assert_eq!(policy.warnings.to_string(), "");
}

#[test]
fn the_list_of_promises_is_that_of_the_starter_policy() {
    let page = read(&root("docs/promises.md"));
    let listed: BTreeSet<&str> =
        page.lines().filter_map(|it| Some(it.strip_prefix("| `")?.split_once('`')?.0)).collect();
    let policy = starter();
    let declared: BTreeSet<&str> = policy.clauses.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(listed, declared);
}

#[test]
fn each_declaration_in_the_documentation_compiles() {
    let base = read(&root("docs/clauses/README.md"));
    let base = blocks(&base, "````", "policy").concat();
    for page in files(&root("docs/clauses")) {
        let examples = match page.file_name().unwrap().to_str().unwrap() {
            "README.md" => Vec::new(),
            _ => blocks(&read(&page), "```", "kept"),
        };
        let fenced: Vec<String> =
            examples.iter().map(|it| format!("```kept\n{it}```\n\n")).collect();
        let fenced = fenced.concat();
        let clause = if fenced.is_empty() {
            String::new()
        } else {
            format!("\n## Example {{#example}}\nWhat the page shows.\n\n{fenced}")
        };
        let folder = Folder::of(
            [("policy.md".to_owned(), format!("{base}{clause}"))].into_iter().chain(calendars()),
        );
        compiled(&folder, &page.display().to_string());
    }
}
