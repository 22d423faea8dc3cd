//! The outbox: a mail is a row that is staged in the transaction of its cause.

use decide::{Act, Right, Timestamp};
use journal::{MailKey, Permit, Tx, Write};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::letter::Words;
use super::thread::Thread;
use crate::book::Book;
use crate::{Flows, Stop};

/// Why a mail is sent: what it is called, and what the courier asks before it opens it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// A one-time code.
    Code,
    /// Somebody tried to register with an address that has an account.
    Exists,
    /// A one-time code that proves a new address.
    NewAddress,
    /// The address was changed.
    Moved,
    /// The password was changed.
    Password,
    /// The account is being closed.
    Closing,
    /// The closing was taken back.
    Cancelled,
    /// What the policy says changes for the person.
    Change,
    /// A request to exercise a right: that it came in, a code, its answer.
    Request,
    /// The service, or a product, ends.
    Ending,
    /// Everything was erased; sealed under a key of its own.
    Erased,
    /// A message arrived.
    Arrived,
    /// A message is answered.
    Answered,
    /// Somebody else is called, because a message waits.
    Escalated,
    /// A guardian is asked, or somebody is told what a guardian said, or that they came of age.
    Guardian,
}

impl Cause {
    const ALL: [Self; 15] = [
        Self::Code,
        Self::Exists,
        Self::NewAddress,
        Self::Moved,
        Self::Password,
        Self::Closing,
        Self::Cancelled,
        Self::Change,
        Self::Request,
        Self::Ending,
        Self::Erased,
        Self::Arrived,
        Self::Answered,
        Self::Escalated,
        Self::Guardian,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Exists => "exists",
            Self::NewAddress => "new-address",
            Self::Moved => "moved",
            Self::Password => "password",
            Self::Closing => "closing",
            Self::Cancelled => "cancelled",
            Self::Change => "change",
            Self::Request => "request",
            Self::Ending => "ending",
            Self::Erased => "erased",
            Self::Arrived => "arrived",
            Self::Answered => "answered",
            Self::Escalated => "escalated",
            Self::Guardian => "guardian",
        }
    }

    /// The stable id of a cause: the word, and what it was about.
    fn id(self, about: &str) -> String {
        format!("{}/{about}", self.word())
    }

    /// Back from the id.
    pub(super) fn of(id: &str) -> Option<Self> {
        let word = id.split('/').next()?;
        Self::ALL.into_iter().find(|it| it.word() == word)
    }

    /// What is asked of the decision before the mail is opened; `None` where no person is left.
    pub(super) fn act(self, book: &Book) -> Option<Act> {
        match self {
            Self::Code | Self::Exists => {
                Some(Act::Use { purpose: book.purpose("authenticate").ok()? })
            }
            Self::NewAddress | Self::Moved | Self::Password => {
                Some(Act::Exercise { right: Right::Correct })
            }
            Self::Closing | Self::Cancelled => Some(Act::Exercise { right: Right::CloseAccount }),
            Self::Arrived | Self::Answered => {
                Some(Act::Use { purpose: book.purpose("support").ok()? })
            }
            // It goes to no person, and holds nothing of one.
            Self::Escalated => Some(Act::Exercise { right: Right::Access }),
            // Knowing what is done with one's data is the right of access, whatever else is refused.
            Self::Change | Self::Request | Self::Ending => {
                Some(Act::Exercise { right: Right::Access })
            }
            Self::Guardian => Some(Act::Exercise { right: Right::Withdraw }),
            Self::Erased => None,
        }
    }
}

/// A mail as it is sealed.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(super) struct Sheet {
    pub(super) v: u8,
    pub(super) to: String,
    pub(super) subject: String,
    pub(super) text: String,
    /// Where it stands in a conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) thread: Option<Thread>,
}

/// What a mail is sealed as.
pub(super) const LABEL: &str = "mail";
const VERSION: u8 = 1;

fn sheet(to: &str, words: &Words, thread: Option<Thread>) -> Result<Zeroizing<Vec<u8>>, Stop> {
    let (subject, text) = (words.heading.clone(), words.text.clone());
    let sheet = Sheet { v: VERSION, to: to.to_owned(), subject, text, thread };
    let bytes = serde_json::to_vec(&sheet).map_err(|error| Stop::Broken(error.to_string()))?;
    Ok(Zeroizing::new(bytes))
}

/// A mail to a person, under the person's key: what is erased is never delivered.
pub(crate) fn put(
    flows: &Flows,
    tx: &Tx<Permit>,
    (cause, about): (Cause, &str),
    (to, words): (&str, &Words),
) -> Result<Write, Stop> {
    let sealed = flows.vault().seal_note(tx, LABEL, &sheet(to, words, None)?)?;
    let not_before = tx.permit().now();
    Ok(Write::Mail { cause: cause.id(about), sealed, key: MailKey::Person, not_before })
}

/// The last mail to a person whose key is about to go, under a key of its own.
pub(crate) fn put_last(
    flows: &Flows,
    tx: &Tx<Permit>,
    about: &str,
    (to, words): (&str, &Words),
) -> Result<Write, Stop> {
    let (key, sealed) = flows.vault().seal_one_off(tx, &sheet(to, words, None)?)?;
    let not_before: Timestamp = tx.permit().now();
    Ok(Write::Mail {
        cause: Cause::Erased.id(about),
        sealed,
        key: MailKey::OneOff(key),
        not_before,
    })
}

/// A mail to a person that stands in a conversation.
pub(super) fn put_in_thread(
    flows: &Flows,
    tx: &Tx<Permit>,
    (cause, about): (Cause, &str),
    (to, words): (&str, &Words),
    thread: Thread,
) -> Result<Write, Stop> {
    let sealed = flows.vault().seal_note(tx, LABEL, &sheet(to, words, Some(thread))?)?;
    let not_before = tx.permit().now();
    Ok(Write::Mail { cause: cause.id(about), sealed, key: MailKey::Person, not_before })
}
