//! A SHA-256 hash and the two RFC 6962 ways of making one.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::limits::HASH_BYTES;

/// 32 bytes of SHA-256: a leaf, a node or a root of the tree, or an entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; HASH_BYTES]);

impl Hash {
    /// SHA-256 of the bytes.
    pub fn of(bytes: &[u8]) -> Self {
        let mut out = [0; HASH_BYTES];
        for (to, from) in out.iter_mut().zip(digest(&SHA256, bytes).as_ref()) {
            *to = *from;
        }
        Self(out)
    }

    /// The root of the empty tree (RFC 6962, 2.1).
    pub fn empty() -> Self {
        Self::of(&[])
    }

    /// The hash of a leaf whose data is a 32-byte entry: `SHA-256(0x00 ‖ data)`.
    pub fn leaf(entry: &Self) -> Self {
        let mut bytes = [0; 1 + HASH_BYTES];
        for (to, from) in bytes.iter_mut().skip(1).zip(&entry.0) {
            *to = *from;
        }
        Self::of(&bytes)
    }

    /// The hash of a leaf of any length, as foreign entry bundles may hold.
    pub fn leaf_of(data: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(data.len().saturating_add(1));
        bytes.push(0);
        bytes.extend_from_slice(data);
        Self::of(&bytes)
    }

    /// The hash of two children: `SHA-256(0x01 ‖ left ‖ right)`.
    pub fn node(left: &Self, right: &Self) -> Self {
        let mut bytes = [1; 1 + 2 * HASH_BYTES];
        for (to, from) in bytes.iter_mut().skip(1).zip(left.0.iter().chain(&right.0)) {
            *to = *from;
        }
        Self::of(&bytes)
    }

    /// Standard base64 with padding, as in checkpoints and proofs.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads what [`Hash::to_base64`] wrote; anything else is `None`.
    pub fn from_base64(text: &str) -> Option<Self> {
        if text.len() > 44 {
            return None;
        }
        Self::from_slice(&STANDARD.decode(text).ok()?)
    }

    /// A hash of exactly 32 bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The hashes that a tile is made of; bytes after the last whole hash are left out.
    pub fn chunks(bytes: &[u8]) -> impl ExactSizeIterator<Item = Self> + '_ {
        bytes.as_chunks::<HASH_BYTES>().0.iter().map(|chunk| Self(*chunk))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_base64())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({})", self.to_base64())
    }
}
