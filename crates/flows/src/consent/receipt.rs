//! The receipt of an answer: the fields of ISO/IEC TS 27560, as JSON.

use decide::spec::Basis;
use decide::{PersonId, RegionCode, Timestamp};
use serde_json::{Value, json};

use super::choose::{Choose, Picked};
use crate::Flows;
use crate::answer::Json;
use crate::book::Book;
use crate::time::when;

/// The version of the shape that the specification gives its receipts.
const SCHEMA: &str = "ISO-27560-2023";

/// What a receipt is made of.
pub(super) struct Receipt<'a> {
    pub(super) book: &'a Book,
    pub(super) region: RegionCode,
    pub(super) person: Option<PersonId>,
    pub(super) ask: &'a Choose,
    pub(super) picked: &'a Picked,
}

/// Writes a receipt. Without a person it carries no id of any kind.
pub(super) fn receipt(flows: &Flows, shown: &Receipt<'_>, now: Timestamp) -> Json {
    let Receipt { book, region, person, ask, .. } = shown;
    let header = &book.policy().header;
    let language = book.language(&ask.language);
    let address = &flows.settings().address;
    let mut receipt = json!({
        "schema_version": SCHEMA,
        "privacy_notice": {
            "url": format!("{address}/privacy/versions/{}", book.version()),
            "version": book.version(),
            "hash": format!("sha256:{}", book.hash()),
        },
        "language": language,
        "text_hash": ask.text_hash,
        "jurisdiction": region.as_str(),
        "pii_controllers": [{
            "name": header.controller.in_language(language),
            "contact": header.contact.email,
        }],
        "pii_processing": purposes(shown, now),
        "signals": { "gpc": ask.signals.gpc(), "dnt": ask.signals.dnt() },
        "withdrawal": { "method": format!("{address}/privacy/choices") },
    });
    if let (Some(person), Some(fields)) = (person, receipt.as_object_mut()) {
        let id = flows.journal().new_id(now);
        fields.insert("record_id".to_owned(), format!("rcp_{region}_{id:032x}").into());
        fields.insert("pii_principal_id".to_owned(), person.to_string().into());
    }
    Json(receipt)
}

fn purposes(shown: &Receipt<'_>, now: Timestamp) -> Vec<Value> {
    let Receipt { book, region, ask, picked, .. } = shown;
    let policy = book.policy();
    let language = book.language(&ask.language);
    let answered = picked.given.union(picked.refused);
    let open = book.choices(*region).into_iter().filter(|(_, it)| answered.has(*it));
    open.filter_map(|(id, purpose)| {
        let declared = policy.purposes.get(&id)?;
        let given = picked.given.has(purpose);
        let data: Vec<Value> = declared.uses.iter().map(|it| datum(book, it, language)).collect();
        let recipients: Vec<Value> = policy
            .shares
            .values()
            .filter(|it| it.purpose == id)
            .filter_map(|it| policy.recipients.get(&it.to))
            .map(|it| Value::from(it.title.in_language(language)))
            .collect();
        Some(json!({
            "purpose": id,
            "purpose_title": declared.title.in_language(language),
            "purpose_type": declared.clause,
            "lawful_basis": Basis::Consent.word(),
            "consent_type": "express",
            "personal_data": data,
            "recipients": recipients,
            "storage": { "region": region.as_str() },
            "event": {
                "state": if given { "given" } else { "refused" },
                "time": when(now),
                "duration": if given { "until withdrawn" } else { "until changed" },
                "entity": "pii_principal",
                "method": ask.screen,
            },
        }))
    })
    .collect()
}

fn datum(book: &Book, id: &str, language: &str) -> Value {
    let policy = book.policy();
    let title = policy.categories.get(id).map_or(id, |it| it.title.in_language(language));
    let keep = policy.keep.get(id);
    json!({
        "category": id,
        "title": title,
        "retention": keep.map(|it| json!({ "for": it.period.to_string(), "after": it.after.word() })),
    })
}
