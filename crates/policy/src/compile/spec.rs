//! The rules that decide, from what the clauses declare.

use std::collections::BTreeMap;

use decide::spec::{
    CategorySpec, DisclosureSpec, MinorsSpec, PurposeSpec, RecipientSpec, RegionSpec, RightSpec,
    ShareSpec, SourceSpec, Spec, TransferSpec,
};

use crate::policy::Policy;

/// Each declaration of one map as its rule.
fn each<K: Ord + Clone, T, S>(from: &BTreeMap<K, T>, rule: impl Fn(&K, &T) -> S) -> BTreeMap<K, S> {
    from.iter().map(|(id, it)| (id.clone(), rule(id, it))).collect()
}

/// Builds the rules; what a version widened is added by comparing versions.
pub(super) fn build(policy: &Policy) -> Spec {
    let mut spec = Spec {
        version: policy.header.version,
        regions: each(&policy.regions, |_, it| RegionSpec { clause: it.clause.clone() }),
        categories: categories(policy),
        sources: each(&policy.sources, |_, it| SourceSpec {
            clause: it.clause.clone(),
            brings: it.brings.clone(),
            purposes: it.purposes.clone(),
        }),
        purposes: each(&policy.purposes, |_, it| PurposeSpec {
            clause: it.clause.clone(),
            general: it.general,
            regions: it.regions.clone(),
            uses: it.uses.clone(),
        }),
        rights: each(&policy.rights, |_, it| RightSpec { clause: it.clause.clone() }),
        minors: policy.minors.as_ref().map(|it| MinorsSpec {
            clause: it.clause.clone(),
            guardian_below: it.guardian_below.clone(),
        }),
        silence: policy.silence.clone(),
        change: policy.change.as_ref().map(|it| it.clause.clone()),
        cease: policy.cessation.as_ref().map(|it| it.clause.clone()),
        ..Spec::default()
    };
    leaving(policy, &mut spec);
    spec
}

fn categories(policy: &Policy) -> BTreeMap<String, CategorySpec> {
    each(&policy.categories, |id, it| CategorySpec {
        clause: it.clause.clone(),
        keep_clause: policy.keep.get(id).map_or(&it.clause, |keep| &keep.clause).clone(),
        identifying: it.identifying,
        sensitive: it.sensitive,
        sources: it.sources.clone(),
        required: it.required.clone(),
        lookup: it.lookup,
    })
}

/// What leaves: recipients, shares, transfers, disclosures.
fn leaving(policy: &Policy, spec: &mut Spec) {
    spec.recipients = each(&policy.recipients, |_, it| RecipientSpec {
        clause: it.clause.clone(),
        role: it.role,
        region: it.region.clone(),
        agreement: it.agreement,
    });
    spec.shares = each(&policy.shares, |_, it| ShareSpec {
        clause: it.clause.clone(),
        to: it.to.clone(),
        purpose: it.purpose.clone(),
        categories: it.categories.clone(),
        form: it.form,
        min_group: it.min_group,
        consent: it.consent,
    });
    spec.transfers = each(&policy.transfers, |_, it| TransferSpec {
        clause: it.clause.clone(),
        from: it.from.clone(),
        to: it.to.clone(),
        recipient: it.recipient.clone(),
        purpose: it.purpose.clone(),
        categories: it.categories.clone(),
    });
    spec.disclosures = each(&policy.disclosures, |_, it| DisclosureSpec {
        clause: it.clause.clone(),
        ground: it.ground,
        approvers: it.approvers,
    });
}
