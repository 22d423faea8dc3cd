//! What a restore sets out to do, before anything is written.

use std::collections::BTreeMap;

use decide::{RegionCode, Timestamp};

use crate::backup::BackupFault;
use crate::backup::list::Way;
use crate::backup::take::Header;
use crate::log::{Checkpoint, Hash, Signer};

/// What is to be done.
pub(super) struct Plan<'a> {
    pub(super) header: Header,
    pub(super) codes: Vec<RegionCode>,
    pub(super) outside: &'a [(String, Checkpoint)],
    pub(super) way: Way<'a>,
    pub(super) signer: &'a Signer,
    pub(super) now: Timestamp,
}

impl Plan<'_> {
    pub(super) fn no_other_region(&self, found: &[RegionCode]) -> Result<(), BackupFault> {
        match found.iter().find(|it| !self.codes.contains(it)) {
            Some(other) => Err(BackupFault::Taken(other.to_string())),
            None => Ok(()),
        }
    }

    /// What the place says of itself meanwhile.
    pub(super) fn mark(&self) -> String {
        let to = self.way.to;
        format!("restore {}\n{} {}\n", self.header.id, to.size, to.root)
    }

    /// What the log has to come to at which size, by whom.
    pub(super) fn stops(&self, log: &Checkpoint) -> BTreeMap<u64, Vec<(String, Hash)>> {
        let mut stops: BTreeMap<u64, Vec<(String, Hash)>> = BTreeMap::new();
        let mut stop = |size, what: &str, root| {
            stops.entry(size).or_default().push((what.to_owned(), root));
        };
        stop(log.size, "the backup", log.root);
        for (name, it) in self.outside {
            stop(it.size, name, it.root);
        }
        for node in self.way.steps.iter().flat_map(|it| [it.base, it.to]) {
            stop(node.size, "the list of changes", node.root);
        }
        stop(self.way.to.size, "the list of changes", self.way.to.root);
        stops
    }
}
