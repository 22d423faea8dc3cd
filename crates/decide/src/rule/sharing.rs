//! Sharing: values go to a recipient, in a form.

use super::purpose::{self, Reach};
use super::{Case, Draft, residence};
use crate::request::Form;
use crate::ruleset::{ShareRow, WidenedRule};
use crate::set::Set;
use crate::spec::ShareConsent;
use crate::verdict::Reason;
use crate::vocabulary::{Category, Clause, Purpose, Recipient};

/// What is asked about a share.
pub(super) struct Asked {
    pub(super) purpose: Purpose,
    pub(super) recipient: Recipient,
    pub(super) form: Form,
    pub(super) agreed: bool,
}

/// Bars or narrows what no declared share gives to this recipient.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, asked: &Asked) {
    let silence = case.rules.silence.share.unwrap_or(case.rules.first);
    let Some(recipient) = case.rules.recipient(asked.recipient) else {
        draft.bar(Reason::NotShared, silence);
        return;
    };
    let declared = |it: &ShareRow| {
        it.to == asked.recipient && it.purpose == asked.purpose && it.form == asked.form
    };
    if !case.rules.shares.iter().any(declared) {
        draft.bar(Reason::NotShared, silence);
        return;
    }
    let reach = match asked.form {
        Form::Aggregate => Reach::Group,
        Form::Pseudonymous | Form::Identified => {
            residence::judge(case, draft, recipient);
            Reach::Person
        }
    };
    purpose::judge(case, draft, asked.purpose, reach);
    if recipient.agreement && !asked.agreed {
        draft.bar(Reason::AgreementMissing, recipient.clause);
    }
    narrow(case, draft, declared, silence);
}

/// Leaves what at least one of the declared shares gives, with its own consent where it needs one.
pub(super) fn narrow(
    case: &Case<'_>,
    draft: &mut Draft,
    declared: impl Fn(&ShareRow) -> bool,
    silence: Clause,
) {
    let rows = || case.rules.shares.iter().filter(|it| declared(it));
    let mut open = Set::<Category>::EMPTY;
    for row in rows().filter(|it| consented(case, it)) {
        open = open.union(adopted(case, row));
        draft.cite(row.clause);
    }
    for row in rows() {
        let closed = row.categories.without(open);
        if consented(case, row) {
            let clause = case.rules.change.unwrap_or(row.clause);
            draft.refuse(closed, Reason::NotTold, clause);
        } else {
            draft.refuse(closed, Reason::SeparateConsentMissing, row.clause);
        }
    }
    draft.refuse(draft.left.without(open), Reason::NotShared, silence);
    if !rows().any(|it| consented(case, it)) {
        draft.bar(Reason::SeparateConsentMissing, rows().next().map_or(silence, |it| it.clause));
    }
}

fn consented(case: &Case<'_>, row: &ShareRow) -> bool {
    match row.consent {
        ShareConsent::Purpose => true,
        ShareConsent::Separate => case.facts.shares.has(row.share),
    }
}

/// The categories of a share that may be applied to this person.
fn adopted(case: &Case<'_>, row: &ShareRow) -> Set<Category> {
    let newer = case.rules.widened.iter().filter(|it| it.version > case.facts.adopted);
    newer
        .filter(|it| it.rule == WidenedRule::Share(row.share))
        .fold(row.categories, |left, it| left.without(it.categories))
}
