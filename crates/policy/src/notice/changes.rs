//! What a version changed, word by word.

use std::collections::BTreeSet;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{escaped, markdown, put};
use crate::page::Clause;
use crate::policy::Policy;

/// The clauses whose words differ between two versions, as HTML with `<ins>` and `<del>`.
///
/// Nothing for clauses that stay as they are; a sentence when no word differs.
pub fn word_diff(old: &Policy, new: &Policy, language: &str) -> String {
    let zh = language.starts_with("zh");
    let mut out = format!("<div class=\"diff\" lang=\"{}\">\n", escaped(language));
    let mut same = true;
    let known: BTreeSet<&str> = new.clauses.iter().map(|it| it.id.as_str()).collect();
    let gone = old.clauses.iter().filter(|it| !known.contains(it.id.as_str()));
    for clause in new.clauses.iter().chain(gone) {
        let id = clause.id.as_str();
        let (before, after) = (words(old, id, language), words(new, id, language));
        if before != after {
            same = false;
            let (title, text) = marked(&before, &after);
            put(
                &mut out,
                format_args!(
                    "<section class=\"clause\" data-clause=\"{id}\">\n<h2>{title}</h2>\n<a class=\"clause-ref\" href=\"/privacy#{id}\">{id}</a>\n{text}</section>\n"
                ),
            );
        }
    }
    if same {
        let sentence = if zh { "文字没有变化。" } else { "No word differs." };
        put(&mut out, format_args!("<p>{sentence}</p>\n"));
    }
    out.push_str("</div>\n");
    out
}

/// Title and text of a clause in words; nothing of a clause that is not there.
fn words(policy: &Policy, id: &str, language: &str) -> (Vec<String>, Vec<String>) {
    let Some(clause) = policy.clause(id) else { return (Vec::new(), Vec::new()) };
    let Clause { title, prose, .. } = clause;
    let title = policy.fill(title.in_language(language), language, str::to_owned);
    let prose =
        markdown::text(&policy.fill(prose.in_language(language), language, markdown::escape));
    (split(&title), split(&prose))
}

/// Words, spaces and marks; each character of a writing without spaces is a word.
fn split(text: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for letter in text.chars() {
        let joins =
            |last: &String| last.chars().next_back().is_some_and(|it| latin(it) && latin(letter));
        match all.last_mut().filter(|it| joins(it)) {
            Some(last) => last.push(letter),
            None => all.push(letter.to_string()),
        }
    }
    all
}

/// Whether a character belongs to a word of several.
fn latin(letter: char) -> bool {
    letter.is_alphanumeric() && u32::from(letter) < 0x2e80
}

type Pieces = (Vec<String>, Vec<String>);

fn marked(before: &Pieces, after: &Pieces) -> (String, String) {
    let title = compare(&before.0, &after.0);
    let text = compare(&before.1, &after.1);
    let lines: Vec<String> = text.split('\n').map(|it| format!("<p>{it}</p>\n")).collect();
    (title, lines.concat())
}

/// Both texts as one, with what went and what came marked; marks never span a line.
fn compare(before: &[String], after: &[String]) -> String {
    let mut out = String::new();
    for op in capture_diff_slices(Algorithm::Myers, before, after) {
        let old = before.get(op.old_range()).unwrap_or(&[]).concat();
        let new = after.get(op.new_range()).unwrap_or(&[]).concat();
        match op {
            DiffOp::Equal { .. } => out.push_str(&escaped(&new)),
            DiffOp::Delete { .. } => mark(&mut out, "del", &old),
            DiffOp::Insert { .. } => mark(&mut out, "ins", &new),
            DiffOp::Replace { .. } => {
                mark(&mut out, "del", &old);
                mark(&mut out, "ins", &new);
            }
        }
    }
    out
}

fn mark(out: &mut String, tag: &str, text: &str) {
    for (position, line) in text.split('\n').enumerate() {
        if position > 0 {
            out.push('\n');
        }
        if !line.is_empty() {
            put(out, format_args!("<{tag}>{}</{tag}>", escaped(line)));
        }
    }
}
