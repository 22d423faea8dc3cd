//! What the person, or the person's browser, said to a purpose.

use crate::fact::Facts;
use crate::ruleset::Cell;
use crate::spec::{Basis, Effect};
use crate::verdict::Reason;
use crate::vocabulary::Purpose;

/// What refuses the purpose, of what was said.
pub(super) fn refuses(cell: &Cell, facts: &Facts, purpose: Purpose) -> Option<Reason> {
    said_no(cell, facts, purpose)
        .or_else(|| (cell.needs_given && !facts.given.has(purpose)).then_some(Reason::NotConsented))
}

/// What refuses it of an outright no; not having been asked is none.
pub(super) fn said_no(cell: &Cell, facts: &Facts, purpose: Purpose) -> Option<Reason> {
    match cell.basis {
        Basis::Contract | Basis::LegalDuty | Basis::VitalInterest => return None,
        Basis::Consent | Basis::PublicTask | Basis::LegitimateInterest => {}
    }
    if facts.refused.has(purpose) {
        return Some(Reason::Withdrawn);
    }
    if facts.objected.has(purpose) {
        return Some(Reason::Objected);
    }
    if !facts.signals.any() {
        return None;
    }
    let gpc = facts.signals.gpc() && signal_refuses(cell.gpc, facts, purpose);
    let dnt = facts.signals.dnt() && signal_refuses(cell.dnt, facts, purpose);
    (gpc || dnt).then_some(Reason::Signalled)
}

fn signal_refuses(effect: Effect, facts: &Facts, purpose: Purpose) -> bool {
    match effect {
        Effect::Ignore => false,
        Effect::Ask => !facts.given.has(purpose),
        Effect::Refuse => true,
    }
}
