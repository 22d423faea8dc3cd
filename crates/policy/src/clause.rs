//! What each noun declares: the shape of its tables, and what must hold between them.

pub mod account;
pub mod cessation;
pub mod change;
pub mod collection;
pub mod consent;
pub mod cookies;
pub mod disclosure;
pub mod messages;
pub mod minors;
pub mod notice;
pub mod publication;
pub mod purpose;
pub mod residence;
pub mod retention;
pub mod rights;
pub mod security;
pub mod sharing;
pub mod succession;
pub mod transfer;

use crate::kind::Kind;
use crate::policy::Policy;
use crate::read::{Fields, Reading};

/// Reads one declaration into the policy.
pub(crate) fn declare(kind: Kind, policy: &mut Policy, fields: &mut Fields<'_>) {
    match kind {
        Kind::Category => collection::category(policy, fields),
        Kind::Source => collection::source(policy, fields),
        Kind::Logs => collection::logs(policy, fields),
        Kind::Event => collection::event(policy, fields),
        Kind::Keep => retention::keep(policy, fields),
        Kind::Retention => retention::retention(policy, fields),
        Kind::Registration => account::registration(policy, fields),
        Kind::Account => account::account(policy, fields),
        Kind::Cookie => cookies::cookie(policy, fields),
        Kind::Banner => cookies::banner(policy, fields),
        Kind::Purpose => purpose::purpose(policy, fields),
        Kind::Acceptance => consent::acceptance(policy, fields),
        Kind::Minors => minors::minors(policy, fields),
        Kind::Region => residence::region(policy, fields),
        Kind::Residence => residence::residence(policy, fields),
        Kind::Storage => security::storage(policy, fields),
        Kind::Security => security::security(policy, fields),
        Kind::Backup => security::backup(policy, fields),
        Kind::Incident => security::incident(policy, fields),
        Kind::Recipient => sharing::recipient(policy, fields),
        Kind::Agreement => sharing::agreement(policy, fields),
        Kind::Share => sharing::share(policy, fields),
        Kind::Silence => sharing::silence(policy, fields),
        Kind::Transfer => transfer::transfer(policy, fields),
        Kind::Disclosure => disclosure::disclosure(policy, fields),
        Kind::Publication => publication::publication(policy, fields),
        Kind::Succession => succession::succession(policy, fields),
        Kind::Right => rights::right(policy, fields),
        Kind::Complaints => rights::complaints(policy, fields),
        Kind::Messages => messages::messages(policy, fields),
        Kind::Notice => notice::notice(policy, fields),
        Kind::Contact => notice::contact(policy, fields),
        Kind::Change => change::change(policy, fields),
        Kind::Product => cessation::product(policy, fields),
        Kind::Cessation => cessation::cessation(policy, fields),
    }
}

/// Checks what must hold between declarations.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    collection::check(policy, reading);
    retention::check(policy, reading);
    account::check(policy, reading);
    cookies::check(policy, reading);
    purpose::check(policy, reading);
    consent::check(policy, reading);
    minors::check(policy, reading);
    residence::check(policy, reading);
    security::check(policy, reading);
    sharing::check(policy, reading);
    transfer::check(policy, reading);
    disclosure::check(policy, reading);
    rights::check(policy, reading);
    messages::check(policy, reading);
    change::check(policy, reading);
    cessation::check(policy, reading);
}
