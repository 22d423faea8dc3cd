//! What members of staff may do.

use std::collections::BTreeSet;

use crate::Stop;

/// What a member of staff may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Answers for what is promised: requests, holds, disclosures, the policy.
    Officer,
    /// Answers people who write.
    Support,
    /// Keeps it running: backups, keys, incidents.
    Engineer,
    /// Looks at what was done, and does nothing.
    Auditor,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Officer, Self::Support, Self::Engineer, Self::Auditor];

    /// Its word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Support => "support",
            Self::Engineer => "engineer",
            Self::Auditor => "auditor",
        }
    }

    /// By its word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// Roles by their words, one at least.
pub(super) fn read<'w>(words: impl Iterator<Item = &'w str>) -> Result<BTreeSet<Role>, Stop> {
    let role = |word: &str| {
        let say = "name roles of `officer`, `support`, `engineer` and `auditor`";
        Role::from_word(word.trim()).ok_or_else(|| Stop::invalid("role", say))
    };
    let roles = words.map(role).collect::<Result<BTreeSet<_>, _>>()?;
    if roles.is_empty() {
        return Err(Stop::invalid("role", "name at least one role"));
    }
    Ok(roles)
}

/// Roles as they are stored.
pub(super) fn words(roles: &BTreeSet<Role>) -> String {
    roles.iter().map(|it| it.word()).collect::<Vec<_>>().join(",")
}
