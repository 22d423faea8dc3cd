//! The layout of blocks: one space around `=`, fields of a table aligned, one line between tables.
//!
//! Prose and the lines of front matter stay as they are, and so does a block that is no TOML.

use toml::de::DeTable;

use crate::diagnostic::Faults;
use crate::parse::{document, slice};
use crate::read::canonical;

/// The text of a policy file with its blocks laid out. Laying out twice changes nothing more.
pub fn format(text: &str) -> String {
    let scanned = document(0, text, &mut Faults::default());
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for block in scanned.parts.iter().flat_map(|it| &it.clauses).flat_map(|it| &it.blocks) {
        out.push_str(text.get(from..block.start).unwrap_or(""));
        out.push_str(&block_of(slice(text, *block)));
        from = block.end;
    }
    out.push_str(text.get(from..).unwrap_or(""));
    out
}

/// One block; as it was where laying it out would change what it says.
fn block_of(block: &str) -> String {
    let Ok(before) = DeTable::parse(block) else { return block.to_owned() };
    let laid = lay_out(block);
    let same = DeTable::parse(&laid)
        .is_ok_and(|it| canonical(it.get_ref()) == canonical(before.get_ref()));
    if same { laid } else { block.to_owned() }
}

/// A line of a block.
enum Line<'t> {
    /// `[table]`
    Table(&'t str),
    /// `key = value`
    Field(&'t str, &'t str),
    /// A comment.
    Comment(&'t str),
    /// A line of a value that spans several.
    Inside(&'t str),
}

fn lay_out(block: &str) -> String {
    let mut open = Open::default();
    let mut paragraphs: Vec<Vec<Line<'_>>> = vec![Vec::new()];
    for line in block.lines() {
        let bare = line.trim();
        let inside = open.is_open();
        open.read(line);
        let next = if inside {
            Line::Inside(line.trim_end())
        } else if bare.is_empty() {
            paragraphs.push(Vec::new());
            continue;
        } else if bare.starts_with('#') {
            Line::Comment(bare)
        } else if bare.starts_with('[') {
            // A comment right above belongs to the table.
            let last = paragraphs.last_mut();
            let above = last.filter(|it| !it.iter().all(|it| matches!(it, Line::Comment(_))));
            if above.is_some() {
                paragraphs.push(Vec::new());
            }
            Line::Table(bare)
        } else if let Some((key, value)) = field(bare) {
            Line::Field(key, value)
        } else {
            Line::Inside(line.trim_end())
        };
        if let Some(last) = paragraphs.last_mut() {
            last.push(next);
        }
    }
    let laid: Vec<String> =
        paragraphs.iter().filter(|it| !it.is_empty()).map(|it| paragraph(it)).collect();
    laid.join("\n")
}

/// Key and value of a line, split at the first `=` outside of quotes.
fn field(line: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    for (at, letter) in line.char_indices() {
        match quote {
            Some(open) => quote = Some(open).filter(|it| *it != letter),
            None if matches!(letter, '"' | '\'') => quote = Some(letter),
            None if letter == '=' => {
                let (key, value) = (line.get(..at)?, line.get(at.saturating_add(1)..)?);
                return Some((key.trim(), value.trim()));
            }
            None => {}
        }
    }
    None
}

/// Lines of one paragraph, keys aligned.
fn paragraph(lines: &[Line<'_>]) -> String {
    let width = lines.iter().filter_map(|it| match it {
        Line::Field(key, _) => Some(key.chars().count()),
        Line::Table(_) | Line::Comment(_) | Line::Inside(_) => None,
    });
    let width = width.max().unwrap_or(0);
    let mut out = String::new();
    for line in lines {
        match line {
            Line::Table(it) | Line::Comment(it) | Line::Inside(it) => out.push_str(it),
            Line::Field(key, value) => {
                crate::notice::put(&mut out, format_args!("{key:<width$} = {value}"));
            }
        }
        out.push('\n');
    }
    out
}

/// What is open at the end of a line: lists, tables in a line, texts of several lines.
#[derive(Default)]
struct Open {
    brackets: usize,
    text: Option<&'static str>,
}

impl Open {
    fn is_open(&self) -> bool {
        self.brackets > 0 || self.text.is_some()
    }

    fn read(&mut self, line: &str) {
        let header = !self.is_open() && line.trim_start().starts_with('[');
        let mut rest = line;
        while !rest.is_empty() && !header {
            rest = match self.text {
                Some(end) => self.inside(rest, end),
                None => self.outside(rest),
            };
        }
        // A text of one line ends with it; what does not is no TOML.
        self.text = self.text.filter(|it| it.len() == 3);
    }

    /// Goes on to the end of a text.
    fn inside<'t>(&mut self, rest: &'t str, end: &'static str) -> &'t str {
        if end.starts_with('"')
            && let Some(after) = rest.strip_prefix('\\')
        {
            let mut letters = after.chars();
            letters.next();
            return letters.as_str();
        }
        if let Some(after) = rest.strip_prefix(end) {
            self.text = None;
            return after;
        }
        let mut letters = rest.chars();
        letters.next();
        letters.as_str()
    }

    fn outside<'t>(&mut self, rest: &'t str) -> &'t str {
        for mark in ["\"\"\"", "'''", "\"", "'"] {
            if let Some(after) = rest.strip_prefix(mark) {
                self.text = Some(mark);
                return after;
            }
        }
        let mut letters = rest.chars();
        match letters.next() {
            Some('#') => return "",
            Some('[' | '{') => self.brackets = self.brackets.saturating_add(1),
            Some(']' | '}') => self.brackets = self.brackets.saturating_sub(1),
            Some(_) | None => {}
        }
        letters.as_str()
    }
}

#[cfg(test)]
mod tests;
