//! The outbox: mails that wait for the courier.

use decide::{PersonId, RegionCode, Timestamp};
use rusqlite::{Connection, params};

use crate::fault::Fault;
use crate::limit::{LEASE_MILLIS, ONE_OFF_MILLIS, WRAPPED_KEY_BYTES};
use crate::people::id;
use crate::sealed::{MailKey, Sealed, WrappedKey};

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

pub(crate) fn put(
    file: &Connection,
    person: PersonId,
    mail: &NewMail,
    now: Timestamp,
) -> Result<(), Fault> {
    let own_key = match &mail.key {
        MailKey::Person => None,
        MailKey::OneOff(key) => Some(key.as_bytes()),
    };
    file.prepare_cached(
        "INSERT INTO mails (person_id, cause, sealed, own_key, created, not_before, attempts) \
         VALUES ($1, $2, $3, $4, $5, $6, 0) ON CONFLICT DO NOTHING",
    )?
    .execute(params![
        id(person),
        mail.cause,
        mail.sealed.as_bytes(),
        own_key,
        now.millis(),
        mail.not_before.millis(),
    ])?;
    Ok(())
}

/// Takes up to `n` mails for the time of a lease.
pub(crate) fn claim(
    file: &Connection,
    region: RegionCode,
    now: Timestamp,
    n: u32,
) -> Result<Vec<MailRow>, Fault> {
    let mut statement = file.prepare_cached(
        "UPDATE mails SET not_before = $1, attempts = attempts + 1 \
         WHERE (person_id, cause) IN (SELECT person_id, cause FROM mails \
         WHERE not_before <= $2 ORDER BY not_before LIMIT $3) \
         RETURNING person_id, cause, sealed, own_key, created, attempts",
    )?;
    let until = now.plus_millis(LEASE_MILLIS).millis();
    let rows = statement.query_map(params![until, now.millis(), n], |row| {
        let own_key: Option<[u8; WRAPPED_KEY_BYTES]> = row.get(3)?;
        Ok(MailRow {
            person: PersonId::new(region, u128::from_be_bytes(row.get(0)?)),
            cause: row.get(1)?,
            sealed: Sealed::stored(row.get(2)?),
            key: own_key.map_or(MailKey::Person, |it| MailKey::OneOff(WrappedKey::new(it))),
            created: Timestamp::from_millis(row.get(4)?),
            attempts: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn done(file: &Connection, person: PersonId, cause: &str) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM mails WHERE person_id = $1 AND cause = $2")?
        .execute(params![id(person), cause])?;
    Ok(())
}

pub(crate) fn later(
    file: &Connection,
    person: PersonId,
    cause: &str,
    not_before: Timestamp,
) -> Result<(), Fault> {
    file.prepare_cached("UPDATE mails SET not_before = $1 WHERE person_id = $2 AND cause = $3")?
        .execute(params![not_before.millis(), id(person), cause])?;
    Ok(())
}

/// Mails under the person's key go; the final answer has a key of its own.
pub(crate) fn erase(file: &Connection, person: PersonId) -> Result<(), Fault> {
    file.prepare_cached("DELETE FROM mails WHERE person_id = $1 AND own_key IS NULL")?
        .execute([id(person)])?;
    Ok(())
}

/// Mails under keys of their own that nobody accepted in time go, and their keys with them.
pub(crate) fn expire(file: &Connection, now: Timestamp) -> Result<(), Fault> {
    let since = now.plus_millis(ONE_OFF_MILLIS.saturating_neg());
    file.prepare_cached("DELETE FROM mails WHERE own_key IS NOT NULL AND created <= $1")?
        .execute([since.millis()])?;
    Ok(())
}
