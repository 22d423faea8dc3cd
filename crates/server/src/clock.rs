//! The clock: the one place that looks at the wall. With `--test-clock` it can be moved forward.

use std::sync::atomic::{AtomicI64, Ordering};

use decide::Timestamp;

/// What time it is, for everything that happens.
#[derive(Debug, Default)]
pub struct Clock {
    ahead: AtomicI64,
}

impl Clock {
    /// A clock that shows what the wall shows.
    pub const fn wall() -> Self {
        Self { ahead: AtomicI64::new(0) }
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        wall().plus_millis(self.ahead.load(Ordering::SeqCst))
    }

    /// Moves the clock forward for good; only a test clock is ever moved.
    pub fn advance(&self, millis: i64) -> Timestamp {
        self.ahead.fetch_add(millis.max(0), Ordering::SeqCst);
        self.now()
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is given")]
fn wall() -> Timestamp {
    Timestamp::from_millis(jiff::Timestamp::now().as_millisecond())
}

/// An instant as answers write it: RFC 3339 in UTC, with milliseconds only where there are some.
pub fn text(at: Timestamp) -> String {
    flows::when(at)
}
