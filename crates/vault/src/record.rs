//! Records: sealed for the journal, opened for the person or for an auditor with a permit.

use decide::id::RecordId;
use decide::{Permit, PersonId};
use journal::{Seal, SealFault, Sealed, SealedRecord, Tx, WrappedKey};
use zeroize::Zeroizing;

use crate::cipher::{Key, NONCE, Ready, SALT, TAG};
use crate::person::{Kind, about, fill};
use crate::{Fault, Vault, random};

/// The version byte of a record that is sealed.
const VERSION: u8 = 2;
/// That of the first ones, which open as long as there are any: their blind stands before the record.
const FIRST: u8 = 1;
/// Bytes of the blind that a record's entry is made with.
const BLIND: usize = 32;

/// A record in the clear.
#[derive(Debug)]
pub struct OpenedRecord {
    /// Its id.
    pub id: RecordId,
    /// The blind with which its entry was made.
    pub blind: [u8; BLIND],
    /// What [`journal::Record`] reads.
    pub kept: Zeroizing<Vec<u8>>,
}

impl Seal for Vault {
    fn seal_record(
        &self,
        key: &WrappedKey,
        person: PersonId,
        record: RecordId,
        plain: &[u8],
    ) -> Result<(Sealed, [u8; BLIND]), SealFault> {
        let seal = || {
            let key = self.unwrap_key(Kind::Person, person, key)?;
            seal(&key, (person, record), plain)
        };
        seal().map_err(|fault: Fault| SealFault(fault.to_string()))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        // The generator of the library does not fail once it is seeded; where it did, an id would say
        // when and not which, and the database would refuse the second of a millisecond.
        random::fill(bytes).ok();
    }
}

impl Vault {
    /// Opens the records of the transaction's person.
    ///
    /// # Errors
    /// When the person's key was destroyed, or a record is not where it belongs.
    pub fn open_records(
        &self,
        tx: &Tx<Permit>,
        records: &[SealedRecord],
    ) -> Result<Vec<OpenedRecord>, Fault> {
        let key = self.unwrap_key(Kind::Person, tx.person(), tx.key())?;
        let now = key.sub(Kind::Record, 0, &[0; SALT]).ready()?;
        let open = |it: &SealedRecord| open((&key, &now), (tx.person(), it.id), &it.sealed);
        records.iter().map(open).collect()
    }
}

fn seal(
    key: &Key,
    (person, id): (PersonId, RecordId),
    plain: &[u8],
) -> Result<(Sealed, [u8; BLIND]), Fault> {
    let nonce = random::array()?;
    let about = about(Kind::Record, person, id.bits());
    let mut bytes = Vec::with_capacity(plain.len().saturating_add(1 + NONCE + TAG));
    bytes.push(VERSION);
    bytes.extend_from_slice(&nonce);
    key.sub(Kind::Record, 0, &[0; SALT]).ready()?.seal(&nonce, &about, plain, &mut bytes)?;
    Ok((Sealed::from_cipher(bytes), blind(key, &nonce)))
}

/// The blind follows from the person's key and the nonce: it goes with either.
fn blind(key: &Key, nonce: &[u8; NONCE]) -> [u8; BLIND] {
    let mut salt = [0; SALT];
    fill(&mut salt, [nonce, &[], &[], &[]]);
    *key.sub(Kind::Blind, 0, &salt).bytes()
}

fn open(
    (key, now): (&Key, &Ready),
    (person, id): (PersonId, RecordId),
    sealed: &Sealed,
) -> Result<OpenedRecord, Fault> {
    let closed = || Fault::Closed("record");
    let about = about(Kind::Record, person, id.bits());
    let (version, text) = sealed.as_bytes().split_first().ok_or_else(closed)?;
    match *version {
        FIRST => {
            let plain = key.derive(&[b"kept-record-v1"]).ready()?;
            let plain = plain.open_whole(&about, text, "record")?;
            let (blind, text) = plain.split_first_chunk::<BLIND>().ok_or_else(closed)?;
            Ok(OpenedRecord { id, blind: *blind, kept: Zeroizing::new(text.to_vec()) })
        }
        VERSION => {
            let (nonce, text) = text.split_first_chunk::<NONCE>().ok_or_else(closed)?;
            let kept = now.open(nonce, &about, text, "record")?;
            Ok(OpenedRecord { id, blind: blind(key, nonce), kept })
        }
        _ => Err(closed()),
    }
}

#[cfg(test)]
mod tests;
