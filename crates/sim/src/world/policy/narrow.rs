//! Ways to make a policy narrower: what a clause that refuses may say.

use std::collections::BTreeSet;

use decide::spec::{
    Basis, Default as Standing, Effect, Minors, PurposeTerms, ShareConsent, SourceSpec, Spec,
    Widened, WideningSpec,
};

use super::{Dice, names_of, one_of};

/// The policy with one more clause that refuses something.
pub fn narrowed(dice: &mut Dice, spec: &Spec) -> Spec {
    let mut spec = spec.clone();
    match dice.below(10) {
        0 => terms(dice, &mut spec),
        1 => {
            let purpose = one_of(dice, &spec.purposes);
            let uses = names_of(dice, &spec.categories, 60);
            if let Some(it) = spec.purposes.get_mut(&purpose) {
                it.uses.retain(|category| !uses.contains(category));
            }
        }
        2 => waiting(dice, &mut spec),
        3 => source(dice, &mut spec),
        4 => recipient(dice, &mut spec),
        5 => {
            let share = one_of(dice, &spec.shares);
            if let Some(it) = spec.shares.get_mut(&share) {
                it.consent = ShareConsent::Separate;
            }
        }
        6 => {
            let ground = one_of(dice, &spec.disclosures);
            if let Some(it) = spec.disclosures.get_mut(&ground) {
                it.approvers = it.approvers.saturating_add(1);
            }
        }
        7 => {
            let transfer = one_of(dice, &spec.transfers);
            spec.transfers.remove(&transfer);
            let gone = Widened::Transfer(transfer);
            spec.widened.retain(|it| it.rule != gone);
        }
        8 => {
            let ending = super::ending(dice, &spec);
            spec.endings.push(ending);
        }
        _ => {
            let right = spec.rights.keys().next().copied();
            right.and_then(|it| spec.rights.remove(&it));
        }
    }
    spec
}

fn terms(dice: &mut Dice, spec: &mut Spec) {
    let purpose = one_of(dice, &spec.purposes);
    let region = one_of(dice, &spec.regions);
    let Some(purpose) = spec.purposes.get_mut(&purpose) else { return };
    let here = purpose.regions.get(&region).copied().unwrap_or(purpose.general);
    purpose.regions.insert(region, narrower(dice, here));
}

fn narrower(dice: &mut Dice, terms: PurposeTerms) -> PurposeTerms {
    match dice.below(5) {
        0 => PurposeTerms { basis: Basis::Consent, default: Standing::Refused, ..terms },
        1 => PurposeTerms { default: Standing::Refused, ..terms },
        2 => PurposeTerms { minors: terms.minors.min(Minors::Guardian), ..terms },
        3 => PurposeTerms { minors: Minors::Never, ..terms },
        _ => PurposeTerms { gpc: Effect::Refuse, dnt: terms.dnt.max(Effect::Ask), ..terms },
    }
}

fn source(dice: &mut Dice, spec: &mut Spec) {
    let source = one_of(dice, &spec.sources);
    let brings = names_of(dice, &spec.categories, 100);
    let purposes = names_of(dice, &spec.purposes, 100);
    let part = dice.below(3);
    let Some(SourceSpec { brings: what, purposes: what_for, .. }) = spec.sources.get_mut(&source)
    else {
        return;
    };
    if part != 0 {
        bound(what, brings);
    }
    if part != 1 {
        bound(what_for, purposes);
    }
}

/// Leaves what both name; what was not bounded names everything.
fn bound(names: &mut Option<BTreeSet<String>>, by: BTreeSet<String>) {
    *names = Some(match names.take() {
        Some(before) => before.intersection(&by).cloned().collect(),
        None => by,
    });
}

fn waiting(dice: &mut Dice, spec: &mut Spec) {
    let rule = match dice.below(3) {
        0 => Widened::Purpose(one_of(dice, &spec.purposes)),
        1 if !spec.shares.is_empty() => Widened::Share(one_of(dice, &spec.shares)),
        _ if !spec.transfers.is_empty() => Widened::Transfer(one_of(dice, &spec.transfers)),
        _ => return,
    };
    let categories = names_of(dice, &spec.categories, 128);
    spec.widened.push(WideningSpec { version: 3, rule, categories });
}

fn recipient(dice: &mut Dice, spec: &mut Spec) {
    let recipient = one_of(dice, &spec.recipients);
    let region = one_of(dice, &spec.regions);
    let Some(it) = spec.recipients.get_mut(&recipient) else { return };
    if it.region.is_none() {
        it.region = Some(region);
    } else {
        it.agreement = true;
    }
}
