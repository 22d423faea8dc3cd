//! Generated people: what is known of one.

use decide::set::Interned;
use decide::spec::Spec;
use decide::vocabulary::Kind;
use decide::{Account, Age, Category, Dues, Facts, Region, Set, Signals, Timestamp, Vocabulary};

use super::dice::Dice;

/// The instant of every question.
pub(super) const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

/// Somebody as the dice fall.
pub(super) fn person(dice: &mut Dice, spec: &Spec, names: &Vocabulary) -> Facts {
    let declared: Vec<Region> = spec.regions.keys().filter_map(|it| names.region(it)).collect();
    let region = if dice.chance(15) {
        dice.pick(&[9, 0, 1, 2]).map(Region::at)
    } else {
        dice.pick(&declared)
    };
    let account = if dice.chance(90) { dice.pick(Account::ALL) } else { Some(Account::Active) };
    let adopted = dice.pick(&[3, 3, 2, 1]).unwrap_or(3);
    let mut facts =
        Facts::new(region.unwrap_or(Region::at(0)), account.unwrap_or(Account::Active), adopted);
    facts.age =
        if dice.chance(100) { dice.pick(Age::ALL) } else { Some(Age::Adult) }.unwrap_or(Age::Adult);
    facts.given = set(dice, names, Kind::Purpose, 170);
    facts.refused = set(dice, names, Kind::Purpose, 35);
    facts.objected = set(dice, names, Kind::Purpose, 25);
    facts.shares = set(dice, names, Kind::Share, 150);
    facts.transfers = set(dice, names, Kind::Transfer, 150);
    facts.signals = Signals::new(dice.chance(40), dice.chance(40));
    facts.dues = dues(dice, names);
    facts
}

fn set<T: Interned>(dice: &mut Dice, names: &Vocabulary, kind: Kind, share: u8) -> Set<T> {
    let all = (0..).zip(names.names(kind));
    all.filter(|_| dice.chance(share)).map(|(position, _)| T::at(position)).collect()
}

fn dues(dice: &mut Dice, names: &Vocabulary) -> Dues {
    let share = if dice.chance(90) { 90 } else { 0 };
    let categories: Set<Category> = set(dice, names, Kind::Category, share);
    let due = |dice: &mut Dice| NOW.plus_millis(dice.pick(&[1, 0, -1]).unwrap_or(1));
    let dues = Dues::new(categories.iter().map(|it| (it, due(dice))).collect());
    let share = if dice.chance(40) { 90 } else { 0 };
    dues.holding(set(dice, names, Kind::Category, share))
}
