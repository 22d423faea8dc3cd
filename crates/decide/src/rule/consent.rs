//! What the person, or the person's browser, said to a purpose.
//!
//! There are 32 things that can have been said, so what each of them does to a purpose is worked out
//! when rules are compiled; a decision looks it up.

use crate::fact::Facts;
use crate::spec::{Default as Standing, Effect, PurposeTerms};
use crate::verdict::Reason;
use crate::vocabulary::Purpose;

use super::account::needed;

/// What was said to one purpose: a yes, a no, an objection, the two signals, each a bit.
#[derive(Clone, Copy)]
pub(crate) struct Said(u8);

impl Said {
    /// How many different things can have been said.
    pub(crate) const COUNT: usize = 32;

    const GIVEN: u8 = 1;
    const REFUSED: u8 = 2;
    const OBJECTED: u8 = 4;
    const GPC: u8 = 8;
    const DNT: u8 = 16;

    /// What this person said. No branch: most of a decision's time is the wait for these words, and
    /// a processor that need not guess waits for several people at once.
    pub(super) fn of(facts: &Facts, purpose: Purpose) -> Self {
        let bit = |said: bool, bit: u8| u8::from(said).wrapping_mul(bit);
        Self(
            bit(facts.given.has(purpose), Self::GIVEN)
                | bit(facts.refused.has(purpose), Self::REFUSED)
                | bit(facts.objected.has(purpose), Self::OBJECTED)
                | bit(facts.signals.gpc(), Self::GPC)
                | bit(facts.signals.dnt(), Self::DNT),
        )
    }

    /// All that can have been said, each at its place.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0_u8..).map(Self).take(Self::COUNT)
    }

    /// The place in a table.
    pub(super) const fn place(self) -> usize {
        self.0 as usize
    }

    const fn has(self, bit: u8) -> bool {
        self.0 & bit != 0
    }
}

/// What refuses a purpose on these terms, of what was said. A missing yes comes after every no.
pub(crate) fn refuses(terms: &PurposeTerms, said: Said) -> Option<Reason> {
    if needed(terms.basis) {
        return None;
    }
    if said.has(Said::REFUSED) {
        return Some(Reason::Withdrawn);
    }
    if said.has(Said::OBJECTED) {
        return Some(Reason::Objected);
    }
    let gpc = said.has(Said::GPC) && signal_refuses(terms.gpc, said);
    let dnt = said.has(Said::DNT) && signal_refuses(terms.dnt, said);
    if gpc || dnt {
        return Some(Reason::Signalled);
    }
    let asks = match terms.default {
        Standing::Refused => true,
        Standing::Given => false,
    };
    (asks && !said.has(Said::GIVEN)).then_some(Reason::NotConsented)
}

fn signal_refuses(effect: Effect, said: Said) -> bool {
    match effect {
        Effect::Ignore => false,
        Effect::Ask => !said.has(Said::GIVEN),
        Effect::Refuse => true,
    }
}
