//! What a permitted transaction can write. The record of why comes with each by itself.

use decide::id::CaseId;
use decide::{Account, Age, Category, Purpose, Set, Share, Source, Timestamp, Transfer};

use crate::access::Role;
use crate::case::{CaseRow, NoteRow};
use crate::event::{EventCount, Partition};
use crate::idempotency::Once;
use crate::job::JobKind;
use crate::sealed::{Blind, MailKey, Sealed, WrappedKey};

/// One staged write. Those that change facts or values give the new, whole state, and raise the
/// person's version.
#[derive(Debug)]
pub enum Write {
    /// A new person comes to be, with this key. First in a transaction of `begin_new`.
    Create {
        /// The person's key.
        key: WrappedKey,
    },
    /// What the person said yes and no to.
    Consent {
        /// Every purpose with a yes.
        given: Set<Purpose>,
        /// Every purpose with a no.
        refused: Set<Purpose>,
    },
    /// Every purpose objected to.
    Objected(Set<Purpose>),
    /// Every share agreed to.
    Shares(Set<Share>),
    /// Every transfer agreed to.
    Transfers(Set<Transfer>),
    /// The account state.
    Account(Account),
    /// The age state.
    Age(Age),
    /// The newest version of the policy that widens for this person.
    Adopted(u32),
    /// A value, in place of the one before.
    Value {
        /// Its category.
        category: Category,
        /// The value.
        sealed: Sealed,
        /// Where it came from.
        source: Source,
        /// When.
        collected: Timestamp,
        /// When it goes; `None` while nothing says.
        due: Option<Timestamp>,
        /// By what it is found; in place of the one before.
        blind: Option<Blind>,
    },
    /// A value goes, with its index.
    DeleteValue(Category),
    /// A value comes under a legal hold: sealed under the hold's key in its place, found by nothing.
    Hold {
        /// Its category.
        category: Category,
        /// The case of the hold.
        case: CaseId,
        /// The value, under the key of the hold.
        sealed: Sealed,
    },
    /// A value is free of its hold.
    Unhold {
        /// Its category.
        category: Category,
        /// The value under the person's key again, and by what it is found; `None` where it goes.
        back: Option<(Sealed, Option<Blind>)>,
    },
    /// When a value goes.
    Due {
        /// Its category.
        category: Category,
        /// When; `None` while nothing says.
        due: Option<Timestamp>,
    },
    /// A session begins.
    Session {
        /// The hash of its secret.
        hash: [u8; 32],
        /// When it ends by itself.
        expires: Timestamp,
        /// What the person sees of it: a kind of browser, never an address.
        label: String,
        /// Whose it is.
        role: Role,
    },
    /// A session ends.
    EndSession([u8; 32]),
    /// Every session ends.
    EndSessions,
    /// A one-time code for a channel, in place of the one before.
    Code {
        /// The channel.
        channel: Category,
        /// The hash of the code.
        hash: [u8; 32],
        /// When it is no longer good.
        expires: Timestamp,
    },
    /// A code was used, or is taken back.
    DropCode(Category),
    /// A code was tried in vain: the one for a channel, and the one for what waits to be proved.
    CodeTried(Category),
    /// A value that waits to be proved, in place of the one before; what is held stays in force.
    Unproved {
        /// Its category.
        category: Category,
        /// The value, under the person's key.
        sealed: Sealed,
        /// The hash of the code that proves it.
        hash: [u8; 32],
        /// When the code is no longer good, and the value goes.
        expires: Timestamp,
    },
    /// By which code a value is proved that waits.
    UnprovedCode {
        /// Its category.
        category: Category,
        /// The hash of the code.
        hash: [u8; 32],
    },
    /// A value was proved, or is taken back.
    DropUnproved(Category),
    /// One more of a kind, of at most so many in a window: one too many is a conflict.
    Tally {
        /// What is counted.
        kind: &'static str,
        /// How many.
        most: u32,
        /// When the window ends that begins with this one.
        ends: Timestamp,
    },
    /// A mail into the outbox. A cause that is there already is not written twice.
    Mail {
        /// The stable id of the cause, from which the `Message-ID` is made.
        cause: String,
        /// Address, subject and text.
        sealed: Sealed,
        /// What it is sealed under.
        key: MailKey,
        /// Not to be delivered before.
        not_before: Timestamp,
    },
    /// A job that becomes due, in place of the one of its kind.
    Job {
        /// Its kind.
        kind: JobKind,
        /// When.
        due: Timestamp,
    },
    /// A job is done, or not needed any more.
    DropJob(JobKind),
    /// A case comes in or moves on: the whole of it, in place of the one before.
    Case(CaseRow),
    /// Something was said in a case.
    Note(NoteRow),
    /// What was said in a case goes, up to this note and with it.
    DropNotes {
        /// The case.
        case: CaseId,
        /// The last note that goes.
        until: u128,
    },
    /// Log information: one sealed block, and what statistics need. In a transaction by itself.
    Events {
        /// The partition: the day of receipt and the class of retention.
        partition: Partition,
        /// HMAC of the person's key over the partition.
        tag: [u8; 16],
        /// The events.
        sealed: Sealed,
        /// Coarse counts that stand beside the block in clear.
        counts: Vec<EventCount>,
        /// When they were received.
        received: Timestamp,
        /// What they count in the room that a day has for one person: their bytes, written out.
        bytes: u64,
        /// What may lie under the tag with them; never more than the limit.
        most: u64,
    },
    /// The answer, so that the same question under the same key is not done twice.
    Idempotent {
        /// The key, and the request that it came with.
        once: Once,
        /// The status of the answer.
        status: u16,
        /// Its body; it holds no personal value.
        body: String,
    },
    /// A statement that the log is to attest beside the record, with the blind that its entry is made
    /// with. The entry outlives the person; whoever has the statement and the blind can show it.
    Attest {
        /// Its id, UUIDv7.
        id: u128,
        /// The statement.
        text: Vec<u8>,
        /// The blind, fresh and random.
        blind: [u8; 32],
    },
    /// Destroys the key in its place, deletes what finds or holds the person, closes the account.
    Erase,
}

impl Write {
    /// Whether it moves what a decision looks at.
    pub(crate) const fn raises_version(&self) -> bool {
        match self {
            Self::Create { .. }
            | Self::Consent { .. }
            | Self::Objected(_)
            | Self::Shares(_)
            | Self::Transfers(_)
            | Self::Account(_)
            | Self::Age(_)
            | Self::Adopted(_)
            | Self::Value { .. }
            | Self::DeleteValue(_)
            | Self::Due { .. }
            | Self::Hold { .. }
            | Self::Unhold { .. }
            // Not facts, but what one code proves must not be another by then, and of two that move
            // a case on at once one decides again.
            | Self::Unproved { .. }
            | Self::Case(_)
            | Self::Erase => true,
            Self::Session { .. }
            | Self::EndSession(_)
            | Self::EndSessions
            | Self::Code { .. }
            | Self::DropCode(_)
            | Self::CodeTried(_)
            | Self::UnprovedCode { .. }
            | Self::DropUnproved(_)
            | Self::Tally { .. }
            | Self::Mail { .. }
            | Self::Job { .. }
            | Self::DropJob(_)
            | Self::Note(_)
            | Self::DropNotes { .. }
            | Self::Events { .. }
            | Self::Attest { .. }
            | Self::Idempotent { .. } => false,
        }
    }
}
