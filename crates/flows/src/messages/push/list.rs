//! The browsers of a person that push messages go to: one value, a small list.

use serde::{Deserialize, Serialize};
use vault::Plain;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Stop;
use crate::limit::SUBSCRIPTIONS_MAX;

/// One browser, as it made itself known.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct Browser {
    /// Where its push service takes messages for it.
    pub(super) endpoint: String,
    /// Its public key.
    pub(super) p256dh: String,
    /// The secret that it shares with us.
    pub(super) auth: String,
}

impl std::fmt::Debug for Browser {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Browser(‹sealed›)")
    }
}

/// All of them, the newest last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Browsers(pub(super) Vec<Browser>);

impl Browsers {
    /// From the value that is held; none where none is.
    pub(super) fn read(value: Option<&str>) -> Result<Self, Stop> {
        let Some(text) = value else { return Ok(Self::default()) };
        serde_json::from_str(text)
            .map_err(|_| Stop::Broken("a list of browsers cannot be read".to_owned()))
    }

    /// As the value that is held; nothing where there is none left.
    pub(super) fn text(&self) -> Result<Option<Plain>, Stop> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let text = serde_json::to_string(self).map_err(|it| Stop::Broken(it.to_string()))?;
        Ok(Some(Plain::new(text)))
    }

    /// With one more, in place of what it was before; the oldest goes where there are too many.
    pub(super) fn add(&mut self, browser: Browser) {
        self.remove(&browser.endpoint);
        self.0.push(browser);
        let many = self.0.len().saturating_sub(SUBSCRIPTIONS_MAX);
        self.0.drain(..many);
    }

    /// Without one; answers whether it was there.
    pub(super) fn remove(&mut self, endpoint: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|it| it.endpoint != endpoint);
        self.0.len() < before
    }
}

#[cfg(test)]
mod tests;
