use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::fact::{Account, Age, Signals};
use crate::request::{Form, Right};
use crate::spec::*;
use crate::vocabulary::Vocabulary;

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(ToString::to_string).collect()
}

fn purpose(clause: &str, basis: Basis, uses: &[&str]) -> PurposeSpec {
    let default = if basis == Basis::Consent { Default::Refused } else { Default::Given };
    let minors = if basis == Basis::Consent { Minors::Never } else { Minors::Same };
    let general = PurposeTerms { basis, default, minors, gpc: Effect::Refuse, dnt: Effect::Ask };
    PurposeSpec { clause: clause.into(), general, regions: BTreeMap::new(), uses: set(uses) }
}

fn category(clause: &str) -> CategorySpec {
    CategorySpec {
        clause: clause.into(),
        keep_clause: "retain".into(),
        identifying: true,
        sensitive: false,
        sources: set(&["registration", "reseller"]),
        required: set(&["service"]),
        lookup: true,
    }
}

fn rules() -> Ruleset {
    let mut spec = Spec { version: 2, change: Some("change".into()), ..Spec::default() };
    for region in ["cn", "eu"] {
        spec.regions.insert(region.into(), RegionSpec { clause: "reside".into() });
    }
    spec.categories.insert("email".into(), category("collect-registration"));
    spec.categories.insert("phone".into(), category("collect-registration"));
    spec.sources.insert(
        "registration".into(),
        SourceSpec { clause: "collect-registration".into(), brings: None, purposes: None },
    );
    spec.sources.insert(
        "reseller".into(),
        SourceSpec {
            clause: "collect-partners".into(),
            brings: Some(set(&["email"])),
            purposes: Some(set(&["service"])),
        },
    );
    spec.purposes
        .insert("service".into(), purpose("use-service", Basis::Contract, &["email", "phone"]));
    spec.purposes
        .insert("advertise".into(), purpose("use-advertise", Basis::Consent, &["email", "phone"]));
    spec.minors = Some(MinorsSpec { clause: "minors".into(), guardian_below: BTreeMap::new() });
    spec.rights.insert(Right::Access, RightSpec { clause: "rights".into() });
    spec.silence.insert("share".into(), "share-none".into());
    leaving(&mut spec);
    spec.widened.push(WideningSpec {
        version: 2,
        rule: Widened::Purpose("advertise".into()),
        categories: set(&["phone"]),
    });
    let vocabulary = Vocabulary::default().with(&spec).unwrap();
    Ruleset::new(&spec, &vocabulary).unwrap()
}

/// A share with a courier, and one with everybody that by its own words needs no consent of its own.
fn leaving(spec: &mut Spec) {
    spec.recipients.insert(
        "courier".into(),
        RecipientSpec {
            clause: "share-identity".into(),
            role: Role::Controller,
            region: Some("cn".into()),
            agreement: true,
        },
    );
    spec.shares.insert(
        "delivery".into(),
        ShareSpec {
            clause: "share-identity".into(),
            to: "courier".into(),
            purpose: "service".into(),
            categories: set(&["phone"]),
            form: Form::Identified,
            min_group: None,
            consent: ShareConsent::Separate,
        },
    );
    spec.recipients.insert(
        "everybody".into(),
        RecipientSpec {
            clause: "publish".into(),
            role: Role::Public,
            region: None,
            agreement: false,
        },
    );
    spec.shares.insert(
        "story".into(),
        ShareSpec {
            clause: "publish".into(),
            to: "everybody".into(),
            purpose: "service".into(),
            categories: set(&["email"]),
            form: Form::Identified,
            min_group: None,
            consent: ShareConsent::Purpose,
        },
    );
}

fn person(rules: &Ruleset) -> Facts {
    let mut facts = Facts::new(rules.vocabulary().region("cn").unwrap(), Account::Active, 2);
    facts.age = Age::Adult;
    facts
}

fn to_use(rules: &Ruleset, purpose: &str, categories: &[&str]) -> Request {
    let names = rules.vocabulary();
    Request {
        act: Act::Use { purpose: names.purpose(purpose).unwrap() },
        categories: categories.iter().map(|it| names.category(it).unwrap()).collect(),
    }
}

const NOW: Timestamp = Timestamp::from_millis(1_000_000);

fn refused(rules: &Ruleset, facts: &Facts, request: &Request) -> (Reason, Vec<String>) {
    let refusal = decide(rules, facts, request, NOW).unwrap_err();
    (refusal.reason(), refusal.clauses().map(|it| rules.clause_id(it).to_owned()).collect())
}

