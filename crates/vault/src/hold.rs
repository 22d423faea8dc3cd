//! Legal holds: a key for each, under which values lie that are kept for the hold alone. Values move from
//! one key to the other in here, and nobody sees them.

use decide::{Category, Permit, PersonId};
use journal::{Blind, Sealed, Tx, WrappedKey};
use zeroize::Zeroizing;

use crate::cipher::Key;
use crate::person::Kind;
use crate::{Fault, Vault, note, value};

impl Vault {
    /// A fresh key for a hold over a person, wrapped. It outlives the person's.
    ///
    /// # Errors
    /// When the region has no root key.
    pub fn new_hold(&self, person: PersonId) -> Result<WrappedKey, Fault> {
        self.wrap(Kind::Hold, person, &Key::fresh()?)
    }

    /// A value, from under the person's key to under that of a hold; `None` where none is handed out.
    ///
    /// # Errors
    /// When one of the keys was destroyed, or the value is not where it belongs.
    pub fn hold(
        &self,
        tx: &Tx<Permit>,
        category: Category,
        hold: &WrappedKey,
    ) -> Result<Option<Sealed>, Fault> {
        let person = tx.person();
        let Some(sealed) = tx.sealed(category) else { return Ok(None) };
        let key = self.unwrap_key(Kind::Person, person, tx.key())?;
        let plain = value::open(&key, person, category, sealed)?;
        let hold = self.unwrap_key(Kind::Hold, person, hold)?;
        value::seal(&hold, person, category, plain.as_str().as_bytes()).map(Some)
    }

    /// A value, from under the key of its hold to under the person's; and by what it is found, where
    /// it is found at all: `unique` says whether the region may hold it once only.
    ///
    /// # Errors
    /// When one of the keys was destroyed, or no such value is handed out.
    pub fn unhold(
        &self,
        tx: &Tx<Permit>,
        (category, hold): (Category, &WrappedKey),
        unique: Option<bool>,
    ) -> Result<(Sealed, Option<Blind>), Fault> {
        let person = tx.person();
        let (_, sealed) = tx.held(category).ok_or(Fault::NotPermitted("value"))?;
        let hold = self.unwrap_key(Kind::Hold, person, hold)?;
        let plain = value::open(&hold, person, category, sealed)?;
        let key = self.unwrap_key(Kind::Person, person, tx.key())?;
        let back = value::seal(&key, person, category, plain.as_str().as_bytes())?;
        let blind = unique.map(|it| self.blind(person.region(), category, &plain, it));
        Ok((back, blind.transpose()?))
    }

    /// Seals what a hold says of itself, or what was copied out for it. `label` says what it is, and it
    /// opens under no other.
    ///
    /// # Errors
    /// When the hold's key was destroyed.
    pub fn seal_for_hold(
        &self,
        (person, hold): (PersonId, &WrappedKey),
        label: &'static str,
        plain: &[u8],
    ) -> Result<Sealed, Fault> {
        let key = self.unwrap_key(Kind::Hold, person, hold)?;
        note::seal(&key, person, label, plain)
    }

    /// Opens what a hold says of itself. The person may be gone by then.
    ///
    /// # Errors
    /// When the hold's key was destroyed, or it is not one of this hold and label.
    pub fn open_of_hold(
        &self,
        (person, hold): (PersonId, &WrappedKey),
        label: &'static str,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let key = self.unwrap_key(Kind::Hold, person, hold)?;
        note::open(&key, person, label, sealed)
    }
}
