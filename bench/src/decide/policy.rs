//! The policy: 25 purposes, 16 categories, 4 regions, and every rule that a use can meet.

use std::collections::{BTreeMap, BTreeSet};

use decide::spec::{
    Basis, CategorySpec, Default as Standing, Effect, Minors, MinorsSpec, PurposeSpec,
    PurposeTerms, RegionSpec, SourceSpec, Spec, Widened, WideningSpec,
};

use crate::dice::Dice;

pub(super) const REGIONS: [&str; 4] = ["br", "cn", "eu", "us"];
const PURPOSES: usize = 25;
const CATEGORIES: usize = 16;

pub(super) fn spec() -> Spec {
    let mut dice = Dice::new(7);
    let mut spec = Spec { version: 2, change: Some("change".to_owned()), ..Spec::default() };
    for region in REGIONS {
        spec.regions.insert(region.to_owned(), RegionSpec { clause: "reside".to_owned() });
    }
    let site = SourceSpec { clause: "collect".to_owned(), brings: None, purposes: None };
    spec.sources.insert("site".to_owned(), site);
    for at in 0..CATEGORIES {
        let category = CategorySpec {
            clause: "collect".to_owned(),
            keep_clause: "retain".to_owned(),
            identifying: at < 4,
            sensitive: false,
            sources: BTreeSet::from(["site".to_owned()]),
            required: BTreeSet::new(),
            lookup: at < 2,
        };
        spec.categories.insert(format!("category-{at:02}"), category);
    }
    for at in 0..PURPOSES {
        let general = terms(&mut dice);
        let mut regions = BTreeMap::new();
        for region in REGIONS {
            if dice.chance(30) {
                regions.insert(region.to_owned(), terms(&mut dice));
            }
        }
        let uses = spec.categories.keys().filter(|_| dice.chance(70)).cloned().collect();
        let clause = format!("use-{at:02}");
        let purpose = PurposeSpec { clause, general, regions, uses };
        spec.purposes.insert(format!("purpose-{at:02}"), purpose);
    }
    let minors = MinorsSpec { clause: "minors".to_owned(), guardian_below: BTreeMap::new() };
    spec.minors = Some(minors);
    for (at, (id, purpose)) in spec.purposes.iter().enumerate() {
        if at % 5 == 0 {
            let categories = purpose.uses.iter().take(2).cloned().collect();
            let rule = Widened::Purpose(id.clone());
            spec.widened.push(WideningSpec { version: 2, rule, categories });
        }
    }
    spec
}

fn terms(dice: &mut Dice) -> PurposeTerms {
    let usual = [
        Basis::Consent,
        Basis::Consent,
        Basis::Contract,
        Basis::LegitimateInterest,
        Basis::LegalDuty,
    ];
    let basis = dice.pick(&usual).unwrap_or(Basis::Consent);
    PurposeTerms {
        basis,
        default: if basis == Basis::Consent { Standing::Refused } else { Standing::Given },
        minors: dice.pick(Minors::ALL).unwrap_or(Minors::Same),
        gpc: dice.pick(Effect::ALL).unwrap_or(Effect::Ignore),
        dnt: dice.pick(Effect::ALL).unwrap_or(Effect::Ignore),
    }
}