#[test]
fn a_contract_needs_no_consent_and_advertising_does() {
    let rules = rules();
    let mut facts = person(&rules);
    assert!(decide(&rules, &facts, &to_use(&rules, "service", &["email"]), NOW).is_ok());
    let advertise = to_use(&rules, "advertise", &["email"]);
    assert_eq!(
        refused(&rules, &facts, &advertise),
        (Reason::NotConsented, vec!["use-advertise".into()])
    );
    let purpose = rules.vocabulary().purpose("advertise").unwrap();
    facts.given = facts.given.with(purpose);
    assert!(decide(&rules, &facts, &advertise, NOW).is_ok());
    facts.refused = facts.refused.with(purpose);
    assert_eq!(refused(&rules, &facts, &advertise).0, Reason::Withdrawn);
}

#[test]
fn a_minor_is_never_advertised_to_whatever_is_consented() {
    let rules = rules();
    let mut facts = person(&rules);
    facts.given = facts.given.with(rules.vocabulary().purpose("advertise").unwrap());
    let advertise = to_use(&rules, "advertise", &["email"]);
    for age in [Age::Minor, Age::MinorAgreed, Age::Child, Age::ChildAgreed] {
        facts.age = age;
        let (reason, clauses) = refused(&rules, &facts, &advertise);
        assert_eq!((reason, clauses[0].as_str()), (Reason::Minor, "minors"));
    }
    facts.age = Age::Unknown;
    assert_eq!(refused(&rules, &facts, &advertise).0, Reason::AgeUnknown);
}

#[test]
fn what_a_newer_version_widened_waits_until_the_person_was_told() {
    let rules = rules();
    let mut facts = person(&rules);
    facts.given = facts.given.with(rules.vocabulary().purpose("advertise").unwrap());
    facts.adopted = 1;
    let permit =
        decide(&rules, &facts, &to_use(&rules, "advertise", &["email", "phone"]), NOW).unwrap();
    assert_eq!(permit.refused().len(), 1);
    assert_eq!(permit.refused()[0].reason, Reason::NotTold);
    assert_eq!(rules.clause_id(permit.refused()[0].clause), "change");
}

#[test]
fn a_signal_counts_unless_the_policy_lets_a_yes_count() {
    let rules = rules();
    let mut facts = person(&rules);
    facts.given = facts.given.with(rules.vocabulary().purpose("advertise").unwrap());
    let advertise = to_use(&rules, "advertise", &["email"]);
    facts.signals = Signals::new(false, true);
    assert!(decide(&rules, &facts, &advertise, NOW).is_ok());
    facts.signals = Signals::new(true, false);
    assert_eq!(refused(&rules, &facts, &advertise).0, Reason::Signalled);
}

#[test]
fn a_value_past_its_time_is_refused_before_it_is_swept() {
    let rules = rules();
    let mut facts = person(&rules);
    let email = rules.vocabulary().category("email").unwrap();
    facts.dues = crate::Dues::new(vec![(email, NOW)]);
    let (reason, clauses) = refused(&rules, &facts, &to_use(&rules, "service", &["email"]));
    assert_eq!((reason, clauses[0].as_str()), (Reason::Expired, "retain"));
}

#[test]
fn a_value_under_a_hold_is_used_for_nothing_and_stays() {
    let mut rules = rules();
    let clause = rules.rights.first().unwrap().1;
    for right in [Right::Delete, Right::Correct, Right::CloseAccount] {
        rules.rights.push((right, clause));
    }
    let names = rules.vocabulary();
    let (email, phone) = (names.category("email").unwrap(), names.category("phone").unwrap());
    let mut facts = person(&rules);
    facts.dues = crate::Dues::new(vec![(email, NOW)]).holding(Set::of(email));
    assert_eq!((facts.dues.held(), facts.dues.expired(NOW)), (Set::of(email), Set::of(email)));
    let both = to_use(&rules, "service", &["email", "phone"]);
    let permit = decide(&rules, &facts, &both, NOW).unwrap();
    assert_eq!(permit.categories(), Set::of(phone));
    let part = permit.refused().first().unwrap();
    assert_eq!((part.reason, rules.clause_id(part.clause)), (Reason::Held, "retain"));
    let service = names.purpose("service").unwrap();
    let source = names.source("registration").unwrap();
    for act in [
        Act::Collect { purpose: service, source },
        Act::Exercise { right: Right::Delete },
        Act::Exercise { right: Right::Correct },
    ] {
        let request = Request { act, categories: Set::of(email) };
        let (reason, clauses) = refused(&rules, &facts, &request);
        assert_eq!((reason, clauses[0].as_str()), (Reason::Held, "retain"), "{act:?}");
    }
    for right in [Right::Access, Right::CloseAccount] {
        let request =
            Request { act: Act::Exercise { right }, categories: Set::of(email).with(phone) };
        let permit = decide(&rules, &facts, &request, NOW).unwrap();
        assert_eq!((permit.categories(), permit.refused()), (request.categories, &[][..]));
    }
    facts.dues = crate::Dues::default();
    assert!(decide(&rules, &facts, &both, NOW).unwrap().refused().is_empty());
}

