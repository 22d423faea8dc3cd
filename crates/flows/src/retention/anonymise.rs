//! Anonymising: a value goes like any other, and what is left of it is one more in a coarse group. It
//! waits in memory until as many came together as the smallest group that may be read, so that nothing
//! that is written, nor when, leads back to one of them; those that wait when the process ends are not
//! counted. `docs/clauses/retention.md` says what that guarantees.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use decide::{Category, Set};
use journal::{Permit, Tx};
use policy::clause::retention::{Anonymise, Coarse, Operation};
use serde::Serialize;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::book::Book;
use crate::limit::ANONYMOUS_VALUE_MAX;
use crate::{Flows, Stop};

/// What values of one person become, until their deletion is recorded.
#[derive(Zeroize, ZeroizeOnDrop)]
#[must_use = "what is left of a value is counted once it is gone"]
pub(crate) struct Left(Vec<Group>);

#[derive(Zeroize, ZeroizeOnDrop)]
struct Group {
    /// Region and category: `cn/birth-date`.
    of: String,
    /// The group; empty where only their number counts.
    name: String,
    least: u32,
}

impl std::fmt::Debug for Left {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹sealed›")
    }
}

/// Groups that wait until enough came together, by region and category.
#[derive(Default)]
pub(crate) struct Pool(Mutex<BTreeMap<String, Vec<String>>>);

impl std::fmt::Debug for Pool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹sealed›")
    }
}

impl Pool {
    /// Puts one in; all that wait beside it, where they are enough.
    fn put(&self, mut group: Group) -> Option<BTreeMap<String, u64>> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all = waiting.entry(group.of.clone()).or_default();
        all.push(std::mem::take(&mut group.name));
        let least = usize::try_from(group.least).unwrap_or(usize::MAX);
        if all.len() < least {
            return None;
        }
        let mut sums = BTreeMap::new();
        for name in waiting.remove(&group.of).unwrap_or_default() {
            let sum: &mut u64 = sums.entry(format!("{}/{name}", group.of)).or_default();
            *sum = sum.saturating_add(1);
        }
        Some(sums)
    }
}

fn how(book: &Book, category: Category) -> Option<Anonymise> {
    let keep = book.policy().keep.get(book.category_id(category))?;
    keep.anonymise.filter(|it| it.by != Operation::Drop)
}

/// The categories of which something is counted when they go.
pub(crate) fn counted(book: &Book) -> Set<Category> {
    book.all_categories().iter().filter(|it| how(book, *it).is_some()).collect()
}

/// What is left of the values of these categories, as far as the permit hands them out and no hold
/// covers them. The caller stages their deletion, and counts this once it is recorded.
pub(crate) fn anonymise(
    flows: &Flows,
    book: &Book,
    tx: &Tx<Permit>,
    gone: Set<Category>,
) -> Result<Left, Stop> {
    let mut left = Vec::new();
    let free = tx.values().iter().filter(|it| it.hold.is_none() && gone.has(it.category));
    let found = free.filter_map(|it| Some((it.category, how(book, it.category)?)));
    let found: Vec<_> = found.collect();
    if found.is_empty() {
        return Ok(Left(left));
    }
    let opened = flows.vault().open(tx)?;
    for (category, how) in found {
        let name = match how.to {
            None => String::new(),
            Some(to) => match opened.get(category) {
                Some(value) => coarse(to, value),
                None => continue,
            },
        };
        let of = format!("{}/{}", tx.person().region(), book.category_id(category));
        left.push(Group { of, name, least: how.min_group });
    }
    Ok(Left(left))
}

/// The group of a value.
fn coarse(to: Coarse, value: &str) -> String {
    let group = match to {
        Coarse::Decade => value.get(..3).map(|it| format!("{it}0s")),
        Coarse::Year => value.get(..4).map(str::to_owned),
        Coarse::Country => crate::value::calling_code(value),
        Coarse::Value => {
            Some(value).filter(|it| it.len() <= ANONYMOUS_VALUE_MAX).map(str::to_owned)
        }
    };
    group.unwrap_or_else(|| OTHERS.to_owned())
}

/// Groups that are too small to be read by themselves.
const OTHERS: &str = "other";

/// Counts what is left of values whose deletion is recorded.
pub(crate) async fn count(flows: &Flows, mut left: Left) {
    for group in std::mem::take(&mut left.0) {
        let Some(sums) = flows.inner.pace.pool.put(group) else { continue };
        // A count that is lost is lost: the values are gone, and nothing is held back for it.
        if let Err(fault) = flows.journal().scratch().add_anonymous(&sums).await {
            tracing::warn!(?fault, "anonymous counts were lost");
        }
    }
}

/// A group, and how many were in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// The region.
    pub region: String,
    /// The category.
    pub category: String,
    /// The group; empty where only their number is counted, `other` for groups that are too small.
    pub group: String,
    /// How many values were in it.
    pub count: u64,
}

/// What was anonymised, as far as its groups are large enough to be read.
///
/// # Errors
/// When it cannot be read.
pub async fn anonymous(flows: &Flows) -> Result<Vec<Counted>, Stop> {
    let book = flows.book();
    let mut seen: Vec<Counted> = Vec::new();
    let mut small: BTreeMap<(String, String), (u64, u64)> = BTreeMap::new();
    for (name, count) in flows.journal().scratch().anonymous().await? {
        let mut parts = name.splitn(3, '/');
        let (Some(region), Some(category), Some(group)) =
            (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let keep = book.policy().keep.get(category).and_then(|it| it.anonymise);
        let Some(least) = keep.map(|it| u64::from(it.min_group)) else { continue };
        let (region, category) = (region.to_owned(), category.to_owned());
        if count < least || group == OTHERS {
            let sum = small.entry((region, category)).or_insert((0, least));
            sum.0 = sum.0.saturating_add(count);
        } else {
            seen.push(Counted { region, category, group: group.to_owned(), count });
        }
    }
    for ((region, category), (count, least)) in small {
        if count >= least {
            seen.push(Counted { region, category, group: OTHERS.to_owned(), count });
        }
    }
    Ok(seen)
}
