//! The frame of a receipt: the fields of ISO/IEC TS 27560 that are the same whatever was answered.

use decide::{PersonId, RegionCode, Timestamp};
use serde_json::{Value, json};

use crate::Flows;
use crate::book::Book;

/// The version of the shape that the specification gives its receipts.
const SCHEMA: &str = "ISO-27560-2023";

/// What the frame is filled with.
pub(crate) struct Frame<'a> {
    pub(crate) book: &'a Book,
    pub(crate) region: RegionCode,
    /// The language in which it was shown, as it was asked for.
    pub(crate) language: &'a str,
    /// The hash of what was shown.
    pub(crate) text_hash: &'a str,
    /// What was answered, purpose by purpose.
    pub(crate) processing: Vec<Value>,
    /// The page on which the answer is taken back.
    pub(crate) withdrawal: &'a str,
}

/// A receipt that says nothing of the person yet.
pub(crate) fn framed(flows: &Flows, frame: Frame<'_>) -> Value {
    let Frame { book, region, language, text_hash, processing, withdrawal } = frame;
    let header = &book.policy().header;
    let language = book.language(language);
    let address = &flows.settings().address;
    json!({
        "schema_version": SCHEMA,
        "privacy_notice": {
            "url": format!("{address}/privacy/versions/{}", book.version()),
            "version": book.version(),
            "hash": format!("sha256:{}", book.hash()),
        },
        "language": language,
        "text_hash": text_hash,
        "jurisdiction": region.as_str(),
        "pii_controllers": [{
            "name": header.controller.in_language(language),
            "contact": header.contact.email,
        }],
        "pii_processing": processing,
        "withdrawal": { "method": format!("{address}{withdrawal}") },
    })
}

/// Numbers a receipt, and says whose it is.
pub(crate) fn of_person(flows: &Flows, receipt: &mut Value, person: PersonId, now: Timestamp) {
    let Some(fields) = receipt.as_object_mut() else { return };
    let (region, id) = (person.region(), flows.journal().new_id(now));
    fields.insert("record_id".to_owned(), format!("rcp_{region}_{id:032x}").into());
    fields.insert("pii_principal_id".to_owned(), person.to_string().into());
}
