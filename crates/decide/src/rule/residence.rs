//! Residence: what identifies a person stays in the person's region.

use super::{Case, Draft};
use crate::ruleset::RecipientRow;
use crate::verdict::Reason;

/// Bars a share with a recipient that keeps what it gets in another region.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, recipient: &RecipientRow) {
    if recipient.region.is_some_and(|it| it != case.facts.region) {
        let clause = case.rules.silence.transfer.unwrap_or(recipient.clause);
        draft.bar(Reason::CrossesRegion, clause);
    }
}
