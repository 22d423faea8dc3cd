//! A million people, and questions about random ones of them.

use decide::set::Interned;
use decide::spec::Spec;
use decide::vocabulary::Kind;
use decide::{Account, Act, Age, Facts, Purpose, Region, Request, Set, Signals, Vocabulary};

use super::Question;
use crate::dice::Dice;

/// Most people are adults with an active account who answered most questions with yes.
pub(super) fn people(
    spec: &Spec,
    names: &Vocabulary,
    people: usize,
    questions: usize,
) -> (Vec<Facts>, Vec<Question>) {
    let mut dice = Dice::new(11);
    let regions: Vec<Region> =
        names.names(Kind::Region).iter().filter_map(|it| names.region(it)).collect();
    let purposes = u32::try_from(names.names(Kind::Purpose).len()).unwrap_or(0);
    let all = (0..people).map(|_| person(&mut dice, &regions, purposes)).collect();
    let asked = (0..questions)
        .map(|_| Question { person: dice.below(people), request: request(&mut dice, spec, names) });
    (all, asked.collect())
}

fn person(dice: &mut Dice, regions: &[Region], purposes: u32) -> Facts {
    let region = dice.pick(regions).unwrap_or(Region::at(0));
    let account = if dice.chance(95) { Some(Account::Active) } else { dice.pick(Account::ALL) };
    let adopted = if dice.chance(95) { 2 } else { 1 };
    let mut facts = Facts::new(region, account.unwrap_or(Account::Active), adopted);
    facts.age =
        if dice.chance(90) { Some(Age::Adult) } else { dice.pick(Age::ALL) }.unwrap_or(Age::Adult);
    facts.given = Set::from_bits(dice.bits(purposes, 90));
    facts.refused = Set::from_bits(dice.bits(purposes, 3));
    facts.objected = Set::from_bits(dice.bits(purposes, 1));
    facts.signals = Signals::new(dice.chance(5), dice.chance(5));
    facts
}

/// An application that knows its policy: it asks for what its purpose uses, nineteen times of twenty.
fn request(dice: &mut Dice, spec: &Spec, names: &Vocabulary) -> Request {
    let purposes: Vec<_> = spec.purposes.iter().collect();
    let Some((id, declared)) = dice.pick(&purposes) else {
        return Request { act: Act::Use { purpose: Purpose::at(0) }, categories: Set::EMPTY };
    };
    let purpose = names.purpose(id).unwrap_or(Purpose::at(0));
    let known: Vec<&String> = if dice.chance(95) {
        declared.uses.iter().collect()
    } else {
        spec.categories.keys().collect()
    };
    let wanted = dice.below(3).saturating_add(1);
    let picked = (0..wanted).filter_map(|_| dice.pick(&known));
    let categories = picked.filter_map(|it| names.category(it)).collect();
    Request { act: Act::Use { purpose }, categories }
}
