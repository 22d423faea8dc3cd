//! The decision against its naive twin, and the five properties that hold for every policy, over
//! generated policies, people and requests.
#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use decide::request::Act;
use decide::set::Interned;
use decide::spec::Spec;
use decide::{
    Clause, Facts, Permit, Purpose, Reason, Refusal, Request, Ruleset, Set, Share, Transfer,
    Vocabulary, decide,
};
use proptest::prelude::*;
use sim::agree::agree;
use sim::world::{Dice, World, narrowed};

/// Bytes enough for a policy, a person and a request; what is missing is zero.
const BYTES: usize = 500;

fn dice() -> impl Strategy<Value = Dice> {
    // A seed for breadth, bytes for worlds that shrink.
    prop_oneof![
        any::<u64>().prop_map(Dice::seeded),
        proptest::collection::vec(any::<u8>(), 0..BYTES).prop_map(Dice::of),
    ]
}

/// Two thousand worlds each time; `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig { cases: usual.cases.max(2_000), failure_persistence: None, ..usual }
}

/// The categories that are permitted, by name; `None` for a refusal.
fn permitted(
    rules: &Ruleset,
    facts: &Facts,
    request: &Request,
    now: decide::Timestamp,
) -> Option<BTreeSet<String>> {
    let permit = decide(rules, facts, request, now).ok()?;
    let names = rules.vocabulary();
    Some(permit.categories().iter().map(|it| names.category_id(it).to_owned()).collect())
}

/// Whether `after` permits nothing that `before` did not.
fn adds_nothing(before: Option<&BTreeSet<String>>, after: Option<&BTreeSet<String>>) -> bool {
    match (before, after) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(before), Some(after)) => after.is_subset(before),
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_decision_agrees_with_the_naive_one(mut dice in dice()) {
        let mut world = World::new(&mut dice);
        let rules = world.rules().unwrap();
        for _ in 0..10 {
            agree(&world, &rules).map_err(TestCaseError::fail)?;
            world.ask(&mut dice);
        }
    }

    #[test]
    fn withdrawing_never_adds_a_permit(mut dice in dice()) {
        let mut world = World::new(&mut dice);
        let rules = world.rules().unwrap();
        for _ in 0..4 {
            let before = permitted(&rules, &world.facts, &world.request, world.now);
            for less in withdrawn(&mut dice, &world.facts) {
                let after = permitted(&rules, &less, &world.request, world.now);
                prop_assert!(adds_nothing(before.as_ref(), after.as_ref()), "{before:?} {after:?}");
            }
            world.ask(&mut dice);
        }
    }

    #[test]
    fn adding_a_clause_that_refuses_never_adds_a_permit(mut dice in dice()) {
        let mut world = World::new(&mut dice);
        let spec = narrowed(&mut dice, &world.spec);
        let rules = world.rules().unwrap();
        let narrower = Ruleset::new(&spec, &world.names).unwrap();
        for _ in 0..4 {
            let before = permitted(&rules, &world.facts, &world.request, world.now);
            let after = permitted(&narrower, &world.facts, &world.request, world.now);
            prop_assert!(adds_nothing(before.as_ref(), after.as_ref()), "{before:?} {after:?}");
            world.ask(&mut dice);
        }
    }

    #[test]
    fn the_order_of_clauses_never_matters(mut dice in dice()) {
        let mut world = World::new(&mut dice);
        let rules = world.rules().unwrap();
        let (spec, names) = reordered(&mut dice, &world.spec, &world.names);
        let other = Ruleset::new(&spec, &names).unwrap();
        for _ in 0..4 {
            let facts = moved_facts(&world.facts, &world.names, &names);
            let request = moved_request(world.request, &world.names, &names);
            let here = decide(&rules, &world.facts, &world.request, world.now);
            let there = decide(&other, &facts, &request, world.now);
            prop_assert_eq!(Said::of(&rules, &here), Said::of(&other, &there));
            world.ask(&mut dice);
        }
    }

    #[test]
    fn a_narrower_request_of_a_permitted_one_is_permitted(mut dice in dice()) {
        let mut world = World::new(&mut dice);
        let rules = world.rules().unwrap();
        for _ in 0..10 {
            let World { facts, request, now, .. } = &world;
            if let Ok(permit) = decide(&rules, facts, request, *now) {
                let bits = permit.categories();
                let part: Set<_> = bits.iter().filter(|_| dice.chance(128)).collect();
                for categories in bits.iter().map(Set::of).chain([part, bits, Set::EMPTY]) {
                    let narrower = Request { categories, ..*request };
                    let again = decide(&rules, facts, &narrower, *now);
                    prop_assert_eq!(again.map(|it| it.categories()).ok(), Some(categories));
                }
            }
            world.ask(&mut dice);
        }
    }

    #[test]
    fn the_same_facts_give_the_same_answer_on_every_machine(mut dice in dice()) {
        let world = World::new(&mut dice);
        let World { facts, request, now, .. } = &world;
        let here = Said::of(&world.rules().unwrap(), &decide(&world.rules().unwrap(), facts, request, *now));
        // Another machine: its own copy of everything, on a thread of its own.
        let copy = world.clone();
        let there = std::thread::spawn(move || {
            let rules = copy.rules().unwrap();
            let answer = decide(&rules, &copy.facts, &copy.request, copy.now);
            Said::of(&rules, &answer)
        });
        prop_assert_eq!(here, there.join().unwrap());
    }
}

