//! The buffer that a record is composed in, wiped when it goes, and its numbers read back.

use zeroize::optimization_barrier;

/// Bytes that are wiped when they go, also when they had to move to have room.
pub(crate) struct Bytes(Vec<u8>);

impl Bytes {
    pub(super) fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.0
    }

    pub(super) fn put(&mut self, bytes: &[u8]) {
        self.room(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.put(&[byte]);
    }

    /// A number, seven bits a byte, the lowest first; the highest bit says that more come.
    pub(super) fn number(&mut self, mut n: u64) {
        while n > 0x7f {
            let [low, ..] = n.to_le_bytes();
            self.byte(low | 0x80);
            n >>= 7;
        }
        let [low, ..] = n.to_le_bytes();
        self.byte(low);
    }

    /// A number that may be below zero: 0, -1, 1, -2 as 0, 1, 2, 3.
    pub(super) fn signed(&mut self, n: i64) {
        self.number(((n << 1) ^ (n >> 63)).cast_unsigned());
    }

    /// A length, as a number.
    pub(super) fn length(&mut self, n: usize) {
        self.number(u64::try_from(n).unwrap_or(u64::MAX));
    }

    fn room(&mut self, more: usize) {
        if self.0.capacity().saturating_sub(self.0.len()) >= more {
            return;
        }
        let wanted = self.0.len().saturating_add(more).saturating_mul(2);
        let mut wider = Vec::with_capacity(wanted);
        wider.extend_from_slice(&self.0);
        wipe(&mut self.0);
        self.0 = wider;
    }
}

/// Overwrites bytes with zeros, and keeps the compiler from leaving that out.
fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    optimization_barrier(bytes);
}

impl Drop for Bytes {
    fn drop(&mut self) {
        // What lies behind the end was never written to.
        wipe(&mut self.0);
    }
}

/// What is left to be read.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn text(&mut self, n: usize) -> Option<&'a str> {
        std::str::from_utf8(self.take(n)?).ok()
    }

    pub(super) fn number(&mut self) -> Option<u64> {
        let mut n = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            let placed = bits.checked_shl(shift)?;
            if placed.checked_shr(shift)? != bits {
                return None;
            }
            n |= placed;
            if byte & 0x80 == 0 {
                return Some(n);
            }
        }
        None
    }

    pub(super) fn signed(&mut self) -> Option<i64> {
        let n = self.number()?;
        Some((n >> 1).cast_signed() ^ (n & 1).cast_signed().wrapping_neg())
    }

    pub(super) fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    /// What comes last.
    pub(super) const fn rest(self) -> &'a [u8] {
        self.0
    }
}
