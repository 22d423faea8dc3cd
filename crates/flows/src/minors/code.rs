//! Codes to a guardian: they lie beside the child's own, and are counted by themselves, so that who
//! guesses at one does not lock the other out.

use decide::{Category, PersonId, Timestamp};
use journal::{Permit, Tx, Write};
use vault::Plain;

use super::contact::Way;
use super::letter::Letter;
use super::told::write;
use crate::account::{GUARDIAN_CODES, GUARDIAN_MAILS, code_fits, fresh_code, sender, stage_code};
use crate::limit::CODE_MILLIS;
use crate::messages::text::{self, About};
use crate::{Flows, Secret, Stop};

/// Stops where too many codes were sent in the last hour, or too many texts in the last day.
pub(super) async fn not_too_many(
    flows: &Flows,
    (child, to): (PersonId, &Plain),
    now: Timestamp,
) -> Result<(), Stop> {
    if GUARDIAN_MAILS.full(flows, child, now).await? {
        let say = "too many codes were sent in the last hour; come again in an hour";
        return Err(Stop::NotNow(say.to_owned()));
    }
    if Way::of(to) == Way::Phone {
        text::room(flows, (child, to), now).await?;
    }
    Ok(())
}

/// Stages a code and the mail or the text that brings it.
pub(super) fn send(
    flows: &Flows,
    (tx, contact): (&mut Tx<Permit>, Category),
    (to, child): (&Plain, &str),
    language: &str,
) -> Result<(), Stop> {
    let now = tx.permit().now();
    GUARDIAN_MAILS.count(tx);
    let code = fresh_code(flows)?;
    stage_code(flows, tx, contact, (&code, now.plus_millis(CODE_MILLIS)))?;
    if Way::of(to) == Way::Phone {
        let (who, _) = sender(flows, language);
        let words = text::guardian_code((code.as_str(), child), language, &who);
        return text::put(flows, tx, About::Guardian, (to.as_str(), &words));
    }
    write(flows, tx, ("code", to), (&Letter::Code { code: code.as_str(), child }, language))
}

/// Whether a code is the one that was sent; where not, stages that it was tried.
pub(super) async fn fits(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    (contact, given): (Category, &Secret),
) -> Result<bool, Stop> {
    let (child, now) = (tx.person(), tx.permit().now());
    if GUARDIAN_CODES.full(flows, child, now).await? {
        return Ok(false);
    }
    let Some(row) = flows.journal().code(child, contact).await? else { return Ok(false) };
    if code_fits(flows, (child, &row), given, now)? {
        return Ok(true);
    }
    tx.stage(Write::CodeTried(contact));
    GUARDIAN_CODES.count(tx);
    Ok(false)
}