/// What was recorded once, on one machine, holds on all of them: the answers to forty thousand
/// questions, as one number. A change of the decision's meaning moves it, and so does one of `world`.
#[test]
fn the_answers_are_those_that_were_recorded() {
    let mut digest = Fnv::default();
    each_of(4_000, |world, rules| {
        let answer = decide(rules, &world.facts, &world.request, world.now);
        digest.add(&format!("{:?}", Said::of(rules, &answer)));
    });
    let recorded = include_str!("decision/answers.txt").trim();
    let found = format!("{:016x}", digest.0);
    assert_eq!(found, recorded, "write it to tests/decision/answers.txt if it is meant to change");
}

/// A property over worlds in which nothing happens proves nothing.
#[test]
fn the_worlds_hold_every_act_answer_and_reason() {
    let mut acts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    each_of(3_000, |world, rules| {
        let answer = decide(rules, &world.facts, &world.request, world.now);
        let refused = match &answer {
            Ok(permit) => permit.refused(),
            Err(refusal) => refusal.refused(),
        };
        for part in refused {
            *reasons.entry(part.reason.word()).or_default() += 1;
        }
        let word = match &answer {
            Ok(permit) if permit.refused().is_empty() => "all",
            Ok(_) => "part",
            Err(_) => "none",
        };
        *acts.entry((act(&world.request), word)).or_default() += 1;
    });
    let rare: Vec<_> = Reason::ALL
        .iter()
        .map(|it| it.word())
        .filter(|it| reasons.get(it).is_none_or(|count| *count < 30))
        .collect();
    assert!(rare.is_empty(), "seldom refused for {rare:?}: {reasons:?}");
    for it in ["collect", "use", "share", "transfer", "disclose", "publish", "exercise"] {
        for word in ["all", "part", "none"] {
            let count = acts.get(&(it, word)).copied().unwrap_or(0);
            let never = it == "exercise" && word == "part";
            assert!(never || count >= 30, "{it} is answered with {word} {count} times");
        }
    }
}

fn each_of(worlds: u64, mut look: impl FnMut(&World, &Ruleset)) {
    for seed in 0..worlds {
        let mut dice = Dice::seeded(seed);
        let mut world = World::new(&mut dice);
        let rules = world.rules().unwrap();
        for _ in 0..10 {
            look(&world, &rules);
            world.ask(&mut dice);
        }
    }
}

fn act(request: &Request) -> &'static str {
    match request.act {
        Act::Collect { .. } => "collect",
        Act::Use { .. } => "use",
        Act::Share { .. } => "share",
        Act::Transfer { .. } => "transfer",
        Act::Disclose { .. } => "disclose",
        Act::Publish { .. } => "publish",
        Act::Exercise { .. } => "exercise",
    }
}

/// The same person after taking something back: a yes, another no, a consent of its own, an age or
/// an account state that lets less be done.
fn withdrawn(dice: &mut Dice, facts: &Facts) -> Vec<Facts> {
    let purpose = Purpose::at(u8::try_from(dice.below(5)).unwrap());
    let share = Share::at(u8::try_from(dice.below(4)).unwrap());
    let transfer = Transfer::at(u8::try_from(dice.below(3)).unwrap());
    let given = facts.given.less(purpose);
    let refused = facts.refused.with(purpose);
    let objected = facts.objected.with(purpose);
    let (shares, transfers) = (facts.shares.less(share), facts.transfers.less(transfer));
    let signals = decide::Signals::new(true, facts.signals.dnt());
    vec![
        Facts { given, ..facts.clone() },
        Facts { refused, ..facts.clone() },
        Facts { given, refused, ..facts.clone() },
        Facts { objected, ..facts.clone() },
        Facts { shares, ..facts.clone() },
        Facts { transfers, ..facts.clone() },
        Facts { signals, ..facts.clone() },
        Facts { account: decide::Account::Closed, ..facts.clone() },
        Facts { given: Set::EMPTY, shares: Set::EMPTY, transfers: Set::EMPTY, ..facts.clone() },
    ]
}

