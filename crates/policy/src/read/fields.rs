//! One table, field by field. Whatever is read is checked, remembered as a rule, and its place kept.

use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

use super::value::{called, date, integer};
use super::{Figure, Reading, path};
use crate::diagnostic::{At, Diagnostic};
use crate::duration::Duration;
use crate::kind::Kind;
use crate::limit::{TEXT_MAX, TITLE_MAX};
use crate::localized::Localized;
use crate::word::nearest;

/// A table that is being read.
pub(crate) struct Fields<'r> {
    pub(crate) reading: &'r mut Reading,
    pub(super) table: &'r DeTable<'r>,
    /// Where the table begins.
    pub(super) at: At,
    /// The byte of the file at which its TOML begins.
    pub(super) base: usize,
    /// What it declares; nothing for front matter.
    pub(super) home: Option<(Kind, String, String)>,
    /// The path of its rules: `category.email`.
    pub(super) path: String,
    pub(super) asked: BTreeSet<&'static str>,
    /// Whether any field is known.
    pub(super) open: bool,
}

/// Where some TOML stands.
#[derive(Clone, Copy)]
pub(crate) struct Spot {
    pub(crate) at: At,
    pub(crate) base: usize,
}

impl Spot {
    /// The place of something inside of this TOML.
    pub(crate) fn inside(self, span: std::ops::Range<usize>) -> At {
        let (start, end) =
            (self.base.saturating_add(span.start), self.base.saturating_add(span.end));
        At::new(self.at.file, start, end)
    }
}

impl<'r> Fields<'r> {
    /// A table that declares `kind` `id` in a clause.
    pub(crate) fn declaring(
        reading: &'r mut Reading,
        table: &'r DeTable<'r>,
        spot: Spot,
        home: (Kind, String, String),
    ) -> Self {
        let path = path(home.0, &home.1);
        let Spot { at, base } = spot;
        Self {
            reading,
            table,
            at,
            base,
            home: Some(home),
            path,
            asked: BTreeSet::new(),
            open: false,
        }
    }

    /// A table that declares nothing, such as front matter.
    pub(crate) fn plain(
        reading: &'r mut Reading,
        table: &'r DeTable<'r>,
        spot: Spot,
        name: &str,
    ) -> Self {
        let Spot { at, base } = spot;
        let path = name.to_owned();
        Self { reading, table, at, base, home: None, path, asked: BTreeSet::new(), open: false }
    }

    /// The id of what is declared.
    pub(crate) fn id(&self) -> String {
        self.home.as_ref().map(|it| it.1.clone()).unwrap_or_default()
    }

    /// The clause that it stands in.
    pub(crate) fn clause(&self) -> String {
        self.home.as_ref().map(|it| it.2.clone()).unwrap_or_default()
    }

    /// Where the table begins.
    pub(crate) fn at(&self) -> At {
        self.at
    }

    /// What the table is called in messages.
    pub(crate) fn name(&self) -> &str {
        &self.path
    }

