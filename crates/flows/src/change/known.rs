//! The versions as everybody here needs them: compiled, compared, and kept in memory until there is
//! another one.

use std::sync::{Arc, PoisonError, RwLock};

use decide::{Ruleset, Timestamp};
use policy::diff::Change;

use super::affect::Widening;
use crate::book::Book;
use crate::notice::{self, Version};
use crate::{Flows, Stop};

/// Every stored version, and what each changes.
#[derive(Debug)]
pub(crate) struct Known {
    /// Oldest first.
    pub(crate) versions: Arc<[Version]>,
    /// What each but the first changes.
    changes: Vec<Vec<Change>>,
    /// The newest one, in force or not, as the verbs look things up in it.
    pub(crate) newest: Arc<Book>,
}

/// What is kept of it.
#[derive(Debug, Default)]
pub(crate) struct Kept(RwLock<Option<Arc<Known>>>);

impl Kept {
    /// What is in memory, if it was read already.
    pub(crate) fn get(&self) -> Option<Arc<Known>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn put(&self, known: Option<Arc<Known>>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = known;
    }
}

impl Known {
    /// Each version that follows another one, oldest first.
    pub(crate) fn widenings(&self) -> Vec<Widening<'_>> {
        let pairs = self.versions.iter().zip(self.versions.iter().skip(1));
        let all = pairs.zip(&self.changes);
        all.map(|((old, new), changes)| Widening::between(old, new, changes)).collect()
    }

    /// The newest version that widens anything.
    pub(crate) fn widest(&self) -> u32 {
        let widens = self.widenings().into_iter().filter(Widening::widens);
        widens.map(|it| it.version).max().unwrap_or(0)
    }

    /// The newest version with the one before it, where there is one.
    pub(crate) fn last(&self) -> Option<Widening<'_>> {
        self.widenings().pop()
    }

    /// The newest version, as long as it is announced and not in force.
    pub(crate) fn upcoming(&self, now: Timestamp) -> Option<&Arc<Book>> {
        let effective = self.versions.last().map(|it| it.2);
        effective.filter(|it| *it > now).map(|_| &self.newest)
    }
}

/// Every stored version.
///
/// # Errors
/// When they cannot be read.
pub(crate) async fn known(flows: &Flows) -> Result<Arc<Known>, Stop> {
    if let Some(known) = flows.inner.known.get() {
        return Ok(known);
    }
    let versions = notice::versions(flows).await?;
    let compared = Arc::clone(&versions);
    let changes = tokio::task::spawn_blocking(move || {
        let pairs = compared.iter().zip(compared.iter().skip(1));
        pairs.map(|(old, new)| policy::diff(&old.1, &new.1)).collect()
    });
    let changes = changes.await.map_err(|error| Stop::Broken(error.to_string()))?;
    let newest = newest(flows, &versions).await?;
    let known = Arc::new(Known { versions, changes, newest });
    flows.inner.known.put(Some(Arc::clone(&known)));
    Ok(known)
}

/// Reads the versions anew where there are more than are known, so that whoever asks need not wait.
///
/// # Errors
/// When they cannot be read.
pub(crate) async fn learn(flows: &Flows, stored: usize) -> Result<(), Stop> {
    let stale = flows.inner.known.get().is_none_or(|it| it.versions.len() != stored);
    // Where there is one version alone, nothing was ever changed.
    if stale && stored > 1 {
        flows.inner.known.put(None);
        known(flows).await?;
    }
    Ok(())
}

/// The version that is announced and not in force yet, if that is known.
pub(crate) fn upcoming(flows: &Flows, now: Timestamp) -> Option<Arc<Book>> {
    flows.inner.known.get()?.upcoming(now).cloned()
}

async fn newest(flows: &Flows, versions: &[Version]) -> Result<Arc<Book>, Stop> {
    let current = flows.book();
    let Some((version, policy, _)) = versions.last().filter(|it| it.0 != current.version()) else {
        return Ok(current);
    };
    let older: Vec<_> =
        versions.iter().filter(|it| it.0 < *version).map(|it| it.1.spec.clone()).collect();
    let policy = policy.clone().after(&older);
    let names = flows.journal().installation().vocabulary().await?;
    let rules = Ruleset::new(&policy.spec, &names);
    let rules = rules.map_err(|_| Stop::Broken("a stored version has no rules".to_owned()))?;
    Ok(Arc::new(Book::new(policy, rules)))
}
