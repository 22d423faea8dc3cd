//! Use: a purpose, and the categories that it may use.

use super::consent::Said;
use super::{Case, Draft, change, retention};
use crate::ruleset::{Cell, WidenedRule};
use crate::set::Set;
use crate::verdict::Reason;
use crate::vocabulary::{Category, Clause, Purpose};

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

impl Reach {
    /// Whether a reason from what was said counts: a group needs no yes, and respects a no.
    fn minds(self, reason: Reason) -> bool {
        match self {
            Self::Person | Self::Fresh => true,
            Self::Group => reason != Reason::NotConsented,
        }
    }
}

/// The clause that permits the whole of what was asked, where no rule refuses any of it: one question
/// for all that may be wrong, since most often nothing is. Where this is silent, [`judge`] finds out.
pub(super) fn whole(case: &Case<'_>, asked: Set<Category>, purpose: Purpose) -> Option<Clause> {
    let cell = case.rules.cell(purpose, case.facts.region).filter(|it| it.declared)?;
    let state = cell.states.get(case.facts.state()).copied()?;
    let said = cell.said.get(Said::of(case.facts, purpose).place()).copied()?;
    // One word for all that is wrong, and one look at it: a guess that fails while the person's line
    // is still on its way from memory costs more than all of this.
    let wrong = u64::from(state | said)
        | asked.without(cell.uses).bits()
        | u64::from(case.facts.adopted < case.rules.widest)
        | u64::from(!case.facts.dues.is_empty());
    (wrong == 0).then_some(cell.clause)
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
    let state = cell.states.get(case.facts.state()).copied().unwrap_or(0);
    let said = cell.said.get(Said::of(case.facts, purpose).place()).copied().unwrap_or(0);
    if let Some(reason) = reason(state) {
        draft.bar(reason, clause_of(case, cell, reason));
        return;
    }
    if let Some(reason) = reason(said).filter(|it| reach.minds(*it)) {
        draft.bar(reason, cell.clause);
        return;
    }
    draft.refuse(draft.left.without(cell.uses), Reason::Undeclared, cell.clause);
    change::judge(case, draft, WidenedRule::Purpose(purpose), cell.clause);
    match reach {
        Reach::Person | Reach::Group => retention::judge(case, draft, cell.clause),
        Reach::Fresh => retention::held(case, draft, cell.clause),
    }
}

/// The reason that stands in a table; 0 is none.
fn reason(code: u8) -> Option<Reason> {
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
        | Reason::GroundIncomplete
        | Reason::Ceased
        | Reason::Held => cell.clause,
    }
}