#[test]
fn a_share_needs_its_own_consent_its_agreement_and_its_region() {
    let rules = rules();
    let names = rules.vocabulary();
    let share = |form, agreed| Request {
        act: Act::Share {
            purpose: names.purpose("service").unwrap(),
            recipient: names.recipient("courier").unwrap(),
            form,
            agreed,
        },
        categories: Set::of(names.category("phone").unwrap()),
    };
    let mut facts = person(&rules);
    let identified = share(Form::Identified, true);
    assert_eq!(refused(&rules, &facts, &identified).0, Reason::SeparateConsentMissing);
    facts.shares = facts.shares.with(names.share("delivery").unwrap());
    assert!(decide(&rules, &facts, &identified, NOW).is_ok());
    assert_eq!(
        refused(&rules, &facts, &share(Form::Identified, false)).0,
        Reason::AgreementMissing
    );
    let (reason, clauses) = refused(&rules, &facts, &share(Form::Aggregate, true));
    assert_eq!((reason, clauses), (Reason::NotShared, vec!["share-none".into()]));
    facts.region = names.region("eu").unwrap();
    assert_eq!(refused(&rules, &facts, &identified).0, Reason::CrossesRegion);
}

#[test]
fn a_publication_needs_a_yes_to_it_alone_whatever_the_share_declares() {
    let rules = rules();
    let names = rules.vocabulary();
    let publish = |recipient, category| Request {
        act: Act::Publish {
            purpose: names.purpose("service").unwrap(),
            recipient: names.recipient(recipient).unwrap(),
        },
        categories: Set::of(names.category(category).unwrap()),
    };
    let mut facts = person(&rules);
    let story = publish("everybody", "email");
    assert_eq!(
        refused(&rules, &facts, &story),
        (Reason::SeparateConsentMissing, vec!["publish".into(), "use-service".into()])
    );
    // A yes to another share implies nothing.
    facts.shares = facts.shares.with(names.share("delivery").unwrap());
    assert_eq!(refused(&rules, &facts, &story).0, Reason::SeparateConsentMissing);
    facts.shares = facts.shares.with(names.share("story").unwrap());
    assert!(decide(&rules, &facts, &story, NOW).is_ok());
    assert_eq!(refused(&rules, &facts, &publish("everybody", "phone")).0, Reason::NotShared);
    assert_eq!(refused(&rules, &facts, &publish("courier", "phone")).0, Reason::NotShared);
}

#[test]
fn a_partner_brings_what_it_may_for_what_it_may() {
    let rules = rules();
    let names = rules.vocabulary();
    let collect = |source, purpose, category| Request {
        act: Act::Collect {
            purpose: names.purpose(purpose).unwrap(),
            source: names.source(source).unwrap(),
        },
        categories: Set::of(names.category(category).unwrap()),
    };
    let mut facts = person(&rules);
    facts.given = facts.given.with(names.purpose("advertise").unwrap());
    assert!(decide(&rules, &facts, &collect("reseller", "service", "email"), NOW).is_ok());
    for request in [
        collect("reseller", "service", "phone"),
        collect("reseller", "advertise", "email"),
        Request { categories: Set::EMPTY, ..collect("reseller", "advertise", "email") },
    ] {
        let (reason, clauses) = refused(&rules, &facts, &request);
        assert_eq!((reason, clauses[0].as_str()), (Reason::SourceNotAllowed, "collect-partners"));
    }
    assert!(decide(&rules, &facts, &collect("registration", "advertise", "email"), NOW).is_ok());
}

#[test]
fn a_declared_right_can_be_exercised_in_every_state() {
    let rules = rules();
    let mut facts = person(&rules);
    let request = Request { act: Act::Exercise { right: Right::Access }, categories: Set::EMPTY };
    for account in Account::ALL {
        facts.account = *account;
        assert!(decide(&rules, &facts, &request, NOW).is_ok());
    }
    let export = Request { act: Act::Exercise { right: Right::Export }, categories: Set::EMPTY };
    assert_eq!(refused(&rules, &facts, &export).0, Reason::Undeclared);
}

#[test]
fn facts_are_one_line_of_the_cache() {
    assert_eq!(size_of::<Facts>(), 64);
}
