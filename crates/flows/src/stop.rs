//! Why a verb has no answer to give.

use decide::Reason;
use decide::id::RecordId;
use journal::{Fault, Recorded, RefusalSeen};

use crate::answer::Denied;

/// Why not.
#[derive(Debug)]
pub enum Stop {
    /// The decision refuses all of it; the refusal is on the record.
    Refused(Box<OnRecord>),
    /// There is no such person, request or thing.
    NotFound,
    /// The person was erased.
    Gone,
    /// Something in what was handed in does not fit.
    Invalid {
        /// Where.
        field: String,
        /// What to write instead.
        say: String,
    },
    /// The code or the password is wrong, or its time is over. It never says which.
    Wrong,
    /// The key may not name this purpose.
    NotBound(String),
    /// Another account has this value already.
    Taken,
    /// The text that was answered is not the one in force.
    Stale,
    /// It cannot be done as things stand; the text says what to do.
    NotNow(String),
    /// The same was asked before under this idempotency key.
    Replayed {
        /// The status that was answered.
        status: u16,
        /// The body that was answered.
        body: String,
    },
    /// There is no more room for this today.
    Full {
        /// Seconds until there is.
        seconds: u64,
    },
    /// What the decision saw has changed: decide again.
    Conflict,
    /// Too much at once.
    Busy,
    /// The database does not answer: nothing is known to have been done.
    Unreachable(String),
    /// A part of the machinery failed; the text names it, never a person.
    Broken(String),
}

impl Stop {
    /// Something in what was handed in does not fit.
    pub fn invalid(field: impl Into<String>, say: impl Into<String>) -> Self {
        Self::Invalid { field: field.into(), say: say.into() }
    }
}

/// A refusal that is on the record.
#[derive(Debug)]
pub struct OnRecord {
    denied: Denied,
    record: RecordId,
    reason: Reason,
}

impl OnRecord {
    /// The refusal in words.
    pub const fn denied(&self) -> &Denied {
        &self.denied
    }

    /// The record of it.
    pub const fn record(&self) -> RecordId {
        self.record
    }

    /// The first reason.
    pub const fn reason(&self) -> Reason {
        self.reason
    }
}

impl From<Recorded<RefusalSeen>> for Stop {
    fn from(recorded: Recorded<RefusalSeen>) -> Self {
        let record = recorded.record_id();
        let seen = recorded.into_inner();
        let reason = seen.reason().unwrap_or(Reason::Undeclared);
        Self::Refused(Box::new(OnRecord { denied: Denied::of(&seen), record, reason }))
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::NotFound => Self::NotFound,
            Fault::Erased => Self::Gone,
            Fault::Conflict => Self::Conflict,
            Fault::Taken(_) => Self::Taken,
            Fault::Idempotent { status, body } => Self::Replayed { status, body },
            Fault::OtherRequest => {
                let say = "this key came with another request before; send a new key with this one";
                Self::invalid("Idempotency-Key", say)
            }
            Fault::Full { seconds } => Self::Full { seconds },
            Fault::Busy => Self::Busy,
            Fault::Unreachable(why) => Self::Unreachable(why),
            Fault::Broken(why) => Self::Broken(why),
        }
    }
}

impl From<vault::Fault> for Stop {
    fn from(fault: vault::Fault) -> Self {
        Self::Broken(fault.to_string())
    }
}
