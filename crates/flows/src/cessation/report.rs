//! The closing report: what was told to how many, what was deleted, what stays and why, signed with the
//! key of the log. Whoever has the log's public key can check it, without us.

use decide::Timestamp;
use journal::log::{Note, Vkey};
use journal::{Queue, RoundRow};
use serde_json::json;

use super::body::{Body, number};
use crate::limit::ROWS_AT_ONCE;
use crate::time::when;
use crate::{Flows, Stop};

/// The version of a report.
const VERSION: u8 = 1;

/// A hold that stays.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Hold {
    /// Its id.
    pub id: String,
    /// The region.
    pub region: String,
    /// Until when it holds.
    pub until: String,
}

/// The holds that are in force, by region and end.
pub(super) async fn holds(flows: &Flows) -> Result<Vec<Hold>, Stop> {
    let mut found = Vec::new();
    for region in flows.regions() {
        let mut after = None;
        loop {
            let queue = Queue { kinds: &["hold"], open: true, after };
            let rows = flows.journal().scratch().queue(*region, &queue, ROWS_AT_ONCE).await?;
            let Some((_, last)) = rows.last() else { break };
            after = Some((last.due, last.id));
            found.extend(rows.iter().map(|(_, row)| Hold {
                id: decide::id::HoldId::from(row.id).to_string(),
                region: region.to_string(),
                until: when(row.due),
            }));
        }
    }
    Ok(found)
}

/// Writes the report and signs it.
pub(super) async fn sign(
    flows: &Flows,
    round: &RoundRow,
    body: &Body,
    now: Timestamp,
) -> Result<String, Stop> {
    // The records of the deletion go into the log first, so that its checkpoint covers them.
    flows.sequence(now).await?;
    let checkpoint = flows.log_file("checkpoint").await?.unwrap_or_default();
    let checkpoint = String::from_utf8(checkpoint)
        .map_err(|_| Stop::Broken("the checkpoint is no text".to_owned()))?;
    let book = flows.book();
    let at = |millis: Option<i64>| millis.map(|it| when(Timestamp::from_millis(it)));
    let dates = body.dates;
    let report = json!({
        "v": VERSION,
        "report": "ending",
        "ending": number(&round.id),
        "controller": book.policy().header.controller.main(),
        "product": body.what(),
        "policy": { "version": book.version(), "hash": format!("sha256:{}", book.hash()) },
        "approved_by": body.approved_by,
        "announced": at(dates.map(|it| it.announced)),
        "ended": at(dates.map(|it| it.ends)),
        "export_until": at(dates.map(|it| it.export_until)),
        "promised_by": at(dates.map(|it| it.deleted_by)),
        "begun": at(body.begun),
        "finished": at(body.finished),
        "told": body.told,
        "deleted": body.held,
        "counted_anonymously": counted_anonymously(flows),
        "holds": holds(flows).await?,
        "log": { "key": flows.log_key(), "checkpoint": checkpoint },
    });
    let text =
        serde_json::to_string_pretty(&report).map_err(|error| Stop::Broken(error.to_string()))?;
    sign_note(flows, &text)
}

/// The categories of which anonymous counts are left, as their `keep` says.
fn counted_anonymously(flows: &Flows) -> Vec<String> {
    let book = flows.book();
    book.category_ids(crate::retention::counted(&book))
}

/// Signs a text with the key of the log, as a note (C2SP signed-note). It can never be taken for a
/// checkpoint, whose first line is the name of the log.
///
/// # Errors
/// When the key cannot be used, or the text holds control characters.
pub fn sign_note(flows: &Flows, text: &str) -> Result<String, Stop> {
    let broken = |fault: journal::log::Fault| Stop::Broken(fault.to_string());
    let signer = flows.vault().log_signer(&flows.settings().origin).map_err(broken)?;
    let note = Note::sign(&format!("{}\n", text.trim_end()), &[&signer]).map_err(broken)?;
    Ok(note.to_string())
}

/// What a report says, once its signature was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The report, as it was signed.
    pub text: String,
    /// The size of the log that its checkpoint speaks of.
    pub size: u64,
}

/// Checks a report against the public key of the log, or without one against the key that it names
/// itself: its own signature, and that of the checkpoint in it.
///
/// # Errors
/// What is wrong with it, in a sentence.
pub fn check_report(bytes: &[u8], vkey: Option<&str>) -> Result<Checked, String> {
    let note = Note::parse("the report", bytes).map_err(|it| it.to_string())?;
    let named = named(bytes);
    let vkey = vkey.or(named.as_deref()).ok_or("the report names no key: give it with `--vkey`")?;
    let key = Vkey::parse(vkey).map_err(|fault| fault.to_string())?;
    let text = note.check("the report", &key).map_err(|it| it.to_string())?;
    let wrong = |what: &str| format!("this is signed, and no closing report: it has no `{what}`");
    let report: serde_json::Value = serde_json::from_str(text).map_err(|_| wrong("report"))?;
    if report.get("report").and_then(|it| it.as_str()) != Some("ending") {
        return Err(wrong("report"));
    }
    let checkpoint = report.pointer("/log/checkpoint").and_then(|it| it.as_str());
    let checkpoint = checkpoint.ok_or_else(|| wrong("log.checkpoint"))?;
    let checkpoint = journal::log::Checkpoint::open("the checkpoint", checkpoint.as_bytes(), &key)
        .map_err(|it| it.to_string())?;
    Ok(Checked { text: text.to_owned(), size: checkpoint.size })
}

/// The key that a report names.
fn named(bytes: &[u8]) -> Option<String> {
    let (text, _) = std::str::from_utf8(bytes).ok()?.rsplit_once("\n\n")?;
    let report: serde_json::Value = serde_json::from_str(text).ok()?;
    report.pointer("/log/key").and_then(|it| it.as_str()).map(str::to_owned)
}
