//! A batch of events, read in one pass out of what a browser sent: what is declared is scrubbed and
//! held, the rest is never kept. Equal texts are scrubbed once.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use decide::{Category, Purpose, Set, Timestamp};

use super::kinds::Kind;
use super::scrub::{self, Cut};
use crate::book::Book;
use crate::limit::{EVENT_FIELD_MAX, EVENT_FIELDS_MAX, EVENTS_MAX};
use crate::{Stop, instant};

mod read;

use read::{Reader, Scalar};

/// Events as they were sent, scrubbed. Prints as `‹sealed›`.
pub struct Batch<'a> {
    book: Arc<Book>,
    items: Vec<Item>,
    /// The fields of all items, one item after the other.
    values: Vec<(usize, Held)>,
    texts: Vec<Cow<'a, str>>,
    undeclared: Vec<usize>,
    /// How many were sent.
    sent: usize,
    /// The first event that has too many fields.
    crowded: Option<usize>,
    /// The first event whose time is none.
    timeless: Option<usize>,
}

impl fmt::Debug for Batch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹sealed›")
    }
}

/// An event of a declared kind.
pub(super) struct Item {
    /// Its place in what was sent.
    pub(super) index: usize,
    /// The place of its kind.
    pub(super) kind: usize,
    /// When it happened, by the browser's clock.
    pub(super) at: Option<Timestamp>,
    /// The categories of its fields.
    pub(super) categories: Set<Category>,
    /// About how many bytes it comes to, written out.
    pub(super) weight: usize,
    values: Range<usize>,
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    /// A yes or a no.
    Is(bool),
    /// A text, by its place.
    Text(usize),
}

impl<'a> Batch<'a> {
    /// Reads the JSON of a batch: a list of objects, each with its `type`, perhaps `at`, and fields.
    ///
    /// # Errors
    /// For what is no such list.
    pub fn read(book: Arc<Book>, json: &'a [u8]) -> Result<Self, serde_json::Error> {
        let mut batch = Self {
            book,
            items: Vec::new(),
            values: Vec::new(),
            texts: Vec::new(),
            undeclared: Vec::new(),
            sent: 0,
            crowded: None,
            timeless: None,
        };
        Reader::new(&mut batch).read(json)?;
        Ok(batch)
    }

    /// The policy that it was read by.
    pub(super) const fn book(&self) -> &Arc<Book> {
        &self.book
    }

    /// Whether it is within its limits.
    pub(super) fn check(&self) -> Result<(), Stop> {
        if self.sent > EVENTS_MAX {
            return Err(Stop::invalid("events", format!("send at most {EVENTS_MAX} at once")));
        }
        if let Some(index) = self.crowded {
            return Err(Stop::invalid(index.to_string(), "send fewer fields"));
        }
        let say = "write a date-time, as in `2026-11-22T10:00:00Z`, or leave it out";
        self.timeless.map_or(Ok(()), |it| Err(Stop::invalid(format!("{it}.at"), say)))
    }

    /// The places of events whose kind is not declared.
    pub(super) fn undeclared(&self) -> &[usize] {
        &self.undeclared
    }

    /// The events by what they are collected for.
    pub(super) fn groups(&self) -> Vec<(Purpose, Vec<&Item>)> {
        let mut groups: Vec<(Purpose, Vec<&Item>)> = Vec::new();
        for item in &self.items {
            let Some(kind) = self.kind(item) else { continue };
            if let Some((_, items)) = groups.iter_mut().find(|(it, _)| *it == kind.purpose) {
                items.push(item);
            } else {
                let mut items = Vec::with_capacity(self.items.len());
                items.push(item);
                groups.push((kind.purpose, items));
            }
        }
        groups
    }

    /// The kind of an item.
    pub(super) fn kind(&self, item: &Item) -> Option<&Kind> {
        self.book.kinds().at(item.kind)
    }

    /// The fields of an item, by their places in its kind.
    pub(super) fn values(&self, item: &Item) -> &[(usize, Held)] {
        self.values.get(item.values.clone()).unwrap_or_default()
    }

    /// Every text, scrubbed.
    pub(super) fn texts(&self) -> &[Cow<'a, str>] {
        &self.texts
    }
}

