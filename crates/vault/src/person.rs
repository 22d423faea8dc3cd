//! A person's key: fresh, wrapped under the region's root, opened for the length of a call.

use decide::PersonId;
use journal::WrappedKey;

use crate::cipher::{KEY, Key, NONCE, TAG};
use crate::{Fault, Vault, random};

/// The version byte of a wrapped key.
const VERSION: u8 = 1;
/// Bytes of a wrapped key: version, nonce, key, tag, and three that are kept free.
const WRAPPED: usize = 64;
/// Bytes of key and tag.
const TEXT: usize = KEY + TAG;

/// What a sealed thing is about, or a sub-key is for: a moved row does not open.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Person = 1,
    Value = 2,
    Note = 3,
    Record = 4,
    OneOff = 5,
    Blind = 6,
    Hold = 7,
}

/// The associated data of what is sealed: kind, region, person, and one number more.
pub(crate) fn about(kind: Kind, person: PersonId, more: u128) -> [u8; 41] {
    let mut bytes = [0; 41];
    let (region, person) = (person.region().padded(), person.bits().to_be_bytes());
    fill(&mut bytes, [&[kind as u8], &region, &person, &more.to_be_bytes()]);
    bytes
}

/// Writes parts one after the other, as far as there is room.
pub(crate) fn fill(mut to: &mut [u8], parts: [&[u8]; 4]) {
    for part in parts {
        let Some((head, rest)) = to.split_at_mut_checked(part.len()) else { return };
        head.copy_from_slice(part);
        to = rest;
    }
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
        let nonce: [u8; NONCE] = random::array()?;
        bytes.push(VERSION);
        bytes.extend_from_slice(&nonce);
        root.wrapping.seal(&nonce, &about(kind, person, 0), key.bytes(), &mut bytes)?;
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
        let closed = || Fault::Closed("key");
        let Some((&VERSION, rest)) = key.as_bytes().split_first() else { return Err(closed()) };
        let (nonce, rest) = rest.split_first_chunk().ok_or_else(closed)?;
        let sealed = rest.get(..TEXT).ok_or_else(closed)?;
        let about = about(kind, person, 0);
        Key::written(|into| root.wrapping.open_into(nonce, &about, (sealed, into), "key"))
    }
}
