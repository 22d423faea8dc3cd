//! A million people, and questions about random ones of them.

use decide::set::Interned;
use decide::spec::Spec;
use decide::vocabulary::Kind;
use decide::{Account, Act, Age, Facts, Purpose, Region, Request, Set, Signals, Vocabulary};

use super::Question;
use crate::dice::Dice;

/// Who is asked about, and how often what is so, of a hundred.
pub(super) struct Mix {
    pub(super) people: usize,
    pub(super) adult: usize,
    pub(super) active: usize,
    pub(super) given: usize,
    pub(super) refused: usize,
    pub(super) objected: usize,
    pub(super) signal: usize,
    /// Questions that stay within what their purpose declares.
    pub(super) declared: usize,
}

/// Most people are adults with an active account who answered most questions with yes, and an
/// application knows its policy.
pub(super) const USUAL: Mix = Mix {
    people: 1_000_000,
    adult: 90,
    active: 95,
    given: 90,
    refused: 3,
    objected: 1,
    signal: 5,
    declared: 95,
};

/// The same, of people who all lie in the processor's nearer caches.
pub(super) const FEW: Mix = Mix { people: 1_000, ..USUAL };

/// Most questions are refused, in whole or in part.
pub(super) const STRICT: Mix = Mix {
    adult: 80,
    active: 85,
    given: 50,
    refused: 10,
    objected: 5,
    signal: 20,
    declared: 40,
    ..USUAL
};

pub(super) fn people(
    spec: &Spec,
    names: &Vocabulary,
    mix: &Mix,
    questions: usize,
) -> (Vec<Facts>, Vec<Question>) {
    let mut dice = Dice::new(11);
    let regions: Vec<Region> =
        names.names(Kind::Region).iter().filter_map(|it| names.region(it)).collect();
    let purposes = u32::try_from(names.names(Kind::Purpose).len()).unwrap_or(0);
    let all = (0..mix.people).map(|_| person(&mut dice, mix, &regions, purposes)).collect();
    let asked = (0..questions).map(|_| Question {
        person: dice.below(mix.people),
        request: request(&mut dice, mix, spec, names),
    });
    (all, asked.collect())
}

fn person(dice: &mut Dice, mix: &Mix, regions: &[Region], purposes: u32) -> Facts {
    let region = dice.pick(regions).unwrap_or(Region::at(0));
    let account =
        if dice.chance(mix.active) { Some(Account::Active) } else { dice.pick(Account::ALL) };
    let adopted = if dice.chance(95) { 2 } else { 1 };
    let mut facts = Facts::new(region, account.unwrap_or(Account::Active), adopted);
    facts.age = if dice.chance(mix.adult) { Some(Age::Adult) } else { dice.pick(Age::ALL) }
        .unwrap_or(Age::Adult);
    facts.given = Set::from_bits(dice.bits(purposes, mix.given));
    facts.refused = Set::from_bits(dice.bits(purposes, mix.refused));
    facts.objected = Set::from_bits(dice.bits(purposes, mix.objected));
    facts.signals = Signals::new(dice.chance(mix.signal), dice.chance(mix.signal));
    facts
}

/// One purpose and one to three categories.
fn request(dice: &mut Dice, mix: &Mix, spec: &Spec, names: &Vocabulary) -> Request {
    let purposes: Vec<_> = spec.purposes.iter().collect();
    let Some((id, declared)) = dice.pick(&purposes) else {
        return Request { act: Act::Use { purpose: Purpose::at(0) }, categories: Set::EMPTY };
    };
    let purpose = names.purpose(id).unwrap_or(Purpose::at(0));
    let known: Vec<&String> = if dice.chance(mix.declared) {
        declared.uses.iter().collect()
    } else {
        spec.categories.keys().collect()
    };
    let wanted = dice.below(3).saturating_add(1);
    let picked = (0..wanted).filter_map(|_| dice.pick(&known));
    let categories = picked.filter_map(|it| names.category(it)).collect();
    Request { act: Act::Use { purpose }, categories }
}
