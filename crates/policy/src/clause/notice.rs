//! What the policy page shows, and where contact details stand.

use std::collections::BTreeSet;

use crate::policy::Policy;
use crate::read::Fields;
use crate::word::words;

words!(
    /// What the policy page shows.
    Shown {
        /// Who is responsible.
        Controller = "controller",
        /// When it was changed.
        Updated = "updated",
        /// From when it counts.
        Effective = "effective",
        /// How to reach us.
        Contact = "contact",
        /// The hash of the rules.
        Hash = "hash",
        /// Explanations of terms.
        Terms = "terms",
        /// All versions.
        Versions = "versions",
        /// What a version changed.
        Difference = "difference",
        /// The same for machines.
        Twin = "twin",
    }
);
words!(
    /// Where contact details stand.
    Where {
        /// On the policy.
        Policy = "policy",
        /// On every page.
        EveryPage = "every-page",
    }
);

/// What the policy page shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoticeRule {
    /// The clause that declares it.
    pub clause: String,
    /// What it shows.
    pub shows: BTreeSet<Shown>,
}

/// Where contact details stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactRule {
    /// The clause that declares it.
    pub clause: String,
    /// On which pages.
    pub on: BTreeSet<Where>,
}

pub(crate) fn notice(policy: &mut Policy, fields: &mut Fields<'_>) {
    let shows = fields.need_words("shows");
    policy.notice = Some(NoticeRule { clause: fields.clause(), shows });
}

pub(crate) fn contact(policy: &mut Policy, fields: &mut Fields<'_>) {
    let on = fields.need_words("on");
    policy.contact = Some(ContactRule { clause: fields.clause(), on });
}
