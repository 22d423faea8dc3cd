//! AES-256-GCM with random 96-bit nonces, and HMAC-SHA-256 to derive.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hmac;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::fault::Fault;
use crate::random;

/// Bytes of a key.
pub(crate) const KEY: usize = 32;
/// Bytes that sealing adds: the nonce and the tag.
pub(crate) const OVERHEAD: usize = NONCE_LEN + 16;

/// A key in the clear, wiped when dropped.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Key([u8; KEY]);

impl Key {
    pub(crate) fn fresh() -> Result<Self, Fault> {
        random::array().map(Self)
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Result<Self, Fault> {
        bytes.try_into().map(Self).map_err(|_| Fault::Library)
    }

    pub(crate) const fn bytes(&self) -> &[u8; KEY] {
        &self.0
    }

    /// HMAC-SHA-256 under this key over the parts, one after the other. Callers keep parts of fixed
    /// length, so that two lists of parts never read the same.
    pub(crate) fn mac(&self, parts: &[&[u8]]) -> [u8; KEY] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let mut context = hmac::Context::with_key(&key);
        for part in parts {
            context.update(part);
        }
        let mut out = [0; KEY];
        let tag = context.sign();
        out.copy_from_slice(tag.as_ref().get(..KEY).unwrap_or(&[0; KEY]));
        out
    }

    pub(crate) fn derive(&self, parts: &[&[u8]]) -> Self {
        Self(self.mac(parts))
    }

    fn cipher(&self) -> Result<LessSafeKey, Fault> {
        UnboundKey::new(&AES_256_GCM, &self.0).map(LessSafeKey::new).map_err(|_| Fault::Library)
    }

    /// Appends nonce, ciphertext and tag to `out`.
    pub(crate) fn seal(&self, about: &[u8], plain: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
        let nonce: [u8; NONCE_LEN] = random::array()?;
        out.reserve(plain.len().saturating_add(OVERHEAD));
        out.extend_from_slice(&nonce);
        let start = out.len();
        out.extend_from_slice(plain);
        let text = out.get_mut(start..).ok_or(Fault::Library)?;
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self
            .cipher()?
            .seal_in_place_separate_tag(nonce, Aad::from(about), text)
            .map_err(|_| Fault::Library)?;
        out.extend_from_slice(tag.as_ref());
        Ok(())
    }

    /// Opens nonce, ciphertext and tag. `what` names it in the error.
    pub(crate) fn open(
        &self,
        about: &[u8],
        sealed: &[u8],
        what: &'static str,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN).ok_or(Fault::Closed(what))?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Fault::Closed(what))?;
        let mut plain = Zeroizing::new(text.to_vec());
        let length = self
            .cipher()?
            .open_in_place(nonce, Aad::from(about), &mut plain)
            .map_err(|_| Fault::Closed(what))?
            .len();
        plain.truncate(length);
        Ok(plain)
    }
}
