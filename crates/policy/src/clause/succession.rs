//! What happens to data when somebody takes our place.

use crate::duration::Duration;
use crate::policy::Policy;
use crate::read::Fields;
use crate::word::words;

words!(
    /// What a successor keeps to.
    Standards { #[doc = "Standards no lower than ours."] NoLower = "no-lower" }
);

/// Mergers, acquisitions and the like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// The clause that declares it.
    pub clause: String,
    /// How long before people are told.
    pub notice: Duration,
}

pub(crate) fn succession(policy: &mut Policy, fields: &mut Fields<'_>) {
    fields.need_word::<Standards>("standards");
    let notice = fields.need_duration("notice");
    policy.succession = Some(Succession { clause: fields.clause(), notice });
}
