//! The receipt of an answer to a transfer: the fields of ISO/IEC TS 27560, as JSON, and the four things
//! that were told.

use decide::Timestamp;
use decide::spec::Basis;
use serde_json::{Value, json};

use super::Named;
use super::agree::Agree;
use super::list::shown;
use crate::Flows;
use crate::answer::Json;
use crate::book::Book;
use crate::time::when;

/// The version of the shape that the specification gives its receipts.
const SCHEMA: &str = "ISO-27560-2023";

/// What a receipt is made of.
pub(super) struct Receipt<'a> {
    pub(super) book: &'a Book,
    pub(super) ask: &'a Agree,
    pub(super) transfer: &'a Named<'a>,
    pub(super) given: bool,
}

/// Writes a receipt.
pub(super) fn receipt(flows: &Flows, it: &Receipt<'_>, now: Timestamp) -> Json {
    let Receipt { book, ask, .. } = it;
    let header = &book.policy().header;
    let language = book.language(&ask.language);
    let address = &flows.settings().address;
    let person = ask.who.person();
    let region = person.region();
    let id = flows.journal().new_id(now);
    Json(json!({
        "schema_version": SCHEMA,
        "record_id": format!("rcp_{region}_{id:032x}"),
        "pii_principal_id": person.to_string(),
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
        "pii_processing": [processing(it, language, now)],
        "withdrawal": { "method": format!("{address}/me/transfers") },
    }))
}

fn processing(it: &Receipt<'_>, language: &str, now: Timestamp) -> Value {
    let Receipt { book, ask, transfer, given } = it;
    let told = shown(book, (transfer.id, transfer.declared), language);
    let data: Vec<Value> =
        told.categories.iter().map(|it| json!({ "category": it.id, "title": it.title })).collect();
    json!({
        "transfer": told.id,
        "purpose": told.purpose,
        "purpose_title": told.purpose_title,
        "purpose_type": told.clause,
        "lawful_basis": Basis::Consent.word(),
        "consent_type": "separate",
        "personal_data": data,
        "recipients": [told.recipient.title],
        "recipient_contact": told.recipient.contact,
        "storage": { "region": told.to },
        "safeguards": told.safeguards,
        "risks": told.risks,
        "event": {
            "state": if *given { "given" } else { "refused" },
            "time": when(now),
            "duration": if *given { "until withdrawn" } else { "until changed" },
            "entity": if ask.who.is_guardian() { "guardian" } else { "pii_principal" },
            "method": ask.screen,
        },
    })
}
