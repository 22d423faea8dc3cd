//! A checkpoint (C2SP tlog-checkpoint): origin, size and root, as the text of a signed note.

use super::fault::Fault;
use super::hash::Hash;
use super::note::Note;
use super::vkey::{Signer, Vkey};

/// The head of the tree at one size.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    /// The log's identity, equal to its key's name.
    pub origin: String,
    /// Entries in the tree.
    pub size: u64,
    /// The root of those entries.
    pub root: Hash,
}

impl Checkpoint {
    /// The three lines that are signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// The signed note that is published.
    pub fn sign(&self, signer: &Signer) -> Result<Note, Fault> {
        Note::sign(&self.text(), &[signer])
    }

    /// Reads the text of a note. Extension lines are accepted and dropped, as the specification
    /// lets other logs have them; ours has none.
    pub fn parse(what: &str, text: &str) -> Result<Self, Fault> {
        let wrong = |why| Fault::malformed(what, why);
        let Some(body) = text.strip_suffix('\n') else {
            return Err(wrong("its text does not end in a newline"));
        };
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(wrong("it has fewer than three lines"));
        };
        if origin.is_empty() || lines.any(str::is_empty) {
            return Err(wrong("a line is empty"));
        }
        Ok(Self {
            origin: origin.to_owned(),
            size: decimal(size).ok_or_else(|| wrong("the size is not a plain number"))?,
            root: Hash::from_base64(root).ok_or_else(|| wrong("the root is not a hash"))?,
        })
    }

    /// Reads, checks the signature and the origin. The only way from bytes to a trusted checkpoint.
    pub fn open(what: &str, bytes: &[u8], vkey: &Vkey) -> Result<Self, Fault> {
        let note = Note::parse(what, bytes)?;
        let checkpoint = Self::parse(what, note.check(what, vkey)?)?;
        if checkpoint.origin == vkey.name() {
            return Ok(checkpoint);
        }
        Err(Fault::Origin {
            what: what.to_owned(),
            found: checkpoint.origin,
            expected: vkey.name().to_owned(),
        })
    }
}

/// A decimal number with no sign and no leading zero.
pub(super) fn decimal(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}
