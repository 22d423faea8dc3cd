//! Whom a widening affects: what of a person makes it theirs.

use std::collections::BTreeSet;

use super::Class;
use crate::kind::Kind;
use crate::policy::Policy;

/// Whom a change affects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whom {
    /// Nobody has to be written to.
    Nobody,
    /// Whoever has an account or agreed to something.
    Everybody,
    /// Those below age.
    Young,
    /// Those of whom values of these categories are held.
    Holders(BTreeSet<String>),
    /// Those for whom a purpose may be served, as far as values of these categories are held; all of
    /// them where none is named.
    Purpose(String, BTreeSet<String>),
    /// Those who agreed to a share by itself.
    Share(String),
    /// Those who agreed to a transfer.
    Transfer(String),
}

/// Whom a change of a declaration, or of one of its fields, affects.
pub(super) fn whom(
    class: Class,
    (kind, id, field): (Kind, &str, &str),
    (old, new): (&Policy, &Policy),
) -> Whom {
    match class {
        Class::Widening => {}
        Class::Narrowing | Class::Neutral | Class::Editorial => return Whom::Nobody,
    }
    match kind {
        Kind::Purpose => purpose(id, field, (old, new)),
        Kind::Category | Kind::Keep => Whom::Holders([id.to_owned()].into()),
        Kind::Event => event(id, (old, new)),
        Kind::Cookie => match new.cookies.get(id).or_else(|| old.cookies.get(id)) {
            Some(it) => Whom::Purpose(it.purpose.clone(), BTreeSet::new()),
            None => Whom::Everybody,
        },
        Kind::Share => share(id, (old, new)),
        Kind::Transfer => Whom::Transfer(id.to_owned()),
        Kind::Minors => Whom::Young,
        Kind::Source
        | Kind::Retention
        | Kind::Registration
        | Kind::Account
        | Kind::Logs
        | Kind::Banner
        | Kind::Acceptance
        | Kind::Region
        | Kind::Residence
        | Kind::Storage
        | Kind::Security
        | Kind::Backup
        | Kind::Incident
        | Kind::Recipient
        | Kind::Agreement
        | Kind::Silence
        | Kind::Disclosure
        | Kind::Publication
        | Kind::Succession
        | Kind::Right
        | Kind::Complaints
        | Kind::Messages
        | Kind::Notice
        | Kind::Contact
        | Kind::Change
        | Kind::Product
        | Kind::Cessation => Whom::Everybody,
    }
}

/// More categories concern those of whom they are held; other terms concern all that it uses.
fn purpose(id: &str, field: &str, (old, new): (&Policy, &Policy)) -> Whom {
    let uses = |it: &Policy| it.purposes.get(id).map(|it| it.uses.clone()).unwrap_or_default();
    let (before, after) = (uses(old), uses(new));
    let concerned =
        if field == "uses" { after.difference(&before).cloned().collect() } else { after };
    Whom::Purpose(id.to_owned(), concerned)
}

/// Log information comes in under the purpose of its kind.
fn event(id: &str, (old, new): (&Policy, &Policy)) -> Whom {
    let event = new.events.get(id).or_else(|| old.events.get(id));
    event.map_or(Whom::Everybody, |it| Whom::Purpose(it.purpose.clone(), BTreeSet::new()))
}

/// A consent of its own was given by some; what rests on the purpose concerns whom that concerns.
fn share(id: &str, (old, new): (&Policy, &Policy)) -> Whom {
    let Some(share) = new.shares.get(id).or_else(|| old.shares.get(id)) else {
        return Whom::Everybody;
    };
    match share.consent {
        decide::spec::ShareConsent::Separate => Whom::Share(id.to_owned()),
        decide::spec::ShareConsent::Purpose => {
            Whom::Purpose(share.purpose.clone(), share.categories.clone())
        }
    }
}
