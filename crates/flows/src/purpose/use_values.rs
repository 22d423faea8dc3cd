//! Using: ask and get. Many at once are each decided alone and share the durable commit.

use decide::{Act, PersonId, Timestamp};
use journal::Recorded;
use serde::Serialize;
use zeroize::Zeroize;

use super::named;
use crate::answer::{Fields, Told, told};
use crate::engine::{Case, again};
use crate::limit::{BATCH_AT_ONCE, CATEGORIES_MAX};
use crate::security::Caller;
use crate::{Flows, Stop};

/// A use.
#[derive(Debug, Clone)]
pub struct Use {
    /// Of whose data.
    pub person: PersonId,
    /// For which purpose.
    pub purpose: String,
    /// Which categories.
    pub categories: Vec<String>,
}

/// What a use gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Used {
    /// The permitted values that are held.
    pub values: Fields,
    /// What was refused, and why.
    pub refused: Vec<Told>,
}

/// Uses values.
///
/// # Errors
/// `Refused` when nothing of it is permitted, `NotBound` when the key may not name the purpose.
pub async fn use_values(
    flows: &Flows,
    caller: &Caller,
    ask: &Use,
    now: Timestamp,
) -> Result<Recorded<Used>, Stop> {
    if ask.categories.is_empty() || ask.categories.len() > CATEGORIES_MAX {
        return Err(Stop::invalid("categories", format!("name from 1 to {CATEGORIES_MAX}")));
    }
    again!(once(flows, caller, ask, now).await)
}

async fn once(
    flows: &Flows,
    caller: &Caller,
    ask: &Use,
    now: Timestamp,
) -> Result<Recorded<Used>, Stop> {
    let book = flows.book();
    let purpose = named(&book, caller, &ask.purpose)?;
    let categories = book.categories(&ask.categories)?;
    let asker = caller.asker();
    let case = Case::of(ask.person, Act::Use { purpose }, categories, &asker);
    let tx = flows.permit(&book, case, now).await?;
    let refused = told(tx.rules(), tx.permit().refused());
    let owed = flows.vault().open(&tx)?.into_pending(|opened| {
        let values =
            opened.iter().map(|(it, value)| (book.category_id(it).to_owned(), value.to_owned()));
        Used { values: Fields(values.collect()), refused }
    });
    Ok(tx.record(owed).await?)
}

/// Uses values of many people; each is decided alone, and all that wait share a commit.
pub async fn use_many(
    flows: &Flows,
    caller: &Caller,
    items: Vec<Use>,
    now: Timestamp,
) -> Vec<Result<Recorded<Used>, Stop>> {
    let mut results = Vec::with_capacity(items.len());
    let mut items = items.into_iter();
    loop {
        let mut set = tokio::task::JoinSet::new();
        for (at, item) in items.by_ref().take(BATCH_AT_ONCE).enumerate() {
            let (flows, caller) = (flows.clone(), caller.clone());
            set.spawn(async move { (at, use_values(&flows, &caller, &item, now).await) });
        }
        if set.is_empty() {
            return results;
        }
        let count = set.len();
        let mut done = set.join_all().await;
        done.sort_by_key(|(at, _)| *at);
        debug_assert_eq!(done.len(), count);
        results.extend(done.into_iter().map(|(_, result)| result));
    }
}
