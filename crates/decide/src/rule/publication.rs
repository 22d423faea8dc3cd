//! Publication: a share with everybody, which always rests on a consent of its own.

use super::purpose::{self, Reach};
use super::{Case, Draft, sharing};
use crate::request::Form;
use crate::spec::ShareConsent;
use crate::verdict::Reason;
use crate::vocabulary::{Purpose, Recipient};

/// Bars or narrows what the person did not agree to have published.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, purpose: Purpose, to: Recipient) {
    let silence = case.rules.silence.publish.unwrap_or(case.rules.first);
    let public = case.rules.recipient(to).is_some_and(|it| it.public);
    let declared = |it: &crate::ruleset::ShareRow| {
        it.to == to
            && it.purpose == purpose
            && it.form == Form::Identified
            && it.consent == ShareConsent::Separate
    };
    if !public || !case.rules.shares.iter().any(declared) {
        draft.bar(Reason::NotShared, silence);
        return;
    }
    purpose::judge(case, draft, purpose, Reach::Person);
    sharing::narrow(case, draft, declared, silence);
}
