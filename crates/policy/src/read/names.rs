//! Fields that hold lists, and names of other declarations.

use std::collections::BTreeSet;

use toml::de::DeValue;

use super::fields::Spot;
use super::{Fields, Reference};
use crate::diagnostic::At;
use crate::kind::Kind;
use crate::limit::TITLE_MAX;

impl<'r> Fields<'r> {
    /// A list of texts.
    pub(crate) fn texts(&mut self, name: &'static str) -> Option<Vec<(String, At)>> {
        let (value, at) = self.take(name)?;
        let Some(list) = value.as_array() else {
            self.wrong((value, at), "a list", &format!("{name} = [\"…\"]"));
            return None;
        };
        let spot = Spot { at: self.at, base: self.base };
        let mut all = Vec::new();
        for item in list {
            let place = spot.inside(item.span());
            match item.get_ref().as_str() {
                Some(text) => all.push((text.to_owned(), place)),
                None => self.wrong((item.get_ref(), place), "a text", "\"…\""),
            }
        }
        Some(all)
    }

    /// The values of a list, each with its place; none where it is left out.
    pub(crate) fn items(&mut self, name: &'static str) -> Vec<(&'r DeValue<'r>, At)> {
        let Some((value, at)) = self.take(name) else { return Vec::new() };
        let spot = Spot { at: self.at, base: self.base };
        let Some(list) = value.as_array() else {
            self.wrong((value, at), "a list", &format!("{name} = […]"));
            return Vec::new();
        };
        list.iter().map(|it| (it.get_ref(), spot.inside(it.span()))).collect()
    }

    /// Names of declarations.
    pub(crate) fn names(&mut self, name: &'static str, kind: Kind) -> Option<BTreeSet<String>> {
        let all = self.texts(name)?;
        let mut names = BTreeSet::new();
        for (text, at) in all {
            self.reading.references.push(Reference { kind, name: text.clone(), at });
            names.insert(text);
        }
        self.rule(name, names.iter().map(String::as_str).collect::<Vec<_>>().join(", "));
        Some(names)
    }

    /// Names of declarations; a list that must be given, and may be required to have something in it.
    pub(crate) fn need_names(&mut self, name: &'static str, kind: Kind) -> BTreeSet<String> {
        let example = format!("[\"{}\"]", self.reading.ids(kind).next().unwrap_or("an-id"));
        self.names(name, kind).unwrap_or_else(|| {
            if !self.table.contains_key(name) {
                self.missing(name, &example);
            }
            BTreeSet::new()
        })
    }

    /// The name of one declaration.
    pub(crate) fn one_name(&mut self, name: &'static str, kind: Kind) -> Option<String> {
        let (text, at) = self.plain_text(name, TITLE_MAX)?;
        self.reading.references.push(Reference { kind, name: text.clone(), at });
        self.rule(name, text.clone());
        Some(text)
    }

    /// The name of one declaration, which must be given.
    pub(crate) fn need_name(&mut self, name: &'static str, kind: Kind) -> String {
        self.one_name(name, kind).unwrap_or_else(|| {
            if !self.table.contains_key(name) {
                self.missing(name, "\"an-id\"");
            }
            String::new()
        })
    }
}
