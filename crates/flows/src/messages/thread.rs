//! The ids of mails: made from the case and the piece, so that an answer finds its conversation.

use decide::id::MessageId;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::Flows;
use crate::limit::REFERENCES_MAX;

/// Where a mail stands in its thread.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Thread {
    /// Its `Message-ID`.
    pub(crate) id: String,
    /// The mails before it, oldest first.
    pub(crate) references: Vec<String>,
    /// Whether a machine wrote it: then nobody's machine answers it.
    pub(crate) automatic: bool,
}

/// The `Message-ID` of the mail about a piece of a conversation.
pub(crate) fn mail_id(flows: &Flows, case: MessageId, note: u128) -> String {
    format!("<{note:032x}.{case}@{}>", flows.settings().origin)
}

/// The conversations that a text of a header names, in `<….msg_eu_…@…>` or in `[msg_eu_…]`.
pub(super) fn named(text: &str) -> impl Iterator<Item = MessageId> {
    let parts = text.split(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    parts.filter_map(MessageId::parse)
}

/// The subject, with the number of the case.
pub(super) fn subject(case: &str, said: &str) -> String {
    format!("[{case}] {said}")
}

/// As `References` are written: the first, and the newest.
pub(crate) fn references(all: &[String]) -> String {
    let skip = all.len().saturating_sub(REFERENCES_MAX);
    let first = all.first().filter(|_| skip > 0).into_iter();
    first.chain(all.iter().skip(skip)).cloned().collect::<Vec<_>>().join(" ")
}
