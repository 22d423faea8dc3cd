//! What a permit opened: plaintext that lives no longer than its transaction.

use std::fmt;
use std::marker::PhantomData;

use decide::{Category, Permit};
use journal::{Pending, Tx};
use zeroize::Zeroize;

use crate::person::Kind;
use crate::{Fault, Plain, Vault, value};

/// The permitted values, in the clear, borrowed from the transaction. Wiped when dropped.
#[must_use = "opened values go into a reply, or should not have been opened"]
pub struct Opened<'tx> {
    tx: &'tx Tx<Permit>,
    /// One alone, as most often, takes no list.
    first: Option<(Category, Plain)>,
    rest: Vec<(Category, Plain)>,
    _borrowed: PhantomData<&'tx str>,
}

impl Vault {
    /// Opens the values that the permit names and that are there.
    ///
    /// # Errors
    /// When the person's key was destroyed, or a value is not where it belongs.
    pub fn open<'tx>(&self, tx: &'tx Tx<Permit>) -> Result<Opened<'tx>, Fault> {
        let (mut first, mut rest) = (None, Vec::new());
        let mut key = None;
        for category in tx.permit().categories().iter() {
            let Some(sealed) = tx.sealed(category) else { continue };
            let key = match &key {
                Some(key) => key,
                None => key.insert(self.unwrap_key(Kind::Person, tx.person(), tx.key())?),
            };
            let value = (category, value::open(key, tx.person(), category, sealed)?);
            if first.is_none() {
                first = Some(value);
            } else {
                rest.push(value);
            }
        }
        Ok(Opened { tx, first, rest, _borrowed: PhantomData })
    }
}

impl Opened<'_> {
    /// The value of a category, when it is permitted and there.
    pub fn get(&self, category: Category) -> Option<&str> {
        self.iter().find(|(it, _)| *it == category).map(|(_, value)| value)
    }

    /// All values.
    pub fn iter(&self) -> impl Iterator<Item = (Category, &str)> {
        let all = self.first.iter().chain(&self.rest);
        all.map(|(category, value)| (*category, value.as_str()))
    }

    /// What the caller is owed, made from the values: it waits unread until it is recorded.
    pub fn into_pending<T: Zeroize>(self, make: impl FnOnce(&Self) -> T) -> Pending<T> {
        let owed = make(&self);
        self.tx.owe(owed)
    }
}

impl fmt::Debug for Opened<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹sealed›")
    }
}
