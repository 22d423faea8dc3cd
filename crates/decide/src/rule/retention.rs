//! Values past their time: refused from the instant, whether or not they were swept yet. Values under a
//! legal hold: kept, and used for nothing.

use super::{Case, Draft};
use crate::set::Set;
use crate::verdict::Reason;
use crate::vocabulary::{Category, Clause};

/// Takes out every category whose value is held or due.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, otherwise: Clause) {
    held(case, draft, otherwise);
    refuse(case, draft, (case.facts.dues.expired(case.now), Reason::Expired), otherwise);
}

/// Takes out every category whose value is held (PIPL 47: keep and protect, no other use). A value that
/// comes in anew would take its place.
pub(super) fn held(case: &Case<'_>, draft: &mut Draft, otherwise: Clause) {
    refuse(case, draft, (case.facts.dues.held(), Reason::Held), otherwise);
}

fn refuse(
    case: &Case<'_>,
    draft: &mut Draft,
    (categories, reason): (Set<Category>, Reason),
    otherwise: Clause,
) {
    for category in categories.and(draft.left).iter() {
        let clause = case.rules.keep_clause(category).unwrap_or(otherwise);
        draft.refuse(Set::of(category), reason, clause);
    }
}
