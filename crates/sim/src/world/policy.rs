//! Generated policies, and ways to make one narrower.

use std::collections::{BTreeMap, BTreeSet};

use decide::spec::{
    Basis, CategorySpec, Default as Standing, DisclosureSpec, Effect, Ended, EndingSpec, Minors,
    MinorsSpec, PurposeSpec, PurposeTerms, RecipientSpec, RegionSpec, RightSpec, Role,
    ShareConsent, ShareSpec, SourceSpec, Spec, TransferSpec, Widened, WideningSpec,
};
use decide::vocabulary::Kind;
use decide::{Form, Ground, Right, Vocabulary};

use super::dice::Dice;
use super::people::NOW;

mod narrow;
pub use narrow::narrowed;

const REGIONS: &[&str] = &["cn", "eu", "us"];
const CATEGORIES: &[&str] = &["email", "location", "name", "phone", "taste"];
const SOURCES: &[&str] = &["device", "registration", "reseller"];
const PURPOSES: &[&str] = &["advertise", "improve", "protect", "service", "survey"];
const RECIPIENTS: &[&str] = &["agency", "courier", "everybody"];
const SHARES: &[&str] = &["share-a", "share-b", "share-c", "share-d"];
const TRANSFERS: &[&str] = &["transfer-a", "transfer-b", "transfer-c"];
const ACTS: &[&str] = &["collect", "use", "share", "transfer", "disclose", "publish", "exercise"];

/// A policy as the dice fall. Whatever is named is declared.
pub(super) fn policy(dice: &mut Dice) -> Spec {
    let mut spec = Spec { version: 3, ..Spec::default() };
    for id in at_least_one(dice, REGIONS, 180) {
        spec.regions.insert(id.to_owned(), RegionSpec { clause: format!("reside-{id}") });
    }
    for id in at_least_one(dice, SOURCES, 200) {
        spec.sources.insert(
            id.to_owned(),
            SourceSpec { clause: format!("from-{id}"), brings: None, purposes: None },
        );
    }
    for id in at_least_one(dice, CATEGORIES, 200) {
        let category = category(dice, &spec, id);
        spec.categories.insert(id.to_owned(), category);
    }
    for source in spec.sources.values_mut() {
        let bounded = dice.chance(80);
        source.brings = bounded.then(|| names_of(dice, &spec.categories, 128));
    }
    for id in at_least_one(dice, PURPOSES, 200) {
        let purpose = purpose(dice, &spec, id);
        spec.purposes.insert(id.to_owned(), purpose);
    }
    for source in spec.sources.values_mut() {
        let bounded = dice.chance(80);
        source.purposes = bounded.then(|| names_of(dice, &spec.purposes, 128));
    }
    leaving(dice, &mut spec);
    rest(dice, &mut spec);
    spec.widened = widened(dice, &spec);
    spec.cease = dice.chance(150).then(|| "cease".to_owned());
    if dice.chance(50) {
        let ending = ending(dice, &spec);
        spec.endings.push(ending);
    }
    spec
}

/// An end that came, or is still to come.
fn ending(dice: &mut Dice, spec: &Spec) -> EndingSpec {
    let (purposes, categories) =
        (names_of(dice, &spec.purposes, 60), names_of(dice, &spec.categories, 90));
    let product = dice.chance(190);
    let what = if product {
        Ended::Product { purposes, categories }
    } else {
        Ended::Service { answered: purposes }
    };
    let from = NOW.plus_millis(i64::from(!dice.chance(200)));
    EndingSpec { from, what }
}

fn at_least_one(dice: &mut Dice, of: &'static [&'static str], share: u8) -> Vec<&'static str> {
    let some = dice.some(of, share);
    if some.is_empty() { of.first().copied().into_iter().collect() } else { some }
}

fn names_of<T>(dice: &mut Dice, of: &BTreeMap<String, T>, share: u8) -> BTreeSet<String> {
    of.keys().filter(|_| dice.chance(share)).cloned().collect()
}

fn one_of<T>(dice: &mut Dice, of: &BTreeMap<String, T>) -> String {
    of.keys().nth(dice.below(of.len())).cloned().unwrap_or_default()
}

fn category(dice: &mut Dice, spec: &Spec, id: &str) -> CategorySpec {
    CategorySpec {
        clause: format!("collect-{id}"),
        keep_clause: format!("keep-{id}"),
        identifying: dice.chance(128),
        sensitive: dice.chance(40),
        sources: names_of(dice, &spec.sources, 190),
        required: BTreeSet::new(),
        lookup: dice.chance(128),
    }
}

fn purpose(dice: &mut Dice, spec: &Spec, id: &str) -> PurposeSpec {
    let general = terms(dice);
    let mut regions = BTreeMap::new();
    for region in REGIONS.iter().filter(|it| spec.regions.contains_key(**it)) {
        if dice.chance(60) {
            regions.insert((*region).to_owned(), terms(dice));
        }
    }
    let uses = names_of(dice, &spec.categories, 210);
    PurposeSpec { clause: format!("use-{id}"), general, regions, uses }
}

