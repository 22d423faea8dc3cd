//! Fields that hold words of the language, durations and distances.

use std::collections::{BTreeMap, BTreeSet};

use super::value::integer;
use super::{Fields, Figure, Measure};
use crate::diagnostic::At;
use crate::duration::Duration;
use crate::limit::{NUMBER_MAX, TITLE_MAX};
use crate::word::{Word, nearest};

impl Fields<'_> {
    /// One word of several, where it is given.
    pub(crate) fn word<T: Word>(&mut self, name: &'static str) -> Option<T> {
        let (text, at) = self.plain_text(name, TITLE_MAX)?;
        let word = self.word_of::<T>(name, &text, at)?;
        self.rule(name, word.word());
        Some(word)
    }

    /// One word of several, or the default.
    pub(crate) fn word_or<T: Word>(&mut self, name: &'static str, default: T) -> T {
        let word = self.word(name).unwrap_or(default);
        self.rule(name, word.word());
        word
    }

    /// One word of several, which must be given.
    pub(crate) fn need_word<T: Word>(&mut self, name: &'static str) -> Option<T> {
        if !self.has(name) {
            let first = T::all().first().map_or("", |it| it.word());
            let all = listed::<T>();
            self.missing(name, &format!("\"{first}\"")).help(format!("add `{name}`, one of {all}"));
        }
        self.word(name)
    }

    fn word_of<T: Word>(&mut self, name: &str, text: &str, at: At) -> Option<T> {
        let known = T::all().iter().copied().find(|it| it.word() == text);
        if known.is_none() {
            let message = format!("`{name}` cannot be `{text}`");
            let near = nearest(text, T::all().iter().map(|it| it.word()));
            let fault = self.reading.faults.error("unknown-word", at, message);
            match near {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault.help(format!("write one of {}", listed::<T>())),
            };
        }
        known
    }

    /// Several words, where they are given.
    pub(crate) fn words<T: Word>(&mut self, name: &'static str) -> Option<BTreeSet<T>> {
        let all = self.texts(name)?;
        let known: BTreeSet<T> =
            all.iter().filter_map(|(text, at)| self.word_of(name, text, *at)).collect();
        self.rule(name, known.iter().map(|it| it.word()).collect::<Vec<_>>().join(", "));
        Some(known)
    }

    /// Several words, which must be given.
    pub(crate) fn need_words<T: Word>(&mut self, name: &'static str) -> BTreeSet<T> {
        if !self.has(name) {
            let all = listed::<T>();
            self.missing(name, "[…]").help(format!("add `{name}`, a list of {all}"));
        }
        self.words(name).unwrap_or_default()
    }

    /// A duration, where it is given.
    pub(crate) fn duration(&mut self, name: &'static str) -> Option<Duration> {
        let (text, at) = self.plain_text(name, TITLE_MAX)?;
        let read = self.duration_of(&text, at)?;
        self.rule(name, read.to_string());
        Some(read)
    }

    /// A duration, which must be given.
    pub(crate) fn need_duration(&mut self, name: &'static str) -> Duration {
        if !self.has(name) {
            self.missing(name, "\"30 days\"");
        }
        self.duration(name).unwrap_or_default()
    }

    /// A duration for each of these regions: one for all, or a table.
    pub(crate) fn by_region(
        &mut self,
        name: &'static str,
        regions: &BTreeSet<String>,
    ) -> BTreeMap<String, Duration> {
        let Some((value, at)) = self.take(name) else {
            self.missing(name, "\"1 month\"");
            return BTreeMap::new();
        };
        let mut all = BTreeMap::new();
        if let Some(text) = value.as_str() {
            let read = self.duration_of(text, at).unwrap_or_default();
            all.extend(regions.iter().map(|it| (it.clone(), read)));
        } else {
            all = self.region_table(name);
            for region in regions.iter().filter(|it| !all.contains_key(*it)) {
                let message =
                    format!("`{}` does not say `{name}` for region `{region}`", self.name());
                let fault = self.reading.faults.error("missing-region", at, message);
                fault.help(format!("add `{region} = \"1 month\"`"));
            }
        }
        for (region, read) in &all {
            self.rule(&format!("{name}.{region}"), read.to_string());
        }
        all
    }

    /// A table of region to duration, for any regions.
    pub(crate) fn region_table(&mut self, name: &'static str) -> BTreeMap<String, Duration> {
        let mut all = BTreeMap::new();
        for pair in self.pairs(name).unwrap_or_default() {
            self.region(&pair.key, pair.key_at);
            if let Some(read) = self.duration_of(&pair.value, pair.at) {
                self.rule(&format!("{name}.{}", pair.key), read.to_string());
                all.insert(pair.key, read);
            }
        }
        all
    }

    /// Reports a region that the header does not name.
    pub(crate) fn region(&mut self, code: &str, at: At) {
        let known = &self.reading.header.regions;
        // Where the header names none, that is the fault.
        if known.is_empty() || known.iter().any(|it| it == code) {
            return;
        }
        let listed = known.join("`, `");
        let message = format!("region `{code}` is not in the header");
        let fault = self.reading.faults.error("undefined-region", at, message);
        fault.help(format!("write one of `{listed}`, or add it to `regions` of the front matter"));
    }

    /// Every field of a table as a whole number from 1, with its key and place.
    pub(crate) fn numbers(&mut self, most: u32) -> Vec<(String, u32, At)> {
        let mut all = Vec::new();
        for (key, value, at) in self.entries() {
            let number = integer(value).and_then(|it| u32::try_from(it).ok());
            if let Some(number) = number.filter(|it| (1..=most).contains(it)) {
                all.push((key, number, at));
            } else {
                let message = format!("`{}.{key}` is no number from 1 to {most}", self.name());
                let fault = self.reading.faults.error("out-of-range", at, message);
                fault.help(format!("write such as `{key} = 14`"));
                // It is given, if wrongly: nothing is to say that it is missing.
                all.push((key, 1, at));
            }
        }
        all
    }

    /// A distance in metres: `"1 km"`, `"500 m"`.
    pub(crate) fn distance(&mut self, name: &'static str) -> Option<u32> {
        let (text, at) = self.plain_text(name, TITLE_MAX)?;
        let parts = text.split_once(' ').and_then(|(count, unit)| {
            let count: u32 = count.parse().ok().filter(|it| (1..=NUMBER_MAX).contains(it))?;
            match unit {
                "m" => Some((count, Measure::Metre, count)),
                "km" => Some((count, Measure::Kilometre, count.checked_mul(1_000)?)),
                _ => None,
            }
        });
        let Some((count, unit, metres)) = parts else {
            let message = format!("`{text}` is no distance");
            let fault = self.reading.faults.error("bad-distance", at, message);
            fault.help("write such as `500 m` or `1 km`");
            return None;
        };
        self.figure(Figure::Other(count, unit));
        self.rule(name, format!("{metres} m"));
        Some(metres)
    }
}

/// The words of an enum, for a message.
fn listed<T: Word>() -> String {
    let all: Vec<String> = T::all().iter().map(|it| format!("`{}`", it.word())).collect();
    all.join(", ")
}
