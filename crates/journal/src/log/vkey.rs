//! Keys of a signed note: the public `name+id+base64` and the signer that holds the private half.

use std::fmt;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::fault::Fault;
use super::hash::Hash;
use super::note::Signature;

/// The signature type byte of plain Ed25519 (C2SP signed-note).
const ED25519_TYPE: u8 = 1;

/// A public key that verifies notes: `name+abcd1234+base64(0x01 ‖ 32 bytes)`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Vkey {
    name: String,
    id: u32,
    public: [u8; 32],
}

impl Vkey {
    /// Reads a public key as the log's operator hands it out.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let wrong = |why| Fault::malformed("vkey", why);
        let mut parts = text.trim_end_matches('\n').splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(wrong("write it as name+id+key"));
        };
        if !is_name(name) {
            return Err(wrong("the name may not be empty or hold spaces, controls or `+`"));
        }
        let bytes = STANDARD.decode(key).map_err(|_| wrong("the key is not base64"))?;
        let Some((&ED25519_TYPE, public)) = bytes.split_first() else {
            return Err(wrong("only Ed25519 keys (type 1) are known"));
        };
        let public: [u8; 32] =
            public.try_into().map_err(|_| wrong("an Ed25519 key has 32 bytes"))?;
        let vkey = Self::new(name, public);
        if id.len() != 8 || format!("{:08x}", vkey.id) != id {
            return Err(wrong("the id is not the one of this name and key"));
        }
        Ok(vkey)
    }

    fn new(name: &str, public: [u8; 32]) -> Self {
        let mut bytes = Vec::with_capacity(name.len().saturating_add(34));
        bytes.extend_from_slice(name.as_bytes());
        bytes.extend_from_slice(&[b'\n', ED25519_TYPE]);
        bytes.extend_from_slice(&public);
        let id =
            Hash::of(&bytes).0.first_chunk::<4>().map_or(0, |first| u32::from_be_bytes(*first));
        Self { name: name.to_owned(), id, public }
    }

    /// The key's name, which is also the log's origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of the hash of name, type and key.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// Whether `signature` over `text` was made by this key.
    pub(super) fn verifies(&self, text: &str, signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public).verify(text.as_bytes(), signature).is_ok()
    }
}

impl fmt::Display for Vkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ED25519_TYPE];
        bytes.extend_from_slice(&self.public);
        write!(f, "{}+{:08x}+{}", self.name, self.id, STANDARD.encode(bytes))
    }
}

/// The private half: signs notes in the log's name. Where its seed is kept is the caller's matter.
pub struct Signer {
    vkey: Vkey,
    pair: Ed25519KeyPair,
}

impl Signer {
    /// A signer from 32 secret random bytes; the same seed and name give the same key.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, Fault> {
        if !is_name(name) {
            let why = "the name may not be empty or hold spaces, controls or `+`";
            return Err(Fault::malformed("name of the log", why));
        }
        let wrong = || Fault::malformed("seed", "Ed25519 did not accept it");
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| wrong())?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| wrong())?;
        Ok(Self { vkey: Vkey::new(name, public), pair })
    }

    /// The public half, to be given to auditors.
    pub fn vkey(&self) -> &Vkey {
        &self.vkey
    }

    /// Signs the text of a note.
    pub fn sign(&self, text: &str) -> Signature {
        let bytes = self.pair.sign(text.as_bytes()).as_ref().to_vec();
        Signature { name: self.vkey.name.clone(), id: self.vkey.id, bytes }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({}, ‹sealed›)", self.vkey.name)
    }
}

/// Key names are not empty and hold no Unicode space, control or plus (C2SP signed-note).
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c.is_control() || c == '+')
}