    /// Takes a field, where it is given.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<(&'r DeValue<'r>, At)> {
        self.asked.insert(name);
        let value = self.table.get(name)?;
        let at = Spot { at: self.at, base: self.base }.inside(value.span());
        self.reading.spots.insert(format!("{}.{name}", self.path), at);
        Some((value.get_ref(), at))
    }

    /// Remembers a rule in its canonical form.
    pub(crate) fn rule(&mut self, name: &str, value: impl Into<String>) {
        if self.home.is_some() {
            self.reading.rules.insert(format!("{}.{name}", self.path), value.into());
        }
    }

    /// Remembers a figure that the clause declares.
    pub(crate) fn figure(&mut self, figure: impl Into<Figure>) {
        if let Some((_, _, clause)) = &self.home {
            self.reading.figure(&clause.clone(), figure);
        }
    }

    /// Reports a field that must be there.
    pub(crate) fn missing(&mut self, name: &str, example: &str) -> &mut Diagnostic {
        let message = format!("`{}` does not say its `{name}`", self.path);
        let fault = self.reading.faults.error("missing-field", self.at, message);
        fault.label(format!("`{name}` is missing")).help(format!("add `{name} = {example}`"))
    }

    /// Reports a value of another type than wanted.
    pub(crate) fn wrong(&mut self, found: (&DeValue<'_>, At), wanted: &str, example: &str) {
        let message = format!("expected {wanted}, found {}", called(found.0));
        self.reading.doubtful.insert(found.1);
        let fault = self.reading.faults.error("wrong-type", found.1, message);
        fault.label(format!("not {wanted}")).help(format!("write `{example}`"));
    }

    /// A text as it stands, within a limit of characters.
    pub(crate) fn plain_text(&mut self, name: &'static str, most: usize) -> Option<(String, At)> {
        let (value, at) = self.take(name)?;
        let Some(text) = value.as_str() else {
            self.wrong((value, at), "a text", &format!("{name} = \"…\""));
            return None;
        };
        let length = text.chars().count();
        if text.trim().is_empty() {
            let fault = self.reading.faults.error("empty-text", at, format!("`{name}` is empty"));
            fault.help(format!("write a text, or leave `{name}` out where it is optional"));
        } else if length > most {
            let message = format!("`{name}` has {length} characters, {most} are allowed");
            self.reading.faults.error("over-limit", at, message).help("write a shorter text");
        }
        Some((text.to_owned(), at))
    }

    /// The title of a declaration, with its translations.
    pub(crate) fn title(&mut self) -> Localized {
        let Some((text, _)) = self.plain_text("title", TITLE_MAX) else {
            if !self.table.contains_key("title") {
                self.missing("title", "\"…\"");
            }
            return Localized::default();
        };
        let key = self.path.clone();
        self.translated(text, (&key, "titles"))
    }

    /// A text that translations give too.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<Localized> {
        let (text, _) = self.plain_text(name, TEXT_MAX)?;
        let key = format!("{}.{name}", self.path);
        Some(self.translated(text, (&key, "texts")))
    }

    fn translated(&mut self, text: String, (key, table): (&str, &str)) -> Localized {
        let mut all = Localized::new(text);
        for translation in &mut self.reading.translations {
            let known = if table == "titles" { &translation.titles } else { &translation.texts };
            if let Some((text, _)) = known.get(key) {
                all = all.with(translation.language.clone(), text.clone());
                translation.used.insert(format!("{table}.{key}"));
            } else {
                let language = &translation.language;
                let message = format!("`policy.{language}.md` does not translate `{key}`");
                let fault = self.reading.faults.error("missing-title", translation.at, message);
                fault.label(format!("`{key}` is missing from `[{table}]`"));
                fault.also(self.at, "declared here");
                fault.help(format!("add `{key} = \"…\"` under `[{table}]`"));
            }
        }
        all
    }

    /// `true` or `false`.
    pub(crate) fn flag(&mut self, name: &'static str, default: bool) -> bool {
        let value = match self.take(name) {
            None => default,
            Some((DeValue::Boolean(it), _)) => *it,
            Some(found) => {
                self.wrong(found, "true or false", &format!("{name} = true"));
                default
            }
        };
        self.rule(name, value.to_string());
        value
    }

    /// A whole number between two others.
    pub(crate) fn number(&mut self, name: &'static str, least: u32, most: u32) -> Option<u32> {
        let (value, at) = self.take(name)?;
        let Some(number) = integer(value) else {
            self.wrong((value, at), "a whole number", &format!("{name} = {least}"));
            return None;
        };
        let fits = u32::try_from(number).ok().filter(|it| (least..=most).contains(it));
        if fits.is_none() {
            let message = format!("`{name}` is `{number}`, out of range");
            let fault = self.reading.faults.error("out-of-range", at, message);
            fault.help(format!("write a number from {least} to {most}"));
        }
        self.rule(name, number.to_string());
        fits
    }

    /// A day.
    pub(crate) fn date(&mut self, name: &'static str) -> Option<(jiff::civil::Date, At)> {
        let (value, at) = self.take(name)?;
        let day = date(value);
        if day.is_none() {
            self.wrong((value, at), "a date without a time", &format!("{name} = 2026-12-22"));
        }
        day.map(|day| (day, at))
    }

    /// Reports every field that nobody asked for.
    pub(crate) fn finish(self) {
        if self.open {
            return;
        }
        let spot = Spot { at: self.at, base: self.base };
        for key in self.table.keys().filter(|it| !self.asked.contains(it.get_ref().as_ref())) {
            let given = key.get_ref();
            let message = format!("`{}` has no field `{given}`", self.path);
            let at = spot.inside(key.span());
            let fault = self.reading.faults.error("unknown-field", at, message);
            if let Some(near) = nearest(given, self.asked.iter().copied()) {
                fault.help(format!("did you mean `{near}`?"));
            } else {
                let known: Vec<&str> = self.asked.iter().copied().collect();
                fault.help(format!("its fields are `{}`", known.join("`, `")));
            }
        }
    }

    /// Whether a field is given.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.table.contains_key(name)
    }

    /// Reports a duration that is none.
    pub(super) fn duration_of(&mut self, text: &str, at: At) -> Option<Duration> {
        let read = Duration::parse(text);
        if let Some(it) = read {
            self.figure(it);
        } else {
            let message = format!("`{text}` is no duration");
            let fault = self.reading.faults.error("bad-duration", at, message);
            fault.label("a whole number from 1 to 1,000 and a unit");
            fault.help(
                "write such as `30 days`, `1 month`, `15 working days`, `24 hours`, `2 weeks`, \
                 `1 year`",
            );
        }
        read
    }
}
