//! What this program acts on, by table of the policy language: what `kept check` counts as enforced.

use std::collections::BTreeSet;

/// Tables that a flow acts on. A clause that declares anything else is not yet enforced.
///
/// `source.partner` and `category.location` come with the partner's way in and with positions.
/// `security` and the like are judged in part and stand here when all of what they
/// declare is done.
const ENFORCED: [&str; 26] = [
    "category",
    "source",
    "event",
    "logs",
    "keep",
    "retention",
    "registration",
    "account",
    "cookie",
    "banner",
    "purpose",
    "acceptance",
    "region",
    "residence",
    "storage",
    "silence",
    "right",
    "notice",
    "contact",
    "backup",
    "minors",
    "messages",
    "complaints",
    "change",
    "cessation",
    "product",
];

/// The tables that this program acts on.
pub fn enforced() -> BTreeSet<&'static str> {
    ENFORCED.into_iter().collect()
}
