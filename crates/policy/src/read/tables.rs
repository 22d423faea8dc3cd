//! Tables inside of a table.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::Fields;
use super::fields::Spot;
use crate::diagnostic::At;

impl<'r> Fields<'r> {
    /// A table inside of this one.
    pub(crate) fn nested<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> Option<T> {
        let (value, at) = self.take(name)?;
        let Some(table) = value.as_table() else {
            self.wrong((value, at), "a table", &format!("{name} = {{ … }}"));
            return None;
        };
        Some(self.inner((table, at), name, read))
    }

    /// Each table inside of a table of this one, by its key.
    pub(crate) fn each<T>(
        &mut self,
        name: &'static str,
        mut read: impl FnMut(&mut Fields<'_>) -> T,
    ) -> BTreeMap<String, T> {
        let mut all = BTreeMap::new();
        let Some((value, at)) = self.take(name) else { return all };
        let Some(table) = value.as_table() else {
            self.wrong((value, at), "a table", &format!("[{}.{name}.ID]", self.path));
            return all;
        };
        let spot = Spot { at: self.at, base: self.base };
        for (key, value) in table {
            let at = spot.inside(key.span());
            match value.get_ref().as_table() {
                Some(inner) => {
                    let path = format!("{name}.{}", key.get_ref());
                    all.insert(
                        key.get_ref().to_string(),
                        self.inner((inner, at), &path, &mut read),
                    );
                }
                None => self.wrong((value.get_ref(), at), "a table", "{ … }"),
            }
        }
        all
    }

    fn inner<T>(
        &mut self,
        (table, at): (&DeTable<'_>, At),
        name: &str,
        read: impl FnOnce(&mut Fields<'_>) -> T,
    ) -> T {
        let path = format!("{}.{name}", self.path);
        let (base, home) = (self.base, self.home.clone());
        let asked = BTreeSet::new();
        let mut fields =
            Fields { reading: &mut *self.reading, table, at, base, home, path, asked, open: false };
        let result = read(&mut fields);
        fields.finish();
        result
    }

    /// Key and value of a table of texts, with the places of both.
    pub(crate) fn pairs(&mut self, name: &'static str) -> Option<Vec<Pair>> {
        let (value, at) = self.take(name)?;
        let Some(table) = value.as_table() else {
            self.wrong((value, at), "a table", &format!("{name} = {{ … = \"…\" }}"));
            return None;
        };
        let spot = Spot { at: self.at, base: self.base };
        let mut all = Vec::new();
        for (key, value) in table {
            let place = spot.inside(value.span());
            match value.get_ref().as_str() {
                Some(text) => all.push(Pair {
                    key: key.get_ref().to_string(),
                    key_at: spot.inside(key.span()),
                    value: text.to_owned(),
                    at: place,
                }),
                None => self.wrong((value.get_ref(), place), "a text", "\"…\""),
            }
        }
        Some(all)
    }

    /// Every field with its value and place; all count as asked for.
    pub(super) fn entries(&mut self) -> Vec<(String, &'r DeValue<'r>, At)> {
        self.open = true;
        let spot = Spot { at: self.at, base: self.base };
        let entry = |(key, value): (&'r Spanned<DeString<'r>>, &'r Spanned<DeValue<'r>>)| {
            (key.get_ref().to_string(), value.get_ref(), spot.inside(value.span()))
        };
        self.table.iter().map(entry).collect()
    }
}

/// One entry of a table of texts.
pub(crate) struct Pair {
    pub(crate) key: String,
    pub(crate) key_at: At,
    pub(crate) value: String,
    pub(crate) at: At,
}
