//! What was read lately, in memory. The folder is this process's alone, so what was read stays true
//! until the writer says otherwise; and it says so before it answers whoever changed something.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use decide::PersonId;

use crate::fault::Fault;
use crate::held;
use crate::installation::KeyRow;
use crate::limit::{CACHED_BYTES, CACHED_PERSON_BYTES_MAX};
use crate::people::Snapshot;

/// Each part has a lock of its own, so that requests seldom wait for one another.
const SHARDS: usize = 64;

/// What a piece of work changed of what may be in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Changes {
    Nothing,
    Person(PersonId),
    Several(Vec<PersonId>),
    Keys,
}

/// Everything that is kept so.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) people: Cache<PersonId, Snapshot>,
    pub(super) keys: Cache<[u8; 32], KeyRow>,
}

impl Default for Memory {
    fn default() -> Self {
        Self { people: Cache::new(CACHED_BYTES), keys: Cache::new(CACHED_BYTES / 64) }
    }
}

impl Memory {
    /// The rows know better from here on.
    pub(super) fn forget(&self, changes: Changes) {
        match changes {
            Changes::Nothing => {}
            Changes::Person(person) => self.people.forget(&person),
            Changes::Several(people) => people.iter().for_each(|it| self.people.forget(it)),
            Changes::Keys => self.keys.forget_all(),
        }
    }
}

/// What is kept: by which part, and how much it weighs.
pub(super) trait Spread: Ord + Clone {
    /// A number that differs between keys in its low bits.
    fn spread(&self) -> usize;
}

impl Spread for PersonId {
    fn spread(&self) -> usize {
        usize::from(self.bits().to_be_bytes()[15])
    }
}

impl Spread for [u8; 32] {
    fn spread(&self) -> usize {
        usize::from(self[0])
    }
}

/// Bytes in memory.
pub(super) trait Weigh {
    /// About so many; `None` for what is too large to be kept.
    fn weigh(&self) -> Option<usize>;
}

impl Weigh for Snapshot {
    fn weigh(&self) -> Option<usize> {
        let sealed = self.sealed.iter().map(|(_, it)| it.as_bytes().len().saturating_add(64));
        let bytes = sealed.fold(512_usize, usize::saturating_add);
        (bytes <= CACHED_PERSON_BYTES_MAX).then_some(bytes)
    }
}

impl Weigh for KeyRow {
    fn weigh(&self) -> Option<usize> {
        Some(512)
    }
}

/// Rows by key, the latest that were wanted.
#[derive(Debug)]
pub(super) struct Cache<K, V> {
    shards: Vec<Mutex<Shard<K, V>>>,
    most: usize,
}

/// Two ages: when the young ones are half of what there is room for, they become the old ones, and
/// whichever of the old ones nobody wanted in the meantime goes.
#[derive(Debug)]
struct Shard<K, V> {
    /// Rises whenever something is forgotten.
    epoch: u64,
    young: BTreeMap<K, Arc<V>>,
    old: BTreeMap<K, Arc<V>>,
    weight: usize,
}

impl<K: Spread, V: Weigh> Cache<K, V> {
    fn new(bytes: usize) -> Self {
        let shard = || {
            Mutex::new(Shard { epoch: 0, young: BTreeMap::new(), old: BTreeMap::new(), weight: 0 })
        };
        let shards = std::iter::repeat_with(shard).take(SHARDS).collect();
        Self { shards, most: bytes / SHARDS / 2 }
    }

    /// What is kept under a key, or else what `read` finds. A row that changes while it is read is
    /// answered as it was read, and not kept.
    pub(super) fn get(
        &self,
        key: &K,
        read: impl FnOnce() -> Result<Option<V>, Fault>,
    ) -> Result<Option<Arc<V>>, Fault> {
        let Some(shard) = self.shards.get(key.spread() % SHARDS) else { return Ok(None) };
        let epoch = {
            let mut shard = held(shard);
            if let Some(found) = shard.get(key, self.most) {
                return Ok(Some(found));
            }
            shard.epoch
        };
        let Some(found) = read()?.map(Arc::new) else { return Ok(None) };
        let mut shard = held(shard);
        if let Some(weight) = found.weigh().filter(|_| shard.epoch == epoch) {
            shard.put(key.clone(), Arc::clone(&found), weight, self.most);
        }
        Ok(Some(found))
    }

    fn forget(&self, key: &K) {
        if let Some(shard) = self.shards.get(key.spread() % SHARDS) {
            let mut shard = held(shard);
            shard.epoch = shard.epoch.wrapping_add(1);
            shard.young.remove(key);
            shard.old.remove(key);
        }
    }

    fn forget_all(&self) {
        for shard in &self.shards {
            let mut shard = held(shard);
            shard.epoch = shard.epoch.wrapping_add(1);
            shard.young.clear();
            shard.old.clear();
            shard.weight = 0;
        }
    }
}

impl<K: Spread, V: Weigh> Shard<K, V> {
    fn get(&mut self, key: &K, most: usize) -> Option<Arc<V>> {
        if let Some(found) = self.young.get(key) {
            return Some(Arc::clone(found));
        }
        let found = self.old.remove(key)?;
        let weight = found.weigh()?;
        self.put(key.clone(), Arc::clone(&found), weight, most);
        Some(found)
    }

    fn put(&mut self, key: K, value: Arc<V>, weight: usize, most: usize) {
        if self.weight.saturating_add(weight) > most {
            self.old = std::mem::take(&mut self.young);
            self.weight = 0;
        }
        self.weight = self.weight.saturating_add(weight);
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests;
