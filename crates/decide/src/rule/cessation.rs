//! The end of the service, or of a product: from its instant on nothing is collected.
//!
//! What is held is still used for what it was given for until it is deleted, and every right can be
//! exercised: people take their data along in that time. Who writes or complains is still heard: what
//! that needs comes in.

use super::{Case, Draft};
use crate::ruleset::Ended;
use crate::verdict::Reason;
use crate::vocabulary::Purpose;

/// Bars what would be collected for something that has ended (PIPL 47, GB/T 35273).
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, purpose: Purpose) {
    let clause = case.rules.cease.unwrap_or(case.rules.first);
    for ending in case.rules.endings.iter().filter(|it| it.from <= case.now) {
        match ending.what {
            Ended::Service { answered } if answered.has(purpose) => {}
            Ended::Service { .. } => draft.bar(Reason::Ceased, clause),
            Ended::Product { purposes, .. } if purposes.has(purpose) => {
                draft.bar(Reason::Ceased, clause);
            }
            Ended::Product { categories, .. } => draft.refuse(categories, Reason::Ceased, clause),
        }
    }
}
