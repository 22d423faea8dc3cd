//! Rights: a person can always exercise one that the policy declares, whatever else is refused.

use super::{Case, Draft};
use crate::request::Right;
use crate::verdict::Reason;

/// Bars a right that is not declared, and nothing else.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, right: Right) {
    if let Some((_, clause)) = case.rules.rights.iter().find(|(it, _)| *it == right) {
        draft.cite(*clause);
    } else {
        draft.bar(Reason::Undeclared, case.rules.silence.exercise.unwrap_or(case.rules.first));
    }
}
