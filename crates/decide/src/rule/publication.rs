//! Publication: a share with everybody, which always rests on a consent of its own.

use super::purpose::{self, Reach};
use super::sharing::{self, Grant};
use super::{Case, Draft};
use crate::request::Form;
use crate::verdict::Reason;
use crate::vocabulary::{Purpose, Recipient};

/// Bars or narrows what the person did not agree to have published.
pub(super) fn judge(case: &Case<'_>, draft: &mut Draft, purpose: Purpose, to: Recipient) {
    let silence = case.rules.unless_silent(case.rules.silence.publish, purpose);
    let public = case.rules.recipient(to).is_some_and(|it| it.public);
    let grants = || {
        let alike = sharing::grants(case, to, purpose, Form::Identified);
        // PIPL 25: whatever the share declares, publishing takes a yes to this share alone.
        alike.map(|it| Grant { consented: it.agreed, ..it })
    };
    if !public || grants().next().is_none() {
        draft.bar(Reason::NotShared, silence);
        return;
    }
    purpose::judge(case, draft, purpose, Reach::Person);
    sharing::narrow(case, draft, grants, (Reason::NotShared, silence));
}
