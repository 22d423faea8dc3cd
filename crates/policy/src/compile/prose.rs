//! Prose says what the declarations say: its interpolations exist, and its figures are declared.

use std::collections::BTreeSet;

use crate::diagnostic::At;
use crate::parse::{Document, slice};
use crate::phrase::figures::{Found, figures};
use crate::phrase::holes::{Hole, holes};
use crate::policy::Policy;
use crate::read::{Figure, Reading};
use crate::word::nearest;

type Target<'t> = (&'t mut Reading, &'t mut Policy);

/// Checks the prose of the main language.
pub(super) fn check(document: &Document, text: &str, (reading, policy): Target<'_>) {
    let language = policy.header.main_language().to_owned();
    check_translation((&language, document, text), (reading, policy));
}

/// Checks the prose of a language.
pub(super) fn check_translation(
    (language, document, text): (&str, &Document, &str),
    (reading, policy): Target<'_>,
) {
    let none = BTreeSet::new();
    for part in &document.parts {
        for piece in std::iter::once(&part.title).chain(&part.intro) {
            check_piece((language, text, *piece), ("", &none), (reading, policy));
        }
        for clause in &part.clauses {
            let known = reading.figures.get(&clause.id).cloned().unwrap_or_default();
            for piece in std::iter::once(&clause.title).chain(&clause.prose) {
                check_piece((language, text, *piece), (&clause.id, &known), (reading, policy));
            }
        }
    }
}

fn check_piece(
    (language, text, piece): (&str, &str, At),
    (clause, known): (&str, &BTreeSet<Figure>),
    (reading, policy): Target<'_>,
) {
    let prose = slice(text, piece);
    let place = |from: usize, to: usize| {
        At::new(piece.file, piece.start.saturating_add(from), piece.start.saturating_add(to))
    };
    let mut bare = prose.to_owned();
    for hole in holes(prose) {
        let Hole { start, end, path } = hole;
        // Nothing beside a hole may be read together with what stands on its other side.
        bare.replace_range(start..end, &"\0".repeat(end.saturating_sub(start)));
        match path {
            None => {
                let fault = reading.faults.error(
                    "bad-interpolation",
                    place(start, end),
                    "`{{` is not closed",
                );
                fault.help("write `{{ keep.email }}`");
            }
            Some(path) if !policy.values.contains_key(path) => {
                unknown(path, place(start, end), (reading, policy));
            }
            Some(_) => {}
        }
    }
    for Found { figure, start, end } in figures(&bare, language) {
        if !known.contains(&figure) {
            figure_fault(
                (slice(prose, At::new(0, start, end)), place(start, end)),
                (clause, known),
                reading,
            );
        }
    }
}

fn unknown(path: &str, at: At, (reading, policy): Target<'_>) {
    let message = format!("`{path}` is nothing that can be interpolated");
    let near = nearest(path, policy.values.keys().map(String::as_str)).map(str::to_owned);
    let first = path.split('.').next().unwrap_or(path);
    let same = policy.values.keys().filter(|it| it.split('.').next() == Some(first));
    let same: Vec<&str> = same.take(6).map(String::as_str).collect();
    let fault = reading.faults.error("unknown-interpolation", at, message);
    match near {
        Some(near) => fault.help(format!("did you mean `{{{{ {near} }}}}`?")),
        None if same.is_empty() => fault.help("write a path such as `{{ keep.email }}`"),
        None => fault.help(format!("there are `{}`", same.join("`, `"))),
    };
}

fn figure_fault(
    (text, at): (&str, At),
    (clause, known): (&str, &BTreeSet<Figure>),
    reading: &mut Reading,
) {
    let place =
        if clause.is_empty() { "no clause".to_owned() } else { format!("clause `{clause}`") };
    let message = format!("the prose says `{text}`, which {place} does not declare");
    let fault = reading.faults.error("figure", at, message);
    fault.label("a figure of its own");
    if known.is_empty() {
        fault.help("declare it in this clause, or interpolate it: `{{ keep.email }}`");
    } else {
        let all: Vec<String> = known.iter().map(Figure::to_string).collect();
        fault.help(format!(
            "interpolate what is declared; this clause declares `{}`",
            all.join("`, `")
        ));
    }
}
