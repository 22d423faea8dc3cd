//! Notes: what belongs to a person and is no declared value, such as the body of a mail.

use decide::{Permit, PersonId};
use journal::{Sealed, Tx};
use zeroize::Zeroizing;

use crate::cipher::Key;
use crate::person::{Kind, about};
use crate::{Fault, Vault, random};

const VERSION: u8 = 1;
const SALT: usize = 16;

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

fn sub_key(key: &Key, label: &str, salt: &[u8]) -> Key {
    key.derive(&[b"kept-notes-v1", salt, label.as_bytes()])
}

fn seal(key: &Key, person: PersonId, label: &str, plain: &[u8]) -> Result<Sealed, Fault> {
    let salt: [u8; SALT] = random::array()?;
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(&salt);
    sub_key(key, label, &salt).seal(&about(Kind::Note, person, 0), plain, &mut bytes)?;
    Ok(Sealed::from_cipher(bytes))
}

fn open(
    key: &Key,
    person: PersonId,
    label: &str,
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let closed = Fault::Closed("note");
    let Some((&VERSION, rest)) = sealed.as_bytes().split_first() else { return Err(closed) };
    let (salt, text) = rest.split_at_checked(SALT).ok_or(closed)?;
    sub_key(key, label, salt).open(&about(Kind::Note, person, 0), text, "note")
}
