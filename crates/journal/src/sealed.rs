//! Bytes that only the vault can read, and the one thing that the journal asks of it.

use std::fmt;

use decide::PersonId;
use decide::id::RecordId;
use zeroize::Zeroize;

use crate::fault::SealFault;
use crate::limit::WRAPPED_KEY_BYTES;

/// How a record is sealed: defined here, implemented by the vault, so that neither learns the
/// other's secrets.
pub trait Seal: Send + Sync {
    /// Seals a record under its person's key, and gives the blind that its entry is made with: one
    /// that nobody can tell without the key and what was sealed, and no other record has.
    ///
    /// # Errors
    /// When the key does not open.
    fn seal_record(
        &self,
        key: &WrappedKey,
        person: PersonId,
        record: RecordId,
        plain: &[u8],
    ) -> Result<(Sealed, [u8; 32]), SealFault>;

    /// Fills with random bytes fit for ids.
    fn fill_random(&self, bytes: &mut [u8]);
}

/// Bytes that are sealed under a key: a value, a record, a body, a block of events.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    /// What a cipher put out. Only the vault may say so; `cargo xtask tidy` holds that.
    pub fn from_cipher(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// As the database gave it back.
    pub(crate) fn stored(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The sealed bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A key under a root key, always of the same size, so that it can be overwritten in its place.
#[derive(Clone, PartialEq, Eq)]
pub struct WrappedKey([u8; WRAPPED_KEY_BYTES]);

impl WrappedKey {
    /// What stands where a key was destroyed.
    pub(crate) const DESTROYED: Self = Self([0; WRAPPED_KEY_BYTES]);

    /// From the wrapped bytes.
    pub const fn new(bytes: [u8; WRAPPED_KEY_BYTES]) -> Self {
        Self(bytes)
    }

    /// The wrapped bytes.
    pub const fn as_bytes(&self) -> &[u8; WRAPPED_KEY_BYTES] {
        &self.0
    }

    /// Whether no key stands there: not made yet, or destroyed.
    pub fn is_destroyed(&self) -> bool {
        *self == Self::DESTROYED
    }
}

impl Drop for WrappedKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// The keyed hash of a value, by which the value is found without being read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Blind {
    /// HMAC over region, category and the value in its normal form.
    pub hash: [u8; 32],
    /// Whether one region may hold it once only.
    pub unique: bool,
}

/// The key that a mail is sealed under.
#[derive(Clone, PartialEq, Eq)]
pub enum MailKey {
    /// The person's own: the mail dies with it.
    Person,
    /// A key made for this mail, wrapped; destroyed when the mail is delivered or too old.
    OneOff(WrappedKey),
}

macro_rules! say_sealed {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("‹sealed›")
            }
        }
    )+};
}
say_sealed!(Sealed, WrappedKey, Blind, MailKey);
