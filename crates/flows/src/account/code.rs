//! One-time codes: six digits, ten minutes, five tries; stored as a keyed hash.

use decide::{Category, PersonId, Timestamp};
use journal::{CodeRow, Permit, Tx, Write};

use super::bound::{CODE_MAILS, CODES};
use crate::limit::{CODE_MILLIS, CODE_TRIES_MAX};
use crate::messages::{Cause, Letter, put};
use crate::{Flows, Secret, Stop, secret};

/// What the hash of a code is a hash of.
const LABEL: &str = "code";

/// What came of trying a code.
pub(super) enum Tried {
    Right,
    /// It proves the value that waits, not the one that is held.
    New,
    /// Wrong, and to be counted.
    Wrong,
    /// There is none, or its time or its tries are over.
    None,
}

/// The hash of a code, or of what stands in a link.
pub(super) fn hash(flows: &Flows, person: PersonId, code: &str) -> Result<[u8; 32], Stop> {
    let bytes = format!("{person} {code}");
    Ok(flows.vault().mark(person.region(), LABEL, bytes.as_bytes())?)
}

/// Stages a secret that proves the channel until an instant: a code, or what stands in a link.
pub(crate) fn stage(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    channel: Category,
    (given, expires): (&Secret, Timestamp),
) -> Result<(), Stop> {
    let hash = hash(flows, tx.person(), given.as_str())?;
    tx.stage(Write::Code { channel, hash, expires });
    Ok(())
}

/// A fresh code.
pub(crate) fn fresh(flows: &Flows) -> Result<Secret, Stop> {
    secret::code(flows.vault())
}

/// Stages a fresh code and the mail that brings it. Whoever calls it for somebody who is there
/// already has looked whether there were too many.
pub(crate) fn send(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    channel: Category,
    (to, language): (&str, &str),
) -> Result<(), Stop> {
    let now = tx.permit().now();
    CODE_MAILS.count(tx);
    let code = fresh(flows)?;
    stage(flows, tx, channel, (&code, now.plus_millis(CODE_MILLIS)))?;
    let about = format!("{:032x}", flows.journal().new_id(now));
    let words = Letter::Code(code.as_str()).words(language, signature(flows, language).as_ref());
    let mail = put(flows, tx, (Cause::Code, &about), (to, &words))?;
    tx.stage(mail);
    Ok(())
}

/// Tries a code: the one for the channel, and the one for what waits to be proved in it. After too
/// many wrong ones in a day none is tried any more, and the answer is the one for a wrong code.
pub(super) async fn try_it(
    flows: &Flows,
    (person, channel): (PersonId, Category),
    given: &Secret,
    now: Timestamp,
) -> Result<Tried, Stop> {
    if CODES.full(flows, person, now).await? {
        return Ok(Tried::None);
    }
    let held = (flows.journal().code(person, channel).await?, Tried::Right);
    let new = (flows.journal().unproved_code(person, channel).await?, Tried::New);
    let mut tried = Tried::None;
    for (row, found) in [held, new] {
        let Some(row) = row.filter(|it| good(it, now)) else { continue };
        if right(flows, (person, &row), given, now)? {
            return Ok(found);
        }
        tried = Tried::Wrong;
    }
    Ok(tried)
}

/// Whether what stands in a link is what was sent. It cannot be guessed, so nothing is counted.
pub(super) async fn is_link(
    flows: &Flows,
    (person, channel): (PersonId, Category),
    given: &Secret,
    now: Timestamp,
) -> Result<bool, Stop> {
    let Some(row) = flows.journal().code(person, channel).await? else { return Ok(false) };
    right(flows, (person, &row), given, now)
}

const fn good(row: &CodeRow, now: Timestamp) -> bool {
    row.expires.millis() > now.millis() && row.tries < CODE_TRIES_MAX
}

/// Whether a code is the one of a row that is still good.
pub(crate) fn right(
    flows: &Flows,
    (person, row): (PersonId, &CodeRow),
    given: &Secret,
    now: Timestamp,
) -> Result<bool, Stop> {
    let hash = hash(flows, person, given.as_str().trim())?;
    Ok(secret::same(&row.hash, &hash) && good(row, now))
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
