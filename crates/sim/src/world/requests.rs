//! Generated requests, most of them near what the policy declares.

use std::collections::BTreeSet;

use decide::set::Interned;
use decide::spec::{Spec, TransferSpec};
use decide::vocabulary::Kind;
use decide::{
    Act, Category, Form, Ground, Purpose, Recipient, Region, Request, Right, Set, Source,
    Vocabulary,
};

use super::dice::Dice;

/// A question as the dice fall, about a person of this region.
pub(super) fn request(dice: &mut Dice, spec: &Spec, names: &Vocabulary, home: Region) -> Request {
    let (act, near) = match dice.below(8) {
        0 | 1 => to_use(dice, spec, names),
        2 => collect(dice, spec, names),
        3 => share(dice, spec, names),
        4 => transfer(dice, spec, names, home),
        5 => publish(dice, spec, names),
        6 => (disclose(dice), BTreeSet::new()),
        _ => (exercise(dice), BTreeSet::new()),
    };
    Request { act, categories: categories(dice, names, &near) }
}

fn any<T: Interned>(dice: &mut Dice, names: &Vocabulary, kind: Kind) -> T {
    // Now and then a position that nothing has: what is stored may be older than the names.
    let known = names.names(kind).len();
    let position = if dice.chance(6) { 70 } else { dice.below(known) };
    T::at(u8::try_from(position).unwrap_or(u8::MAX))
}

fn nth<T>(dice: &mut Dice, mut of: impl Iterator<Item = T> + Clone) -> Option<T> {
    let count = of.clone().count();
    of.nth(dice.below(count))
}

/// Mostly a part of what is near, sometimes anything, sometimes nothing.
fn categories(dice: &mut Dice, names: &Vocabulary, near: &BTreeSet<String>) -> Set<Category> {
    if dice.chance(150) {
        let near = near.iter().filter_map(|it| names.category(it));
        return near.filter(|_| dice.chance(200)).collect();
    }
    let all = (0..).zip(names.names(Kind::Category));
    all.filter(|_| dice.chance(128)).map(|(position, _)| Category::at(position)).collect()
}

fn purpose(dice: &mut Dice, spec: &Spec, names: &Vocabulary) -> (Purpose, BTreeSet<String>) {
    let declared = nth(dice, spec.purposes.iter()).filter(|_| !dice.chance(20));
    let declared = declared.and_then(|(id, it)| Some((names.purpose(id)?, it.uses.clone())));
    declared.unwrap_or_else(|| (any(dice, names, Kind::Purpose), BTreeSet::new()))
}

fn to_use(dice: &mut Dice, spec: &Spec, names: &Vocabulary) -> (Act, BTreeSet<String>) {
    let (purpose, uses) = purpose(dice, spec, names);
    (Act::Use { purpose }, uses)
}

fn collect(dice: &mut Dice, spec: &Spec, names: &Vocabulary) -> (Act, BTreeSet<String>) {
    let (purpose, uses) = purpose(dice, spec, names);
    let source: Source = any(dice, names, Kind::Source);
    (Act::Collect { purpose, source }, uses)
}

fn share(dice: &mut Dice, spec: &Spec, names: &Vocabulary) -> (Act, BTreeSet<String>) {
    let agreed = dice.chance(190);
    let near = nth(dice, spec.shares.values()).filter(|_| !dice.chance(30));
    let near = near.and_then(|it| {
        let (purpose, recipient) = (names.purpose(&it.purpose)?, names.recipient(&it.to)?);
        let act = Act::Share { purpose, recipient, form: it.form, agreed };
        Some((act, it.categories.clone()))
    });
    near.unwrap_or_else(|| {
        let (purpose, uses) = purpose(dice, spec, names);
        let recipient: Recipient = any(dice, names, Kind::Recipient);
        let form = dice.pick(Form::ALL).unwrap_or(Form::Identified);
        (Act::Share { purpose, recipient, form, agreed }, uses)
    })
}

fn transfer(
    dice: &mut Dice,
    spec: &Spec,
    names: &Vocabulary,
    home: Region,
) -> (Act, BTreeSet<String>) {
    let from_home = |it: &&TransferSpec| names.region(&it.from) == Some(home);
    let near = nth(dice, spec.transfers.values().filter(from_home)).filter(|_| !dice.chance(30));
    let near = near.and_then(|it| {
        let (purpose, recipient) = (names.purpose(&it.purpose)?, names.recipient(&it.recipient)?);
        let act = Act::Transfer { purpose, recipient, to: names.region(&it.to)? };
        Some((act, it.categories.clone()))
    });
    near.unwrap_or_else(|| {
        let (purpose, uses) = purpose(dice, spec, names);
        let recipient: Recipient = any(dice, names, Kind::Recipient);
        let to: Region = any(dice, names, Kind::Region);
        (Act::Transfer { purpose, recipient, to }, uses)
    })
}

fn publish(dice: &mut Dice, spec: &Spec, names: &Vocabulary) -> (Act, BTreeSet<String>) {
    let everybody = spec.shares.values().filter(|it| it.to == "everybody");
    let near = nth(dice, everybody).filter(|_| !dice.chance(30));
    let near = near.and_then(|it| {
        let (purpose, recipient) = (names.purpose(&it.purpose)?, names.recipient(&it.to)?);
        Some((Act::Publish { purpose, recipient }, it.categories.clone()))
    });
    near.unwrap_or_else(|| {
        let (purpose, uses) = purpose(dice, spec, names);
        (Act::Publish { purpose, recipient: any(dice, names, Kind::Recipient) }, uses)
    })
}

fn disclose(dice: &mut Dice) -> Act {
    Act::Disclose {
        ground: dice.pick(Ground::ALL).unwrap_or(Ground::Justice),
        evidenced: dice.chance(190),
        approvers: u8::try_from(dice.below(3)).unwrap_or(0),
    }
}

fn exercise(dice: &mut Dice) -> Act {
    Act::Exercise { right: dice.pick(Right::ALL).unwrap_or(Right::Access) }
}
