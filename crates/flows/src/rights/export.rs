//! Taking one's data along: everything, in one machine-readable piece.

use decide::{PersonId, Right, Timestamp};
use journal::{Permit, Recorded, Tx};
use serde_json::{Value, json};

use super::data::{gather, nothing, open};
use super::uses::{UseSeen, read};
use crate::answer::Json;
use crate::book::Book;
use crate::collection::own_events;
use crate::engine::again;
use crate::limit::{EXPORT_RECORDS_MAX, USES_PAGE};
use crate::{Flows, Stop, when};

/// The format's version.
const VERSION: u8 = 1;

/// Exports everything that is held.
///
/// # Errors
/// `Gone` once the person is erased.
pub async fn export(
    flows: &Flows,
    person: PersonId,
    language: &str,
    now: Timestamp,
) -> Result<Recorded<Json>, Stop> {
    again!(once(flows, person, language, now).await)
}

async fn once(
    flows: &Flows,
    person: PersonId,
    language: &str,
    now: Timestamp,
) -> Result<Recorded<Json>, Stop> {
    let book = flows.book();
    let tx = open(flows, &book, (person, Right::Export), now).await?;
    let seen = own_events(flows, &tx).await?;
    let data = gather(flows, &book, &tx, language)?;
    let says = nothing(&data, &seen);
    let mut export = head(&book, &tx, now);
    if let Some(fields) = export.as_object_mut() {
        fields.insert("data".to_owned(), json!(data));
        let events: Vec<Value> = seen.into_iter().map(|it| it.event).collect();
        fields.insert("events".to_owned(), events.into());
        fields.insert("uses".to_owned(), json!(records(flows, &tx).await?));
        fields.insert("nothing".to_owned(), json!(says));
    }
    let owed = tx.owe(Json(export));
    Ok(tx.record(owed).await?)
}

fn head(book: &Book, tx: &Tx<Permit>, now: Timestamp) -> Value {
    let facts = tx.facts();
    json!({
        "kept_export": VERSION,
        "made": when(now),
        "controller": book.policy().header.controller.main(),
        "contact": book.policy().header.contact.email,
        "policy": { "version": book.version(), "hash": format!("sha256:{}", book.hash()) },
        "account": {
            "id": tx.person().to_string(),
            "region": tx.person().region().as_str(),
            "state": facts.account.word(),
            "age": facts.age.word(),
            "accepted": facts.adopted,
        },
        "consents": {
            "given": book.purpose_ids(facts.given),
            "refused": book.purpose_ids(facts.refused),
            "objected": book.purpose_ids(facts.objected),
        },
    })
}

async fn records(flows: &Flows, tx: &Tx<Permit>) -> Result<Vec<UseSeen>, Stop> {
    let mut all: Vec<UseSeen> = Vec::new();
    let mut before = None;
    while all.len() < EXPORT_RECORDS_MAX {
        let page = read(flows, tx, (before, USES_PAGE), false).await?;
        let Some(last) = page.last() else { break };
        before = decide::id::RecordId::parse(&last.record);
        all.extend(page);
        if before.is_none() {
            break;
        }
    }
    Ok(all)
}
