//! Collection: a source brings values for a purpose.

use super::{Case, Draft, cessation, purpose};
use crate::verdict::Reason;
use crate::vocabulary::{Purpose, Source};

/// Bars or narrows what this source may not bring for this purpose.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, purpose: Purpose, source: Source) {
    // An end comes first: whatever else is wrong, nothing would make it right again.
    cessation::judge(case, draft, purpose);
    let Some(row) = case.rules.source(source) else {
        let silence = case.rules.silence.collect;
        draft.bar(Reason::SourceNotAllowed, case.rules.unless_silent(silence, purpose));
        return;
    };
    if row.purposes.is_some_and(|it| !it.has(purpose)) {
        draft.bar(Reason::SourceNotAllowed, row.clause);
    }
    purpose::judge(case, draft, purpose, purpose::Reach::Fresh);
    draft.refuse(draft.left.without(row.brings), Reason::SourceNotAllowed, row.clause);
    draft.cite(row.clause);
}
