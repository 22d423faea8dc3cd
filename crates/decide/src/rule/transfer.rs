//! Transfer: values go to a recipient in another region, with a consent that is always separate.

use super::purpose::{self, Reach};
use super::sharing::{Grant, narrow};
use super::{Case, Draft};
use crate::ruleset::WidenedRule;
use crate::verdict::Reason;
use crate::vocabulary::{Purpose, Recipient, Region};

/// What is asked about a transfer.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    pub(super) purpose: Purpose,
    pub(super) recipient: Recipient,
    pub(super) to: Region,
}

/// Bars or narrows what no declared transfer sends there.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, asked: &Asked) {
    let silence = case.rules.unless_silent(case.rules.silence.transfer, asked.purpose);
    let grants = || grants(case, *asked);
    if grants().next().is_none() {
        draft.bar(Reason::CrossesRegion, silence);
        return;
    }
    purpose::judge(case, draft, asked.purpose, Reach::Person);
    narrow(case, draft, grants, (Reason::CrossesRegion, silence));
}

/// What the transfers from the person's region send there.
fn grants<'a>(case: &Case<'a>, asked: Asked) -> impl Iterator<Item = Grant> + use<'a> {
    let (from, agreed) = (case.facts.region, case.facts.transfers);
    let rows = case.rules.transfers.iter().filter(move |it| {
        it.from == from
            && it.to == asked.to
            && it.recipient == asked.recipient
            && it.purpose == asked.purpose
    });
    rows.map(move |row| {
        let agreed = agreed.has(row.transfer);
        Grant {
            rule: WidenedRule::Transfer(row.transfer),
            categories: row.categories,
            agreed,
            consented: agreed,
            clause: row.clause,
        }
    })
}
