//! What we hold: each value with its source, its purposes, its recipients, and when it goes.

use decide::{Act, Category, PersonId, Right, Set, Timestamp};
use journal::{Permit, Recorded, Tx};
use policy::Anchor;
use serde::Serialize;
use zeroize::Zeroize;

use super::waiting::{Waiting, waiting};
use crate::account::{named, phone_is_proved, phone_is_proved_here};
use crate::book::Book;
use crate::collection::{Counted, Place, own_counts};
use crate::engine::{Case, again};
use crate::limit::DATA_EVENTS_BYTES;
use crate::retention::hold::{OnHold, on_hold};
use crate::{Acting, Flows, Stop, minors, when};

/// What we hold of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Data {
    /// Each value.
    pub data: Vec<Held>,
    /// What waits to be proved; until then what is held stays in force.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<Waiting>,
    /// Log information, by kind, with how many there are on this page of it, the newest first.
    pub events: Vec<Logged>,
    /// Where older log information begins; nothing where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// Says that nothing is held, where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nothing: Option<String>,
}

/// A value that we hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Held {
    /// The category.
    pub category: String,
    /// Its title.
    pub title: String,
    /// The value; nothing for one that nobody is shown, such as the hash of a password.
    pub value: Option<String>,
    /// Where it came from.
    pub source: String,
    /// That in words.
    pub source_title: String,
    /// When.
    pub collected: String,
    /// What it may be used for.
    pub purposes: Vec<Named>,
    /// Who may get it.
    pub recipients: Vec<Named>,
    /// Whether it was proved by a code: said of a phone number, where codes go to phones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<bool>,
    /// When it goes; nothing while it runs from something that has not happened.
    pub due: Option<String>,
    /// The rule by which it goes.
    pub kept: Option<Kept>,
    /// The legal hold that it lies under, and for which alone it is kept then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hold: Option<OnHold>,
}

/// Something declared, by id and in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Named {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// The clause.
    pub clause: String,
}

/// How long something is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Kept {
    /// For how long.
    #[serde(rename = "for")]
    pub period: String,
    /// From when.
    pub after: String,
    /// The clause that says so.
    pub clause: String,
}

/// Log information of a kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Logged {
    /// The kind.
    #[serde(rename = "type")]
    pub kind: String,
    /// How many.
    pub count: usize,
    /// When the newest was received.
    pub newest: String,
    /// How long it is kept.
    pub kept: String,
}

/// What we hold of a person, in a language.
///
/// # Errors
/// `Gone` once the person is erased.
pub async fn data(
    flows: &Flows,
    who: impl Into<Acting>,
    language: &str,
    now: Timestamp,
) -> Result<Recorded<Data>, Stop> {
    let who = who.into();
    again!(once(flows, who, language, now).await)
}

async fn once(
    flows: &Flows,
    who: Acting,
    language: &str,
    now: Timestamp,
) -> Result<Recorded<Data>, Stop> {
    let book = flows.book();
    let tx = open(flows, &book, (who, Right::Access), now).await?;
    let (counted, next) = own_counts(flows, &tx, None, DATA_EVENTS_BYTES).await?;
    let mut all = gather(flows, &book, &tx, language)?;
    mark(flows, &book, &tx, &mut all).await?;
    let nothing = nothing(all.is_empty() && counted.is_empty());
    let next = next.map(|it| it.to_string());
    let (waiting, events) = (waiting(flows, &book, &tx).await?, logged(counted));
    let owed = tx.owe(Data { nothing, data: all, waiting, events, next });
    Ok(tx.record(owed).await?)
}

