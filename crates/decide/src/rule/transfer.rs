//! Transfer: values go to a recipient in another region, with a consent that is always separate.

use super::purpose::{self, Reach};
use super::{Case, Draft, change};
use crate::ruleset::WidenedRule;
use crate::verdict::Reason;
use crate::vocabulary::{Purpose, Recipient, Region};

/// What is asked about a transfer.
pub(super) struct Asked {
    pub(super) purpose: Purpose,
    pub(super) recipient: Recipient,
    pub(super) to: Region,
}

/// Bars or narrows what no declared transfer sends there.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, asked: &Asked) {
    let row = case.rules.transfers.iter().find(|it| {
        it.from == case.facts.region
            && it.to == asked.to
            && it.recipient == asked.recipient
            && it.purpose == asked.purpose
    });
    let silence = case.rules.silence.transfer.unwrap_or(case.rules.first);
    let Some(row) = row else {
        draft.bar(Reason::CrossesRegion, silence);
        return;
    };
    purpose::judge(case, draft, asked.purpose, Reach::Person);
    if !case.facts.transfers.has(row.transfer) {
        draft.bar(Reason::SeparateConsentMissing, row.clause);
        return;
    }
    draft.refuse(draft.left.without(row.categories), Reason::CrossesRegion, silence);
    change::judge(case, draft, WidenedRule::Transfer(row.transfer), row.clause);
    draft.cite(row.clause);
}
