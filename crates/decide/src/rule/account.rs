//! What the state of an account does to a purpose.

use crate::fact::Account;
use crate::spec::{Basis, Minors, PurposeTerms};
use crate::verdict::Reason;

/// What refuses a purpose on these terms in this state.
pub(crate) fn refuses(terms: &PurposeTerms, account: Account) -> Option<Reason> {
    match account {
        Account::Visitor | Account::Active => None,
        Account::Unverified => (!needed(terms.basis)).then_some(Reason::Unverified),
        Account::AwaitingGuardian => {
            let reaches_guardian = match terms.minors {
                Minors::Same => needed(terms.basis),
                Minors::Never | Minors::Guardian => false,
            };
            (!reaches_guardian).then_some(Reason::GuardianMissing)
        }
        // GDPR 18(2): stored, and used where a law or a life needs it.
        Account::Restricted => match terms.basis {
            Basis::LegalDuty | Basis::VitalInterest => None,
            Basis::Consent | Basis::Contract | Basis::PublicTask | Basis::LegitimateInterest => {
                Some(Reason::Restricted)
            }
        },
        Account::Closing => Some(Reason::Closing),
        Account::Closed => Some(Reason::Closed),
    }
}

/// Whether a contract, a law or a life needs it, so that nobody has to choose it.
pub(crate) const fn needed(basis: Basis) -> bool {
    match basis {
        Basis::Contract | Basis::LegalDuty | Basis::VitalInterest => true,
        Basis::Consent | Basis::PublicTask | Basis::LegitimateInterest => false,
    }
}
