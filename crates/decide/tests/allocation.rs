//! To permit takes no memory: counted for every act.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use decide::spec::{
    Basis, CategorySpec, Default as Standing, DisclosureSpec, Effect, Minors, PurposeSpec,
    PurposeTerms, RecipientSpec, RegionSpec, RightSpec, Role, ShareConsent, ShareSpec, SourceSpec,
    Spec, TransferSpec, Widened, WideningSpec,
};
use decide::{
    Account, Act, Age, Dues, Facts, Form, Ground, Request, Right, Ruleset, Timestamp, Vocabulary,
    decide,
};

const NOW: Timestamp = Timestamp::from_millis(1_000);

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

fn share(form: Form, consent: ShareConsent, to: &str) -> ShareSpec {
    ShareSpec {
        clause: "share".into(),
        to: to.into(),
        purpose: "advertise".into(),
        categories: set(&["email", "phone"]),
        form,
        min_group: None,
        consent,
    }
}

/// A policy in which everything is declared once.
fn spec() -> Spec {
    let mut spec = Spec { version: 2, ..Spec::default() };
    for region in ["cn", "eu"] {
        spec.regions.insert(region.into(), RegionSpec { clause: "reside".into() });
    }
    spec.sources.insert(
        "registration".into(),
        SourceSpec {
            clause: "collect".into(),
            brings: Some(set(&["email", "phone"])),
            purposes: Some(set(&["advertise"])),
        },
    );
    for category in ["email", "phone"] {
        spec.categories.insert(
            category.into(),
            CategorySpec {
                clause: "collect".into(),
                keep_clause: "retain".into(),
                identifying: true,
                sensitive: false,
                sources: set(&["registration"]),
                required: set(&[]),
                lookup: true,
            },
        );
    }
    let general = PurposeTerms {
        basis: Basis::Consent,
        default: Standing::Refused,
        minors: Minors::Never,
        gpc: Effect::Refuse,
        dnt: Effect::Ask,
    };
    let uses = set(&["email", "phone"]);
    let clause = "use-advertise".into();
    spec.purposes.insert(
        "advertise".into(),
        PurposeSpec { clause, general, regions: BTreeMap::new(), uses },
    );
    for (id, role) in [("agency", Role::Controller), ("everybody", Role::Public)] {
        let clause = "share".into();
        spec.recipients
            .insert(id.into(), RecipientSpec { clause, role, region: None, agreement: true });
    }
    spec.shares.insert("counts".into(), share(Form::Aggregate, ShareConsent::Purpose, "agency"));
    spec.shares.insert("names".into(), share(Form::Identified, ShareConsent::Separate, "agency"));
    spec.shares.insert("page".into(), share(Form::Identified, ShareConsent::Separate, "everybody"));
    spec.transfers.insert(
        "abroad".into(),
        TransferSpec {
            clause: "transfer".into(),
            from: "cn".into(),
            to: "eu".into(),
            recipient: "agency".into(),
            purpose: "advertise".into(),
            categories: set(&["email", "phone"]),
        },
    );
    let justice = DisclosureSpec { clause: "law".into(), ground: Ground::Justice, approvers: 2 };
    spec.disclosures.insert("justice".into(), justice);
    spec.rights.insert(Right::Access, RightSpec { clause: "rights".into() });
    let rule = Widened::Purpose("advertise".into());
    spec.widened.push(WideningSpec { version: 2, rule, categories: set(&["phone"]) });
    spec
}

#[test]
fn to_permit_takes_no_memory() {
    let spec = spec();
    let names = Vocabulary::default().with(&spec).unwrap();
    let rules = Ruleset::new(&spec, &names).unwrap();
    let (email, phone) = (names.category("email").unwrap(), names.category("phone").unwrap());
    let (purpose, agency) =
        (names.purpose("advertise").unwrap(), names.recipient("agency").unwrap());
    let mut facts = Facts::new(names.region("cn").unwrap(), Account::Active, 2);
    facts.age = Age::Adult;
    facts.given = facts.given.with(purpose);
    facts.shares = ["names", "page"].iter().map(|it| names.share(it).unwrap()).collect();
    facts.transfers = facts.transfers.with(names.transfer("abroad").unwrap());
    facts.dues = Dues::new(vec![(email, Timestamp::NEVER), (phone, NOW.plus_millis(1))]);
    let share = |form| Act::Share { purpose, recipient: agency, form, agreed: true };
    let acts = [
        Act::Use { purpose },
        Act::Collect { purpose, source: names.source("registration").unwrap() },
        share(Form::Aggregate),
        share(Form::Identified),
        Act::Transfer { purpose, recipient: agency, to: names.region("eu").unwrap() },
        Act::Publish { purpose, recipient: names.recipient("everybody").unwrap() },
        Act::Disclose { ground: Ground::Justice, evidenced: true, approvers: 2 },
        Act::Exercise { right: Right::Access },
    ];
    for act in acts {
        let request = Request { act, categories: [email, phone].into_iter().collect() };
        let mut answer = None;
        let taken = allocation_counter::measure(|| {
            answer = Some(decide(&rules, &facts, &request, NOW));
        });
        let permit = answer.unwrap().unwrap();
        assert_eq!((permit.categories(), permit.refused().len()), (request.categories, 0));
        assert_eq!(taken.count_total, 0, "{act:?} took memory");
    }
    // The counter counts.
    let taken = allocation_counter::measure(|| drop(std::hint::black_box(vec![1_u8])));
    assert_eq!(taken.count_total, 1);
}
