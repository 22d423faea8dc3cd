//! Terms that the page explains.

use std::collections::BTreeMap;

use crate::localized::Localized;

/// A term.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Term {
    /// The forms in which prose may use it, by language; the first is its name.
    pub forms: BTreeMap<String, Vec<String>>,
    /// What it means: Markdown.
    pub text: Localized,
}

impl Term {
    /// Its name in a language, or in the first that has one.
    pub fn name(&self, language: &str) -> &str {
        let forms = self.forms.get(language).or_else(|| self.forms.values().next());
        forms.and_then(|it| it.first()).map_or("", String::as_str)
    }
}
