//! Signatures between us and connected systems, as Standard Webhooks have them: both sides can check
//! with the libraries that there are.

use aws_lc_rs::{constant_time, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use decide::Timestamp;

use crate::Secret;
use crate::limit::SIGNED_MILLIS;

/// The signature of a message: its id, when it was sent in seconds, and its body.
pub(crate) fn signature(secret: &Secret, (id, stamp): (&str, &str), body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_str().as_bytes());
    let mut signed = hmac::Context::with_key(&key);
    for part in [id.as_bytes(), b".", stamp.as_bytes(), b".", body] {
        signed.update(part);
    }
    format!("v1,{}", STANDARD.encode(signed.sign().as_ref()))
}

/// Whether a message is signed with a secret, and not one that somebody kept for later.
pub(super) fn is_signed(
    secret: &Secret,
    (id, stamp, given): (&str, &str, &str),
    body: &[u8],
    now: Timestamp,
) -> bool {
    let Ok(seconds) = stamp.parse::<i64>() else { return false };
    let apart = now.millis().saturating_sub(seconds.saturating_mul(1_000));
    let right = signature(secret, (id, stamp), body);
    let mut each = given.split(' ');
    apart.saturating_abs() <= SIGNED_MILLIS
        && each.any(|it| {
            constant_time::verify_slices_are_equal(right.as_bytes(), it.as_bytes()).is_ok()
        })
}

#[cfg(test)]
mod tests;
