//! What must hold between what is collected and what it is used for.

use std::collections::BTreeSet;

use decide::spec::Basis;

use super::DataKind;
use crate::kind::Kind;
use crate::policy::Policy;
use crate::read::Reading;

/// Every category has a way in, a use, and fits its events and partners.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    used(policy, reading);
    collected(policy, reading);
    required(policy, reading);
    derived(policy, reading);
    events(policy, reading);
    partners(policy, reading);
}

/// A category that no purpose uses is collected for nothing.
fn used(policy: &Policy, reading: &mut Reading) {
    let used: BTreeSet<&String> = policy.purposes.values().flat_map(|it| &it.uses).collect();
    for id in policy.categories.keys().filter(|it| !used.contains(it)) {
        if reading.meant.contains(&(Kind::Category, id.clone())) {
            continue;
        }
        let at = reading.at(Kind::Category, id);
        let message = format!("category `{id}` is collected and no purpose uses it");
        let fault = reading.faults.error("unused-category", at, message);
        fault.label("collected for nothing");
        fault.help(format!("add `{id}` to `uses` of a purpose, or stop collecting it"));
    }
}

/// A purpose uses only what some source brings.
fn collected(policy: &Policy, reading: &mut Reading) {
    for (name, purpose) in &policy.purposes {
        for id in &purpose.uses {
            let Some(category) = policy.categories.get(id) else { continue };
            let brought = category.sources.iter().any(|it| {
                let source = policy.sources.get(it);
                // A source that is not declared is reported as such.
                source.is_none_or(|it| it.brings.as_ref().is_none_or(|brings| brings.contains(id)))
            });
            let doubtful = reading.spot(Kind::Category, id, "sources");
            if !brought && !reading.doubtful.contains(&doubtful) {
                let at = reading.spot(Kind::Purpose, name, "uses");
                let declared = reading.at(Kind::Category, id);
                let message = format!("purpose `{name}` uses `{id}`, which no source collects");
                let fault = reading.faults.error("uncollected-category", at, message);
                fault.also(declared, "none of its sources brings it");
                fault
                    .help(format!("add a source that brings it to `sources` of `[category.{id}]`"));
            }
        }
    }
}

/// What a purpose cannot do without, it uses.
fn required(policy: &Policy, reading: &mut Reading) {
    for (id, category) in &policy.categories {
        for name in &category.required {
            if policy.purposes.get(name).is_some_and(|it| !it.uses.contains(id)) {
                let at = reading.spot(Kind::Category, id, "required");
                let message = format!("`{id}` is required for `{name}`, which does not use it");
                let fault = reading.faults.error("required-not-used", at, message);
                fault.help(format!("add `{id}` to `uses` of `[purpose.{name}]`"));
            }
        }
    }
}

/// What is computed says from what, and nothing else does.
fn derived(policy: &Policy, reading: &mut Reading) {
    for (id, category) in &policy.categories {
        let computed = category.kind == DataKind::Derived;
        if !computed && !category.from.is_empty() {
            let at = reading.spot(Kind::Category, id, "from");
            let message =
                format!("category `{id}` is computed and its kind is `{}`", category.kind.word());
            let fault = reading.faults.error("contradiction", at, message);
            fault.help("write `kind = \"derived\"`, or leave `from` out");
        }
    }
}

fn events(policy: &Policy, reading: &mut Reading) {
    for (id, event) in &policy.events {
        let at = reading.spot(Kind::Event, id, "fields");
        for (field, name) in &event.fields {
            if policy.categories.get(name).is_some_and(|it| !it.events) {
                let message = format!(
                    "field `{field}` of event `{id}` holds `{name}`, which is no log information"
                );
                let fault = reading.faults.error("event-field", at, message);
                fault.help(format!(
                    "add `events = true` to `[category.{name}]`, or choose another category"
                ));
            }
            let uses = policy.purposes.get(&event.purpose).map(|it| &it.uses);
            if uses.is_some_and(|it| !it.contains(name)) && policy.categories.contains_key(name) {
                let message = format!(
                    "event `{id}` collects `{name}` for `{}`, which does not use it",
                    event.purpose
                );
                let fault = reading.faults.error("event-field", at, message);
                fault.help(format!("add `{name}` to `uses` of `[purpose.{}]`", event.purpose));
            }
        }
        let consent =
            policy.purposes.get(&event.purpose).is_some_and(|it| it.rests_on(Basis::Consent));
        if event.necessary && consent {
            let at = reading.spot(Kind::Event, id, "necessary");
            let message =
                format!("event `{id}` is strictly necessary and its purpose rests on consent");
            let fault = reading.faults.error("necessary-consent", at, message);
            fault.help("leave `necessary` out, or name a purpose with another basis");
        }
    }
}

/// A partner brings only what names it as a source, for purposes that use it.
fn partners(policy: &Policy, reading: &mut Reading) {
    for (id, source) in &policy.sources {
        for name in source.brings.iter().flatten() {
            let category = policy.categories.get(name);
            if category.is_some_and(|it| !it.sources.contains(id)) {
                let at = reading.spot(Kind::Source, id, "brings");
                let message = format!("`{id}` brings `{name}`, which does not name it as a source");
                let fault = reading.faults.error("partner-brings", at, message);
                fault.help(format!("add `{id}` to `sources` of `[category.{name}]`"));
            }
            let served = source.purposes.iter().flatten().filter_map(|it| policy.purposes.get(it));
            if category.is_some() && !served.into_iter().any(|it| it.uses.contains(name)) {
                let at = reading.spot(Kind::Source, id, "purposes");
                let message = format!("`{id}` brings `{name}` for purposes that do not use it");
                let fault = reading.faults.error("partner-brings", at, message);
                fault.help(format!("name a purpose that uses `{name}`, or stop bringing it"));
            }
        }
    }
}
