//! Records: packed as they are kept, and the text that their entries in the log commit to. Formats:
//! `docs/formats/record.md`.
//!
//! What is kept names by position, in the vocabulary that only grows. The text has names, and is made
//! of what is kept by the same function for the entry and for whoever reads: nothing can be committed
//! to that a reader would not see.

use std::borrow::Cow;

use decide::id::RecordId;
use decide::{Act, Category, Facts, PersonId, Purpose, Reason, Set, Timestamp, Vocabulary};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::asker::{Asker, AskerKind};
use crate::fault::Fault;
use crate::owed::Verdict;

pub(crate) use self::bytes::Bytes;

mod bytes;
mod code;
mod known;
mod pack;
mod parse;
mod text;
mod unpack;

/// The version of the text.
const VERSION: u8 = 1;

/// What a record says, before it is one.
pub(crate) struct Told<'a> {
    pub(crate) id: RecordId,
    pub(crate) verdict: &'a Verdict,
    pub(crate) asker: &'a Asker,
    pub(crate) facts: &'a Facts,
    pub(crate) note: &'a Value,
}

/// A record that is about to be sealed.
pub(crate) struct Composed {
    /// What is kept.
    pub(crate) packed: Bytes,
    /// What the entry commits to.
    pub(crate) text: Bytes,
}

/// The record's bytes, packed and as text.
pub(crate) fn compose(told: &Told<'_>) -> Result<Composed, Fault> {
    let packed = pack::pack(told);
    let whose = (told.id, told.verdict.person);
    let record = unpack::unpack(packed.as_slice(), whose);
    let record = record.ok_or_else(|| Fault::broken("a record does not read back"))?;
    let text = text::text(&record, told.verdict.rules.vocabulary());
    Ok(Composed { packed, text })
}

/// A record, read back: all that its decision saw and said, so that it can be made again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<'a> {
    /// Its id.
    pub id: RecordId,
    /// Whose it is.
    pub person: PersonId,
    /// The instant of the decision.
    pub at: Timestamp,
    /// What kind of asker.
    pub asker: AskerKind,
    /// The asker's id.
    pub name: Cow<'a, str>,
    /// The version of the policy.
    pub policy: u32,
    /// What was known of the person, as far as the rules that decided have a name for it.
    pub facts: Facts,
    /// What was judged, one after the other; never empty.
    pub findings: Vec<Finding<'a>>,
    /// What the flow noted: one JSON value.
    pub note: Option<Cow<'a, str>>,
    /// The text, where the record was kept as text.
    kept: Option<&'a [u8]>,
}

/// One request, and what was found about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding<'a> {
    /// What was asked.
    pub act: Act,
    /// With which categories it may be done; `None` for a refusal.
    pub permitted: Option<Set<Category>>,
    /// What is refused.
    pub refused: Vec<RefusedPart<'a>>,
    /// The clauses that decided.
    pub clauses: Vec<Cow<'a, str>>,
}

/// A part that is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedPart<'a> {
    /// The categories that it concerns.
    pub categories: Set<Category>,
    /// Why.
    pub reason: Reason,
    /// The clause that refuses it.
    pub clause: Cow<'a, str>,
}

impl<'a> Record<'a> {
    /// Reads what is kept of a record: packed, or as text. `names` is the installation's vocabulary.
    ///
    /// # Errors
    /// When it is neither, is another's, or names what the vocabulary does not have.
    pub fn read(
        kept: &'a [u8],
        (id, person): (RecordId, PersonId),
        names: &Vocabulary,
    ) -> Result<Self, Fault> {
        let record = match kept.first() {
            Some(b'{') => parse::parse(kept, names),
            _ => unpack::unpack(kept, (id, person)).filter(|it| known::knows(it, names)),
        };
        record
            .filter(|it| (it.id, it.person) == (id, person))
            .ok_or_else(|| Fault::broken("a record cannot be read with the names of this policy"))
    }

    /// The text that its entry in the log commits to, byte for byte.
    pub fn text(&self, names: &Vocabulary) -> Zeroizing<Vec<u8>> {
        match self.kept {
            Some(text) => Zeroizing::new(text.to_vec()),
            None => Zeroizing::new(text::text(self, names).as_slice().to_vec()),
        }
    }
}

impl Finding<'_> {
    /// The act's word: `collect`, `use`, `share`, `transfer`, `disclose`, `publish`, `exercise`.
    pub const fn act_word(&self) -> &'static str {
        code::act_word(self.act)
    }

    /// `permit`, `part` or `refuse`.
    pub fn answer(&self) -> &'static str {
        match self.permitted {
            Some(_) if self.refused.is_empty() => "permit",
            Some(_) => "part",
            None => "refuse",
        }
    }

    /// What for; nothing for a disclosure or a right.
    pub const fn purpose(&self) -> Option<Purpose> {
        match self.act {
            Act::Collect { purpose, .. }
            | Act::Use { purpose }
            | Act::Share { purpose, .. }
            | Act::Transfer { purpose, .. }
            | Act::Publish { purpose, .. } => Some(purpose),
            Act::Disclose { .. } | Act::Exercise { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests;