/// The same declarations, met in another order: other positions, other rows.
fn reordered(dice: &mut Dice, spec: &Spec, names: &Vocabulary) -> (Spec, Vocabulary) {
    let mut all = Vec::new();
    for kind in decide::vocabulary::Kind::ALL {
        all.extend(names.names(*kind).iter().map(|it| (*kind, it.as_str())));
    }
    let mut other = Vocabulary::default();
    for (kind, name) in dice.shuffled(all) {
        other.add(kind, name).unwrap();
    }
    let widened = dice.shuffled(spec.widened.clone());
    (Spec { widened, ..spec.clone() }, other)
}

macro_rules! moving {
    ($($name:ident: $type:ident, $find:ident, $id:ident);+ $(;)?) => {$(
        /// The thing of that name elsewhere; a position without a name has none there either.
        fn $name(it: decide::$type, from: &Vocabulary, to: &Vocabulary) -> decide::$type {
            to.$find(from.$id(it)).unwrap_or(it)
        }
    )+};
}

moving!(
    purpose: Purpose, purpose, purpose_id;
    category: Category, category, category_id;
    recipient: Recipient, recipient, recipient_id;
    source: Source, source, source_id;
    region: Region, region, region_id;
    share: Share, share, share_id;
    transfer: Transfer, transfer, transfer_id;
);

fn moved_facts(facts: &Facts, from: &Vocabulary, to: &Vocabulary) -> Facts {
    let purposes = |set: Set<Purpose>| set.iter().map(|it| purpose(it, from, to)).collect();
    let dues = facts.dues.iter().map(|(it, due)| (category(it, from, to), due)).collect();
    let held = facts.dues.held().iter().map(|it| category(it, from, to)).collect();
    Facts {
        given: purposes(facts.given),
        refused: purposes(facts.refused),
        objected: purposes(facts.objected),
        shares: facts.shares.iter().map(|it| share(it, from, to)).collect(),
        transfers: facts.transfers.iter().map(|it| transfer(it, from, to)).collect(),
        dues: decide::Dues::new(dues).holding(held),
        region: region(facts.region, from, to),
        ..facts.clone()
    }
}

fn moved_request(request: Request, from: &Vocabulary, to: &Vocabulary) -> Request {
    let mut act = request.act;
    match &mut act {
        Act::Collect { purpose: it, source: from_source } => {
            *it = purpose(*it, from, to);
            *from_source = source(*from_source, from, to);
        }
        Act::Use { purpose: it } => *it = purpose(*it, from, to),
        Act::Share { purpose: it, recipient: whom, .. }
        | Act::Publish { purpose: it, recipient: whom } => {
            *it = purpose(*it, from, to);
            *whom = recipient(*whom, from, to);
        }
        Act::Transfer { purpose: it, recipient: whom, to: abroad } => {
            *it = purpose(*it, from, to);
            *whom = recipient(*whom, from, to);
            *abroad = region(*abroad, from, to);
        }
        Act::Disclose { .. } | Act::Exercise { .. } => {}
    }
    let categories = request.categories.iter().map(|it| category(it, from, to)).collect();
    Request { act, categories }
}

/// An answer in names: each category with nothing, or with its reason and clause; for an act without
/// categories, what bars it.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    permit: bool,
    categories: BTreeMap<String, Option<(&'static str, String)>>,
    barred: Vec<(&'static str, String)>,
}

impl Said {
    fn of(rules: &Ruleset, answer: &Result<Permit, Refusal>) -> Self {
        let names = rules.vocabulary();
        let clause = |it: Clause| rules.clause_id(it).to_owned();
        let (free, refused) = match answer {
            Ok(permit) => (permit.categories(), permit.refused()),
            Err(refusal) => (Set::EMPTY, refusal.refused()),
        };
        let mut said =
            Self { permit: answer.is_ok(), categories: BTreeMap::new(), barred: Vec::new() };
        for it in free.iter() {
            said.categories.insert(names.category_id(it).to_owned(), None);
        }
        for part in refused {
            let why = (part.reason.word(), clause(part.clause));
            if part.categories.is_empty() {
                said.barred.push(why.clone());
            }
            for it in part.categories.iter() {
                said.categories.insert(names.category_id(it).to_owned(), Some(why.clone()));
            }
        }
        said
    }
}

/// FNV-1a, 64 bits: a digest without a dependency.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn add(&mut self, text: &str) {
        for byte in text.bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

#[test]
fn a_digest_is_the_one_of_its_definition() {
    let mut text = String::new();
    write!(text, "foobar").unwrap();
    let mut digest = Fnv::default();
    digest.add(&text);
    assert_eq!(digest.0, 0x8594_4171_f739_67e8);
}
