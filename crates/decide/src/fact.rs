//! What is known of a person when a decision is made.

use crate::request::words;
use crate::set::Set;
use crate::time::Timestamp;
use crate::vocabulary::{Category, Purpose, Region, Share, Transfer};

/// The facts of one person: one line of the processor's cache.
#[derive(Debug, Clone, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Facts {
    /// Purposes that the person said yes to.
    pub given: Set<Purpose>,
    /// Purposes that the person said no to, or withdrew from.
    pub refused: Set<Purpose>,
    /// Purposes that the person objected to.
    pub objected: Set<Purpose>,
    /// Shares that the person agreed to, each by itself.
    pub shares: Set<Share>,
    /// Transfers that the person agreed to, each by itself.
    pub transfers: Set<Transfer>,
    /// When values are due to go, and which are held.
    pub dues: Dues,
    /// The newest version of the policy whose widened rules may be applied to this person.
    pub adopted: u32,
    /// The person's home region.
    pub region: Region,
    /// The age state.
    pub age: Age,
    /// The account state.
    pub account: Account,
    /// What the browser signalled.
    pub signals: Signals,
}

impl Facts {
    /// A person of whom nothing is known but region, account state and the version that they see.
    pub fn new(region: Region, account: Account, adopted: u32) -> Self {
        Self {
            given: Set::EMPTY,
            refused: Set::EMPTY,
            objected: Set::EMPTY,
            shares: Set::EMPTY,
            transfers: Set::EMPTY,
            dues: Dues::default(),
            adopted,
            region,
            age: Age::Unknown,
            account,
            signals: Signals::default(),
        }
    }
}

impl Facts {
    /// The place of age and account state in a table of both.
    pub(crate) fn state(&self) -> usize {
        let row = (self.age as usize).saturating_mul(Account::ALL.len());
        row.saturating_add(self.account as usize)
    }
}

/// The instants at which values go, and the values that lie under a legal hold; empty when nothing
/// that was read is ever due and nothing is held.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dues(Option<Box<Bounds>>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Bounds {
    dues: Vec<(Category, Timestamp)>,
    held: Set<Category>,
}

impl Dues {
    /// From the due instant of each value. Values that never go need not be named.
    pub fn new(dues: Vec<(Category, Timestamp)>) -> Self {
        Self::default().bounded(dues, Set::EMPTY)
    }

    /// The same, with these values under a legal hold.
    #[must_use]
    pub fn holding(self, held: Set<Category>) -> Self {
        let dues = self.iter().collect();
        self.bounded(dues, held)
    }

    fn bounded(mut self, dues: Vec<(Category, Timestamp)>, held: Set<Category>) -> Self {
        let any = !dues.is_empty() || !held.is_empty();
        self.0 = any.then(|| Box::new(Bounds { dues, held }));
        self
    }

    /// Whether nothing is ever due, and nothing held.
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The categories whose value is due at `now`.
    pub fn expired(&self, now: Timestamp) -> Set<Category> {
        self.iter().filter(|(_, due)| *due <= now).map(|(category, _)| category).collect()
    }

    /// The categories whose value lies under a legal hold.
    pub fn held(&self) -> Set<Category> {
        self.0.as_ref().map_or(Set::EMPTY, |it| it.held)
    }

    /// Each category and the instant at which its value goes.
    pub fn iter(&self) -> impl Iterator<Item = (Category, Timestamp)> {
        self.0.iter().flat_map(|it| it.dues.iter().copied())
    }
}

/// The age state: the fact that is derived from the birth date, which is a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Age {
    /// Not known.
    Unknown,
    /// 18 or above.
    Adult,
    /// Below 18, above the legal age of the region, without a guardian's agreement.
    Minor,
    /// Below 18, above the legal age, with a guardian's agreement.
    MinorAgreed,
    /// Below the legal age of the region, a guardian's agreement pending.
    Child,
    /// Below the legal age, with a guardian's agreement.
    ChildAgreed,
}

/// The account state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Account {
    /// A browser that agreed to something.
    Visitor,
    /// Registered, no channel verified.
    Unverified,
    /// Waits for a guardian.
    AwaitingGuardian,
    /// In use.
    Active,
    /// Restricted at the person's request.
    Restricted,
    /// Being closed: the window to change one's mind.
    Closing,
    /// Closed.
    Closed,
}

words!(Age {
    Unknown = "unknown",
    Adult = "adult",
    Minor = "minor",
    MinorAgreed = "minor-agreed",
    Child = "child",
    ChildAgreed = "child-agreed",
});
words!(Account {
    Visitor = "visitor",
    Unverified = "unverified",
    AwaitingGuardian = "awaiting-guardian",
    Active = "active",
    Restricted = "restricted",
    Closing = "closing",
    Closed = "closed",
});

/// The signals of a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Signals(u8);

impl Signals {
    const GPC: u8 = 1;
    const DNT: u8 = 2;

    /// From the two signals.
    pub const fn new(gpc: bool, dnt: bool) -> Self {
        Self((if gpc { Self::GPC } else { 0 }) | (if dnt { Self::DNT } else { 0 }))
    }

    /// Global Privacy Control.
    pub const fn gpc(self) -> bool {
        self.0 & Self::GPC != 0
    }

    /// Do-Not-Track.
    pub const fn dnt(self) -> bool {
        self.0 & Self::DNT != 0
    }

    /// Whether there is any.
    pub const fn any(self) -> bool {
        self.0 != 0
    }
}
