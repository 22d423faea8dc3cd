//! What belongs to the installation and to nobody's person: keys of apps, versions of the policy,
//! the vocabulary.

use decide::{Purpose, Set, Source, Timestamp, Vocabulary};

use crate::asker::AskerKind;
use crate::fault::Fault;
use crate::journal::Journal;

/// The key of an app, a partner or a member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Its id, which records name.
    pub id: String,
    /// Whose kind of key.
    pub kind: AskerKind,
    /// The hash of the secret.
    pub hash: [u8; 32],
    /// What the operator calls it.
    pub name: String,
    /// The purposes it is bound to.
    pub purposes: Set<Purpose>,
    /// For a partner, the source that it is.
    pub source: Option<Source>,
    /// When it was made.
    pub made: Timestamp,
    /// When it was ended.
    pub ended: Option<Timestamp>,
}

/// A version of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    /// The version, from 1.
    pub version: u32,
    /// The hash of its rules.
    pub hash: [u8; 32],
    /// Its folder: a JSON object of path to text.
    pub folder: String,
    /// When it was stored.
    pub stored: Timestamp,
    /// When it takes effect.
    pub effective: Timestamp,
}

/// The door to what belongs to the installation.
#[derive(Debug, Clone, Copy)]
pub struct Installation<'a> {
    pub(crate) journal: &'a Journal,
}

impl Installation<'_> {
    /// Stores a key. The same id twice is a conflict.
    pub async fn add_key(&self, key: KeyRow) -> Result<(), Fault> {
        let _ = (key, self.journal);
        Err(Fault::broken("not built yet"))
    }

    /// Ends a key.
    pub async fn end_key(&self, id: &str, now: Timestamp) -> Result<(), Fault> {
        let _ = (id, now);
        Err(Fault::broken("not built yet"))
    }

    /// The key with this hash, unless it was ended.
    pub fn key(&self, hash: &[u8; 32]) -> Result<Option<KeyRow>, Fault> {
        let _ = hash;
        Err(Fault::broken("not built yet"))
    }

    /// All keys, oldest first.
    pub fn keys(&self) -> Result<Vec<KeyRow>, Fault> {
        Err(Fault::broken("not built yet"))
    }

    /// Stores a version of the policy. The same version twice is a conflict.
    pub async fn add_policy(&self, policy: PolicyRow) -> Result<(), Fault> {
        let _ = policy;
        Err(Fault::broken("not built yet"))
    }

    /// All versions, oldest first.
    pub fn policies(&self) -> Result<Vec<PolicyRow>, Fault> {
        Err(Fault::broken("not built yet"))
    }

    /// The names and positions of this installation.
    pub fn vocabulary(&self) -> Result<Vocabulary, Fault> {
        Err(Fault::broken("not built yet"))
    }

    /// Stores the names that `grown` adds at the end. A name elsewhere than it stood is a conflict.
    pub async fn grow_vocabulary(&self, grown: &Vocabulary) -> Result<(), Fault> {
        let _ = grown;
        Err(Fault::broken("not built yet"))
    }
}
