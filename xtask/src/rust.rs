//! Rust source cut into words, comments and string literals: enough for checks, and no more.

/// What a piece of source is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier, a keyword or a number.
    Word,
    /// A comment with its slashes, documentation included.
    Comment,
    /// What stands between the quotes of a string literal.
    Text,
    /// A lifetime's or character's quote, punctuation, white space.
    Other,
}

/// A piece of source and the line on which it begins.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) kind: Kind,
    pub(crate) text: &'a str,
    pub(crate) line: usize,
}

/// Cuts source into its pieces, in order.
pub(crate) fn pieces(source: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = source;
    let mut line = 1_usize;
    while !rest.is_empty() {
        let (kind, length) = measure(rest);
        let Some((text, after)) = rest.split_at_checked(length.max(1)) else { break };
        let shown = if kind == Kind::Text { inside(text) } else { text };
        found.push(Piece { kind, text: shown, line });
        line = line.saturating_add(text.matches('\n').count());
        rest = after;
    }
    found
}

/// Source without comments and without what its string literals say; lines keep their numbers.
pub(crate) fn code(source: &str) -> String {
    let mut bare = String::with_capacity(source.len());
    for piece in pieces(source) {
        match piece.kind {
            Kind::Word | Kind::Other => bare.push_str(piece.text),
            Kind::Comment | Kind::Text => {
                bare.push('"');
                bare.extend(piece.text.chars().filter(|&it| it == '\n'));
            }
        }
    }
    bare
}

/// The kind and length of the piece that `rest` begins with.
fn measure(rest: &str) -> (Kind, usize) {
    if rest.starts_with("//") {
        return (Kind::Comment, rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return (Kind::Comment, block_comment(rest));
    }
    if rest.starts_with('"') {
        return (Kind::Text, quoted(rest, 0));
    }
    if rest.starts_with('\'') {
        return (Kind::Other, character(rest));
    }
    let is_word = |it: char| it.is_alphanumeric() || it == '_';
    let word = rest.find(|it| !is_word(it)).unwrap_or(rest.len());
    let (name, after) = rest.split_at_checked(word).unwrap_or((rest, ""));
    match name {
        "" => (Kind::Other, rest.chars().next().map_or(1, char::len_utf8)),
        "b" | "c" if after.starts_with('"') => (Kind::Text, quoted(rest, word)),
        "r" | "br" | "cr" if after.trim_start_matches('#').starts_with('"') => {
            (Kind::Text, raw(rest, word))
        }
        "b" if after.starts_with('\'') => (Kind::Other, word.saturating_add(character(after))),
        _ => (Kind::Word, word),
    }
}

/// The length of a comment in which comments may stand.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0_usize;
    while let Some(here) = rest.get(at..) {
        if here.is_empty() {
            break;
        }
        let step = if here.starts_with("/*") {
            depth = depth.saturating_add(1);
            2
        } else if here.starts_with("*/") {
            depth = depth.saturating_sub(1);
            2
        } else {
            here.chars().next().map_or(1, char::len_utf8)
        };
        at = at.saturating_add(step);
        if depth == 0 {
            break;
        }
    }
    at
}

/// The length of a literal whose opening quote stands after `prefix` bytes.
fn quoted(rest: &str, prefix: usize) -> usize {
    let mut escaped = false;
    let body = prefix.saturating_add(1);
    for (at, letter) in rest.get(body..).unwrap_or_default().char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return body.saturating_add(at).saturating_add(1),
            _ => {}
        }
    }
    rest.len()
}

/// The length of a raw literal: it ends with a quote and as many `#` as it began with.
fn raw(rest: &str, prefix: usize) -> usize {
    let after = rest.get(prefix..).unwrap_or_default();
    let hashes = after.len().saturating_sub(after.trim_start_matches('#').len());
    let end = format!("\"{}", "#".repeat(hashes));
    let body = prefix.saturating_add(hashes).saturating_add(1);
    let closing = rest.get(body..).and_then(|it| it.find(&end));
    closing.map_or(rest.len(), |at| body.saturating_add(at).saturating_add(end.len()))
}

/// The length of a character literal, or of the quote of a lifetime.
fn character(rest: &str) -> usize {
    let mut letters = rest.char_indices().skip(1);
    match letters.next() {
        // An escape: to the next quote, which is not the escaped one itself.
        Some((_, '\\')) => {
            letters.next();
            letters.find(|(_, it)| *it == '\'').map_or(1, |(at, _)| at.saturating_add(1))
        }
        Some(_) => match letters.next() {
            Some((at, '\'')) => at.saturating_add(1),
            _ => 1,
        },
        None => 1,
    }
}

/// What stands between the first and the last quote.
fn inside(literal: &str) -> &str {
    let start = literal.find('"').map_or(0, |at| at.saturating_add(1));
    let end = literal.rfind('"').unwrap_or(literal.len());
    literal.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests;
