//! What the desk is configured with: who is called, where mail comes in, answers that are at hand.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use crate::secret::same;
use crate::{Flows, Secret};

/// The configuration of the desk.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    /// The addresses of those who are told when time runs out.
    pub managers: Vec<String>,
    /// A folder in which mail arrives, with `new` in it.
    pub mailbox: Option<PathBuf>,
    /// The name under which the own mail server says what it found of senders.
    pub mail_server: Option<String>,
    /// The secret of whoever brings mail over HTTP.
    pub secret: Option<Secret>,
    /// Answers that are at hand.
    pub answers: Vec<Canned>,
}

/// An answer that is at hand.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Canned {
    /// Its id.
    pub id: String,
    /// What staff calls it.
    pub title: String,
    /// Its text, by language.
    pub text: BTreeMap<String, String>,
}

impl Canned {
    /// Its text in a language; in any other where it has none in that one.
    pub fn in_language(&self, language: &str) -> &str {
        let found = self.text.get(language).or_else(|| self.text.get("en"));
        found.or_else(|| self.text.values().next()).map_or("", String::as_str)
    }
}

impl Desk {
    /// Whether this is the secret of whoever brings mail; nobody's where none is configured.
    pub fn knows(&self, given: &Secret) -> bool {
        self.secret.as_ref().is_some_and(|it| same(&it.hash(), &given.hash()))
    }
}

impl Flows {
    /// Configures the desk.
    pub fn equip(&self, desk: Desk) {
        *self.inner.desk.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(desk);
    }

    /// The configuration of the desk.
    pub(crate) fn desk(&self) -> Arc<Desk> {
        Arc::clone(&self.inner.desk.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether this is the secret of whoever brings mail.
    pub fn brings_mail(&self, given: &Secret) -> bool {
        self.desk().knows(given)
    }
}
