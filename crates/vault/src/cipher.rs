//! AES-256-GCM with random 96-bit nonces, SHA-256 to derive, HMAC-SHA-256 to mark.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, hmac};
use zeroize::{ZeroizeOnDrop, Zeroizing, optimization_barrier};

use crate::fault::Fault;
use crate::person::{Kind, fill};
use crate::random;

/// Bytes of a key.
pub(crate) const KEY: usize = 32;
/// Bytes of a nonce.
pub(crate) const NONCE: usize = NONCE_LEN;
/// Bytes of the tag of what is sealed.
pub(crate) const TAG: usize = 16;
/// Bytes of what a sub-key is derived with.
pub(crate) const SALT: usize = 16;
/// What is hashed for a sub-key: counter, key, kind, number, a zero, salt. With the hash's own padding
/// it is one block, and nothing else of ours ever begins with a key.
const DERIVED_FROM: usize = 4 + KEY + 3 + SALT;
const _: () = assert!(DERIVED_FROM == 55);

/// Overwrites bytes with zeros, and keeps the compiler from leaving that out: at once, where writing
/// each by itself costs more than the cipher.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    optimization_barrier(bytes);
}

/// A key in the clear, wiped when dropped.
pub(crate) struct Key([u8; KEY]);

impl Drop for Key {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

impl ZeroizeOnDrop for Key {}

impl Key {
    pub(crate) fn fresh() -> Result<Self, Fault> {
        random::array().map(Self)
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Result<Self, Fault> {
        bytes.try_into().map(Self).map_err(|_| Fault::Library)
    }

    /// The key that is written into the given place.
    pub(crate) fn written(
        write: impl FnOnce(&mut [u8; KEY]) -> Result<(), Fault>,
    ) -> Result<Self, Fault> {
        let mut key = Self([0; KEY]);
        write(&mut key.0)?;
        Ok(key)
    }

    pub(crate) const fn bytes(&self) -> &[u8; KEY] {
        &self.0
    }

    /// A key that follows from this one: SHA-256 over a counter, the key, and what it is for.
    pub(crate) fn sub(&self, kind: Kind, number: u8, salt: &[u8; SALT]) -> Self {
        let mut from = [0; DERIVED_FROM];
        fill(&mut from, [&1_u32.to_be_bytes(), &self.0, &[kind as u8, number, 0], salt]);
        let hash = digest::digest(&digest::SHA256, &from);
        wipe(&mut from);
        Self(hash.as_ref().first_chunk().copied().unwrap_or_default())
    }

    /// HMAC-SHA-256 under this key: see [`Mac::over`].
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; KEY] {
        Mac::new(self).over(parts)
    }

    /// A sub-key of the first version.
    pub(crate) fn derive(&self, parts: &[&[u8]]) -> Self {
        Self(self.mac(parts))
    }

    /// The cipher under this key.
    pub(crate) fn ready(&self) -> Result<Ready, Fault> {
        let key = UnboundKey::new(&AES_256_GCM, &self.0).map_err(|_| Fault::Library)?;
        Ok(Ready(LessSafeKey::new(key)))
    }
}

/// A key to mark with, prepared.
pub(crate) struct Mac(hmac::Key);

impl Mac {
    pub(crate) fn new(key: &Key) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, &key.0))
    }

    /// HMAC-SHA-256 over the parts, one after the other. Callers keep parts of fixed length, so that
    /// two lists of parts never read the same.
    pub(crate) fn over(&self, parts: &[&[u8]]) -> [u8; KEY] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(part);
        }
        context.sign().as_ref().first_chunk().copied().unwrap_or_default()
    }
}

/// A key to seal and open with, prepared.
pub(crate) struct Ready(LessSafeKey);

impl Ready {
    /// Appends ciphertext and tag to `out`.
    pub(crate) fn seal(
        &self,
        nonce: &[u8; NONCE],
        about: &[u8],
        plain: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Fault> {
        out.reserve(plain.len().saturating_add(TAG));
        let start = out.len();
        out.extend_from_slice(plain);
        let text = out.get_mut(start..).ok_or(Fault::Library)?;
        let tag = self
            .0
            .seal_in_place_separate_tag(Nonce::from(nonce), Aad::from(about), text)
            .map_err(|_| Fault::Library)?;
        out.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// Opens ciphertext and tag into as many bytes as there were. `what` names it in the error.
    pub(crate) fn open_into(
        &self,
        nonce: &[u8; NONCE],
        about: &[u8],
        (sealed, into): (&[u8], &mut [u8]),
        what: &'static str,
    ) -> Result<(), Fault> {
        let (text, tag) = sealed.split_last_chunk::<TAG>().ok_or(Fault::Closed(what))?;
        self.0
            .open_separate_gather(Nonce::from(nonce), Aad::from(about), text, tag, into)
            .map_err(|_| Fault::Closed(what))
    }

    /// Opens ciphertext and tag.
    pub(crate) fn open(
        &self,
        nonce: &[u8; NONCE],
        about: &[u8],
        sealed: &[u8],
        what: &'static str,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let length = sealed.len().checked_sub(TAG).ok_or(Fault::Closed(what))?;
        let mut plain = Zeroizing::new(vec![0; length]);
        self.open_into(nonce, about, (sealed, &mut plain), what)?;
        Ok(plain)
    }

    /// Opens nonce, ciphertext and tag.
    pub(crate) fn open_whole(
        &self,
        about: &[u8],
        sealed: &[u8],
        what: &'static str,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let (nonce, text) = sealed.split_first_chunk().ok_or(Fault::Closed(what))?;
        self.open(nonce, about, text, what)
    }
}
