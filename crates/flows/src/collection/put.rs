//! A value that an application brings, from a source that it names.

use decide::{Act, Age, Category, PersonId, Purpose, Set, Source, Timestamp};
use journal::{Permit, Recorded, Tx, Write};
use policy::clause::collection::SourceKind;
use serde::Serialize;
use zeroize::Zeroize;

use crate::account::{Given, hash_password, named, stage};
use crate::book::Book;
use crate::engine::{Case, Idempotency, again, remember};
use crate::security::Caller;
use crate::time::when;
use crate::{Flows, Plain, Stop, minors, value};

/// A value that comes in.
#[derive(Debug)]
pub struct Put {
    /// Whose.
    pub person: PersonId,
    /// Its category.
    pub category: String,
    /// The value.
    pub value: Plain,
    /// Where it comes from.
    pub source: String,
    /// For which purpose; the first of the key's that may use it where none is named.
    pub purpose: Option<String>,
    /// The client's idempotency key.
    pub idempotency: Option<Idempotency>,
}

/// What was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct PutDone {
    /// The category.
    pub category: String,
    /// Where it came from.
    pub source: String,
    /// When it goes, where that can be said today.
    pub due: Option<String>,
}

const OK: u16 = 200;

/// Stores a value.
///
/// # Errors
/// `Refused` where this source may not bring it for this purpose.
pub async fn put(
    flows: &Flows,
    caller: &Caller,
    ask: Put,
    now: Timestamp,
) -> Result<Recorded<PutDone>, Stop> {
    let book = flows.book();
    let category = book.category(&ask.category)?;
    minors::may_change(ask.person.into(), &ask.category)?;
    let source = own_source(&book, &ask.source)?;
    let purpose = purpose(&book, caller, category, ask.purpose.as_deref())?;
    let Some(declared) = book.declared(category).filter(|it| !it.events) else {
        return Err(Stop::invalid("category", "log information comes in through `/v1/events`"));
    };
    let region = ask.person.region();
    let given = if ask.category == named::PASSWORD {
        hash_password(flows, ask.value.clone()).await?
    } else {
        let what = (ask.category.as_str(), declared.format);
        value::of(&book, what, ("value", ask.value.as_str()), region.as_str())?
    };
    flows.replayed(region, ask.idempotency.as_ref(), now).await?;
    let what = What { category, source, purpose, given: &given };
    again!(once(flows, caller, (&ask, &what), now).await)
}

struct What<'a> {
    category: Category,
    source: Source,
    purpose: Purpose,
    given: &'a Plain,
}

/// What a partner brings comes in under the partner's own key.
fn own_source(book: &Book, id: &str) -> Result<Source, Stop> {
    let source = book.source(id)?;
    let kind = book.policy().sources.get(id).map(|it| it.kind);
    if kind == Some(SourceKind::Partner) {
        return Err(Stop::invalid("source", "this source is a partner, who has a key of its own"));
    }
    Ok(source)
}

fn purpose(
    book: &Book,
    caller: &Caller,
    category: Category,
    id: Option<&str>,
) -> Result<Purpose, Stop> {
    if let Some(id) = id {
        return crate::purpose::named(book, caller, id);
    }
    // Providing the service comes first: a purpose that waits for consent would be refused.
    let usual = book.purpose(named::SERVICE).ok().filter(|it| caller.may_name(*it));
    let mut own = usual.into_iter().chain(caller.purposes().iter());
    let found = own.find(|it| book.rules().uses(*it).has(category));
    found.ok_or_else(|| Stop::NotBound(book.category_id(category).to_owned()))
}

async fn once(
    flows: &Flows,
    caller: &Caller,
    (ask, what): (&Put, &What<'_>),
    now: Timestamp,
) -> Result<Recorded<PutDone>, Stop> {
    let book = flows.book();
    let asker = caller.asker();
    let act = Act::Collect { purpose: what.purpose, source: what.source };
    let case = Case::of(ask.person, act, Set::of(what.category), &asker);
    let mut tx = flows.permit(&book, case, now).await?;
    let age = age_after(&book, &tx, (ask, what), now)?;
    let due = if let Some((Age::Child, born)) = age {
        // Of a child nothing is kept but the address, the day of birth neither.
        minors::await_guardian((flows, &book), &mut tx, born).await?;
        None
    } else {
        let given = Given { category: what.category, value: what.given, source: what.source };
        let due = stage(flows, &book, &mut tx, &given, now)?;
        crate::retention::schedule(&mut tx, due.as_slice());
        if let Some((age, born)) = age {
            tx.stage(Write::Age(age));
            minors::plan(&book, &mut tx, born);
        }
        due
    };
    let answer =
        PutDone { category: ask.category.clone(), source: ask.source.clone(), due: due.map(when) };
    remember((flows, &mut tx), ask.idempotency.as_ref(), OK, &answer)?;
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// The age state that a day of birth makes; nothing for what is none.
fn age_after(
    book: &Book,
    tx: &Tx<Permit>,
    (ask, what): (&Put, &What<'_>),
    now: Timestamp,
) -> Result<Option<(Age, jiff::civil::Date)>, Stop> {
    if ask.category != named::BIRTH_DATE {
        return Ok(None);
    }
    let born = value::date("value", what.given.as_str())?;
    let then = minors::age(book, tx.person().region(), born, now)?;
    Ok(Some((minors::still_agreed(tx.facts().age, then), born)))
}
