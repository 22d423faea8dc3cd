//! What is asked: each transfer out of the person's region by itself, with its purpose, its recipient,
//! what protects the data and what could go wrong (PIPL 38 and 39).

use decide::{Act, Right, Set, Timestamp};
use policy::clause::transfer::Transfer as Declared;
use serde::Serialize;

use super::named;
use crate::answer::Said;
use crate::book::Book;
use crate::engine::Case;
use crate::{Acting, Flows, Stop, secret};

/// The transfers that somebody is asked about, each by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The language of the texts.
    pub language: String,
    /// The transfers; none where nothing leaves the region.
    pub transfers: Vec<TransferShown>,
}

/// A transfer, as it is told before it is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TransferShown {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The clause that declares it.
    pub clause: String,
    /// `agreed` or `not-agreed`.
    pub state: &'static str,
    /// The purpose, by id.
    pub purpose: String,
    /// The purpose, by title.
    pub purpose_title: String,
    /// Who gets the data.
    pub recipient: RecipientShown,
    /// Which data.
    pub categories: Vec<Datum>,
    /// From which region.
    pub from: String,
    /// To which region.
    pub to: String,
    /// The title of that region.
    pub to_title: String,
    /// What protects the data.
    pub safeguards: String,
    /// What could go wrong.
    pub risks: String,
    /// The hash of all this; a yes names it.
    pub text_hash: String,
}

/// A recipient, as a person is told of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecipientShown {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is to us: `processor`, `controller`, …
    pub role: &'static str,
    /// How it is reached.
    pub contact: Option<String>,
    /// What it does with what it gets.
    pub does: Option<String>,
}

/// A category, by id and title.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Datum {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// What somebody is asked about, and what they said. Reading it opens nothing.
///
/// # Errors
/// `Gone` once the person is erased.
pub async fn list(
    flows: &Flows,
    who: impl Into<Acting>,
    language: &str,
    now: Timestamp,
) -> Result<Said<Shown>, Stop> {
    let book = flows.book();
    let who = who.into();
    let (person, asker) = (who.person(), who.asker());
    let act = Act::Exercise { right: Right::Access };
    let tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    let language = book.language(language);
    let region = person.region();
    let theirs = book.policy().transfers.iter().filter(|(_, it)| it.from == region.as_str());
    let transfers = theirs
        .filter_map(|(id, declared)| {
            let position = book.rules().vocabulary().transfer(id)?;
            let mut shown = shown(&book, (id, declared), language);
            if tx.facts().transfers.has(position) {
                shown.state = AGREED;
            }
            Some(shown)
        })
        .collect();
    let shown = Shown { language: language.to_owned(), transfers };
    Ok(Said::new(shown, tx.asked()))
}

const AGREED: &str = "agreed";
const NOT_AGREED: &str = "not-agreed";

/// The hash of what is told of a transfer in a language, and of the rules behind it; empty for one that
/// the policy does not declare.
pub fn text_hash(book: &Book, id: &str, language: &str) -> String {
    let language = book.language(language);
    named(book, id)
        .map_or_else(|_| String::new(), |it| shown(book, (id, it.declared), language).text_hash)
}

pub(super) fn shown(book: &Book, (id, it): (&str, &Declared), language: &str) -> TransferShown {
    let policy = book.policy();
    let title = |found: Option<&policy::Localized>, id: &str| {
        found.map_or(id, |it| it.in_language(language)).to_owned()
    };
    let categories = it.categories.iter().map(|id| Datum {
        id: id.clone(),
        title: title(policy.categories.get(id).map(|it| &it.title), id),
    });
    let purpose = policy.purposes.get(&it.purpose);
    let mut shown = TransferShown {
        id: id.to_owned(),
        title: it.title.in_language(language).to_owned(),
        clause: it.clause.clone(),
        state: NOT_AGREED,
        purpose: it.purpose.clone(),
        purpose_title: title(purpose.map(|it| &it.title), &it.purpose),
        recipient: recipient(book, &it.recipient, language),
        categories: categories.collect(),
        from: it.from.clone(),
        to: it.to.clone(),
        to_title: title(policy.regions.get(&it.to).map(|it| &it.title), &it.to),
        safeguards: it.safeguards.in_language(language).to_owned(),
        risks: it.risks.in_language(language).to_owned(),
        text_hash: String::new(),
    };
    let bytes = serde_json::to_vec(&(&shown, language, book.hash())).unwrap_or_default();
    shown.text_hash = format!("sha256:{}", secret::hex(&secret::digest(&bytes)));
    shown
}

fn recipient(book: &Book, id: &str, language: &str) -> RecipientShown {
    let found = book.policy().recipients.get(id);
    RecipientShown {
        id: id.to_owned(),
        title: found.map_or(id, |it| it.title.in_language(language)).to_owned(),
        role: found.map_or("", |it| it.role.word()),
        contact: found.and_then(|it| it.contact.clone()),
        does: found.and_then(|it| it.does.as_ref()).map(|it| it.in_language(language).to_owned()),
    }
}
