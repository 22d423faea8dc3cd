//! Sealing values: each under a sub-key of its own, which goes with its row.

use decide::set::Interned as _;
use decide::{Act, Category, Permit, PersonId, Right};
use journal::{Sealed, Tx};
use zeroize::Zeroizing;

use crate::cipher::Key;
use crate::person::{Kind, about};
use crate::{Fault, Plain, Vault, random};

/// The version byte of a sealed value.
const VERSION: u8 = 1;
/// Bytes of the salt that the sub-key is derived with; without it there is no sub-key.
const SALT: usize = 16;

impl Vault {
    /// Seals a value that one of the permits lets in.
    ///
    /// # Errors
    /// When no permit is one to take this category in, or the person has no key.
    pub fn seal(
        &self,
        tx: &Tx<Permit>,
        category: Category,
        value: &Plain,
    ) -> Result<Sealed, Fault> {
        let lets_in = |it: &Permit| takes_in(it.act()) && it.categories().has(category);
        if !tx.permits().any(lets_in) {
            return Err(Fault::NotPermitted("value"));
        }
        let key = self.unwrap_key(Kind::Person, tx.person(), tx.key())?;
        seal(&key, tx.person(), category, value.as_str().as_bytes())
    }
}

/// Whether an act takes values in.
fn takes_in(act: Act) -> bool {
    match act {
        Act::Collect { .. } | Act::Exercise { right: Right::Correct } => true,
        Act::Use { .. }
        | Act::Share { .. }
        | Act::Transfer { .. }
        | Act::Disclose { .. }
        | Act::Publish { .. }
        | Act::Exercise {
            right:
                Right::Access
                | Right::Export
                | Right::Delete
                | Right::Withdraw
                | Right::Restrict
                | Right::Object
                | Right::CloseAccount,
        } => false,
    }
}

/// The sub-key of one value: the salt is destroyed with the row, and with it the sub-key.
fn sub_key(key: &Key, category: Category, salt: &[u8]) -> Key {
    key.derive(&[b"kept-value-v1", &[category.position()], salt])
}

fn seal(key: &Key, person: PersonId, category: Category, plain: &[u8]) -> Result<Sealed, Fault> {
    let salt: [u8; SALT] = random::array()?;
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(&salt);
    let about = about(Kind::Value, person, u128::from(category.position()));
    sub_key(key, category, &salt).seal(&about, plain, &mut bytes)?;
    Ok(Sealed::from_cipher(bytes))
}

/// Opens the value of a category.
pub(crate) fn open(
    key: &Key,
    person: PersonId,
    category: Category,
    sealed: &Sealed,
) -> Result<Zeroizing<Vec<u8>>, Fault> {
    let closed = Fault::Closed("value");
    let Some((&VERSION, rest)) = sealed.as_bytes().split_first() else { return Err(closed) };
    let (salt, text) = rest.split_at_checked(SALT).ok_or(closed)?;
    let about = about(Kind::Value, person, u128::from(category.position()));
    sub_key(key, category, salt).open(&about, text, "value")
}

#[cfg(test)]
mod tests;
