//! When the worker does what has no job of its own.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};

use decide::Timestamp;

use super::anonymise::Pool;
use crate::limit::{ROUND_MILLIS, SWEEP_BYTES_PER_MILLI, SWEEP_MILLIS};

/// When there was a round, and when the raw bytes were last looked through.
#[derive(Debug)]
pub(crate) struct Pace {
    round: AtomicI64,
    sweep: AtomicI64,
    erased: AtomicBool,
    version: AtomicU32,
    /// What was anonymised and waits for others.
    pub(super) pool: Pool,
}

impl Default for Pace {
    fn default() -> Self {
        let never = || AtomicI64::new(i64::MIN);
        Self {
            round: never(),
            sweep: never(),
            erased: AtomicBool::new(false),
            version: AtomicU32::new(0),
            pool: Pool::default(),
        }
    }
}

impl Pace {
    /// Whether it is time for what is done now and then: at the start, when a crash may have left
    /// something unswept, and every hour.
    pub(super) fn round(&self, now: Timestamp) -> bool {
        if self.round.load(Ordering::SeqCst) > now.millis() {
            return false;
        }
        self.round.store(now.millis().saturating_add(ROUND_MILLIS), Ordering::SeqCst);
        true
    }

    /// Whether a version is in force whose dates were not looked at since the start.
    pub(super) fn is_new(&self, version: u32) -> bool {
        self.version.load(Ordering::SeqCst) != version
    }

    /// Its dates are looked at.
    pub(super) fn saw(&self, version: u32) {
        self.version.store(version, Ordering::SeqCst);
    }

    /// Somebody was erased: what is left of their key is to be looked for.
    pub(super) fn erased(&self) {
        self.erased.store(true, Ordering::SeqCst);
    }

    /// Whether to look now. One look is for everybody who was erased since the last, however many.
    pub(super) fn sweeps(&self, now: Timestamp) -> bool {
        self.erased.load(Ordering::SeqCst) && self.sweep.load(Ordering::SeqCst) <= now.millis()
    }

    /// About to look: who is erased from here on waits for the next look.
    pub(super) fn begins(&self) {
        self.erased.store(false, Ordering::SeqCst);
    }

    /// So many bytes were looked through: the more they are, the longer until the next look, so that
    /// looking takes a small part of what the disk can do.
    pub(super) fn swept(&self, bytes: u64, now: Timestamp) {
        if bytes == 0 {
            return;
        }
        let long = i64::try_from(bytes / SWEEP_BYTES_PER_MILLI).unwrap_or(i64::MAX);
        let next = now.millis().saturating_add(long.max(SWEEP_MILLIS));
        self.sweep.store(next, Ordering::SeqCst);
    }

    /// Something was in the way: it is tried again at the next step.
    pub(super) fn in_vain(&self) {
        self.erased();
        self.sweep.store(i64::MIN, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests;
