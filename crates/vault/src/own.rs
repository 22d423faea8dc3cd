//! What belongs to the installation and to nobody's person: secrets that it must read again, such as
//! that of a second factor.

use journal::Sealed;
use zeroize::Zeroizing;

use crate::cipher::NONCE;
use crate::{Fault, Vault, random};

/// The version byte.
const VERSION: u8 = 1;

impl Vault {
    /// Seals a value of the installation. `label` says what it is and `about` whose, and it opens under
    /// no others.
    ///
    /// # Errors
    /// When the generator fails.
    pub fn seal_own(
        &self,
        label: &'static str,
        about: &str,
        plain: &[u8],
    ) -> Result<Sealed, Fault> {
        let key = self.roots.own();
        let nonce: [u8; NONCE] = random::array()?;
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&nonce);
        key.ready()?.seal(&nonce, &bound(label, about), plain, &mut bytes)?;
        Ok(Sealed::from_cipher(bytes))
    }

    /// Opens a value of the installation.
    ///
    /// # Errors
    /// When it is not one of this label, this owner and these root keys.
    pub fn open_own(
        &self,
        label: &'static str,
        about: &str,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let closed = || Fault::Closed("value of the installation");
        let Some((&VERSION, rest)) = sealed.as_bytes().split_first() else { return Err(closed()) };
        let (nonce, text) = rest.split_first_chunk::<NONCE>().ok_or_else(closed)?;
        let key = self.roots.own().ready()?;
        key.open(nonce, &bound(label, about), text, "value of the installation")
    }
}

impl Vault {
    /// The signer of the log, for what is signed beside it.
    ///
    /// # Errors
    /// When the name is not one that a log may have.
    pub fn log_signer(&self, name: &str) -> Result<journal::log::Signer, journal::log::Fault> {
        self.roots.log_signer(name)
    }
}

/// The associated data: the label's length goes first, so that two never read the same.
fn bound(label: &str, about: &str) -> Vec<u8> {
    let length = u64::try_from(label.len()).unwrap_or(u64::MAX).to_be_bytes();
    [length.as_slice(), label.as_bytes(), about.as_bytes()].concat()
}

#[cfg(test)]
mod tests;
