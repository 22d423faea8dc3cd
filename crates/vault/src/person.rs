//! A person's key: fresh, wrapped under the region's root, opened for the length of a call.

use decide::PersonId;
use journal::WrappedKey;

use crate::cipher::{KEY, Key, OVERHEAD};
use crate::{Fault, Vault};

/// The version byte of a wrapped key.
const VERSION: u8 = 1;
/// Bytes of a wrapped key: version, nonce, key, tag, and three that are kept free.
const WRAPPED: usize = 64;
/// Bytes of nonce, key and tag.
const TEXT: usize = OVERHEAD + KEY;

/// What a sealed thing is about: a moved row does not open.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Person = 1,
    Value = 2,
    Note = 3,
    Record = 4,
    OneOff = 5,
}

/// The associated data of what is sealed: kind, region, person, and one number more.
pub(crate) fn about(kind: Kind, person: PersonId, more: u128) -> [u8; 41] {
    let mut bytes = [0; 41];
    let region = person.region();
    let parts: [&[u8]; 4] = [
        &[kind as u8],
        &padded(region.as_str()),
        &person.bits().to_be_bytes(),
        &more.to_be_bytes(),
    ];
    for (to, from) in bytes.iter_mut().zip(parts.iter().copied().flatten()) {
        *to = *from;
    }
    bytes
}

fn padded(code: &str) -> [u8; 8] {
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(code.bytes()) {
        *to = from;
    }
    bytes
}

impl Vault {
    /// A fresh key for a person, wrapped.
    ///
    /// # Errors
    /// When the region has no root key.
    pub fn new_person(&self, person: PersonId) -> Result<WrappedKey, Fault> {
        self.wrap(Kind::Person, person, &Key::fresh()?)
    }

    pub(crate) fn wrap(
        &self,
        kind: Kind,
        person: PersonId,
        key: &Key,
    ) -> Result<WrappedKey, Fault> {
        let root = self.roots.region(person.region())?;
        let mut bytes = Vec::with_capacity(WRAPPED);
        bytes.push(VERSION);
        root.wrap.seal(&about(kind, person, 0), key.bytes(), &mut bytes)?;
        bytes.resize(WRAPPED, 0);
        bytes.try_into().map(WrappedKey::new).map_err(|_| Fault::Library)
    }

    pub(crate) fn unwrap_key(
        &self,
        kind: Kind,
        person: PersonId,
        key: &WrappedKey,
    ) -> Result<Key, Fault> {
        let root = self.roots.region(person.region())?;
        let Some((&VERSION, rest)) = key.as_bytes().split_first() else {
            return Err(Fault::Closed("key"));
        };
        let sealed = rest.get(..TEXT).ok_or(Fault::Closed("key"))?;
        Key::from_slice(&root.wrap.open(&about(kind, person, 0), sealed, "key")?)
    }
}
