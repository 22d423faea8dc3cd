//! One-time codes of a second factor: RFC 6238 with SHA-1, six digits and thirty seconds, which is what
//! every authenticator understands.

use aws_lc_rs::{constant_time, hmac};
use decide::Timestamp;
use vault::Vault;
use zeroize::Zeroizing;

use crate::Stop;

/// Bytes of a secret, as long as the hash.
pub(crate) const SECRET_BYTES: usize = 20;
/// Milliseconds of a step.
const STEP_MILLIS: i64 = 30_000;
/// Steps before and after now whose codes count too: clocks are never quite alike.
const AROUND: i64 = 1;
/// Six digits.
const MODULUS: u32 = 1_000_000;
/// The letters of base 32, RFC 4648.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A fresh secret.
pub(super) fn fresh(vault: &Vault) -> Result<Zeroizing<[u8; SECRET_BYTES]>, Stop> {
    let mut secret = Zeroizing::new([0; SECRET_BYTES]);
    vault.random(secret.as_mut_slice())?;
    Ok(secret)
}

/// The step that an instant lies in.
pub(super) const fn step(now: Timestamp) -> i64 {
    now.millis().div_euclid(STEP_MILLIS)
}

/// The code of a step.
pub(super) fn code(secret: &[u8], step: i64) -> Zeroizing<String> {
    Zeroizing::new(format!("{:06}", truncated(secret, step) % MODULUS))
}

/// The step around now whose code this is.
pub(super) fn fits(secret: &[u8], given: &str, now: Timestamp) -> Option<i64> {
    let given: Zeroizing<String> =
        Zeroizing::new(given.chars().filter(|it| !it.is_whitespace()).collect());
    let now = step(now);
    let same = |step: &i64| {
        let right = code(secret, *step);
        constant_time::verify_slices_are_equal(right.as_bytes(), given.as_bytes()).is_ok()
    };
    (now.saturating_sub(AROUND)..=now.saturating_add(AROUND)).rev().find(same)
}

/// RFC 4226, section 5.3.
fn truncated(secret: &[u8], step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, secret);
    let mac = hmac::sign(&key, &step.to_be_bytes());
    let offset = mac.as_ref().last().map_or(0, |it| usize::from(it & 15));
    let four = mac.as_ref().get(offset..).and_then(<[u8]>::first_chunk::<4>);
    four.map_or(0, |it| u32::from_be_bytes(*it) & 0x7fff_ffff)
}

/// Bytes in base 32, without padding: five bits a letter.
pub(super) fn base32(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(bytes.len().div_ceil(5).saturating_mul(8)));
    let bit = |at: usize| bytes.get(at / 8).is_some_and(|it| it >> (7 - at % 8) & 1 == 1);
    for at in (0..bytes.len().saturating_mul(8)).step_by(5) {
        let value =
            (at..at.saturating_add(5)).fold(0, |sum: usize, it| sum * 2 + usize::from(bit(it)));
        text.push(LETTERS.get(value).copied().map_or('A', char::from));
    }
    text
}

#[cfg(test)]
mod tests;
