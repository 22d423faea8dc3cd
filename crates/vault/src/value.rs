//! Sealing values: each under a sub-key of its own, which goes with its row.

use decide::set::Interned as _;
use decide::{Act, Category, Permit, PersonId, Right};
use journal::{Sealed, Tx};
use zeroize::{Zeroize as _, Zeroizing};

use crate::cipher::{Key, NONCE, SALT, TAG};
use crate::person::{Kind, about};
use crate::{Fault, Plain, Vault, random};

/// The version byte of a value that is sealed.
const VERSION: u8 = 2;
/// That of the first ones, which open as long as there are any.
const FIRST: u8 = 1;
/// Bytes around what is sealed: version, salt, tag. The salt is what the sub-key is derived with; it
/// goes with the row, and without it there is no sub-key.
pub(crate) const AROUND: usize = 1 + SALT + TAG;

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

/// Seals the value of a category.
pub(crate) fn seal(
    key: &Key,
    person: PersonId,
    category: Category,
    plain: &[u8],
) -> Result<Sealed, Fault> {
    let salt = random::array()?;
    let number = category.position();
    let about = about(Kind::Value, person, u128::from(number));
    let mut bytes = Vec::with_capacity(plain.len().saturating_add(AROUND));
    bytes.push(VERSION);
    bytes.extend_from_slice(&salt);
    key.sub(Kind::Value, number, &salt).ready()?.seal(nonce(&salt), &about, plain, &mut bytes)?;
    Ok(Sealed::from_cipher(bytes))
}

/// The random bytes of the salt that are the nonce, too: the sub-key seals this and nothing else.
pub(crate) fn nonce(salt: &[u8; SALT]) -> &[u8; NONCE] {
    const { assert!(NONCE < SALT) };
    salt.first_chunk().unwrap_or(&[0; NONCE])
}

/// Opens the value of a category.
pub(crate) fn open(
    key: &Key,
    person: PersonId,
    category: Category,
    sealed: &Sealed,
) -> Result<Plain, Fault> {
    let closed = || Fault::Closed("value");
    let (version, rest) = sealed.as_bytes().split_first().ok_or_else(closed)?;
    let (salt, text) = rest.split_first_chunk::<SALT>().ok_or_else(closed)?;
    let number = category.position();
    let about = about(Kind::Value, person, u128::from(number));
    let plain = match *version {
        FIRST => {
            let key = key.derive(&[b"kept-value-v1", &[number], salt]).ready()?;
            key.open_whole(&about, text, "value")?
        }
        VERSION => {
            let key = key.sub(Kind::Value, number, salt).ready()?;
            key.open(nonce(salt), &about, text, "value")?
        }
        _ => return Err(closed()),
    };
    text_of(plain)
}

/// The same bytes as text, where they are.
fn text_of(mut plain: Zeroizing<Vec<u8>>) -> Result<Plain, Fault> {
    String::from_utf8(std::mem::take(&mut *plain)).map(Plain::new).map_err(|it| {
        it.into_bytes().zeroize();
        Fault::Closed("value")
    })
}

#[cfg(test)]
mod tests;
