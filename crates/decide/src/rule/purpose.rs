//! Use: a purpose, and the categories that it may use.

use super::{Case, Draft, change, consent, retention};
use crate::ruleset::{Cell, WidenedRule};
use crate::verdict::Reason;
use crate::vocabulary::{Clause, Purpose};

/// How close to a person an act comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// It concerns the person, with values that are held.
    Person,
    /// It concerns the person, with values that come in anew: the time of those that they replace
    /// does not bind them.
    Fresh,
    /// It concerns a group above the minimum: no consent is needed, and a no still counts.
    Group,
}

/// Bars or narrows what the purpose does not permit.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, purpose: Purpose, reach: Reach) {
    let cell = case.rules.cell(purpose, case.facts.region).filter(|it| it.declared);
    let Some(cell) = cell else {
        let silence = case.rules.silence.uses;
        draft.bar(Reason::Undeclared, case.rules.unless_silent(silence, purpose));
        return;
    };
    draft.cite(cell.clause);
    if let Some(reason) = state_refuses(case, cell) {
        draft.bar(reason, clause_of(case, cell, reason));
        return;
    }
    let said = match reach {
        Reach::Person | Reach::Fresh => consent::refuses(cell, case.facts, purpose),
        Reach::Group => consent::said_no(cell, case.facts, purpose),
    };
    if let Some(reason) = said {
        draft.bar(reason, cell.clause);
        return;
    }
    draft.refuse(draft.left.without(cell.uses), Reason::Undeclared, cell.clause);
    change::judge(case, draft, WidenedRule::Purpose(purpose), cell.clause);
    match reach {
        Reach::Person | Reach::Group => retention::judge(case, draft, cell.clause),
        Reach::Fresh => {}
    }
}

fn state_refuses(case: &Case<'_>, cell: &Cell) -> Option<Reason> {
    let accounts = crate::Account::ALL.len();
    let row = (case.facts.age as usize).saturating_mul(accounts);
    let state = row.saturating_add(case.facts.account as usize);
    let code = cell.states.get(state).copied().unwrap_or(0);
    Reason::ALL.get(usize::from(code.checked_sub(1)?)).copied()
}

/// Minority has a clause of its own; everything else is said by the purpose.
fn clause_of(case: &Case<'_>, cell: &Cell, reason: Reason) -> Clause {
    match reason {
        Reason::Minor | Reason::AgeUnknown | Reason::GuardianMissing => {
            case.rules.minors.unwrap_or(cell.clause)
        }
        Reason::Undeclared
        | Reason::NotConsented
        | Reason::Withdrawn
        | Reason::Objected
        | Reason::Signalled
        | Reason::Unverified
        | Reason::Restricted
        | Reason::Closing
        | Reason::Closed
        | Reason::Expired
        | Reason::NotTold
        | Reason::SourceNotAllowed
        | Reason::NotShared
        | Reason::SeparateConsentMissing
        | Reason::AgreementMissing
        | Reason::CrossesRegion
        | Reason::GroundIncomplete => cell.clause,
    }
}
