//! The twin of the notice for machines: JSON-LD in the terms of the W3C's Data Privacy Vocabulary.

use decide::spec::Basis;
use serde_json::{Map, Value, json};

use crate::kind::Kind;
use crate::phrase;
use crate::policy::Policy;

/// The policy as `/privacy.json` gives it.
///
/// `{version, hash, updated, effective, clauses: [{id, …}]}`, readable as JSON-LD through its
/// `@context`; titles and texts are those of `language`.
pub fn twin(policy: &Policy, language: &str) -> Value {
    let header = &policy.header;
    json!({
        "@context": context(language),
        "@type": "PrivacyNotice",
        "version": header.version,
        "hash": policy.hash(),
        "updated": header.updated.to_string(),
        "effective": header.effective.to_string(),
        "language": language,
        "languages": header.languages,
        "title": policy.page.title.in_language(language),
        "controller": {
            "@type": "DataController",
            "name": header.controller.in_language(language),
            "email": header.contact.email,
            "post": header.contact.post.as_ref().map(|it| it.in_language(language)),
            "phone": header.contact.phone,
        },
        "regions": policy.regions.iter().map(|(id, it)| json!({
            "id": id, "title": it.title.in_language(language), "law": it.law.word(),
        })).collect::<Vec<_>>(),
        "clauses": policy.clauses.iter().map(|it| json!({
            "id": it.id,
            "title": policy.clause_title(&it.id, language),
            "text": super::clause_text(policy, &it.id, language),
            "declares": it.declares.iter().map(|(kind, id)| name(*kind, id)).collect::<Vec<_>>(),
            "stated": it.stated,
        })).collect::<Vec<_>>(),
        "handling": policy.purposes.keys().map(|id| handling(policy, id, language)).collect::<Vec<_>>(),
        "categories": policy.categories.keys().map(|id| category(policy, id, language)).collect::<Vec<_>>(),
        "recipients": policy.recipients.iter().map(|(id, it)| json!({
            "@type": "Recipient",
            "id": id, "title": it.title.in_language(language), "role": it.role.word(),
            "region": it.region, "clause": it.clause,
        })).collect::<Vec<_>>(),
        "rights": policy.rights.iter().map(|(right, it)| json!({
            "@type": "DataSubjectRight",
            "id": right.word(), "title": it.title.in_language(language), "clause": it.clause,
            "within": it.within.iter().map(|(region, it)| (region.clone(), Value::from(it.to_string()))).collect::<Map<_, _>>(),
        })).collect::<Vec<_>>(),
    })
}

/// What the words of the twin mean.
fn context(language: &str) -> Value {
    json!({
        "@version": 1.1,
        "@language": language,
        "dpv": "https://w3id.org/dpv#",
        "dct": "http://purl.org/dc/terms/",
        "kept": "urn:kept:policy:",
        "@vocab": "urn:kept:policy:",
        "id": "dct:identifier",
        "title": "dct:title",
        "updated": "dct:modified",
        "effective": "dct:valid",
        "version": "dct:hasVersion",
        "PrivacyNotice": "dpv:PrivacyNotice",
        "PersonalDataHandling": "dpv:PersonalDataHandling",
        "PersonalData": "dpv:PersonalData",
        "SensitivePersonalData": "dpv:SensitivePersonalData",
        "Purpose": "dpv:Purpose",
        "DataController": "dpv:DataController",
        "Recipient": "dpv:Recipient",
        "DataSubjectRight": "dpv:DataSubjectRight",
        "controller": "dpv:hasDataController",
        "handling": "dpv:hasPersonalDataHandling",
        "purpose": "dpv:hasPurpose",
        "uses": "dpv:hasPersonalData",
        "recipients": "dpv:hasRecipient",
        "basis": { "@id": "dpv:hasLegalBasis", "@type": "@vocab" },
        "retention": "dpv:hasStorageCondition",
        "rights": "dpv:hasRight",
    })
}

fn name(kind: Kind, id: &str) -> String {
    if kind.named() { format!("{}.{id}", kind.word()) } else { kind.word().to_owned() }
}

/// One purpose with what it uses and who gets it.
fn handling(policy: &Policy, id: &str, language: &str) -> Value {
    let Some(purpose) = policy.purposes.get(id) else { return Value::Null };
    let shares = policy.shares.iter().filter(|it| it.1.purpose == id);
    json!({
        "@type": "PersonalDataHandling",
        "clause": purpose.clause,
        "purpose": { "@type": "Purpose", "id": id, "title": purpose.title.in_language(language) },
        "basis": basis(purpose.general.basis),
        "basis_word": purpose.general.basis.word(),
        "basis_by_region": policy.header.regions.iter().map(|it| {
            (it.clone(), Value::from(purpose.terms(it).basis.word()))
        }).collect::<Map<_, _>>(),
        "default": purpose.general.default.word(),
        "minors": purpose.general.minors.word(),
        "uses": purpose.uses,
        "shares": shares.map(|(id, it)| json!({
            "id": id, "to": it.to, "form": it.form.word(), "categories": it.categories, "clause": it.clause,
        })).collect::<Vec<_>>(),
    })
}

/// The vocabulary's word for a basis.
fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Consent => "dpv:Consent",
        Basis::Contract => "dpv:Contract",
        Basis::LegalDuty => "dpv:LegalObligation",
        Basis::VitalInterest => "dpv:VitalInterest",
        Basis::PublicTask => "dpv:PublicInterest",
        Basis::LegitimateInterest => "dpv:LegitimateInterest",
    }
}

fn category(policy: &Policy, id: &str, language: &str) -> Value {
    let Some(category) = policy.categories.get(id) else { return Value::Null };
    let keep = policy.keep.get(id);
    json!({
        "@type": if category.sensitive { "SensitivePersonalData" } else { "PersonalData" },
        "id": id,
        "title": category.title.in_language(language),
        "kind": category.kind.word(),
        "identifying": category.identifying,
        "sources": category.sources,
        "clause": category.clause,
        "retention": keep.map(|it| json!({
            "after": it.after.word(),
            "for": it.period.to_string(),
            "text": phrase::keep(it.after, it.period, language),
            "clause": it.clause,
        })),
    })
}
