//! A text in each language of the policy.

use std::collections::BTreeMap;

/// A text in the main language, and in others where it was translated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Localized {
    main: String,
    others: BTreeMap<String, String>,
}

impl Localized {
    /// From the main language's text.
    pub fn new(main: impl Into<String>) -> Self {
        Self { main: main.into(), others: BTreeMap::new() }
    }

    /// Adds a translation.
    #[must_use]
    pub fn with(mut self, language: impl Into<String>, text: impl Into<String>) -> Self {
        self.others.insert(language.into(), text.into());
        self
    }

    /// The text in a language; in the main one where there is no translation.
    pub fn in_language(&self, language: &str) -> &str {
        self.others.get(language).unwrap_or(&self.main)
    }

    /// The text in the main language.
    pub fn main(&self) -> &str {
        &self.main
    }
}