/// Log information that is older than what was shown; no value is opened again.
///
/// # Errors
/// `Gone` once the person is erased, `Invalid` for a cursor that is none.
pub async fn older_events(
    flows: &Flows,
    person: PersonId,
    cursor: &str,
    now: Timestamp,
) -> Result<Recorded<Data>, Stop> {
    let who = Acting::from(person);
    let after = Place::parse(cursor).ok_or_else(super::no_cursor)?;
    let work = async || {
        let book = flows.book();
        let tx = open_without_values(flows, &book, (who, Right::Access), now).await?;
        let (counted, next) = own_counts(flows, &tx, Some(&after), DATA_EVENTS_BYTES).await?;
        let next = next.map(|it| it.to_string());
        let (data, events) = (Vec::new(), logged(counted));
        let owed = tx.owe(Data { data, waiting: Vec::new(), events, next, nothing: None });
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}

/// Everything but secrets, under a right of the person.
pub(super) async fn open(
    flows: &Flows,
    book: &Book,
    whose: (Acting, Right),
    now: Timestamp,
) -> Result<Tx<Permit>, Stop> {
    permit(flows, book, whose, shown(book), now).await
}

/// The same without reading a value, for what stands beside them.
pub(super) async fn open_without_values(
    flows: &Flows,
    book: &Book,
    whose: (Acting, Right),
    now: Timestamp,
) -> Result<Tx<Permit>, Stop> {
    permit(flows, book, whose, Set::EMPTY, now).await
}

async fn permit(
    flows: &Flows,
    book: &Book,
    (who, right): (Acting, Right),
    wanted: Set<Category>,
    now: Timestamp,
) -> Result<Tx<Permit>, Stop> {
    let asker = who.asker();
    let case = Case::of(who.person(), Act::Exercise { right }, shown(book), &asker);
    flows.permit(book, Case { wanted, ..case }, now).await
}

fn shown(book: &Book) -> Set<Category> {
    book.all_categories().without(secret(book))
}

/// What nobody is shown, the person included: it is no use to them, and to a thief it is.
fn secret(book: &Book) -> Set<Category> {
    book.category(named::PASSWORD).map_or(Set::EMPTY, Set::of)
}

/// An empty answer says that nothing is held, instead of leaving one to guess.
pub(super) fn nothing(none: bool) -> Option<String> {
    none.then(|| "nothing is held about you beyond the account itself".to_owned())
}

fn logged(counted: Vec<Counted>) -> Vec<Logged> {
    let logged = counted.into_iter().map(|it| Logged {
        kind: it.kind,
        count: it.count,
        newest: when(it.newest),
        kept: it.period.to_string(),
    });
    logged.collect()
}

/// Each value that is held, with everything that is said about it.
pub(super) fn gather(
    flows: &Flows,
    book: &Book,
    tx: &Tx<Permit>,
    language: &str,
) -> Result<Vec<Held>, Stop> {
    let language = book.language(language);
    let opened = flows.vault().open(tx)?;
    let policy = book.policy();
    let region = tx.person().region();
    let mut all = Vec::new();
    for row in tx.values() {
        let id = book.category_id(row.category);
        let source = book.rules().vocabulary().source_id(row.source).to_owned();
        let declared = policy.categories.get(id);
        let source_title = policy.sources.get(&source).map(|it| it.title.in_language(language));
        // What the policy of today says of what runs from the closing: it has not begun.
        let due =
            row.due.or_else(|| book.due(row.category, Anchor::Collected, (region, row.collected)));
        all.push(Held {
            category: id.to_owned(),
            title: declared.map_or(id, |it| it.title.in_language(language)).to_owned(),
            value: opened.get(row.category).map(str::to_owned),
            source_title: source_title.unwrap_or(&source).to_owned(),
            source,
            collected: when(row.collected),
            purposes: purposes(book, tx, row.category, language),
            recipients: recipients(book, id, language),
            verified: None,
            due: due.map(when),
            kept: policy.keep.get(id).map(|it| Kept {
                period: it.period.to_string(),
                after: it.after.word().to_owned(),
                clause: it.clause.clone(),
            }),
            hold: None,
        });
    }
    Ok(all)
}

/// Says of what lies under a hold on what ground, and until when, and of a number whether it is proved.
pub(super) async fn mark(
    flows: &Flows,
    book: &Book,
    tx: &Tx<Permit>,
    all: &mut [Held],
) -> Result<(), Stop> {
    if let Some(held) = all.iter_mut().find(|it| it.category == named::PHONE)
        && phone_is_proved_here(flows, book)
    {
        held.verified = Some(phone_is_proved(flows, book, tx).await?);
    }
    let holds = on_hold(flows, tx).await?;
    for row in tx.values().iter().filter(|it| it.hold.is_some()) {
        let id = book.category_id(row.category);
        let hold = row.hold.and_then(|it| holds.get(&it));
        if let Some(held) = all.iter_mut().find(|it| it.category == id) {
            held.hold = hold.cloned();
        }
    }
    Ok(())
}

fn purposes(book: &Book, tx: &Tx<Permit>, category: Category, language: &str) -> Vec<Named> {
    let id = book.category_id(category);
    let purposes = book.policy().purposes.iter().filter(|(_, it)| it.uses.contains(id));
    // What is never done with the data of the young is not said to be.
    let (age, region) = (tx.facts().age, tx.person().region());
    let purposes = purposes.filter(|(_, it)| minors::allows(age, &it.terms(region.as_str())));
    purposes
        .map(|(id, it)| Named {
            id: id.clone(),
            title: it.title.in_language(language).to_owned(),
            clause: it.clause.clone(),
        })
        .collect()
}

fn recipients(book: &Book, category: &str, language: &str) -> Vec<Named> {
    let policy = book.policy();
    let shares = policy.shares.values().filter(|it| it.categories.contains(category));
    let mut found: Vec<Named> = Vec::new();
    for share in shares {
        let Some(recipient) = policy.recipients.get(&share.to) else { continue };
        if !found.iter().any(|it| it.id == share.to) {
            found.push(Named {
                id: share.to.clone(),
                title: recipient.title.in_language(language).to_owned(),
                clause: share.clause.clone(),
            });
        }
    }
    found
}
