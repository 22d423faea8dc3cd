//! What each version widened, found by comparing rules.

use std::collections::BTreeSet;

use decide::spec::{
    Basis, PurposeSpec, PurposeTerms, ShareSpec, Spec, TransferSpec, Widened, WideningSpec,
};

use crate::policy::Policy;
use crate::read::Reading;

/// Adds what this version and each one before it widened, oldest first.
pub(super) fn follow(policy: &mut Policy, reading: &mut Reading, older: &[&Policy]) {
    let mut history: Vec<&Spec> = older.iter().map(|it| &it.spec).collect();
    history.sort_by_key(|it| it.version);
    if let Some(last) = history.last().filter(|it| it.version >= policy.spec.version) {
        let at = reading.spots.get("header.version").copied().unwrap_or_default();
        let message =
            format!("version {} does not follow version {}", policy.spec.version, last.version);
        let fault = reading.faults.error("version-not-newer", at, message);
        fault.help(format!("write `version = {}`", last.version.saturating_add(1)));
        return;
    }
    widen(&mut policy.spec, &history);
}

/// The same for rules that are known to follow these, which are in order.
pub(crate) fn widen(spec: &mut Spec, history: &[&Spec]) {
    let mut widened = Vec::new();
    let newer = history.iter().skip(1).copied().chain(std::iter::once(&*spec));
    for (old, new) in history.iter().zip(newer) {
        widened.extend(between(old, new));
    }
    spec.widened = still(spec, widened);
}

/// What `new` permits that `old` did not, rule by rule.
pub(crate) fn between(old: &Spec, new: &Spec) -> Vec<WideningSpec> {
    let version = new.version;
    let mut all = Vec::new();
    let mut add = |rule: Widened, categories: BTreeSet<String>| {
        if !categories.is_empty() {
            all.push(WideningSpec { version, rule, categories });
        }
    };
    for (id, rule) in &new.purposes {
        let before = old.purposes.get(id);
        add(Widened::Purpose(id.clone()), purpose(before, rule, (old, new)));
    }
    for (id, rule) in &new.shares {
        add(Widened::Share(id.clone()), share(old.shares.get(id), rule));
    }
    for (id, rule) in &new.transfers {
        add(Widened::Transfer(id.clone()), transfer(old.transfers.get(id), rule));
    }
    all
}

/// The categories that a purpose may use and could not before.
fn purpose(
    old: Option<&PurposeSpec>,
    new: &PurposeSpec,
    specs: (&Spec, &Spec),
) -> BTreeSet<String> {
    let Some(old) = old else { return new.uses.clone() };
    let regions: BTreeSet<&String> = specs.0.regions.keys().chain(specs.1.regions.keys()).collect();
    let terms = |rule: &PurposeSpec, region: &str| {
        rule.regions.get(region).copied().unwrap_or(rule.general)
    };
    let less = regions.into_iter().any(|it| rests_on_less(terms(old, it), terms(new, it)));
    if less { new.uses.clone() } else { new.uses.difference(&old.uses).cloned().collect() }
}

/// Whether terms ask less of us than they did.
pub(crate) fn rests_on_less(old: PurposeTerms, new: PurposeTerms) -> bool {
    let consent = |it: PurposeTerms| it.basis == Basis::Consent;
    // An interest or a public task can be objected to; a contract, a duty and the like cannot.
    let objectable = |it| matches!(it, Basis::LegitimateInterest | Basis::PublicTask);
    let movable = |it: PurposeTerms| consent(it) || objectable(it.basis);
    consent(old) && !consent(new)
        || movable(old) && !movable(new)
        || old.default > new.default
        || old.minors < new.minors
        || old.gpc > new.gpc
        || old.dnt > new.dnt
}

fn share(old: Option<&ShareSpec>, new: &ShareSpec) -> BTreeSet<String> {
    let Some(old) = old else { return new.categories.clone() };
    let more = old.to != new.to
        || old.purpose != new.purpose
        || old.form < new.form
        || old.consent > new.consent
        || old.min_group > new.min_group;
    if more {
        new.categories.clone()
    } else {
        new.categories.difference(&old.categories).cloned().collect()
    }
}

fn transfer(old: Option<&TransferSpec>, new: &TransferSpec) -> BTreeSet<String> {
    let Some(old) = old else { return new.categories.clone() };
    let same = old.from == new.from
        && old.to == new.to
        && old.recipient == new.recipient
        && old.purpose == new.purpose;
    if same {
        new.categories.difference(&old.categories).cloned().collect()
    } else {
        new.categories.clone()
    }
}

/// Leaves out what a later version took back.
fn still(spec: &Spec, widened: Vec<WideningSpec>) -> Vec<WideningSpec> {
    let kept = widened.into_iter().filter_map(|mut it| {
        let now = match &it.rule {
            Widened::Purpose(id) => spec.purposes.get(id).map(|it| &it.uses),
            Widened::Share(id) => spec.shares.get(id).map(|it| &it.categories),
            Widened::Transfer(id) => spec.transfers.get(id).map(|it| &it.categories),
        }?;
        it.categories.retain(|category| now.contains(category));
        (!it.categories.is_empty()).then_some(it)
    });
    kept.collect()
}
