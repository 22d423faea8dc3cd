//! Disclosure: without consent, on one of six grounds, with evidence and enough approvers.

use super::{Case, Draft, retention};
use crate::fact::Account;
use crate::request::Ground;
use crate::verdict::Reason;

/// What is asked about a disclosure.
pub(super) struct Asked {
    pub(super) ground: Ground,
    pub(super) evidenced: bool,
    pub(super) approvers: u8,
}

/// Bars a disclosure on a ground that is not declared, or not made out.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, asked: &Asked) {
    let found = case.rules.disclosures.iter().find(|(ground, ..)| *ground == asked.ground);
    let Some((_, clause, approvers)) = found else {
        let silence = case.rules.silence.disclose.unwrap_or(case.rules.first);
        draft.bar(Reason::Undeclared, silence);
        return;
    };
    draft.cite(*clause);
    if case.facts.account == Account::Closed {
        draft.bar(Reason::Closed, *clause);
    } else if !asked.evidenced || asked.approvers < *approvers {
        draft.bar(Reason::GroundIncomplete, *clause);
    }
    // What should be gone is not given to anybody: a hold moves the due instant, not this rule.
    retention::judge(case, draft, *clause);
}
