//! Parts that the pages of several nouns share.

use super::clock::still;
use super::desk::Desk;
use super::view::{Cell, Kind, Said};
use super::words::Words;
use crate::App;

/// A piece of what was said: by the person, to them, or among staff.
pub(super) fn said(
    w: &'static Words,
    (kind, by): (&str, String),
    (at, text): (&str, &str),
) -> Said {
    let who = match kind {
        "in" => w.by_person.to_owned(),
        "internal" => format!("{by} · {}", w.internal),
        _ => format!("{by} · {}", w.to_person),
    };
    Said { who, at: at.to_owned(), kind: kind.to_owned(), text: text.to_owned() }
}

/// Who wrote something to the person, or among staff.
pub(super) fn by(app: &App, desk: &Desk, w: &'static Words, id: &str) -> String {
    if id.is_empty() { w.by_system.to_owned() } else { desk.name(app, id) }
}

/// An instant.
pub(super) fn at(at: &str) -> Cell {
    Cell::Clock(still(at))
}

/// One of several, by word.
pub(super) fn choices(all: &[(&str, &str)]) -> Kind {
    Kind::Choice(all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect())
}

/// What a category is called.
pub(super) fn category(app: &App, w: &'static Words, id: &str) -> String {
    let book = app.flows.book();
    let declared = book.policy().categories.get(id);
    declared.map_or(id, |it| it.title.in_language(w.code)).to_owned()
}

/// What a purpose is called.
pub(super) fn purpose(app: &App, w: &'static Words, id: &str) -> String {
    let book = app.flows.book();
    let declared = book.policy().purposes.get(id);
    declared.map_or(id, |it| it.title.in_language(w.code)).to_owned()
}

/// What a region is called.
pub(super) fn region(app: &App, w: &'static Words, code: &str) -> String {
    let book = app.flows.book();
    let declared = book.policy().regions.get(code);
    declared.map_or(code, |it| it.title.in_language(w.code)).to_owned()
}

/// The purposes, to choose one, or none.
pub(super) fn purposes(app: &App, w: &'static Words) -> Kind {
    let book = app.flows.book();
    let all = book.policy().purposes.iter();
    let titled = all.map(|(id, it)| (id.clone(), it.title.in_language(w.code).to_owned()));
    Kind::Choice(std::iter::once((String::new(), "–".to_owned())).chain(titled).collect())
}

/// The regions, to choose one.
pub(super) fn regions(app: &App, w: &'static Words) -> Kind {
    let book = app.flows.book();
    let all = book.policy().regions.iter();
    Kind::Choice(
        all.map(|(code, it)| (code.clone(), it.title.in_language(w.code).to_owned())).collect(),
    )
}
