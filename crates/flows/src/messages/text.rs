//! Text messages: how they leave, as configured. Without a way none is written, and nothing that
//! needs one is offered.

mod bound;
mod send;
mod wording;

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use crate::{Flows, Secret, Stop};

pub use send::deliver;

pub(crate) use bound::room;
pub(crate) use send::{About, put};
pub(crate) use wording::{code, guardian_code, guardian_news};

/// The way of text messages.
#[derive(Clone)]
pub enum Way {
    /// As files in a folder outside the data folder, for development, demonstrations and tests.
    Folder(PathBuf),
    /// By HTTPS to the company's own gateway, signed as messages to connected systems are.
    Gateway {
        /// Where: `https://…`.
        url: String,
        /// The secret that both sides sign with.
        secret: Secret,
    },
}

impl std::fmt::Debug for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "Folder({})", path.display()),
            // An address may hold a key of the gateway.
            Self::Gateway { .. } => f.write_str("Gateway(‹sealed›)"),
        }
    }
}

/// How text messages leave, and where to.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    /// The way; none is sent without one.
    pub way: Option<Way>,
    /// Codes of the countries that are written to, as `+86`; every country where none is named.
    pub countries: Vec<String>,
}

impl Texts {
    /// Whether a number, in its normal form, is one of a country that is written to.
    fn reaches(&self, number: &str) -> bool {
        let code = crate::value::calling_code(number);
        self.countries.is_empty() || code.is_some_and(|it| self.countries.contains(&it))
    }
}

impl Flows {
    /// Says how text messages leave, in place of what was said before.
    ///
    /// # Errors
    /// `Invalid` for an address without https, a short secret, or a country that is none.
    pub fn text_by(&self, texts: Texts) -> Result<(), Stop> {
        if let Some(Way::Gateway { url, secret }) = &texts.way {
            crate::rights::check_way("text", (url, secret))?;
        }
        let digits = |it: &str| it.len() <= 4 && it.chars().all(|it| it.is_ascii_digit());
        let good = |it: &str| it.strip_prefix('+').is_some_and(|it| !it.is_empty() && digits(it));
        if let Some(bad) = texts.countries.iter().find(|it| !good(it)) {
            let say = format!("`{bad}` is no code of a country; write one such as `+86`");
            return Err(Stop::invalid("text.countries", say));
        }
        let kept = &self.inner.texts;
        *kept.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(texts);
        Ok(())
    }

    /// Whether codes can go to phones.
    pub fn texts(&self) -> bool {
        self.texting().way.is_some()
    }

    pub(crate) fn texting(&self) -> Arc<Texts> {
        Arc::clone(&self.inner.texts.read().unwrap_or_else(PoisonError::into_inner))
    }
}
