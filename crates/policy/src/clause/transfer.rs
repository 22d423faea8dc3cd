//! Sending data to another region.

use std::collections::BTreeSet;

use super::publication::Separate;
use crate::kind::Kind;
use crate::limit::TITLE_MAX;
use crate::localized::Localized;
use crate::policy::Policy;
use crate::read::{Fields, Reading};

/// A transfer to another region. Its consent is always separate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// From which region.
    pub from: String,
    /// To which region.
    pub to: String,
    /// To whom.
    pub recipient: String,
    /// What for.
    pub purpose: String,
    /// Which categories.
    pub categories: BTreeSet<String>,
    /// How it is protected.
    pub safeguards: Localized,
    /// What may go wrong.
    pub risks: Localized,
}

pub(crate) fn transfer(policy: &mut Policy, fields: &mut Fields<'_>) {
    let title = fields.title();
    let from = end(fields, "from");
    let to = end(fields, "to");
    let recipient = fields.need_name("recipient", Kind::Recipient);
    let purpose = fields.need_name("purpose", Kind::Purpose);
    let categories = fields.need_names("categories", Kind::Category);
    let safeguards = told(fields, "safeguards", "transfer-without-safeguards");
    let risks = told(fields, "risks", "transfer-without-risks");
    if fields.has("consent") {
        fields.word::<Separate>("consent");
    }
    let (clause, id) = (fields.clause(), fields.id());
    let transfer =
        Transfer { clause, title, from, to, recipient, purpose, categories, safeguards, risks };
    policy.transfers.insert(id, transfer);
}

fn end(fields: &mut Fields<'_>, name: &'static str) -> String {
    let Some((code, at)) = fields.plain_text(name, TITLE_MAX) else {
        if !fields.has(name) {
            fields.missing(name, "\"cn\"");
        }
        return String::new();
    };
    fields.region(&code, at);
    fields.rule(name, code.clone());
    code
}

fn told(fields: &mut Fields<'_>, name: &'static str, code: &str) -> Localized {
    if !fields.has(name) {
        let message = format!("transfer `{}` does not tell its {name}", fields.id());
        let at = fields.at();
        let fault = fields.reading.faults.error(code, at, message);
        fault.label("a person cannot agree to what is not told");
        fault.help(format!("add `{name} = \"…\"`"));
    }
    fields.text(name).unwrap_or_default()
}

/// A transfer goes somewhere else, with what its purpose uses.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    for (id, transfer) in &policy.transfers {
        if transfer.from == transfer.to && !transfer.to.is_empty() {
            let at = reading.spot(Kind::Transfer, id, "to");
            let message = format!("transfer `{id}` stays in `{}`", transfer.to);
            let fault = reading.faults.error("transfer-same-region", at, message);
            fault.help("name another region, or declare a share");
        }
        let uses = policy.purposes.get(&transfer.purpose).map(|it| it.uses.clone());
        super::sharing::within_purpose(reading, (Kind::Transfer, id), (&transfer.categories, uses));
    }
}
