//! Records: sealed for the journal, opened for the person or for an auditor with a permit.

use decide::id::RecordId;
use decide::{Permit, PersonId};
use journal::{Seal, SealFault, Sealed, SealedRecord, Tx, WrappedKey};
use zeroize::Zeroizing;

use crate::cipher::Key;
use crate::person::{Kind, about};
use crate::{Fault, Vault, random};

const VERSION: u8 = 1;
/// Bytes of the blind that stands before a record's text.
const BLIND: usize = 32;

/// A record in the clear.
#[derive(Debug)]
pub struct OpenedRecord {
    /// Its id.
    pub id: RecordId,
    /// The blind with which its entry was made.
    pub blind: [u8; BLIND],
    /// Its text, as `docs/formats/record.md` describes it.
    pub text: Zeroizing<Vec<u8>>,
}

impl Seal for Vault {
    fn seal_record(
        &self,
        key: &WrappedKey,
        person: PersonId,
        record: RecordId,
        plain: &[u8],
    ) -> Result<Sealed, SealFault> {
        let seal = || {
            let key = record_key(&self.unwrap_key(Kind::Person, person, key)?);
            let mut bytes = vec![VERSION];
            key.seal(&about(Kind::Record, person, record.bits()), plain, &mut bytes)?;
            Ok(Sealed::from_cipher(bytes))
        };
        seal().map_err(|fault: Fault| SealFault(fault.to_string()))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        // The generator of the library does not fail once it is seeded; where it did, a blind of
        // zeros would seal nothing less: records are sealed, blinds only hide equal records.
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
        let key = record_key(&self.unwrap_key(Kind::Person, tx.person(), tx.key())?);
        records.iter().map(|it| open(&key, tx.person(), it.id, &it.sealed)).collect()
    }
}

fn record_key(key: &Key) -> Key {
    key.derive(&[b"kept-record-v1"])
}

fn open(key: &Key, person: PersonId, id: RecordId, sealed: &Sealed) -> Result<OpenedRecord, Fault> {
    let closed = Fault::Closed("record");
    let Some((&VERSION, text)) = sealed.as_bytes().split_first() else { return Err(closed) };
    let plain = key.open(&about(Kind::Record, person, id.bits()), text, "record")?;
    let (blind, text) = plain.split_first_chunk::<BLIND>().ok_or(closed)?;
    Ok(OpenedRecord { id, blind: *blind, text: Zeroizing::new(text.to_vec()) })
}