fn terms(dice: &mut Dice) -> PurposeTerms {
    let effects = [Effect::Ignore, Effect::Ask, Effect::Refuse];
    PurposeTerms {
        basis: dice.pick(Basis::ALL).unwrap_or(Basis::Consent),
        default: dice.pick(Standing::ALL).unwrap_or(Standing::Given),
        minors: dice.pick(&[Minors::Same, Minors::Guardian, Minors::Never]).unwrap_or(Minors::Same),
        gpc: dice.pick(&effects).unwrap_or(Effect::Ignore),
        dnt: dice.pick(&effects).unwrap_or(Effect::Ignore),
    }
}

/// Recipients, shares and transfers.
fn leaving(dice: &mut Dice, spec: &mut Spec) {
    for id in at_least_one(dice, RECIPIENTS, 220) {
        let elsewhere = dice.chance(100);
        let region = elsewhere.then(|| one_of(dice, &spec.regions));
        let role = if id == "everybody" { Role::Public } else { Role::Controller };
        let agreement = dice.chance(90);
        let clause = format!("to-{id}");
        spec.recipients.insert(id.to_owned(), RecipientSpec { clause, role, region, agreement });
    }
    for id in dice.some(SHARES, 210) {
        let to = one_of(dice, &spec.recipients);
        // What goes to everybody is mostly a publication as it should be.
        let published = to == "everybody" && dice.chance(190);
        let (forms, consents): (&[Form], &[ShareConsent]) = if published {
            (&[Form::Identified], &[ShareConsent::Separate])
        } else {
            (&[Form::Aggregate, Form::Pseudonymous, Form::Identified], ShareConsent::ALL)
        };
        let share = ShareSpec {
            clause: format!("clause-{id}"),
            to,
            purpose: one_of(dice, &spec.purposes),
            categories: names_of(dice, &spec.categories, 170),
            form: dice.pick(forms).unwrap_or(Form::Identified),
            min_group: None,
            consent: dice.pick(consents).unwrap_or(ShareConsent::Separate),
        };
        spec.shares.insert(id.to_owned(), share);
    }
    for id in dice.some(TRANSFERS, 200) {
        let from = one_of(dice, &spec.regions);
        let to = one_of(dice, &spec.regions);
        let transfer = TransferSpec {
            clause: format!("clause-{id}"),
            from,
            to,
            recipient: one_of(dice, &spec.recipients),
            purpose: one_of(dice, &spec.purposes),
            categories: names_of(dice, &spec.categories, 170),
        };
        spec.transfers.insert(id.to_owned(), transfer);
    }
}

/// Grounds, rights, and the clauses that others lean on.
fn rest(dice: &mut Dice, spec: &mut Spec) {
    for ground in Ground::ALL {
        if dice.chance(150) {
            let clause = format!("ground-{}", ground.word());
            let approvers = u8::try_from(dice.below(3)).unwrap_or(0);
            let disclosure = DisclosureSpec { clause, ground: *ground, approvers };
            spec.disclosures.insert(ground.word().to_owned(), disclosure);
        }
    }
    for right in Right::ALL {
        if dice.chance(150) {
            spec.rights.insert(*right, RightSpec { clause: format!("right-{}", right.word()) });
        }
    }
    let minors = MinorsSpec { clause: "minors".to_owned(), guardian_below: BTreeMap::new() };
    spec.minors = dice.chance(150).then_some(minors);
    spec.change = dice.chance(150).then(|| "change".to_owned());
    for act in ACTS {
        if dice.chance(120) {
            spec.silence.insert((*act).to_owned(), format!("nothing-to-{act}"));
        }
    }
}

fn widened(dice: &mut Dice, spec: &Spec) -> Vec<WideningSpec> {
    let mut rules: Vec<Widened> = Vec::new();
    rules.extend(spec.purposes.keys().map(|it| Widened::Purpose(it.clone())));
    rules.extend(spec.shares.keys().map(|it| Widened::Share(it.clone())));
    rules.extend(spec.transfers.keys().map(|it| Widened::Transfer(it.clone())));
    let mut found = Vec::new();
    for version in [2, 3] {
        for rule in &rules {
            if dice.chance(70) {
                let categories = names_of(dice, &spec.categories, 128);
                found.push(WideningSpec { version, rule: rule.clone(), categories });
            }
        }
    }
    found
}

/// The names of the installation: those of earlier versions too, in the order in which they came.
pub(super) fn names(dice: &mut Dice, spec: &Spec) -> Vocabulary {
    let mut all: Vec<(Kind, &str)> = Vec::new();
    for (kind, names) in [
        (Kind::Region, REGIONS),
        (Kind::Category, CATEGORIES),
        (Kind::Source, SOURCES),
        (Kind::Purpose, PURPOSES),
        (Kind::Recipient, RECIPIENTS),
        (Kind::Share, SHARES),
        (Kind::Transfer, TRANSFERS),
    ] {
        all.extend(names.iter().map(|it| (kind, *it)));
    }
    let mut names = Vocabulary::default();
    for (kind, name) in dice.shuffled(all) {
        // A handful of names is far below the limit of each kind.
        let _full: Result<(), _> = names.add(kind, name);
    }
    names.with(spec).unwrap_or(names)
}
