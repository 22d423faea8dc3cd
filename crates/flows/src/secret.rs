//! Secrets that are handed out once: sessions, links, keys, codes. Only their hashes are stored.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vault::Vault;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Stop;
use crate::limit::CODE_DIGITS;

/// Bytes of a secret.
const BYTES: usize = 32;

/// A secret that is told to whom it belongs and to nobody else. `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹sealed›")
    }
}

impl Secret {
    /// 256 random bits, after a prefix by which it is recognised.
    pub(crate) fn fresh(vault: &Vault, prefix: &str) -> Result<Self, Stop> {
        let mut bytes = [0; BYTES];
        vault.random(&mut bytes)?;
        let text = format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes));
        bytes.zeroize();
        Ok(Self(text))
    }

    /// As it came back from a cookie, a header or a link.
    pub fn given(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The hash that stands for it in the store. It has 256 bits, so a plain hash tells nothing.
    pub(crate) fn hash(&self) -> [u8; 32] {
        digest(self.0.as_bytes())
    }
}

/// SHA-256.
pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(digest::digest(&digest::SHA256, bytes).as_ref()) {
        *to = *from;
    }
    hash
}

/// Bytes as hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |it: u8| char::from_digit(u32::from(it), 16).unwrap_or('0');
    bytes.iter().flat_map(|it| [digit(it >> 4), digit(it & 15)]).collect()
}

/// A one-time code: six digits, each equally likely.
pub(crate) fn code(vault: &Vault) -> Result<Secret, Stop> {
    let mut code = String::with_capacity(CODE_DIGITS);
    while code.len() < CODE_DIGITS {
        let mut bytes = [0; 16];
        vault.random(&mut bytes)?;
        // 250 is the largest multiple of ten in a byte: what lies above would favour low digits.
        let digits = bytes.iter().filter(|it| **it < 250).map(|it| char::from(b'0' + it % 10));
        code.extend(digits.take(CODE_DIGITS.saturating_sub(code.len())));
    }
    Ok(Secret(code))
}

/// Whether two hashes are equal, in time that does not tell where they differ.
pub(crate) fn same(one: &[u8; 32], other: &[u8; 32]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one, other).is_ok()
}
