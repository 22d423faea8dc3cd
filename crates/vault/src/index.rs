//! The blind index: equal values give equal marks, and a mark gives no value away.

use decide::set::Interned as _;
use decide::{Category, Permit, RegionCode};
use journal::{Blind, Tx};

use crate::person::Kind;
use crate::{Fault, Plain, Vault};

/// Bytes of a tag.
const TAG: usize = 16;

impl Vault {
    /// The mark of a value, normalised by the caller, in a region's index. `unique` says whether
    /// the region may hold it once only.
    ///
    /// # Errors
    /// When the region has no root key.
    pub fn blind(
        &self,
        region: RegionCode,
        category: Category,
        value: &Plain,
        unique: bool,
    ) -> Result<Blind, Fault> {
        let root = self.roots.region(region)?;
        let category = [category.position()];
        let hash = root.marking.over(&[b"kept-blind-v1", &category, value.as_str().as_bytes()]);
        Ok(Blind { hash, unique })
    }

    /// A keyed hash of something that is not a value of a person: codes, addresses of callers.
    ///
    /// # Errors
    /// When the region has no root key.
    pub fn mark(
        &self,
        region: RegionCode,
        label: &'static str,
        bytes: &[u8],
    ) -> Result<[u8; 32], Fault> {
        let root = self.roots.region(region)?;
        let length = u64::try_from(label.len()).unwrap_or(u64::MAX).to_be_bytes();
        Ok(root.marking.over(&[b"kept-marks-v1", &length, label.as_bytes(), bytes]))
    }

    /// The tag of the person's events in a partition. With the key, the last link goes.
    ///
    /// # Errors
    /// When the person's key was destroyed.
    pub fn tag(&self, tx: &Tx<Permit>, partition: &str) -> Result<[u8; TAG], Fault> {
        let key = self.unwrap_key(Kind::Person, tx.person(), tx.key())?;
        let mac = key.mac(&[b"kept-event-v1", partition.as_bytes()]);
        mac.first_chunk().copied().ok_or(Fault::Library)
    }
}
