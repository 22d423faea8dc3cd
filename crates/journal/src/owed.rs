//! What the caller is owed: it waits in `Pending` and comes out only inside `Recorded`.

use std::sync::Arc;

use decide::id::RecordId;
use decide::{Act, Category, Clause, Permit, PersonId, Reason, Refused, Ruleset, Set, Timestamp};
use zeroize::Zeroize;

/// An answer that waits for its record. It has no accessor, and is wiped when it is dropped.
#[must_use = "what waits here is wiped unless it is recorded"]
pub struct Pending<T: Zeroize> {
    owed: Option<T>,
    serial: u64,
}

impl<T: Zeroize> Pending<T> {
    pub(crate) fn new(owed: T, serial: u64) -> Self {
        Self { owed: Some(owed), serial }
    }

    pub(crate) const fn serial(&self) -> u64 {
        self.serial
    }

    /// The answer; only a durable record may ask for it.
    pub(crate) fn release(mut self) -> Option<T> {
        self.owed.take()
    }
}

impl<T: Zeroize> Drop for Pending<T> {
    fn drop(&mut self) {
        self.owed.zeroize();
    }
}

impl<T: Zeroize> std::fmt::Debug for Pending<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pending(‹sealed›)")
    }
}

/// An answer whose record is durable.
#[must_use = "what was recorded is owed to whoever asked"]
pub struct Recorded<T> {
    record: RecordId,
    owed: T,
}

impl<T> Recorded<T> {
    pub(crate) const fn new(record: RecordId, owed: T) -> Self {
        Self { record, owed }
    }

    /// The record.
    pub const fn record_id(&self) -> RecordId {
        self.record
    }

    /// The answer.
    pub fn into_inner(self) -> T {
        self.owed
    }

    /// The answer in another shape.
    pub fn map<U>(self, shape: impl FnOnce(T) -> U) -> Recorded<U> {
        Recorded { record: self.record, owed: shape(self.owed) }
    }
}

impl<T> std::fmt::Debug for Recorded<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Recorded({}, ‹sealed›)", self.record)
    }
}

/// A decision as an answer says it: facts of the decision, no value of a person.
#[derive(Debug, Clone)]
pub(crate) struct Verdict {
    pub(crate) person: PersonId,
    pub(crate) rules: Arc<Ruleset>,
    pub(crate) act: Act,
    pub(crate) permitted: Option<Set<Category>>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) clauses: Vec<Clause>,
    /// What else was judged, and permitted, in the same outcome.
    pub(crate) also: Vec<Part>,
    pub(crate) now: Timestamp,
}

/// A further permit of the same outcome.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    pub(crate) act: Act,
    pub(crate) permitted: Set<Category>,
    pub(crate) refused: Vec<Refused>,
    pub(crate) clauses: Vec<Clause>,
}

impl Part {
    pub(crate) fn of(permit: &Permit) -> Self {
        Self {
            act: permit.act(),
            permitted: permit.categories(),
            refused: permit.refused().to_vec(),
            clauses: permit.clauses().collect(),
        }
    }
}

macro_rules! verdict_accessors {
    ($name:ident) => {
        impl $name {
            /// Whose data it is about.
            pub const fn person(&self) -> PersonId {
                self.0.person
            }

            /// The rules that decided.
            pub const fn rules(&self) -> &Arc<Ruleset> {
                &self.0.rules
            }

            /// What was asked.
            pub const fn act(&self) -> Act {
                self.0.act
            }

            /// What is refused, and why.
            pub fn refused(&self) -> &[Refused] {
                &self.0.refused
            }

            /// The first reason, where anything is refused.
            pub fn reason(&self) -> Option<Reason> {
                self.0.refused.first().map(|it| it.reason)
            }

            /// The clauses that decided.
            pub fn clauses(&self) -> &[Clause] {
                &self.0.clauses
            }

            /// The instant of the decision.
            pub const fn now(&self) -> Timestamp {
                self.0.now
            }
        }
    };
}

/// A refusal that was recorded: what the answer needs.
#[derive(Debug, Clone)]
pub struct RefusalSeen(pub(crate) Verdict);
verdict_accessors!(RefusalSeen);

/// A decision that was asked for and opened nothing: counted, not recorded one by one.
#[derive(Debug)]
#[must_use = "an answer that was asked for is owed"]
pub struct Asked(pub(crate) Verdict);
verdict_accessors!(Asked);

impl Asked {
    /// The categories that are permitted; `None` for a refusal.
    pub const fn permitted(&self) -> Option<Set<Category>> {
        self.0.permitted
    }
}
