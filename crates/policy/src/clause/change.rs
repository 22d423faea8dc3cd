//! How people learn of a new version, and from when it counts for them.

use std::collections::BTreeSet;

use decide::spec::Basis;

use crate::duration::Duration;
use crate::kind::Kind;
use crate::policy::Policy;
use crate::read::{Fields, Reading};
use crate::word::words;

words!(
    /// How people are told.
    By {
        /// On the site.
        Site = "site",
        /// At the next sign-in.
        SignIn = "sign-in",
        /// By email.
        Email = "email",
    }
);

words!(
    /// What becomes of a purpose on consent that a version widened, for whoever was asked anew and
    /// did not answer.
    Unanswered {
        /// The old rules stay: what was agreed to goes on, and what was added does not begin.
        OldRules = "old-rules",
        /// The purpose stops until they answer.
        Stop = "stop",
    }
);

/// Changes of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRule {
    /// The clause that declares it.
    pub clause: String,
    /// How long before a widening takes effect for a person they are told.
    pub notice: Duration,
    /// How they are told.
    pub by: BTreeSet<By>,
    /// Whether they are asked again where consent is needed.
    pub ask_again: bool,
    /// What holds for whoever does not answer.
    pub unanswered: Unanswered,
}

pub(crate) fn change(policy: &mut Policy, fields: &mut Fields<'_>) {
    policy.change = Some(ChangeRule {
        clause: fields.clause(),
        notice: fields.need_duration("notice"),
        by: fields.need_words("by"),
        ask_again: fields.flag("ask_again", true),
        // Left out, it is no rule of its own: the hash of older policies stays.
        unanswered: fields.word("unanswered").unwrap_or(Unanswered::OldRules),
    });
}

/// Who promises to write to people needs a way that reaches them, and what rests on consent is asked
/// for anew.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    let Some(rule) = &policy.change else { return };
    let consent = policy.purposes.values().any(|it| it.rests_on(Basis::Consent));
    if consent && !rule.ask_again {
        let at = reading.spot(Kind::Change, "", "ask_again");
        let message =
            "purposes rest on consent, and a widening of them would not be asked for anew";
        let fault = reading.faults.error("not-asked-again", at, message);
        fault.label("a consent covers what was agreed to, and no more");
        fault.help("write `ask_again = true`");
    }
    if !rule.by.contains(&By::Site) && !rule.by.contains(&By::SignIn) {
        let at = reading.spot(Kind::Change, "", "by");
        let message = "nobody who is not written to would learn of a new version";
        let fault = reading.faults.error("not-announced", at, message);
        fault.label("letters go to those whom a widening affects, and to nobody else");
        fault.help("add `site` or `sign-in`");
    }
}
