//! What this program acts on, by table of the policy language, and which of its parts do: what
//! `kept check` counts as enforced, and what the evidence names.

use std::collections::BTreeSet;

use policy::{Clause, Kind};

/// Tables that a flow acts on, and the parts of this program that do. A clause that declares anything
/// else is not yet enforced.
///
/// `source.partner` and `category.location` come with the partner's way in and with positions.
/// `security` and the like are judged in part and stand here when all of what they
/// declare is done.
const ENFORCED: [(&str, &[&str]); 29] = [
    ("category", &["decide::purpose", "account::collect"]),
    ("source", &["decide::collection"]),
    ("event", &["collection::events"]),
    ("logs", &["collection::events", "collection::scrub"]),
    ("keep", &["decide::retention", "retention::sweep"]),
    ("retention", &["retention::sweep", "retention::hold"]),
    ("registration", &["account::register", "account::verify"]),
    ("account", &["account::close", "account::cancel"]),
    ("cookie", &["consent::choose"]),
    ("banner", &["consent::show", "consent::choose"]),
    ("purpose", &["decide::purpose", "consent::choose"]),
    ("acceptance", &["account::register", "change::answer"]),
    ("region", &["decide::residence"]),
    ("residence", &["decide::residence", "decide::transfer"]),
    ("storage", &["vault"]),
    ("transfer", &["decide::transfer", "transfer::agree", "transfer::leave", "transfer::carry"]),
    ("recipient", &["decide::transfer", "transfer::list", "rights::tell"]),
    ("agreement", &["transfer::send"]),
    ("silence", &["decide::sharing", "decide::transfer"]),
    ("right", &["decide::rights", "rights::request"]),
    ("notice", &["notice::show"]),
    ("contact", &["messages::form"]),
    ("backup", &["security::backup", "security::restore"]),
    ("minors", &["minors::enter", "decide::minors"]),
    ("messages", &["messages::desk", "messages::escalate"]),
    ("complaints", &["messages::desk", "messages::escalate"]),
    ("change", &["change::publish", "change::tell", "decide::change"]),
    ("cessation", &["cessation::plan", "cessation::erase"]),
    ("product", &["cessation::plan", "decide::cessation"]),
];

/// The tables that this program acts on.
pub fn enforced() -> BTreeSet<&'static str> {
    ENFORCED.iter().map(|(table, _)| *table).collect()
}

/// The parts of this program that act on what a clause declares, each once, in the order of the
/// declarations.
pub(crate) fn by(clause: &Clause) -> Vec<&'static str> {
    let mut all = Vec::new();
    for (kind, _) in &clause.declares {
        let parts = |kind: Kind| ENFORCED.iter().filter(move |(it, _)| *it == kind.word());
        for part in parts(*kind).flat_map(|(_, parts)| *parts) {
            if !all.contains(part) {
                all.push(*part);
            }
        }
    }
    all
}
