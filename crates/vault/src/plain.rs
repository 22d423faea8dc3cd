//! Text of a person, in memory: wiped when dropped, and not printable.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::cipher::wipe;

/// A personal value in the clear. No `Display`; `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Zeroize)]
pub struct Plain(String);

impl Drop for Plain {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.0).into_bytes();
        // Something may have stood behind the end.
        bytes.resize(bytes.capacity(), 0);
        wipe(&mut bytes);
    }
}

impl ZeroizeOnDrop for Plain {}

impl Plain {
    /// Takes the text over.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Plain {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹sealed›")
    }
}
