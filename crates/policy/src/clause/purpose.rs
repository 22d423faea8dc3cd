//! What data is used for, and on what basis.

use std::collections::{BTreeMap, BTreeSet};

use decide::Right;
use decide::spec::{Basis, Default as Unsaid, Effect, Minors, PurposeTerms};

use super::residence::Law;
use crate::kind::Kind;
use crate::localized::Localized;
use crate::policy::Policy;
use crate::read::{Fields, Reading};

/// What data is used for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purpose {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// The terms where no region says otherwise.
    pub general: PurposeTerms,
    /// The terms of regions where they differ.
    pub regions: BTreeMap<String, PurposeTerms>,
    /// What it uses.
    pub uses: BTreeSet<String>,
}

impl Purpose {
    /// The terms in a region.
    pub fn terms(&self, region: &str) -> PurposeTerms {
        self.regions.get(region).copied().unwrap_or(self.general)
    }

    /// Whether it rests on a basis anywhere.
    pub fn rests_on(&self, basis: Basis) -> bool {
        self.general.basis == basis || self.regions.values().any(|it| it.basis == basis)
    }
}

pub(crate) fn purpose(policy: &mut Policy, fields: &mut Fields<'_>) {
    let title = fields.title();
    let basis = fields.need_word("basis").unwrap_or(Basis::Contract);
    let general = terms(fields, (basis, None));
    let regions = fields.each("regions", |inner| {
        let basis = inner.word("basis");
        let same = basis.is_none_or(|it| it == general.basis);
        terms(inner, (basis.unwrap_or(general.basis), Some((general, same))))
    });
    let places: Vec<_> = regions.keys().cloned().collect();
    for code in places {
        let at = fields.reading.spot(Kind::Purpose, &fields.id(), "regions");
        fields.region(&code, at);
    }
    let uses = fields.need_names("uses", Kind::Category);
    let clause = fields.clause();
    policy.purposes.insert(fields.id(), Purpose { clause, title, general, regions, uses });
}

/// Reads terms; what a region leaves out is as in general, but another basis has its own default.
fn terms(
    fields: &mut Fields<'_>,
    (basis, general): (Basis, Option<(PurposeTerms, bool)>),
) -> PurposeTerms {
    let usual = if basis == Basis::Consent { Unsaid::Refused } else { Unsaid::Given };
    let unsaid = general.filter(|it| it.1).map_or(usual, |it| it.0.default);
    let minors = general.map_or(Minors::Guardian, |it| it.0.minors);
    let (gpc, dnt) = general.map_or((Effect::Ignore, Effect::Ignore), |it| (it.0.gpc, it.0.dnt));
    fields.rule("basis", basis.word());
    let default = fields.word_or("default", unsaid);
    let minors = fields.word_or("minors", minors);
    let signals =
        fields.nested("signals", |inner| (inner.word_or("gpc", gpc), inner.word_or("dnt", dnt)));
    let (gpc, dnt) = signals.unwrap_or((gpc, dnt));
    fields.rule("signals.gpc", gpc.word());
    fields.rule("signals.dnt", dnt.word());
    PurposeTerms { basis, default, minors, gpc, dnt }
}

/// A consent can be withdrawn, and is asked for where the law wants it asked for.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    for (id, purpose) in &policy.purposes {
        if purpose.rests_on(Basis::Consent) && !policy.rights.contains_key(&Right::Withdraw) {
            let at = reading.spot(Kind::Purpose, id, "basis");
            let message = format!("purpose `{id}` rests on consent, and nobody can withdraw it");
            let fault = reading.faults.error("no-withdrawal", at, message);
            fault.label("a consent can be withdrawn as easily as it was given");
            fault.help("declare `[right.withdraw]`");
        }
        for (code, region) in &policy.regions {
            let terms = purpose.terms(code);
            let given = terms.basis == Basis::Consent && terms.default == Unsaid::Given;
            if given && region.law != Law::Ccpa {
                opt_in(reading, (id, purpose), (code, region.law));
            }
        }
    }
}

fn opt_in(reading: &mut Reading, (id, purpose): (&str, &Purpose), (code, law): (&str, Law)) {
    let own = purpose.regions.contains_key(code);
    let field = if own { format!("regions.{code}.default") } else { "default".to_owned() };
    let at = reading.spot(Kind::Purpose, id, &field);
    let region = reading.spot(Kind::Region, code, "law");
    let message = format!("purpose `{id}` takes silence for consent in `{code}`");
    let fault = reading.faults.error("opt-in-default", at, message);
    fault
        .label("who said nothing did not agree")
        .also(region, format!("`{}` wants a yes", law.word()));
    fault.help("write `default = \"refused\"`, or another basis");
}
