//! Notes: what belongs to a person and is no declared value, such as the body of a mail.

use decide::{Permit, PersonId};
use journal::{Sealed, Tx};
use zeroize::Zeroizing;

use crate::cipher::{Key, SALT};
use crate::person::{Kind, about};
use crate::value::{AROUND, nonce};
use crate::{Fault, Vault, random};

/// The version byte of a note that is sealed.
const VERSION: u8 = 2;
/// That of the first ones, which open as long as there are any.
const FIRST: u8 = 1;

impl Vault {
    /// Seals a note under the person's key. `label` says what it is, and it opens under no other.
    ///
    /// # Errors
    /// When the person's key was destroyed.
    pub fn seal_note(
        &self,
        tx: &Tx<Permit>,
        label: &'static str,
        plain: &[u8],
    ) -> Result<Sealed, Fault> {
        let key = self.unwrap_key(Kind::Person, tx.person(), tx.key())?;
        seal(&key, tx.person(), label, plain)
    }

    /// Opens a note.
    ///
    /// # Errors
    /// When the person's key was destroyed, or the note is not one of this person and label.
    pub fn open_note(
        &self,
        tx: &Tx<Permit>,
        label: &'static str,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let key = self.unwrap_key(Kind::Person, tx.person(), tx.key())?;
        open(&key, tx.person(), label, sealed)
    }
}

pub(crate) fn seal(
    key: &Key,
    person: PersonId,
    label: &str,
    plain: &[u8],
) -> Result<Sealed, Fault> {
    let salt = random::array()?;
    let about = labelled(person, label);
    let mut bytes = Vec::with_capacity(plain.len().saturating_add(AROUND));
    bytes.push(VERSION);
    bytes.extend_from_slice(&salt);
    key.sub(Kind::Note, 0, &salt).ready()?.seal(nonce(&salt), &about, plain, &mut bytes)?;
    Ok(Sealed::from_cipher(bytes))
}

pub(crate) fn open(
    key: &Key,
    person: PersonId,
    label: &str,
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let closed = || Fault::Closed("note");
    let (version, rest) = sealed.as_bytes().split_first().ok_or_else(closed)?;
    let (salt, text) = rest.split_first_chunk::<SALT>().ok_or_else(closed)?;
    match *version {
        FIRST => {
            let key = key.derive(&[b"kept-notes-v1", salt, label.as_bytes()]).ready()?;
            key.open_whole(&about(Kind::Note, person, 0), text, "note")
        }
        VERSION => {
            let key = key.sub(Kind::Note, 0, salt).ready()?;
            key.open(nonce(salt), &labelled(person, label), text, "note")
        }
        _ => Err(closed()),
    }
}

/// The associated data of a note: its label goes last.
fn labelled(person: PersonId, label: &str) -> Vec<u8> {
    [about(Kind::Note, person, 0).as_slice(), label.as_bytes()].concat()
}

#[cfg(test)]
mod tests;
