//! Bounds on what is tried on one person, and mailed to them. Counts outlive codes, mails and
//! restarts: whoever asks for a new code gets no new tries with it.

use decide::{PersonId, Timestamp};
use journal::{Permit, Tx, Write};

use crate::limit::{
    CODE_MAILS_HOUR_MAX, CODE_TRIES_DAY_MAX, DAY_MILLIS, EXISTS_MAILS_HOUR_MAX,
    GUARDIAN_CODES_DAY_MAX, GUARDIAN_LINKS_DAY_MAX, GUARDIAN_MAILS_HOUR_MAX, HOUR_MILLIS,
    NEW_ADDRESSES_HOUR_MAX, PASSWORD_MAILS_HOUR_MAX, PASSWORD_TRIES_DAY_MAX,
};
use crate::{Flows, Stop};

/// What is counted, how often it may be, and in how long.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bound {
    kind: &'static str,
    most: u32,
    millis: i64,
}

impl Bound {
    const fn daily(kind: &'static str, most: u32) -> Self {
        Self { kind, most, millis: DAY_MILLIS }
    }

    const fn hourly(kind: &'static str, most: u32) -> Self {
        Self { kind, most, millis: HOUR_MILLIS }
    }

    /// Whether there were as many as may be.
    pub(crate) async fn full(
        self,
        flows: &Flows,
        person: PersonId,
        now: Timestamp,
    ) -> Result<bool, Stop> {
        Ok(flows.journal().tally(person, self.kind, now).await? >= self.most)
    }

    /// Stages one more. Where another was quicker with the last one, recording is a conflict.
    pub(crate) fn count(self, tx: &mut Tx<Permit>) {
        let ends = tx.permit().now().plus_millis(self.millis);
        tx.stage(Write::Tally { kind: self.kind, most: self.most, ends });
    }
}

/// Wrong codes.
pub(crate) const CODES: Bound = Bound::daily("wrong-codes", CODE_TRIES_DAY_MAX);
/// Wrong passwords.
pub(crate) const PASSWORDS: Bound = Bound::daily("wrong-passwords", PASSWORD_TRIES_DAY_MAX);
/// Codes by mail.
pub(crate) const CODE_MAILS: Bound = Bound::hourly("code-mails", CODE_MAILS_HOUR_MAX);
/// Mails that somebody wanted the address.
pub(crate) const EXISTS_MAILS: Bound = Bound::hourly("exists-mails", EXISTS_MAILS_HOUR_MAX);
/// New addresses to be proved.
pub(crate) const NEW_ADDRESSES: Bound = Bound::hourly("new-addresses", NEW_ADDRESSES_HOUR_MAX);
/// Mails that the password was changed.
pub(crate) const PASSWORD_MAILS: Bound = Bound::hourly("password-mails", PASSWORD_MAILS_HOUR_MAX);
/// Links to guardians.
pub(crate) const GUARDIAN_LINKS: Bound = Bound::daily("guardian-links", GUARDIAN_LINKS_DAY_MAX);
/// Wrong codes of a guardian.
pub(crate) const GUARDIAN_CODES: Bound = Bound::daily("guardian-codes", GUARDIAN_CODES_DAY_MAX);
/// Codes by mail to a guardian.
pub(crate) const GUARDIAN_MAILS: Bound = Bound::hourly("guardian-mails", GUARDIAN_MAILS_HOUR_MAX);
