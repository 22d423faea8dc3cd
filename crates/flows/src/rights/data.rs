//! What we hold: each value with its source, its purposes, its recipients, and when it goes.

use decide::{Act, Category, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Recorded, Tx};
use policy::Anchor;
use serde::Serialize;
use zeroize::Zeroize;

use crate::account::named;
use crate::book::Book;
use crate::collection::{Seen, own_events};
use crate::engine::{Case, again};
use crate::{Flows, Stop, when};

/// What we hold of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Data {
    /// Each value.
    pub data: Vec<Held>,
    /// Log information, by kind, with how many there are.
    pub events: Vec<Logged>,
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
    /// When it goes; nothing while it runs from something that has not happened.
    pub due: Option<String>,
    /// The rule by which it goes.
    pub kept: Option<Kept>,
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
    person: PersonId,
    language: &str,
    now: Timestamp,
) -> Result<Recorded<Data>, Stop> {
    again!(once(flows, person, language, now).await)
}

async fn once(
    flows: &Flows,
    person: PersonId,
    language: &str,
    now: Timestamp,
) -> Result<Recorded<Data>, Stop> {
    let book = flows.book();
    let tx = open(flows, &book, (person, Right::Access), now).await?;
    let seen = own_events(flows, &tx).await?;
    let all = gather(flows, &book, &tx, language)?;
    let owed = tx.owe(Data { nothing: nothing(&all, &seen), data: all, events: logged(&seen) });
    Ok(tx.record(owed).await?)
}

/// Everything but secrets, under a right of the person.
pub(super) async fn open(
    flows: &Flows,
    book: &Book,
    (person, right): (PersonId, Right),
    now: Timestamp,
) -> Result<Tx<Permit>, Stop> {
    let asker = Asker::new(AskerKind::Person, "self");
    let shown = book.all_categories().without(secret(book));
    let act = Act::Exercise { right };
    flows.permit(book, Case::of(person, act, shown, &asker), now).await
}

/// What nobody is shown, the person included: it is no use to them, and to a thief it is.
fn secret(book: &Book) -> Set<Category> {
    book.category(named::PASSWORD).map_or(Set::EMPTY, Set::of)
}

/// An empty answer says that nothing is held, instead of leaving one to guess.
pub(super) fn nothing(data: &[Held], events: &[Seen]) -> Option<String> {
    let none = data.is_empty() && events.is_empty();
    none.then(|| "nothing is held about you beyond the account itself".to_owned())
}

fn logged(seen: &[Seen]) -> Vec<Logged> {
    let mut logged: Vec<Logged> = Vec::new();
    for event in seen {
        match logged.iter_mut().find(|it| it.kind == event.kind) {
            Some(it) => {
                it.count = it.count.saturating_add(1);
                it.newest.clone_from(&event.received);
            }
            None => logged.push(Logged {
                kind: event.kind.clone(),
                count: 1,
                newest: event.received.clone(),
                kept: event.class.replace('-', " "),
            }),
        }
    }
    logged
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
            purposes: purposes(book, row.category, language),
            recipients: recipients(book, id, language),
            due: due.map(when),
            kept: policy.keep.get(id).map(|it| Kept {
                period: it.period.to_string(),
                after: it.after.word().to_owned(),
                clause: it.clause.clone(),
            }),
        });
    }
    Ok(all)
}

fn purposes(book: &Book, category: Category, language: &str) -> Vec<Named> {
    let id = book.category_id(category);
    let purposes = book.policy().purposes.iter().filter(|(_, it)| it.uses.contains(id));
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
