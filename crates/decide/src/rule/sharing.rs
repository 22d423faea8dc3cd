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

/// What one declared share or transfer gives.
pub(super) struct Grant {
    pub(super) rule: WidenedRule,
    pub(super) categories: Set<Category>,
    /// Whether the person agreed to it by itself.
    pub(super) agreed: bool,
    /// Whether it has the consent of its own, or needs none.
    pub(super) consented: bool,
    pub(super) clause: Clause,
}

/// Bars or narrows what no declared share gives to this recipient.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, asked: &Asked) {
    let silence = case.rules.unless_silent(case.rules.silence.share, asked.purpose);
    let Some(recipient) = case.rules.recipient(asked.recipient) else {
        draft.bar(Reason::NotShared, silence);
        return;
    };
    let grants = || grants(case, asked.recipient, asked.purpose, asked.form);
    if grants().next().is_none() {
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
    narrow(case, draft, grants, (Reason::NotShared, silence));
}

/// What the shares of this form give to a recipient for a purpose.
pub(super) fn grants<'a>(
    case: &Case<'a>,
    to: Recipient,
    purpose: Purpose,
    form: Form,
) -> impl Iterator<Item = Grant> + use<'a> {
    let (rows, agreed) = (&case.rules.shares, case.facts.shares);
    rows.iter().filter(move |it| it.to == to && it.purpose == purpose && it.form == form).map(
        move |row: &ShareRow| {
            let separate = row.consent == ShareConsent::Separate;
            let agreed = agreed.has(row.share);
            Grant {
                rule: WidenedRule::Share(row.share),
                categories: row.categories,
                agreed,
                consented: !separate || agreed,
                clause: row.clause,
            }
        },
    )
}

/// Leaves what at least one of the grants gives, with its own consent where it needs one.
pub(super) fn narrow<I: Iterator<Item = Grant>>(
    case: &Case<'_>,
    draft: &mut Draft,
    grants: impl Fn() -> I,
    otherwise: (Reason, Clause),
) {
    let mut open = Set::<Category>::EMPTY;
    for grant in grants().filter(|it| it.consented) {
        let gives = adopted(case, &grant);
        open = open.union(gives);
        // A share that gives nothing of what is left did not decide.
        if draft.left.is_empty() || !gives.and(draft.left).is_empty() {
            draft.cite(grant.clause);
        }
    }
    for grant in grants() {
        let closed = grant.categories.without(open);
        if grant.consented {
            let clause = case.rules.change.unwrap_or(grant.clause);
            draft.refuse(closed, Reason::NotTold, clause);
        } else {
            draft.refuse(closed, Reason::SeparateConsentMissing, grant.clause);
        }
    }
    let (reason, clause) = otherwise;
    draft.refuse(draft.left.without(open), reason, clause);
    if !grants().any(|it| it.consented) {
        let clause = grants().next().map_or(clause, |it| it.clause);
        draft.bar(Reason::SeparateConsentMissing, clause);
    }
}

/// The categories of a grant that may be applied to this person.
fn adopted(case: &Case<'_>, grant: &Grant) -> Set<Category> {
    let newer = case.rules.widened.iter().filter(|it| it.version > case.facts.adopted);
    newer
        .filter(|it| it.rule == grant.rule)
        .fold(grant.categories, |left, it| left.without(it.categories))
}
