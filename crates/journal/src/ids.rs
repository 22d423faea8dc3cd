//! Ids that ascend: UUIDv7, each above the one before, so that what is appended lands at the end.

use std::sync::Mutex;

use decide::Timestamp;

use crate::held;
use crate::sealed::Seal;

const VERSION: u128 = 7 << 76;
const VARIANT: u128 = 2 << 62;
/// The random bits of a UUIDv7, the highest of them left clear as room to count upward.
const RANDOM: u128 = (0x7ff << 64) | ((1 << 61) - 1);

/// Gives out ids.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    last: Mutex<u128>,
}

impl Ids {
    /// The next id at `now`. Should the clock stand or step back, it counts on from the last.
    pub(crate) fn next(&self, seal: &dyn Seal, now: Timestamp) -> u128 {
        let mut random = [0; 16];
        seal.fill_random(&mut random);
        let millis = u128::from(now.millis().max(0).cast_unsigned() & 0xffff_ffff_ffff);
        let random = u128::from_be_bytes(random);
        let fresh = (millis << 80) | VERSION | VARIANT | (random & RANDOM);
        let mut last = held(&self.last);
        if fresh > *last {
            *last = fresh;
        } else {
            // A step of 1 to 2^32, so that an id does not tell how many came before.
            *last = last.saturating_add(1).saturating_add(random >> 96);
        }
        *last
    }
}

#[cfg(test)]
mod tests;