/// Texts that were met, each with the place of what is left of it; nothing where nothing is.
type Met<'a> = BTreeMap<Cow<'a, str>, Option<usize>>;

/// Puts events into a batch as they are read.
struct Gather<'r, 'a> {
    batch: &'r mut Batch<'a>,
    hosts: Met<'a>,
    paths: Met<'a>,
    words: Met<'a>,
}

impl<'r, 'a> Gather<'r, 'a> {
    const fn new(batch: &'r mut Batch<'a>) -> Self {
        Self { batch, hosts: BTreeMap::new(), paths: BTreeMap::new(), words: BTreeMap::new() }
    }

    /// One event. `fields` has at most one more than is taken.
    fn event(&mut self, kind: &str, at: Option<&str>, fields: &mut [(Cow<'a, str>, Scalar<'a>)]) {
        let index = self.batch.sent;
        self.batch.sent = index.saturating_add(1);
        if index >= EVENTS_MAX {
            return;
        }
        let book = Arc::clone(&self.batch.book);
        let found = book.kinds().find(kind);
        let Some((place, kind)) = found.and_then(|it| Some((it, book.kinds().at(it)?))) else {
            self.batch.undeclared.push(index);
            return;
        };
        if fields.len() > EVENT_FIELDS_MAX {
            self.batch.crowded.get_or_insert(index);
            return;
        }
        let when = at.and_then(instant);
        if at.is_some() && when.is_none() {
            self.batch.timeless.get_or_insert(index);
            return;
        }
        let begin = self.batch.values.len();
        let (mut categories, mut weight) = (Set::EMPTY, kind.name.len().saturating_add(64));
        // Fields that the policy does not declare are not asked about: they are left out.
        for (number, field) in kind.fields.iter().enumerate() {
            let sent = fields.iter_mut().find(|(name, _)| *name == field.name);
            let Some(held) = sent.and_then(|(_, it)| self.held(field.cut, it)) else { continue };
            let letters = if let Held::Text(it) = held { self.length(it) } else { 8 };
            let more = field.name.len().saturating_add(letters).saturating_add(6);
            weight = weight.saturating_add(more);
            categories = categories.with(field.category);
            self.batch.values.push((number, held));
        }
        let values = begin..self.batch.values.len();
        self.batch.items.push(Item { index, kind: place, at: when, categories, weight, values });
    }

    fn length(&self, text: usize) -> usize {
        self.batch.texts.get(text).map_or(0, |it| it.len())
    }

    /// A field without what identifies.
    fn held(&mut self, cut: Cut, value: &mut Scalar<'a>) -> Option<Held> {
        match std::mem::replace(value, Scalar::Other) {
            Scalar::Is(it) => Some(Held::Is(it)),
            // A number long enough to be somebody's is none that is counted.
            Scalar::Number(it) => self.text(Cut::Text, it.to_string().into()).map(Held::Text),
            Scalar::Text(it) => self.text(cut, it).map(Held::Text),
            Scalar::Other => None,
        }
    }

    fn text(&mut self, cut: Cut, given: Cow<'a, str>) -> Option<usize> {
        let met = match cut {
            Cut::Host => &mut self.hosts,
            Cut::Path => &mut self.paths,
            Cut::Text => &mut self.words,
        };
        if let Some(known) = met.get(&*given) {
            return *known;
        }
        let clean = clean(cut, &given);
        let place = (!clean.is_empty()).then_some(self.batch.texts.len());
        if place.is_some() {
            self.batch.texts.push(clean);
        }
        met.insert(given, place);
        place
    }
}

fn clean<'a>(cut: Cut, given: &Cow<'a, str>) -> Cow<'a, str> {
    match given {
        Cow::Borrowed(it) => scrub::cut(cut, head(it)),
        Cow::Owned(it) => Cow::Owned(scrub::cut(cut, head(it)).into_owned()),
    }
}

/// As many letters of a field as are taken.
fn head(text: &str) -> &str {
    if text.len() <= EVENT_FIELD_MAX {
        return text;
    }
    let end = text.char_indices().nth(EVENT_FIELD_MAX).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}
