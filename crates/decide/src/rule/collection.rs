//! Collection: a source brings values for a purpose.

use super::{Case, Draft, purpose};
use crate::verdict::Reason;
use crate::vocabulary::{Purpose, Source};

/// Bars or narrows what this source may not bring for this purpose.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, purpose: Purpose, source: Source) {
    let Some(row) = case.rules.source(source) else {
        draft.bar(Reason::SourceNotAllowed, case.rules.silence.collect.unwrap_or(case.rules.first));
        return;
    };
    // A value that comes in anew is not bound by the time of the one that it replaces.
    let fresh = crate::Facts { dues: crate::Dues::default(), ..case.facts.clone() };
    let case = Case { facts: &fresh, ..*case };
    purpose::judge(&case, draft, purpose, purpose::Reach::Person);
    draft.refuse(draft.left.without(row.brings), Reason::SourceNotAllowed, row.clause);
    draft.cite(row.clause);
}
