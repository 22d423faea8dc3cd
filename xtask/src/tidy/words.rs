//! One word per idea: what `GLOSSARY.md` replaces is written nowhere, and the types that it names
//! are there.

use std::collections::{BTreeMap, BTreeSet};

use crate::rust::{self, Kind, Piece};
use crate::tree::{Fault, Tree, numbered};

const GLOSSARY: &str = "GLOSSARY.md";

/// Other people's words that hold one of ours to avoid: standards, headers, names in libraries.
/// Compared in small letters; each is taken out before a text is read.
const OTHERS: &[(&str, &str)] = &[
    ("user-agent", "the name of an HTTP header"),
    ("user_agent", "the name of an HTTP header"),
    (".subject(", "a mail's subject line, as the library calls it"),
    ("subject line", "a mail's"),
    ("user-select", "a property of style sheets"),
    ("rate_limit", "the name of a limit"),
    ("user_version", "SQLite's own pragma"),
    ("tcp_user_timeout", "the name of a socket's option"),
];

/// Checks words in identifiers and comments of the crates, and the types that the glossary names.
pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let Some(glossary) = tree.text(GLOSSARY) else {
        return vec![Fault::of(GLOSSARY, "write it: a table `| word | meaning | not |`")];
    };
    let replaced = replaced(glossary);
    let mut faults = Vec::new();
    for (path, text) in tree.under("crates/", ".rs") {
        for piece in rust::pieces(&without_others(text)) {
            if matches!(piece.kind, Kind::Word | Kind::Comment) {
                faults.extend(astray(&replaced, &piece).map(|(down, remedy)| {
                    Fault::at(path, piece.line.saturating_add(down), remedy)
                }));
            }
        }
    }
    faults.extend(unknown_types(tree, glossary));
    faults
}

/// What the glossary replaces, by the first word of it: all words, and what to write instead.
type Replaced = BTreeMap<String, Vec<(Vec<String>, String)>>;

/// Reads the third column of the tables.
fn replaced(glossary: &str) -> Replaced {
    let mut found = Replaced::new();
    for line in glossary.lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [word, _, not] = cells.as_slice() else { continue };
        if *not == "not" || not.starts_with(['-', ':']) {
            continue;
        }
        let instead = word.split('(').next().unwrap_or(word).replace(['*', '`'], "");
        for avoid in not.split([',', ';']) {
            let avoid: Vec<String> = words(avoid).collect();
            if let Some(first) = avoid.first() {
                let rows = found.entry(first.clone()).or_default();
                rows.push((avoid, instead.trim().to_owned()));
            }
        }
    }
    found
}

/// What a piece of source should not say: how many lines down, and the word to write.
fn astray<'a>(replaced: &'a Replaced, piece: &Piece<'a>) -> impl Iterator<Item = (usize, String)> {
    let said: Vec<String> = words(piece.text).collect();
    let mut found = Vec::new();
    for (at, word) in said.iter().enumerate() {
        for single in singulars(word) {
            for (avoid, instead) in replaced.get(single).into_iter().flatten() {
                let here = said.get(at..at.saturating_add(avoid.len()));
                if here.is_some_and(|it| same(it, avoid)) {
                    let remedy = format!("write `{instead}` for `{}`", avoid.join(" "));
                    found.push((lines_before(piece.text, at), remedy));
                }
            }
        }
    }
    found.into_iter()
}

/// A word as it stands, and without the ending of a plural.
fn singulars(word: &str) -> impl Iterator<Item = &str> {
    [Some(word), word.strip_suffix('s'), word.strip_suffix("es")].into_iter().flatten()
}

/// Each word in small letters: `UserAgent`, `user_agent` and `user agent` are two words alike.
fn words(text: &str) -> impl Iterator<Item = String> {
    let mut parted = String::with_capacity(text.len());
    let mut before = ' ';
    for letter in text.chars() {
        if letter.is_uppercase() && before.is_lowercase() {
            parted.push(' ');
        }
        parted.push(letter);
        before = letter;
    }
    let owned: Vec<String> = parted
        .split(|it: char| !it.is_alphanumeric())
        .filter(|it| !it.is_empty())
        .map(str::to_lowercase)
        .collect();
    owned.into_iter()
}

/// Whether the words are those to avoid, each perhaps in the plural.
fn same(words: &[String], avoid: &[String]) -> bool {
    words.iter().zip(avoid).all(|(word, avoid)| singulars(word).any(|it| it == avoid))
}

/// The lines of a comment above its word with that number.
fn lines_before(text: &str, number: usize) -> usize {
    let mut seen = 0_usize;
    for (at, line) in text.lines().enumerate() {
        seen = seen.saturating_add(words(line).count());
        if seen > number {
            return at;
        }
    }
    0
}

fn without_others(text: &str) -> String {
    let mut text = text.to_owned();
    for (others, _) in OTHERS {
        let capital: String = others
            .split('-')
            .map(|part| {
                let mut letters = part.chars();
                letters
                    .next()
                    .map_or(String::new(), |it| it.to_uppercase().chain(letters).collect())
            })
            .collect::<Vec<_>>()
            .join("-");
        for form in [(*others).to_owned(), others.to_uppercase(), capital] {
            text = text.replace(&form, "");
        }
    }
    text
}

/// Types in backticks that no crate names. Some are made by macros, so any mention in code counts: it
/// would not compile if there were no such type.
fn unknown_types(tree: &Tree, glossary: &str) -> Vec<Fault> {
    let mut known = BTreeSet::new();
    for (_, text) in tree.under("crates/", ".rs") {
        let pieces = rust::pieces(text);
        known.extend(pieces.iter().filter(|it| it.kind == Kind::Word).map(|it| it.text));
    }
    let mut faults = Vec::new();
    for (line, text) in numbered(glossary) {
        for quoted in text.split('`').skip(1).step_by(2) {
            let names = quoted.split(|it: char| !it.is_alphanumeric()).filter(|it| is_type(it));
            let unknown = names.filter(|it| !known.contains(it));
            faults.extend(unknown.map(|name| {
                Fault::at(
                    GLOSSARY,
                    line,
                    format!("name the type as the code does: there is no `{name}`"),
                )
            }));
        }
    }
    faults
}

/// A name like `Permit`: a capital, then small letters somewhere; `GPC` is none, nor is `T`.
fn is_type(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_uppercase())
        && name.contains(|it: char| it.is_ascii_lowercase())
}

#[cfg(test)]
mod tests;
