//! One-off keys: for the final answer to a person whose own key is about to go.

use decide::{Permit, PersonId};
use journal::{Sealed, Tx, WrappedKey};
use zeroize::Zeroizing;

use crate::cipher::{Key, NONCE};
use crate::person::{Kind, about};
use crate::{Fault, Vault, random};

impl Vault {
    /// Seals bytes under a fresh key of their own, which whoever stores it destroys.
    ///
    /// # Errors
    /// When the region has no root key.
    pub fn seal_one_off(
        &self,
        tx: &Tx<Permit>,
        plain: &[u8],
    ) -> Result<(WrappedKey, Sealed), Fault> {
        let key = Key::fresh()?;
        let nonce: [u8; NONCE] = random::array()?;
        let mut bytes = nonce.to_vec();
        key.ready()?.seal(&nonce, &about(Kind::OneOff, tx.person(), 1), plain, &mut bytes)?;
        Ok((self.wrap(Kind::OneOff, tx.person(), &key)?, Sealed::from_cipher(bytes)))
    }

    /// Opens what was sealed under a one-off key. There is no transaction any more: the person is
    /// gone, and this answer is the last thing that they are sent.
    ///
    /// # Errors
    /// When the key was destroyed.
    pub fn open_one_off(
        &self,
        person: PersonId,
        key: &WrappedKey,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let key = self.unwrap_key(Kind::OneOff, person, key)?;
        let about = about(Kind::OneOff, person, 1);
        key.ready()?.open_whole(&about, sealed.as_bytes(), "last answer")
    }
}
