//! Who used what, for which purpose, under which clause: the person's own records.

use decide::id::RecordId;
use decide::{Act, PersonId, Right, Set, Timestamp, Vocabulary};
use journal::{Finding, Permit, Record, Recorded, SealedRecord, Tx};
use serde::Serialize;
use serde_json::{Value, json};
use vault::OpenedRecord;
use zeroize::Zeroize;

use super::fold::fold;
use crate::answer::Json;
use crate::engine::{Case, again};
use crate::limit::{RECEIPTS_PAGE, ROW_BYTES, USE_BYTES, USES_PAGE};
use crate::{Acting, Flows, Stop, when};

/// Records, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Uses {
    /// The records.
    pub uses: Vec<UseSeen>,
    /// Where the next page begins; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A record, as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct UseSeen {
    /// Its id.
    pub record: String,
    /// When.
    pub at: String,
    /// Who: `app`, `person`, `system`…
    pub by: String,
    /// The id of the key or task.
    pub name: String,
    /// What was asked: `use`, `collect`, `exercise`…
    pub act: String,
    /// For which purpose, or which right.
    pub purpose: Option<String>,
    /// With which categories.
    pub categories: Vec<String>,
    /// `permit`, `part` or `refuse`.
    pub answer: String,
    /// Under which clauses.
    pub clauses: Vec<String>,
    /// The version of the policy that decided.
    pub policy: u64,
    /// Whether it was a try in vain: a wrong password, a wrong code.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_vain: bool,
    /// How many of them follow one another; the newest stands for all.
    #[serde(skip_serializing_if = "is_one")]
    pub times: u32,
    /// Where its entry stands in the public log; nothing while it waits.
    pub log_index: Option<u64>,
    /// The record itself and its blind: what proves it against the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proof: Option<Json>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as the serialiser calls it")]
const fn is_one(times: &u32) -> bool {
    *times == 1
}

/// Which page.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Where it begins.
    pub cursor: Option<String>,
    /// Whether each record comes with what proves it.
    pub proof: bool,
}

/// Who used what.
///
/// # Errors
/// `Gone` once the person is erased.
pub async fn uses(
    flows: &Flows,
    who: impl Into<Acting>,
    page: &Page,
    now: Timestamp,
) -> Result<Recorded<Uses>, Stop> {
    let who = who.into();
    again!(list(flows, who, page, now).await)
}

async fn list(
    flows: &Flows,
    who: Acting,
    page: &Page,
    now: Timestamp,
) -> Result<Recorded<Uses>, Stop> {
    let tx = permit(flows, who, now).await?;
    let before = cursor(page.cursor.as_deref())?;
    let opened = read(flows, &tx, (before, USES_PAGE), page.proof).await?;
    let full = opened.len() == usize::try_from(USES_PAGE).unwrap_or(usize::MAX);
    let next = opened.last().filter(|_| full).map(|it| it.record.to_string());
    let uses: Vec<UseSeen> = opened.into_iter().flat_map(|it| it.seen).collect();
    // What proves a record stands with each.
    let uses = if page.proof { uses } else { fold(uses) };
    let owed = tx.owe(Uses { uses, next });
    Ok(tx.record(owed).await?)
}

async fn permit(flows: &Flows, who: Acting, now: Timestamp) -> Result<Tx<Permit>, Stop> {
    let book = flows.book();
    let asker = who.asker();
    let act = Act::Exercise { right: Right::Access };
    flows.permit(&book, Case::of(who.person(), act, Set::EMPTY, &asker), now).await
}

fn cursor(text: Option<&str>) -> Result<Option<RecordId>, Stop> {
    let Some(text) = text else { return Ok(None) };
    RecordId::parse(text).map(Some).ok_or_else(super::no_cursor)
}

/// A record, opened.
pub(super) struct Opened {
    /// Its id.
    pub(super) record: RecordId,
    /// As the person sees it: a line for each purpose that it judged.
    pub(super) seen: Vec<UseSeen>,
    /// The receipt that was given with it, where one was.
    pub(super) receipt: Option<Value>,
    /// By how many bytes it counts.
    pub(super) bytes: usize,
}

/// Records from before one of them, opened.
pub(super) async fn read(
    flows: &Flows,
    tx: &Tx<Permit>,
    (before, n): (Option<RecordId>, u32),
    proof: bool,
) -> Result<Vec<Opened>, Stop> {
    let rows = tx.records(before, n).await?;
    let opened = flows.vault().open_records(tx, &rows)?;
    let names = names(flows, tx.person(), (&rows, &opened)).await?;
    let mut uses = Vec::with_capacity(rows.len());
    for (row, opened) in rows.iter().zip(&opened) {
        let record = Record::read(&opened.kept, (row.id, tx.person()), &names)?;
        let note = note(&record);
        let proof = proof.then(|| {
            Json(json!({
                "record": String::from_utf8_lossy(&record.text(&names)),
                "blind": crate::secret::hex(&opened.blind),
            }))
        });
        let head = UseSeen {
            record: row.id.to_string(),
            at: when(row.at),
            by: record.asker.word().to_owned(),
            name: record.name.to_string(),
            act: String::new(),
            purpose: None,
            categories: Vec::new(),
            answer: String::new(),
            clauses: Vec::new(),
            policy: u64::from(record.policy),
            in_vain: note.pointer("/signed_in") == Some(&Value::Bool(false)),
            times: 1,
            log_index: row.log_index,
            proof,
        };
        // Judged for several purposes at once: one line for each, of the same record.
        let seen: Vec<UseSeen> =
            record.findings.iter().map(|it| finding(&head, it, &names)).collect();
        uses.push(Opened {
            record: row.id,
            receipt: note.pointer("/receipt").cloned(),
            bytes: seen.len().saturating_mul(USE_BYTES).saturating_add(ROW_BYTES),
            seen,
        });
    }
    Ok(uses)
}

