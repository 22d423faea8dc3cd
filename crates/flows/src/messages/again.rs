//! The person writes again: on the page, or by answering a mail.

use decide::Timestamp;
use decide::id::MessageId;
use journal::{Permit, Recorded, Tx};
use serde::Serialize;
use zeroize::Zeroize;

use super::bound;
use super::case::{About, IN};
use super::clock::clocks;
use super::leave::{job, text, writing};
use super::open::{ESCALATE, Open, QUIET, TEXTS_DUE, kept_until, say};
use crate::book::Book;
use crate::change::known;
use crate::engine::{Idempotency, again, remember};
use crate::limit::NOTES_OF_CASE_MAX;
use crate::{Acting, Flows, Plain, Stop, when};

/// It was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Added {
    /// The number of the case.
    pub id: String,
    /// Where it stands now.
    pub state: String,
    /// Until when it is answered.
    pub reply_due: String,
}

const OK: u16 = 200;

/// The person who is signed in adds something to a conversation of theirs.
///
/// # Errors
/// `NotFound` where the person has no such conversation, `Full` when it is too much for a day.
pub async fn add(
    flows: &Flows,
    who: impl Into<Acting>,
    (id, given, once): (MessageId, Plain, Option<&Idempotency>),
    now: Timestamp,
) -> Result<Recorded<Added>, Stop> {
    let who = who.into();
    let (person, asker) = (who.person(), who.asker());
    let given = text("text", given.as_str())?;
    flows.replayed(person.region(), once, now).await?;
    bound::of_person(flows, person, now).await?;
    let work = async || {
        let book = flows.book();
        let tx = writing(flows, &book, (person, &asker), now).await?;
        let open = Open::read(flows, &tx, id).await?;
        write(flows, &book, (tx, open), (&given, None, once)).await
    };
    again!(work().await)
}

/// Stages what was written, and what follows from it: after an answer the clock begins anew.
pub(super) async fn write(
    flows: &Flows,
    book: &Book,
    (mut tx, mut open): (Tx<Permit>, Open),
    (given, mail, once): (&Plain, Option<&str>, Option<&Idempotency>),
) -> Result<Recorded<Added>, Stop> {
    let now = tx.permit().now();
    let before = tx.notes(open.id, NOTES_OF_CASE_MAX).await?;
    if before.len() >= usize::try_from(NOTES_OF_CASE_MAX).unwrap_or(usize::MAX) {
        return Err(Stop::NotNow("this conversation is full; begin a new one".to_owned()));
    }
    open.step("write", "person")?;
    if !open.row.open {
        anew(book, &mut tx, &mut open)?;
    }
    say(flows, &mut tx, (open.id, IN, ""), (given.as_str(), mail))?;
    if before.is_empty()
        && let Some(at) = kept_until((book, &*known(flows).await?), &tx, now)
    {
        tx.stage(job(TEXTS_DUE, open.id, at));
    }
    bound::one_more(&mut tx);
    tx.stage(open.write());
    tx.note(serde_json::json!({ open.kind.word(): open.id.to_string() }));
    let added = Added {
        id: open.id.to_string(),
        state: open.row.state.clone(),
        reply_due: when(open.row.due),
    };
    remember((flows, &mut tx), once, OK, &serde_json::json!(added))?;
    let owed = tx.owe(added);
    Ok(tx.record(owed).await?)
}

/// A new clock, and whoever had the conversation has it again.
fn anew(book: &Book, tx: &mut Tx<Permit>, open: &mut Open) -> Result<(), Stop> {
    let now = tx.permit().now();
    let clocks = clocks(book, open.kind, tx.person().region(), now)?;
    open.row.due = clocks.due;
    open.row.open = true;
    let reopened = open.about.reopened.saturating_add(1);
    open.about = About { since: now.millis(), reopened, ..About::default() };
    tx.stage(journal::Write::DropJob(journal::JobKind::about(QUIET, open.id)));
    if let Some(at) = clocks.escalate {
        tx.stage(job(ESCALATE, open.id, at));
    }
    Ok(())
}
