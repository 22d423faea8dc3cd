//! The ids of mails: made from the case and the piece, so that an answer finds its conversation, and
//! with a mark that nobody can make who did not get a mail of it.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use decide::id::MessageId;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::limit::REFERENCES_MAX;
use crate::secret::hex;
use crate::{Flows, Stop};

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
pub(crate) fn mail_id(flows: &Flows, case: MessageId, note: u128) -> Result<String, Stop> {
    let mark = mark(flows, case, note)?;
    Ok(format!("<{note:032x}.{mark}.{case}@{}>", flows.settings().origin))
}

/// The mark in it.
fn mark(flows: &Flows, case: MessageId, note: u128) -> Result<String, Stop> {
    let named = format!("{note:032x}.{case}");
    let mut mark = hex(&flows.vault().mark(case.region(), "thread", named.as_bytes())?);
    mark.truncate(MARK);
    Ok(mark)
}

/// Letters of a mark: 128 bits.
const MARK: usize = 32;

/// What an answer says that it answers: an id as ours are. Whether it is one shows [`Self::is_ours`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Answered {
    pub(super) case: MessageId,
    note: u128,
    mark: String,
}

impl Answered {
    /// From a `Message-ID`, without its brackets.
    fn read(id: &str) -> Option<Self> {
        let (name, _) = id.split_once('@')?;
        let mut parts = name.split('.');
        let (note, mark, case) = (parts.next()?, parts.next()?, parts.next()?);
        let is_hex = |it: &str| it.len() == MARK && it.bytes().all(|byte| byte.is_ascii_hexdigit());
        if parts.next().is_some() || !is_hex(note) || !is_hex(mark) {
            return None;
        }
        let note = u128::from_str_radix(note, 16).ok()?;
        Some(Self { case: MessageId::parse(case)?, note, mark: mark.to_owned() })
    }

    /// All that a text names.
    pub(super) fn all(text: &str) -> impl Iterator<Item = Self> {
        let parts = text.split(|it: char| it.is_whitespace() || matches!(it, '<' | '>' | ','));
        parts.filter_map(Self::read)
    }

    /// Whether a mail of ours had this id: nobody else makes one.
    pub(super) fn is_ours(&self, flows: &Flows) -> Result<bool, Stop> {
        if !flows.regions().contains(&self.case.region()) {
            return Ok(false);
        }
        let mark = mark(flows, self.case, self.note)?;
        Ok(verify_slices_are_equal(mark.as_bytes(), self.mark.as_bytes()).is_ok())
    }
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
