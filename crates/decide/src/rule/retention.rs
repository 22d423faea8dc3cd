//! Values past their time: refused from the instant, whether or not they were swept yet.

use super::{Case, Draft};
use crate::verdict::Reason;
use crate::vocabulary::Clause;

/// Takes out every category whose value is due.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, otherwise: Clause) {
    let expired = case.facts.dues.expired(case.now).and(draft.left);
    for category in expired.iter() {
        let clause = case.rules.keep_clause(category).unwrap_or(otherwise);
        draft.refuse(crate::Set::of(category), Reason::Expired, clause);
    }
}
