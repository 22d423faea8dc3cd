//! What is recorded when a person accepts the policy.

use std::collections::BTreeSet;

use decide::spec::Basis;

use crate::kind::Kind;
use crate::policy::Policy;
use crate::read::{Fields, Reading};
use crate::word::words;

words!(
    /// What an acceptance records.
    Recorded {
        /// Which version.
        Version = "version",
        /// When.
        Time = "time",
        /// Through which screen.
        Screen = "screen",
        /// In which language.
        Language = "language",
    }
);
words!(
    /// What going on after a new version counts as.
    Continuing {
        /// That the notice was seen.
        Notice = "notice",
        /// Nothing: the person is asked.
        Ask = "ask",
    }
);

/// Accepting the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The clause that declares it.
    pub clause: String,
    /// What is recorded.
    pub records: BTreeSet<Recorded>,
    /// What going on after a new version counts as.
    pub continuing: Continuing,
}

pub(crate) fn acceptance(policy: &mut Policy, fields: &mut Fields<'_>) {
    policy.acceptance = Some(Acceptance {
        clause: fields.clause(),
        records: fields.need_words("records"),
        continuing: fields.need_word("continuing").unwrap_or(Continuing::Ask),
    });
}

/// Where consent is asked for, what is accepted can be shown.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    let Some(acceptance) = &policy.acceptance else { return };
    let consent = policy.purposes.values().any(|it| it.rests_on(Basis::Consent));
    for word in [Recorded::Version, Recorded::Time] {
        if consent && !acceptance.records.contains(&word) {
            let at = reading.spot(Kind::Acceptance, "", "records");
            let message = format!("an acceptance does not record its {}", word.word());
            let fault = reading.faults.error("unprovable-acceptance", at, message);
            fault.help(format!("add `{}` to `records`", word.word()));
        }
    }
}
