//! What a newer version permits, and this person was not told or asked yet.

use super::{Case, Draft};
use crate::ruleset::WidenedRule;
use crate::verdict::Reason;
use crate::vocabulary::Clause;

/// Takes out what a version that the person has not adopted added to a rule.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, rule: WidenedRule, clause: Clause) {
    if case.facts.adopted >= case.rules.widest {
        return;
    }
    let clause = case.rules.change.unwrap_or(clause);
    let newer = case.rules.widened.iter().filter(|it| it.version > case.facts.adopted);
    for widening in newer.filter(|it| it.rule == rule) {
        draft.refuse(widening.categories, Reason::NotTold, clause);
    }
}
