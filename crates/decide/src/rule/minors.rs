//! What a person's age does to a purpose.

use super::account::needed;
use crate::fact::Age;
use crate::spec::{Minors, PurposeTerms};
use crate::verdict::Reason;

/// What refuses a purpose on these terms at this age.
pub(crate) fn refuses(terms: &PurposeTerms, age: Age) -> Option<Reason> {
    match (terms.minors, age) {
        (_, Age::Adult)
        | (Minors::Guardian | Minors::Same, Age::Unknown | Age::MinorAgreed | Age::ChildAgreed)
        | (Minors::Same, Age::Minor) => None,
        (Minors::Never, Age::Unknown) => Some(Reason::AgeUnknown),
        (Minors::Never, Age::Minor | Age::MinorAgreed | Age::Child | Age::ChildAgreed) => {
            Some(Reason::Minor)
        }
        (Minors::Guardian, Age::Child) => Some(Reason::GuardianMissing),
        // Below the legal age nothing rests on the child's own choice: PIPL 31, GDPR 8, COPPA.
        // Between that and 18 a guardian is asked for, and what is a choice waits for the answer.
        (Minors::Same, Age::Child) | (Minors::Guardian, Age::Minor) => {
            (!needed(terms.basis)).then_some(Reason::GuardianMissing)
        }
    }
}
