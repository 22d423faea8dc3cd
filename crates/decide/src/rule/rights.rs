//! Rights: a person can always exercise one that the policy declares, whatever else is refused. What a
//! legal hold covers cannot be deleted or changed by it meanwhile.

use super::{Case, Draft, retention};
use crate::request::Right;
use crate::verdict::Reason;

/// Bars a right that is not declared; takes out of what would be deleted or changed what is held.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, right: Right) {
    if let Some((_, clause)) = case.rules.rights.iter().find(|(it, _)| *it == right) {
        draft.cite(*clause);
        match right {
            Right::Delete | Right::Correct => retention::held(case, draft, *clause),
            Right::Access
            | Right::Export
            | Right::Withdraw
            | Right::Restrict
            | Right::Object
            | Right::CloseAccount => {}
        }
    } else {
        draft.bar(Reason::Undeclared, case.rules.silence.exercise.unwrap_or(case.rules.first));
    }
}
