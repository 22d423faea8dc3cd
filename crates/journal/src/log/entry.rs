//! The public leaf of a record: a commitment that says nothing without the record and its blind.

use aws_lc_rs::digest::{Context, SHA256};

use super::hash::Hash;

/// Separates entries from every other use of SHA-256; the version is part of it.
const DOMAIN: &[u8] = b"kept-entry-v1\0";

/// The entry of a record: `SHA-256("kept-entry-v1\0" ‖ length u32 be ‖ record ‖ blind)`.
///
/// `blind` is 32 fresh random bytes kept inside the sealed record, so that an entry cannot be
/// guessed from a likely record, and two entries of one person have nothing in common.
/// A record is at most [`super::MAX_RECORD_BYTES`] long; a longer length would be capped, not wrapped.
pub fn entry(record: &[u8], blind: &[u8; 32]) -> Hash {
    let length = u32::try_from(record.len()).unwrap_or(u32::MAX);
    let mut context = Context::new(&SHA256);
    context.update(DOMAIN);
    context.update(&length.to_be_bytes());
    context.update(record);
    context.update(blind);
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(context.finish().as_ref()) {
        *to = *from;
    }
    Hash(out)
}
