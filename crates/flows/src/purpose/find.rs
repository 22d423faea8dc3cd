//! Finding people by the exact value of a category: through the blind index, and as a use.

use decide::{Act, Set, Timestamp};
use serde::Serialize;

use super::named;
use crate::book::Book;
use crate::engine::{Case, again};
use crate::limit::FOUND_MAX;
use crate::security::Caller;
use crate::{Flows, Plain, Stop, value};

/// Who has this value?
#[derive(Debug)]
pub struct Find {
    /// The category.
    pub category: String,
    /// Its value.
    pub value: Plain,
    /// For which purpose it is looked for.
    pub purpose: String,
    /// In which region; in each where none is named.
    pub region: Option<String>,
}

/// Who has it, of those with whom it may be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Found {
    /// Their ids.
    pub people: Vec<String>,
    /// Whether more people have it than one look names.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

/// Finds. Each person who is found is a use of its own, on the record; whose data may not be used
/// for the purpose is not named.
///
/// # Errors
/// `Invalid` for a category that may not be searched, `NotBound` for a purpose of other keys.
pub async fn find(
    flows: &Flows,
    caller: &Caller,
    ask: Find,
    now: Timestamp,
) -> Result<Found, Stop> {
    let book = flows.book();
    let purpose = named(&book, caller, &ask.purpose)?;
    let category = book.category(&ask.category)?;
    let Some(declared) = book.declared(category).filter(|it| it.lookup) else {
        return Err(Stop::invalid("category", "the policy does not let this be searched"));
    };
    if !book.rules().uses(purpose).has(category) {
        return Err(Stop::invalid(
            "category",
            "this purpose does not use it; name another purpose",
        ));
    }
    let regions = match &ask.region {
        Some(code) => vec![book.region(code)?.0],
        None => flows.journal().regions().to_vec(),
    };
    let asker = caller.asker();
    let mut found = Found { people: Vec::new(), more: false };
    let (mut fits, mut unfit) = (false, None);
    for region in regions {
        let wanted =
            match value::normal("value", declared.format, ask.value.as_str(), region.as_str()) {
                Ok(wanted) => wanted,
                // A number without its country is one in one region, and nothing in another.
                Err(stop) => {
                    unfit = Some(stop);
                    continue;
                }
            };
        fits = true;
        let blind = flows.vault().blind(region, category, &wanted, false)?;
        let sought = (category, &blind);
        let mut people = flows
            .journal()
            .find_all(region, sought, FOUND_MAX.saturating_add(1))
            .await?
            .into_iter();
        for person in people.by_ref().take(usize::try_from(FOUND_MAX).unwrap_or(usize::MAX)) {
            let case = || Case {
                wanted: Set::EMPTY,
                ..Case::of(person, Act::Use { purpose }, Set::of(category), &asker)
            };
            if again!(name(flows, &book, case(), now).await)? {
                found.people.push(person.to_string());
            }
        }
        found.more |= people.next().is_some();
    }
    match unfit.filter(|_| !fits) {
        Some(stop) => Err(stop),
        None => Ok(found),
    }
}

/// Whether a person who has the value may be named: a use, on the record either way. A refusal hides
/// the one whom it is about, and nobody else.
async fn name(flows: &Flows, book: &Book, case: Case<'_>, now: Timestamp) -> Result<bool, Stop> {
    let category = case.request.categories;
    let mut tx = match flows.permit(book, case, now).await {
        Ok(tx) => tx,
        Err(Stop::Refused(_) | Stop::Gone | Stop::NotFound) => return Ok(false),
        Err(stop) => return Err(stop),
    };
    tx.note(serde_json::json!({ "found_by": book.category_ids(category) }));
    let owed = tx.owe(());
    tx.record(owed).await.map(drop)?;
    Ok(true)
}
