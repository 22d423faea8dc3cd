//! How people learn of a new version, and from when it counts for them.

use std::collections::BTreeSet;

use crate::duration::Duration;
use crate::policy::Policy;
use crate::read::Fields;
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
}

pub(crate) fn change(policy: &mut Policy, fields: &mut Fields<'_>) {
    policy.change = Some(ChangeRule {
        clause: fields.clause(),
        notice: fields.need_duration("notice"),
        by: fields.need_words("by"),
        ask_again: fields.flag("ask_again", true),
    });
}
