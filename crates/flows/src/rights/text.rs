//! What is written in a request: its own text, and what was said since, each sealed under the person's
//! key.

use decide::id::RequestId;
use journal::{CaseRow, NoteRow, Permit, Sealed, Tx, Write};
use serde::Serialize;
use zeroize::Zeroize;

use crate::limit::{REQUEST_NOTES_MAX, REQUEST_TEXT_MAX};
use crate::{Flows, Plain, Stop, when};

/// As what the text of a request is sealed.
const TEXT: &str = "request-text";
/// As what a note is.
const NOTE: &str = "request-note";

/// What was said, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Said {
    /// `in` from the person, `out` to the person, `internal` among staff.
    pub kind: String,
    /// When.
    pub at: String,
    /// Who wrote it, by id; empty for the person and the program.
    pub author: String,
    /// The text.
    pub text: String,
}

/// A text as it may be taken.
pub(super) fn checked(field: &str, text: Option<&Plain>) -> Result<Option<Plain>, Stop> {
    let Some(text) = text.map(|it| it.as_str().trim()).filter(|it| !it.is_empty()) else {
        return Ok(None);
    };
    if text.len() > REQUEST_TEXT_MAX {
        return Err(Stop::invalid(field, format!("use at most {REQUEST_TEXT_MAX} bytes")));
    }
    if text.chars().any(|it| it.is_control() && !matches!(it, '\n' | '\r' | '\t')) {
        return Err(Stop::invalid(field, "leave out control characters"));
    }
    Ok(Some(Plain::from(text)))
}

/// The text of a request, sealed.
pub(super) fn seal(
    flows: &Flows,
    tx: &Tx<Permit>,
    text: Option<&Plain>,
) -> Result<Option<Sealed>, Stop> {
    let seal = |it: &Plain| flows.vault().seal_note(tx, TEXT, it.as_str().as_bytes());
    Ok(text.map(seal).transpose()?)
}

/// Stages what is said in a request, and when that goes.
pub(super) fn say(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    (id, kind, author): (RequestId, &str, &str),
    text: &str,
) -> Result<(), Stop> {
    let now = tx.permit().now();
    let note = NoteRow {
        case: id.into(),
        id: flows.journal().new_id(now),
        kind: kind.to_owned(),
        at: now,
        author: author.to_owned(),
        sealed: flows.vault().seal_note(tx, NOTE, text.as_bytes())?,
    };
    tx.stage(Write::Note(note));
    super::forget::plan(tx, id);
    Ok(())
}

/// The text of a request, where it has one: what a closing keeps is no text.
pub(super) fn opened(
    flows: &Flows,
    tx: &Tx<Permit>,
    row: &CaseRow,
) -> Result<Option<String>, Stop> {
    let about = super::about::About::of(row)?;
    // What a closing keeps is the state before.
    let closing = row.kind == decide::Right::CloseAccount.word()
        && (about.closing || about.opened_by.is_none());
    let Some(sealed) = row.sealed.as_ref().filter(|_| !closing) else { return Ok(None) };
    let bytes = flows.vault().open_note(tx, TEXT, sealed)?;
    Ok(Some(utf8(&bytes)?))
}

/// What was said, oldest first; without what is meant for staff alone.
pub(super) async fn said(
    flows: &Flows,
    tx: &Tx<Permit>,
    (id, internal): (RequestId, bool),
) -> Result<Vec<Said>, Stop> {
    let rows = tx.notes(id, REQUEST_NOTES_MAX).await?;
    let shown = rows.into_iter().filter(|it| internal || it.kind != "internal");
    shown
        .map(|it| {
            let bytes = flows.vault().open_note(tx, NOTE, &it.sealed)?;
            Ok(Said { kind: it.kind, at: when(it.at), author: it.author, text: utf8(&bytes)? })
        })
        .collect()
}

fn utf8(bytes: &[u8]) -> Result<String, Stop> {
    let broken = |_| Stop::Broken("the text of a request cannot be read".to_owned());
    std::str::from_utf8(bytes).map(str::to_owned).map_err(broken)
}
