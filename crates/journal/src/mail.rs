//! The outbox: mails that wait for the courier.

use decide::{PersonId, RegionCode, Timestamp};

use crate::limit::{LEASE_MILLIS, ONE_OFF_MILLIS};
use crate::sealed::{MailKey, Sealed, WrappedKey};
use crate::sql::{Query, Statement, Text, values};

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

/// A mail that is about to be put in.
#[derive(Debug)]
pub(crate) struct NewMail {
    pub(crate) cause: String,
    pub(crate) sealed: Sealed,
    pub(crate) key: MailKey,
    pub(crate) not_before: Timestamp,
}

/// Into the outbox. A cause that is there already is not written twice.
pub(crate) fn put(person: PersonId, mail: &NewMail, now: Timestamp) -> Statement {
    let own_key = match &mail.key {
        MailKey::Person => None,
        MailKey::OneOff(key) => Some(key.as_bytes().as_slice()),
    };
    let text = "INSERT INTO mails \
         (person_id, cause, sealed, own_key, created, not_before, attempts) \
         VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING";
    let cause = mail.cause.as_str();
    Statement::new(
        text,
        values![person, cause, mail.sealed.as_bytes(), own_key, now, mail.not_before],
    )
}

/// Which part of the outbox: each has a courier of its own, so that a slow one holds up no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outgoing {
    /// Mails.
    Mail,
    /// Push messages, whose causes begin with `push/`.
    Push,
    /// Text messages, whose causes begin with `text/`.
    Text,
}

macro_rules! claiming {
    ($those:literal) => {
        Text::each(
            concat!(
                "UPDATE mails SET not_before = $1, attempts = attempts + 1 \
                 WHERE (person_id, cause) IN (SELECT person_id, cause FROM mails \
                 WHERE not_before <= $2 AND cause ",
                $those,
                " ORDER BY not_before LIMIT $3) \
                 RETURNING person_id, cause, sealed, own_key, created, attempts"
            ),
            concat!(
                "UPDATE mails SET not_before = $1, attempts = attempts + 1 \
                 WHERE (person_id, cause) IN (SELECT person_id, cause FROM mails \
                 WHERE not_before <= $2 AND cause ",
                $those,
                " ORDER BY not_before LIMIT $3 FOR UPDATE SKIP LOCKED) \
                 RETURNING person_id, cause, sealed, own_key, created, attempts"
            ),
        )
    };
}

/// Claims what may be delivered, so that nobody else does while the lease lasts.
pub(crate) fn claim(
    (region, what): (RegionCode, Outgoing),
    now: Timestamp,
    n: u32,
) -> Query<MailRow> {
    const MAIL: Text = claiming!("NOT LIKE 'push/%' AND cause NOT LIKE 'text/%'");
    const PUSH: Text = claiming!("LIKE 'push/%'");
    const TEXT: Text = claiming!("LIKE 'text/%'");
    let claim = match what {
        Outgoing::Mail => MAIL,
        Outgoing::Push => PUSH,
        Outgoing::Text => TEXT,
    };
    let until = now.plus_millis(LEASE_MILLIS);
    Query::new(claim, values![until, now, n], move |row| {
        let own_key = match row.maybe_bytes(3)? {
            Some(_) => MailKey::OneOff(WrappedKey::new(row.array(3)?)),
            None => MailKey::Person,
        };
        Ok(MailRow {
            person: PersonId::new(region, row.id(0)?),
            cause: row.text(1)?,
            sealed: Sealed::stored(row.bytes(2)?),
            key: own_key,
            created: row.instant(4)?,
            attempts: row.small(5)?,
        })
    })
}

/// A mail was accepted.
pub(crate) fn done(person: PersonId, cause: &str) -> Statement {
    let text = "DELETE FROM mails WHERE person_id = $1 AND cause = $2";
    Statement::new(text, values![person, cause])
}

/// A mail is tried again at `not_before`.
pub(crate) fn later(person: PersonId, cause: &str, not_before: Timestamp) -> Statement {
    let text = "UPDATE mails SET not_before = $1 WHERE person_id = $2 AND cause = $3";
    Statement::new(text, values![not_before, person, cause])
}

/// What is sealed under the person's key goes with it.
pub(crate) fn erase(person: PersonId) -> Statement {
    let text = "DELETE FROM mails WHERE person_id = $1 AND own_key IS NULL";
    Statement::new(text, values![person])
}

/// A one-off key that is too old goes, and its mail.
pub(crate) fn expire(now: Timestamp) -> Statement {
    let since = now.plus_millis(ONE_OFF_MILLIS.saturating_neg());
    let text = "DELETE FROM mails WHERE own_key IS NOT NULL AND created <= $1";
    Statement::new(text, values![since])
}
