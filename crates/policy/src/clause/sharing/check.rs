//! What must hold between shares, recipients, agreements and silence.

use std::collections::BTreeSet;

use decide::Form;
use decide::spec::{Basis, Role, ShareConsent};

use super::Share;
use crate::kind::Kind;
use crate::policy::Policy;
use crate::read::Reading;
use crate::word::nearest;

/// A share says enough to be refused, and rests on what its form needs.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    for (id, share) in &policy.shares {
        let uses = policy.purposes.get(&share.purpose).map(|it| it.uses.clone());
        within_purpose(reading, (Kind::Share, id), (&share.categories, uses));
        match share.form {
            Form::Aggregate => aggregate(reading, id, share),
            Form::Pseudonymous => pseudonymous(policy, reading, (id, share)),
            Form::Identified => identified(reading, id, share),
        }
        if share.form != Form::Aggregate && (share.min_group.is_some() || share.budget.is_some()) {
            let field = if share.min_group.is_some() { "min_group" } else { "epsilon" };
            let at = reading.spot(Kind::Share, id, field);
            let message = format!("share `{id}` is no aggregate and has a `{field}`");
            let fault = reading.faults.error("contradiction", at, message);
            fault.help(format!("leave `{field}` out, or write `form = \"aggregate\"`"));
        }
        silent(policy, reading, (id, share));
    }
    agreements(policy, reading);
}

/// What is given away is what the purpose may use.
pub(crate) fn within_purpose(
    reading: &mut Reading,
    (kind, id): (Kind, &str),
    (categories, uses): (&BTreeSet<String>, Option<BTreeSet<String>>),
) {
    let Some(uses) = uses else { return };
    let at = reading.spot(kind, id, "categories");
    for extra in categories
        .difference(&uses)
        .filter(|it| reading.places.contains_key(&(Kind::Category, (*it).clone())))
    {
        let message =
            format!("{} `{id}` gives `{extra}`, which its purpose does not use", kind.word());
        let fault = reading.faults.error("share-beyond-purpose", at, message);
        fault.help(format!("take `{extra}` out, or add it to `uses` of the purpose"));
    }
    if categories.is_empty() {
        let message = format!("{} `{id}` gives nothing", kind.word());
        let fault = reading.faults.error("missing-field", at, message);
        fault.help("name its categories: `categories = [\"an-id\"]`");
    }
}

fn aggregate(reading: &mut Reading, id: &str, share: &Share) {
    if share.min_group.is_none() && !reading.spots.contains_key(&format!("share.{id}.min_group")) {
        let at = reading.at(Kind::Share, id);
        let message = format!("share `{id}` is an aggregate without a smallest group");
        let fault = reading.faults.error("aggregate-without-group", at, message);
        fault.label("a group of one is a person").help("add `min_group = 20`");
    }
}

fn pseudonymous(policy: &Policy, reading: &mut Reading, (id, share): (&str, &Share)) {
    for name in &share.categories {
        if policy.categories.get(name).is_some_and(|it| it.identifying) {
            let at = reading.spot(Kind::Share, id, "categories");
            let message = format!(
                "share `{id}` is pseudonymous and gives `{name}`, which identifies a person"
            );
            let fault = reading.faults.error("identifying-pseudonymous", at, message);
            fault.help(format!(
                "take `{name}` out, or write `form = \"identified\"` with `consent = \"separate\"`"
            ));
        }
    }
}

fn identified(reading: &mut Reading, id: &str, share: &Share) {
    if share.consent != ShareConsent::Separate {
        let at = reading.spot(Kind::Share, id, "form");
        let message = format!("share `{id}` gives identified data without a separate consent");
        let fault = reading.faults.error("identified-without-consent", at, message);
        fault.label("never implied by another consent").help("add `consent = \"separate\"`");
    }
}

/// Where a clause says that nothing is shared without consent, no share goes without.
fn silent(policy: &Policy, reading: &mut Reading, (id, share): (&str, &Share)) {
    let Some(clause) = policy.silence.get("share") else { return };
    let processor = policy.recipients.get(&share.to).is_none_or(|it| it.role == Role::Processor);
    let purpose = policy.purposes.get(&share.purpose);
    let consented = share.consent == ShareConsent::Separate
        || purpose.is_none_or(|it| {
            it.general.basis == Basis::Consent
                && it.regions.values().all(|it| it.basis == Basis::Consent)
        });
    if share.form != Form::Aggregate && !processor && !consented {
        let at = reading.at(Kind::Share, id);
        let silence = reading.at(Kind::Silence, "");
        let message = format!(
            "share `{id}` needs no consent, and clause `{clause}` says that none goes without"
        );
        let fault = reading.faults.error("contradiction", at, message);
        fault.also(silence, "nothing is shared unless a person agrees");
        fault.help("add `consent = \"separate\"`, or name a purpose that rests on consent");
    }
}

fn agreements(policy: &Policy, reading: &mut Reading) {
    for (id, agreement) in &policy.agreements {
        for name in agreement.recipients.iter().filter(|it| !policy.recipients.contains_key(*it)) {
            let at = reading.spot(Kind::Agreement, id, "recipients");
            let message = format!("agreement `{id}` binds `{name}`, which is not declared");
            let near =
                nearest(name, policy.recipients.keys().map(String::as_str)).map(str::to_owned);
            let fault = reading.faults.error("agreement-unknown-recipient", at, message);
            match near {
                Some(near) => fault.help(format!("did you mean `{near}`?")),
                None => fault.help(format!("declare `[recipient.{name}]`")),
            };
        }
    }
    let bound: BTreeSet<&String> =
        policy.agreements.values().flat_map(|it| &it.recipients).collect();
    for (id, _) in policy.recipients.iter().filter(|(id, it)| it.agreement && !bound.contains(id)) {
        let at = reading.spot(Kind::Recipient, id, "agreement");
        let message = format!("recipient `{id}` needs an agreement, and none names it");
        let fault = reading.faults.error("agreement-missing", at, message);
        fault.help(format!(
            "declare `[agreement.ID]` with `recipients = [\"{id}\"]` and its `documents`"
        ));
    }
}
