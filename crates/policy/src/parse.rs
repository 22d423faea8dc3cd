//! Markdown to parts, clauses, prose and blocks, each with its place in the file.

pub(crate) mod calendar;
pub(crate) mod front;
pub(crate) mod glossary;

use crate::diagnostic::{At, Faults};
use crate::limit::ID_MAX;

/// A file taken apart. Texts stay where they are: everything is a place.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// Whether a block or the front matter is not closed.
    pub(crate) open: bool,
    /// The TOML between the lines `+++`.
    pub(crate) front: Option<At>,
    /// Its parts; text before the first heading is a part without a title.
    pub(crate) parts: Vec<RawPart>,
}

/// A heading of level 1 and what stands under it.
#[derive(Debug, Default)]
pub(crate) struct RawPart {
    pub(crate) title: At,
    pub(crate) intro: Vec<At>,
    pub(crate) clauses: Vec<RawClause>,
}

/// A heading of level 2 or 3 and what stands under it.
#[derive(Debug, Default)]
pub(crate) struct RawClause {
    pub(crate) id: String,
    /// The id, or the heading where it has none.
    pub(crate) at: At,
    pub(crate) level: u8,
    pub(crate) title: At,
    pub(crate) prose: Vec<At>,
    pub(crate) blocks: Vec<At>,
}

/// The text of a place.
pub(crate) fn slice(text: &str, at: At) -> &str {
    text.get(at.start..at.end).unwrap_or("")
}

/// The texts of several places as one.
pub(crate) fn joined(text: &str, places: &[At]) -> String {
    let pieces: Vec<&str> = places.iter().map(|at| slice(text, *at).trim()).collect();
    pieces.join("\n\n").trim().to_owned()
}

/// Whether a text may be an id.
pub(crate) fn is_id(text: &str, dots: bool) -> bool {
    let letter = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit();
    let rest = |it: u8| letter(it) || it == b'-' || dots && it == b'.';
    text.len() <= ID_MAX
        && text.bytes().next().is_some_and(|it| it.is_ascii_lowercase())
        && text.bytes().last().is_some_and(letter)
        && text.bytes().all(rest)
}

/// Takes a file apart.
pub(crate) fn document(file: usize, text: &str, faults: &mut Faults) -> Document {
    let mut scan = Scan { file, faults, document: Document::default(), fence: None };
    let body = scan.front(text);
    let mut start = body;
    for line in text.get(body..).unwrap_or("").split_inclusive('\n') {
        let end = start.saturating_add(line.len());
        scan.line(line.trim_end_matches(['\n', '\r']), At::new(file, start, end));
        start = end;
    }
    scan.finish()
}

/// A fenced block that is open.
struct Fence {
    mark: char,
    length: usize,
    kept: bool,
    /// Its first line.
    opened: At,
}

struct Scan<'f> {
    file: usize,
    faults: &'f mut Faults,
    document: Document,
    fence: Option<Fence>,
}

