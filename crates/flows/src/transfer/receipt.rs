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
use crate::receipt::{Frame, framed, of_person};
use crate::time::when;

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
    let person = ask.who.person();
    let frame = Frame {
        book,
        region: person.region(),
        language: &ask.language,
        text_hash: &ask.text_hash,
        processing: vec![processing(it, book.language(&ask.language), now)],
        withdrawal: "/me/transfers",
    };
    let mut receipt = framed(flows, frame);
    of_person(flows, &mut receipt, person, now);
    Json(receipt)
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
