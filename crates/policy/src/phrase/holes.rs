//! The places `{{ path }}` of a text.

use crate::limit::PATH_MAX;

/// One place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hole<'t> {
    /// Its first byte.
    pub(crate) start: usize,
    /// The byte after its last.
    pub(crate) end: usize,
    /// What it names; nothing where it is not closed.
    pub(crate) path: Option<&'t str>,
}

/// All places of a text, in order.
pub(crate) fn holes(text: &str) -> Vec<Hole<'_>> {
    let mut all = Vec::new();
    let mut from = 0_usize;
    while let Some((before, after)) = text.get(from..).and_then(|it| it.split_once("{{")) {
        let start = from.saturating_add(before.len());
        let inner = start.saturating_add(2);
        // Looking no further than a path can be long keeps hostile text from costing its square.
        let near = after.get(..after.floor_char_boundary(PATH_MAX)).unwrap_or(after);
        let line = near.split('\n').next().unwrap_or(near);
        if let Some((path, _)) = line.split_once("}}") {
            let end = inner.saturating_add(path.len()).saturating_add(2);
            all.push(Hole { start, end, path: Some(path.trim()) });
            from = end;
        } else {
            all.push(Hole { start, end: inner, path: None });
            from = inner;
        }
    }
    all
}