/// The names of what records hold by position: those of the policy in force. Where another node was
/// quicker with a version that has more, the stored ones.
async fn names(
    flows: &Flows,
    person: PersonId,
    (rows, opened): (&[SealedRecord], &[OpenedRecord]),
) -> Result<Vocabulary, Stop> {
    let book = flows.book();
    let names = book.rules().vocabulary();
    let reads = |(row, it): (&SealedRecord, &OpenedRecord)| {
        Record::read(&it.kept, (row.id, person), names).is_ok()
    };
    if rows.iter().zip(opened).all(reads) {
        return Ok(names.clone());
    }
    Ok(flows.journal().installation().vocabulary().await?)
}

/// What was judged, as the person sees it.
fn finding(head: &UseSeen, finding: &Finding<'_>, names: &Vocabulary) -> UseSeen {
    let right = match finding.act {
        Act::Exercise { right } => Some(right.word()),
        Act::Collect { .. }
        | Act::Use { .. }
        | Act::Share { .. }
        | Act::Transfer { .. }
        | Act::Disclose { .. }
        | Act::Publish { .. } => None,
    };
    let categories = finding.permitted.unwrap_or_default();
    UseSeen {
        act: finding.act_word().to_owned(),
        purpose: finding.purpose().map(|it| names.purpose_id(it)).or(right).map(str::to_owned),
        categories: categories.iter().map(|it| names.category_id(it).to_owned()).collect(),
        answer: finding.answer().to_owned(),
        clauses: finding.clauses.iter().map(ToString::to_string).collect(),
        ..head.clone()
    }
}

/// What the flow noted into a record.
fn note(record: &Record<'_>) -> Value {
    record.note.as_deref().and_then(|it| serde_json::from_str(it).ok()).unwrap_or_default()
}

/// To whom data was disclosed on a ground of law: nobody yet, because nothing here discloses.
///
/// # Errors
/// `Gone` once the person is erased.
pub async fn disclosures(
    flows: &Flows,
    person: PersonId,
    now: Timestamp,
) -> Result<Recorded<Json>, Stop> {
    let work = async || {
        let tx = permit(flows, person.into(), now).await?;
        let owed = tx.owe(Json(json!({ "disclosures": [] })));
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}

/// The answers to each purpose, and the receipts that go with them, newest first, page by page.
///
/// # Errors
/// `Gone` once the person is erased, `Invalid` for a cursor that is none.
pub async fn consents(
    flows: &Flows,
    person: PersonId,
    after: Option<&str>,
    now: Timestamp,
) -> Result<Recorded<Json>, Stop> {
    let before = cursor(after)?;
    let work = async || {
        let book = flows.book();
        let tx = permit(flows, person.into(), now).await?;
        let facts = tx.facts();
        let choices: Vec<Value> = book
            .choices(person.region())
            .into_iter()
            .map(|(id, purpose)| {
                let state = match (facts.refused.has(purpose), facts.given.has(purpose)) {
                    (true, _) => "refused",
                    (false, true) => "given",
                    (false, false) => "not asked",
                };
                let clause = book.policy().purposes.get(&id).map(|it| it.clause.clone());
                json!({ "purpose": id, "state": state, "clause": clause })
            })
            .collect();
        let objected = book.purpose_ids(facts.objected);
        let rows = tx.changes(before, RECEIPTS_PAGE).await?;
        let full = rows.len() == usize::try_from(RECEIPTS_PAGE).unwrap_or(usize::MAX);
        let next = rows.last().filter(|_| full).map(|it| it.id.to_string());
        let mut receipts = Vec::new();
        let mut accepted = Vec::new();
        let opened = flows.vault().open_records(&tx, &rows)?;
        let names = names(flows, person, (&rows, &opened)).await?;
        for (row, opened) in rows.iter().zip(&opened) {
            let note = note(&Record::read(&opened.kept, (row.id, person), &names)?);
            receipts.extend(note.pointer("/receipt").cloned());
            accepted.extend(note.pointer("/accepted").cloned());
        }
        let mut answer = json!({
            "choices": choices,
            "objected": objected,
            "receipts": receipts,
            "accepted": accepted,
        });
        if let (Some(fields), Some(next)) = (answer.as_object_mut(), next) {
            fields.insert("next".to_owned(), next.into());
        }
        let owed = tx.owe(Json(answer));
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}
