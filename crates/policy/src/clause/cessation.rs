//! The end of a product or of the service.

use std::collections::BTreeSet;

use super::account::Ending;
use crate::duration::Duration;
use crate::policy::Policy;
use crate::read::Fields;
use crate::word::words;

words!(
    /// How people are told.
    By {
        /// By email.
        Email = "email",
        /// By push message.
        Push = "push",
        /// By an announcement on the site.
        Announcement = "announcement",
    }
);

/// The end of a product or of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cessation {
    /// The clause that declares it.
    pub clause: String,
    /// How long before people are told.
    pub notice: Duration,
    /// How they are told.
    pub by: BTreeSet<By>,
    /// How long they can take their data away.
    pub export: Duration,
    /// What becomes of the data then.
    pub then: Ending,
    /// Within which time.
    pub within: Duration,
}

pub(crate) fn cessation(policy: &mut Policy, fields: &mut Fields<'_>) {
    policy.cessation = Some(Cessation {
        clause: fields.clause(),
        notice: fields.need_duration("notice"),
        by: fields.need_words("by"),
        export: fields.need_duration("export"),
        then: fields.need_word("then").unwrap_or(Ending::Delete),
        within: fields.need_duration("within"),
    });
}
