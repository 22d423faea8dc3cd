//! One-time codes: six digits, ten minutes, five tries; stored as a keyed hash.

use decide::{Category, PersonId, Timestamp};
use journal::{Permit, Tx, Write};

use crate::limit::{CODE_MILLIS, CODE_TRIES_MAX};
use crate::messages::{Cause, Letter, put};
use crate::{Flows, Secret, Stop, secret};

/// What the hash of a code is a hash of.
const LABEL: &str = "code";

/// What came of trying a code.
pub(super) enum Tried {
    Right,
    /// Wrong, and to be counted.
    Wrong,
    /// There is none, or its time or its tries are over.
    None,
}

fn hash(flows: &Flows, person: PersonId, code: &str) -> Result<[u8; 32], Stop> {
    let bytes = format!("{person} {code}");
    Ok(flows.vault().mark(person.region(), LABEL, bytes.as_bytes())?)
}

/// Stages a secret that proves the channel until an instant: a code, or what stands in a link.
pub(super) fn stage(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    channel: Category,
    (given, expires): (&Secret, Timestamp),
) -> Result<(), Stop> {
    let hash = hash(flows, tx.person(), given.as_str())?;
    tx.stage(Write::Code { channel, hash, expires });
    Ok(())
}

/// Stages a fresh code and the mail that brings it.
pub(crate) fn send(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    channel: Category,
    (to, language): (&str, &str),
) -> Result<(), Stop> {
    let now = tx.permit().now();
    let code = secret::code(flows.vault())?;
    stage(flows, tx, channel, (&code, now.plus_millis(CODE_MILLIS)))?;
    let about = format!("{:032x}", flows.journal().new_id(now));
    let words = Letter::Code(code.as_str()).words(language, signature(flows, language).as_ref());
    let mail = put(flows, tx, (Cause::Code, &about), (to, &words))?;
    tx.stage(mail);
    Ok(())
}

/// Tries a code.
pub(super) fn try_it(
    flows: &Flows,
    (person, channel): (PersonId, Category),
    given: &Secret,
    now: Timestamp,
) -> Result<Tried, Stop> {
    let Some(row) = flows.journal().code(person, channel)? else { return Ok(Tried::None) };
    if row.expires <= now || row.tries >= CODE_TRIES_MAX {
        return Ok(Tried::None);
    }
    let right = secret::same(&row.hash, &hash(flows, person, given.as_str().trim())?);
    Ok(if right { Tried::Right } else { Tried::Wrong })
}

/// Who signs a mail, and where to look.
pub(super) struct Signature {
    who: String,
    address: String,
}

impl Signature {
    pub(super) fn as_ref(&self) -> (&str, &str) {
        (&self.who, &self.address)
    }
}

pub(super) fn signature(flows: &Flows, language: &str) -> Signature {
    let book = flows.book();
    let who = book.policy().header.controller.in_language(language).to_owned();
    Signature { who, address: flows.settings().address.clone() }
}
