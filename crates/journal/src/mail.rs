//! The outbox: mails that wait for the courier.

use decide::{PersonId, Timestamp};

use crate::sealed::{MailKey, Sealed};

/// A claimed mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// Whom it concerns.
    pub person: PersonId,
    /// The stable id of its cause.
    pub cause: String,
    /// Address, subject and text.
    pub sealed: Sealed,
    /// What it is sealed under.
    pub key: MailKey,
    /// When it was put in.
    pub created: Timestamp,
    /// How often it was claimed, this time included.
    pub attempts: u32,
}