impl Scan<'_> {
    /// Finds the front matter; answers where the body begins.
    fn front(&mut self, text: &str) -> usize {
        let Some(first) = text.split_inclusive('\n').next().filter(|it| it.trim_end() == "+++")
        else {
            return 0;
        };
        let from = first.len();
        let mut at = from;
        for line in text.get(from..).unwrap_or("").split_inclusive('\n') {
            let end = at.saturating_add(line.len());
            if line.trim_end() == "+++" {
                self.document.front = Some(At::new(self.file, from, at));
                return end;
            }
            at = end;
        }
        self.document.open = true;
        self.faults
            .error(
                "unclosed-front-matter",
                At::new(self.file, 0, 3),
                "the front matter is not closed",
            )
            .label("opened here")
            .help("write `+++` on a line of its own after the last field");
        text.len()
    }

    fn line(&mut self, line: &str, at: At) {
        if self.fence.is_some() {
            self.fenced(line, at);
        } else if let Some(fence) = opening(line, at) {
            if !fence.kept {
                self.prose(at);
            }
            self.fence = Some(fence);
        } else if let Some(level) = heading(line) {
            self.heading(line, at, level);
        } else {
            self.prose(at);
        }
    }

    /// A line inside of a fenced block.
    fn fenced(&mut self, line: &str, at: At) {
        let Some(fence) = self.fence.take() else { return };
        if !fence.kept {
            self.prose(at);
        }
        let bare = line.trim();
        if bare.len() >= fence.length && bare.chars().all(|it| it == fence.mark) {
            if fence.kept {
                self.block(At::new(self.file, fence.opened.end, at.start), fence.opened);
            }
        } else {
            self.fence = Some(fence);
        }
    }

    fn block(&mut self, at: At, opened: At) {
        if let Some(clause) = self.part().clauses.last_mut() {
            clause.blocks.push(at);
        } else {
            self.faults
                .error("block-outside-clause", opened, "a block stands in no clause")
                .label("no heading with an id stands above it")
                .help("write a heading such as `## How we answer {#messages}` above it");
        }
    }

    /// The part that is open; one without a title where none is.
    fn part(&mut self) -> &mut RawPart {
        let parts = &mut self.document.parts;
        match parts.pop() {
            Some(last) => parts.push_mut(last),
            None => {
                parts.push_mut(RawPart { title: At::new(self.file, 0, 0), ..RawPart::default() })
            }
        }
    }

    /// Adds a line to the prose of the clause, or of the part before its first clause.
    fn prose(&mut self, at: At) {
        let part = self.part();
        let pieces = match part.clauses.last_mut() {
            Some(clause) => &mut clause.prose,
            None => &mut part.intro,
        };
        match pieces.last_mut().filter(|last| last.end == at.start) {
            Some(last) => last.end = at.end,
            None => pieces.push(at),
        }
    }

    fn heading(&mut self, line: &str, at: At, level: u8) {
        let marks = usize::from(level);
        let rest = line.get(marks..).unwrap_or("");
        let title = rest.trim();
        let from = at
            .start
            .saturating_add(marks)
            .saturating_add(rest.len())
            .saturating_sub(rest.trim_start().len());
        let whole = At::new(self.file, from, from.saturating_add(title.len()));
        if level == 1 {
            self.document.parts.push(RawPart { title: whole, ..RawPart::default() });
            return;
        }
        let (title, id) = self.id_of(title, whole);
        let (id, place) = id.unwrap_or_default();
        let clause = RawClause { id, at: place, level, title, ..RawClause::default() };
        self.part().clauses.push(clause);
    }

    /// Splits `Title {#id}`; reports what is wrong with the id.
    fn id_of(&mut self, title: &str, at: At) -> (At, Option<(String, At)>) {
        let Some((before, id)) = title.strip_suffix('}').and_then(|it| it.rsplit_once("{#")) else {
            self.faults
                .error("heading-without-id", at, format!("heading `{title}` has no id"))
                .label("a clause is cited by its id")
                .help(format!("write `{title} {{#an-id}}`, or a heading of level 4 for prose"));
            return (at, None);
        };
        let start = at.start.saturating_add(before.len()).saturating_add(2);
        let place = At::new(self.file, start, start.saturating_add(id.len()));
        if !is_id(id, false) {
            self.faults
                .error("bad-id", place, format!("`{id}` is no id"))
                .label("lower-case letters, digits and `-`, beginning with a letter")
                .help(format!("write `{{#{}}}`", suggestion(id)));
        }
        let title = At::new(self.file, at.start, at.start.saturating_add(before.trim_end().len()));
        (title, Some((id.to_owned(), place)))
    }

    fn finish(mut self) -> Document {
        if let Some(fence) = self.fence.filter(|it| it.kept) {
            self.document.open = true;
            self.faults
                .error("unclosed-block", fence.opened, "a block is not closed")
                .label("opened here")
                .help("write ``` on a line of its own after the last field");
        }
        self.document
    }
}

/// The level of a heading that makes a part or a clause.
fn heading(line: &str) -> Option<u8> {
    [("# ", 1), ("## ", 2), ("### ", 3)]
        .into_iter()
        .find(|(mark, _)| line.starts_with(mark))
        .map(|(_, level)| level)
}

/// The fence that a line opens.
fn opening(line: &str, at: At) -> Option<Fence> {
    let indent = line.len().saturating_sub(line.trim_start_matches(' ').len());
    let bare = line.trim_start_matches(' ');
    let mark = bare.chars().next().filter(|it| matches!(it, '`' | '~'))?;
    let info = bare.trim_start_matches(mark);
    let length = bare.len().saturating_sub(info.len());
    let kept = info.split_whitespace().next() == Some("kept");
    let opens = indent <= 3 && length >= 3 && !(mark == '`' && info.contains('`'));
    opens.then_some(Fence { mark, length, kept, opened: at })
}

/// An id near to what was written.
pub(crate) fn suggestion(id: &str) -> String {
    let plain = id.to_lowercase().replace([' ', '_'], "-");
    let plain: String =
        plain.chars().filter(|it| it.is_ascii_alphanumeric() || *it == '-').collect();
    let plain = plain.trim_start_matches(|it: char| it == '-' || it.is_ascii_digit());
    let plain = plain.trim_end_matches('-');
    if plain.is_empty() { "an-id".to_owned() } else { plain.chars().take(ID_MAX).collect() }
}

#[cfg(test)]
mod tests;
