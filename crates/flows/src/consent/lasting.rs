//! How long a browser keeps what it is given: as long as the policy in force says, and the store no
//! longer than the browser.

use decide::Timestamp;
use policy::Duration;
use policy::clause::cookies::{REFUSAL, Storage, declared};

use crate::book::Book;
use crate::limit::{BROWSER_MILLIS, DAY_MILLIS, HOUR_MILLIS, SESSION_MILLIS};

/// What a browser of people is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// By which a person is known who is signed in.
    Session,
    /// By which a guardian is.
    Guardian,
    /// By which a browser is known that agreed to something.
    Browser,
    /// What remembers a refusal, the same for everybody.
    Refusal,
}

impl Token {
    /// The name of its cookie, as a policy declares it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Session => "kept_session",
            Self::Guardian => "kept_guardian",
            Self::Browser => "kept_browser",
            Self::Refusal => REFUSAL,
        }
    }

    /// How long, where the policy does not say.
    const fn usual(self) -> i64 {
        match self {
            Self::Session | Self::Guardian => SESSION_MILLIS,
            Self::Browser | Self::Refusal => BROWSER_MILLIS,
        }
    }

    /// Milliseconds that a browser keeps it from now on; nothing for as long as it is open.
    pub fn lasts(self, book: &Book, now: Timestamp) -> Option<i64> {
        let Some(cookie) = declared(book.policy(), self.name(), Storage::Cookie) else {
            return Some(self.undeclared(book, now));
        };
        cookie.lifetime.map(|period| millis(book, period, now))
    }

    /// Milliseconds after which the store forgets it at the latest.
    pub(crate) fn stored(self, book: &Book, now: Timestamp) -> i64 {
        self.lasts(book, now).unwrap_or(self.usual())
    }

    fn undeclared(self, book: &Book, now: Timestamp) -> i64 {
        let asks = book.policy().banner.as_ref().and_then(|it| it.ask_again);
        match asks.filter(|_| self == Self::Refusal) {
            Some(period) => millis(book, period, now),
            None => self.usual(),
        }
    }
}

/// Days that a page remembers a refusal where cookies are blocked.
pub(super) fn remembered(book: &Book, now: Timestamp) -> i64 {
    let own = declared(book.policy(), Token::Refusal.name(), Storage::LocalStorage);
    let millis = match own.and_then(|it| it.lifetime) {
        Some(period) => millis(book, period, now),
        None => Token::Refusal.stored(book, now),
    };
    millis.div_euclid(DAY_MILLIS)
}

/// A period from now on, by the calendar of the home region; its shortest where that one ends before.
fn millis(book: &Book, period: Duration, now: Timestamp) -> i64 {
    let due = book.home().and_then(|it| book.policy().due(it.as_str(), now, period).ok());
    due.map_or_else(
        || i64::try_from(period.hours().0).unwrap_or(i64::MAX).saturating_mul(HOUR_MILLIS),
        |due| due.millis().saturating_sub(now.millis()),
    )
}
