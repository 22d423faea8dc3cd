//! The receipt of an answer: the fields of ISO/IEC TS 27560, as JSON.

use decide::spec::Basis;
use decide::{PersonId, RegionCode, Timestamp};
use serde_json::{Value, json};

use super::choose::{Choose, Picked};
use crate::Flows;
use crate::answer::Json;
use crate::book::Book;
use crate::receipt::{Frame, framed, of_person};
use crate::time::when;

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
    let frame = Frame {
        book,
        region: *region,
        language: &ask.language,
        text_hash: &ask.text_hash,
        processing: purposes(shown, now),
        withdrawal: "/privacy/choices",
    };
    let mut receipt = framed(flows, frame);
    if let Some(fields) = receipt.as_object_mut() {
        let signals = json!({ "gpc": ask.signals.gpc(), "dnt": ask.signals.dnt() });
        fields.insert("signals".to_owned(), signals);
    }
    if let Some(person) = person {
        of_person(flows, &mut receipt, *person, now);
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
