//! One line for what was tried in vain again and again: a stranger who guesses hides nothing else.

use super::uses::UseSeen;

/// Folds tries in vain that follow one another into the newest of them.
pub(super) fn fold(uses: Vec<UseSeen>) -> Vec<UseSeen> {
    let mut folded: Vec<UseSeen> = Vec::with_capacity(uses.len());
    for seen in uses {
        match folded.last_mut() {
            Some(last) if last.in_vain && seen.in_vain && alike(last, &seen) => {
                last.times = last.times.saturating_add(1);
            }
            _ => folded.push(seen),
        }
    }
    folded
}

fn alike(one: &UseSeen, other: &UseSeen) -> bool {
    (&one.act, &one.purpose, &one.categories) == (&other.act, &other.purpose, &other.categories)
}
