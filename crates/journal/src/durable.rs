//! Whether what is recorded becomes durable: a disk that is full shows here first, while reading goes on.

use std::sync::atomic::{AtomicU32, Ordering};

use crate::fault::Fault;

/// How many commits have failed since the last that was durable.
#[derive(Debug, Default)]
pub(crate) struct Durable {
    failed: AtomicU32,
}

impl Durable {
    /// Notes what came of a commit, and hands it on.
    pub(crate) fn note<T>(&self, done: Result<T, Fault>) -> Result<T, Fault> {
        match &done {
            Ok(_) => self.trust(),
            Err(Fault::Broken(_) | Fault::Unreachable(_)) => self.doubt(),
            // Said no, and would have been able to say yes.
            Err(
                Fault::NotFound
                | Fault::Erased
                | Fault::Conflict
                | Fault::Taken(_)
                | Fault::Idempotent { .. }
                | Fault::OtherRequest
                | Fault::Full { .. }
                | Fault::Busy,
            ) => {}
        }
        done
    }

    /// One more has failed.
    pub(crate) fn doubt(&self) {
        let more = |it: u32| Some(it.saturating_add(1));
        // Always something: the closure never says no.
        self.failed.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more).ok();
    }

    /// What is written now becomes durable.
    pub(crate) fn trust(&self) {
        // Looked at first: every commit comes by here, and a write would take the line from other cores.
        if self.failed() > 0 {
            self.failed.store(0, Ordering::Relaxed);
        }
    }

    /// How many.
    pub(crate) fn failed(&self) -> u32 {
        self.failed.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests;
