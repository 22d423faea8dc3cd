//! The log as it grows back, held against everything that was ever signed for it.

use std::collections::BTreeMap;

use crate::backup::BackupFault;
use crate::backup::apply::Apply;
use crate::log::{Fault, Hash, Tree, TreeWrite};

/// The log, and what it has to come to.
pub(super) struct Growing {
    pub(super) tree: Tree,
    pub(super) stops: BTreeMap<u64, Vec<(String, Hash)>>,
}

impl Growing {
    /// Adds entries, held against every stop on the way; answers the tiles that became full.
    pub(super) fn add(
        &mut self,
        entries: &[Hash],
        since: u64,
        apply: &mut Apply<'_>,
    ) -> Result<Vec<TreeWrite>, BackupFault> {
        let mut writes = Vec::new();
        let mut left = entries;
        loop {
            self.check()?;
            if left.is_empty() {
                return Ok(writes);
            }
            let size = self.tree.size();
            let until = self.stops.first_key_value().map_or(u64::MAX, |(it, _)| *it);
            let room = usize::try_from(until.saturating_sub(size)).unwrap_or(usize::MAX);
            let (some, rest) = left.split_at(room.min(left.len()));
            for (entry, index) in some.iter().zip(size..).filter(|(_, index)| *index >= since) {
                apply.placed(*entry, index);
            }
            writes.extend(self.tree.append(some).into_iter().filter(|it| !it.path.is_partial()));
            left = rest;
        }
    }

    /// What was signed for this size was signed for this log.
    pub(super) fn check(&mut self) -> Result<(), BackupFault> {
        let size = self.tree.size();
        while let Some(first) = self.stops.first_entry().filter(|it| *it.key() <= size) {
            let (at, roots) = first.remove_entry();
            let root = self.tree.root();
            if let Some((what, signed)) =
                roots.into_iter().find(|(_, it)| at != size || *it != root)
            {
                return Err(Fault::Root { what, size: at, computed: root, signed }.into());
            }
        }
        Ok(())
    }
}
