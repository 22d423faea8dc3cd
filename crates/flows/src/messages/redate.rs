//! When the policy changes, texts that are stored have their dates looked at as values have: a shorter
//! time counts at once. A longer one needs nothing here: whoever lets a text go asks first which
//! versions count for the person by then.

use decide::id::{CaseId, MessageId};
use decide::{Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind};

use super::answering::MESSAGES;
use super::case::kind_of;
use super::leave::job;
use super::open::{TEXTS_DUE, kept_until};
use crate::change::{Known, known};
use crate::engine::{Case, again};
use crate::limit::ROWS_AT_ONCE;
use crate::retention::redate::differs;
use crate::{Flows, Stop};

/// Has what a person wrote and was written go in the time that counts now. Doing it again changes
/// nothing.
pub(crate) async fn redate(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let known = known(flows).await?;
    // Texts of a category that is not declared any more go when their job says.
    if !differs(&known, MESSAGES) || flows.book().category(MESSAGES).is_err() {
        return Ok(());
    }
    let mut before = None;
    loop {
        before = again!(some(flows, &known, (person, before), now).await)?;
        if before.is_none() {
            return Ok(());
        }
    }
}

/// The next conversations, from before one; answers the last of them, where there may be more.
async fn some(
    flows: &Flows,
    known: &Known,
    (person, before): (PersonId, Option<CaseId>),
    now: Timestamp,
) -> Result<Option<CaseId>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, "redate");
    let act = Act::Exercise { right: Right::Delete };
    let messages = Set::of(book.category(MESSAGES)?);
    let case = Case { wanted: Set::EMPTY, ..Case::of(person, act, messages, &asker) };
    let mut tx = flows.permit(&book, case, now).await?;
    let rows = tx.cases(before, ROWS_AT_ONCE).await?;
    let full = rows.len() >= usize::try_from(ROWS_AT_ONCE).unwrap_or(usize::MAX);
    let last = rows.last().map(|it| it.id).filter(|_| full);
    let mut moved = 0_usize;
    // One without anything sealed holds no text any more.
    for row in rows.iter().filter(|it| it.sealed.is_some() && kind_of(it).is_ok()) {
        let first = tx.notes(row.id, 1).await?.pop();
        if let Some(due) = first.and_then(|it| kept_until((&book, known), &tx, it.at)) {
            tx.stage(job(TEXTS_DUE, MessageId::from(row.id), due));
            moved = moved.saturating_add(1);
        }
    }
    if moved > 0 {
        tx.note(serde_json::json!({ "redated": { "policy": book.version(), "messages": moved } }));
        let owed = tx.owe(());
        tx.record(owed).await.map(drop)?;
    }
    Ok(last)
}
