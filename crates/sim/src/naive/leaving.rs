//! What the page says about data that leaves: shares, transfers, publications.

use std::collections::BTreeSet;

use decide::spec::{Role, ShareConsent, Spec, Widened};

use super::question::Question;
use super::{Finding, purpose, silence};

/// To whom, for what, in which form.
pub(super) struct Way<'a> {
    pub(super) purpose: &'a str,
    pub(super) recipient: &'a str,
    pub(super) form: &'a str,
}

/// A declared share or transfer, as far as it concerns this person.
pub(super) struct Offer {
    /// What it gives to this person, told or not.
    categories: BTreeSet<String>,
    /// What of it waits until the person was told.
    waiting: BTreeSet<String>,
    /// Whether the person agreed to it, and to nothing else with that.
    alone: bool,
    consented: bool,
    clause: String,
}

/// The declared shares that go this way.
pub(super) fn shares(spec: &Spec, question: &Question, way: &Way<'_>) -> Vec<Offer> {
    let declared = spec.shares.iter().filter(|(_, it)| {
        it.to == way.recipient && it.purpose == way.purpose && it.form.word() == way.form
    });
    let offer = |(id, it): (&String, &decide::spec::ShareSpec)| {
        let separate = it.consent == ShareConsent::Separate;
        let alone = question.shares.contains(id);
        Offer {
            categories: it.categories.clone(),
            waiting: waiting(spec, question, &Widened::Share(id.clone()), &it.categories),
            alone,
            consented: !separate || alone,
            clause: it.clause.clone(),
        }
    };
    declared.map(offer).collect()
}

/// The declared transfers from the person's region.
pub(super) fn transfers(
    spec: &Spec,
    question: &Question,
    (purpose, recipient): (&str, &str),
    to: &str,
) -> Vec<Offer> {
    let declared = spec.transfers.iter().filter(|(_, it)| {
        it.from == question.region
            && it.to == to
            && it.recipient == recipient
            && it.purpose == purpose
    });
    let offer = |(id, it): (&String, &decide::spec::TransferSpec)| {
        let alone = question.transfers.contains(id);
        Offer {
            categories: it.categories.clone(),
            waiting: waiting(spec, question, &Widened::Transfer(id.clone()), &it.categories),
            alone,
            consented: alone,
            clause: it.clause.clone(),
        }
    };
    declared.map(offer).collect()
}

/// Shares that publish: as they are, to everybody. Each needs a yes to it alone, even one that by its
/// own words needs none.
pub(super) fn published(
    spec: &Spec,
    question: &Question,
    purpose: &str,
    recipient: &str,
) -> Vec<Offer> {
    if spec.recipients.get(recipient).is_none_or(|it| it.role != Role::Public) {
        return Vec::new();
    }
    let way = Way { purpose, recipient, form: "identified" };
    let mut offers = shares(spec, question, &way);
    for offer in &mut offers {
        offer.consented = offer.alone;
    }
    offers
}

fn waiting(
    spec: &Spec,
    question: &Question,
    rule: &Widened,
    categories: &BTreeSet<String>,
) -> BTreeSet<String> {
    let waits = |it: &&String| purpose::waits(spec, question, rule, it);
    categories.iter().filter(waits).cloned().collect()
}

/// The clauses of the offers that give something of what is permitted.
pub(super) fn giving(offers: &[Offer], permitted: &BTreeSet<String>) -> BTreeSet<String> {
    let gives = |it: &&Offer| {
        let told = it.categories.difference(&it.waiting);
        it.consented && (permitted.is_empty() || told.into_iter().any(|it| permitted.contains(it)))
    };
    offers.iter().filter(gives).map(|it| it.clause.clone()).collect()
}

/// A share: declared, permitted by its purpose, within the region, agreed, consented to.
pub(super) fn share(spec: &Spec, question: &Question, way: &Way<'_>, agreed: bool) -> Vec<Finding> {
    let silent = silence(spec, "share", Some(way.purpose));
    let offers = shares(spec, question, way);
    let declared = spec.recipients.get(way.recipient).filter(|_| !offers.is_empty());
    let Some(recipient) = declared else {
        return vec![Finding::act("not-shared", &silent)];
    };
    let mut found = purpose::permits(spec, question, way.purpose);
    found.extend(purpose::expired(spec, question, &purpose::clause(spec, way.purpose)));
    // A count above the minimum group concerns nobody: no yes, no border.
    if way.form != "aggregate" {
        found.extend(purpose::yes(spec, question, way.purpose));
        let elsewhere = recipient.region.as_ref().is_some_and(|it| *it != question.region);
        if elsewhere {
            let clause = spec.silence.get("transfer").unwrap_or(&recipient.clause);
            found.push(Finding::act("crosses-region", clause));
        }
    }
    if recipient.agreement && !agreed {
        found.push(Finding::act("agreement-missing", &recipient.clause));
    }
    found.extend(left_out(spec, question, &offers, ("not-shared", &silent)));
    found
}

/// A publication: a share with everybody.
pub(super) fn publish(
    spec: &Spec,
    question: &Question,
    purpose: &str,
    recipient: &str,
) -> Vec<Finding> {
    let silent = silence(spec, "publish", Some(purpose));
    let offers = published(spec, question, purpose, recipient);
    if offers.is_empty() {
        return vec![Finding::act("not-shared", &silent)];
    }
    let mut found = purpose::permits(spec, question, purpose);
    found.extend(purpose::yes(spec, question, purpose));
    found.extend(purpose::expired(spec, question, &purpose::clause(spec, purpose)));
    found.extend(left_out(spec, question, &offers, ("not-shared", &silent)));
    found
}

/// A transfer: declared from the person's region, permitted by its purpose, consented to by itself.
pub(super) fn transfer(
    spec: &Spec,
    question: &Question,
    (purpose, recipient): (&str, &str),
    to: &str,
) -> Vec<Finding> {
    let silent = silence(spec, "transfer", Some(purpose));
    let offers = transfers(spec, question, (purpose, recipient), to);
    if offers.is_empty() {
        return vec![Finding::act("crosses-region", &silent)];
    }
    let mut found = purpose::permits(spec, question, purpose);
    found.extend(purpose::yes(spec, question, purpose));
    found.extend(purpose::expired(spec, question, &purpose::clause(spec, purpose)));
    found.extend(left_out(spec, question, &offers, ("crosses-region", &silent)));
    found
}

/// Each category needs one offer that gives it, with its consent, and of which the person was told.
fn left_out(
    spec: &Spec,
    question: &Question,
    offers: &[Offer],
    (otherwise, silent): (&'static str, &str),
) -> Vec<Finding> {
    let mut found = Vec::new();
    if !offers.iter().any(|it| it.consented) {
        let alone = |it: &Offer| Finding::act("separate-consent-missing", &it.clause);
        found.extend(offers.iter().map(alone));
    }
    for category in &question.categories {
        let naming: Vec<&Offer> =
            offers.iter().filter(|it| it.categories.contains(category)).collect();
        if naming.iter().any(|it| it.consented && !it.waiting.contains(category)) {
            continue;
        }
        if naming.is_empty() {
            found.push(Finding::of(category, otherwise, silent));
        }
        for offer in naming {
            let (reason, clause) = if offer.consented {
                ("not-told", spec.change.as_ref().unwrap_or(&offer.clause))
            } else {
                ("separate-consent-missing", &offer.clause)
            };
            found.push(Finding::of(category, reason, clause));
        }
    }
    found
}
