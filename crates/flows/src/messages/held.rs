//! What was written to us and by us, for a legal hold that covers it: each piece by itself, to be sealed
//! under the key of the hold before the person's is destroyed. Nobody reads it on the way.

use decide::id::{CaseId, MessageId};
use decide::{Category, Set};
use journal::{CaseRow, Permit, Tx};
use serde_json::json;
use zeroize::Zeroizing;

use super::answering::MESSAGES;
use super::case::{self, HEAD, Head, KINDS, SAID, Said};
use crate::book::Book;
use crate::limit::{NOTES_OF_CASE_MAX, ROWS_AT_ONCE};
use crate::{Flows, Stop, when};

/// A piece, as a hold keeps it: JSON.
pub(crate) struct Kept {
    /// The id of what was said; of the beginning of a conversation, that of its case.
    pub(crate) id: u128,
    /// What it says.
    pub(crate) text: Zeroizing<Vec<u8>>,
}

/// The pieces of the newest conversation of the person from before a case, and where the next one may
/// be: nothing after the last.
pub(crate) async fn kept(
    flows: &Flows,
    tx: &Tx<Permit>,
    before: Option<CaseId>,
) -> Result<(Vec<Kept>, Option<CaseId>), Stop> {
    let rows = tx.cases(before, ROWS_AT_ONCE).await?;
    let last = rows.last().map(|it| it.id);
    let found = rows.into_iter().find(|it| KINDS.contains(&it.kind.as_str()));
    let Some(row) = found else { return Ok((Vec::new(), last)) };
    let all = of_one(flows, tx, &row).await?;
    Ok((all, Some(row.id)))
}

async fn of_one(flows: &Flows, tx: &Tx<Permit>, row: &CaseRow) -> Result<Vec<Kept>, Stop> {
    let case = MessageId::from(row.id).to_string();
    let mut all = Vec::new();
    if let Some(sealed) = &row.sealed {
        let head: Head = case::read(&flows.vault().open_note(tx, HEAD, sealed)?)?;
        let text = json!({
            "v": case::VERSION, "case": case, "kind": row.kind, "received": when(row.received),
            "language": head.language, "reply_to": head.reply_to,
        });
        all.push(Kept { id: row.id.bits(), text: Zeroizing::new(text.to_string().into_bytes()) });
    }
    // Also what is due: the hold is why it is still there.
    for note in tx.notes(row.id, NOTES_OF_CASE_MAX).await? {
        let said: Said = case::read(&flows.vault().open_note(tx, SAID, &note.sealed)?)?;
        let text = json!({
            "v": case::VERSION, "case": case, "said": note.kind, "at": when(note.at),
            "by": note.author, "text": said.text, "mail": said.mail,
        });
        all.push(Kept { id: note.id, text: Zeroizing::new(text.to_string().into_bytes()) });
    }
    Ok(all)
}

/// Whether a hold keeps something that the person wrote or was written.
pub(crate) async fn kept_by_hold(flows: &Flows, tx: &Tx<Permit>) -> Result<bool, Stop> {
    if !super::forget::held(flows, tx.person()).await? {
        return Ok(false);
    }
    written(tx).await
}

/// The categories of which anything is held: values, and what the person wrote or was written.
pub(crate) async fn holding(book: &Book, tx: &Tx<Permit>) -> Result<Set<Category>, Stop> {
    let values: Set<Category> = tx.values().iter().map(|it| it.category).collect();
    match book.category(MESSAGES) {
        Ok(messages) if !values.has(messages) && written(tx).await? => Ok(values.with(messages)),
        Ok(_) | Err(_) => Ok(values),
    }
}

/// Whether anything is there that the person wrote or was written.
pub(crate) async fn written(tx: &Tx<Permit>) -> Result<bool, Stop> {
    let rows = tx.cases(None, ROWS_AT_ONCE).await?;
    Ok(rows.iter().any(|it| KINDS.contains(&it.kind.as_str()) && it.sealed.is_some()))
}
