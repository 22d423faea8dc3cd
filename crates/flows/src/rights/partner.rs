//! What a partner has to delete or put right, and that it did.

use decide::Timestamp;
use decide::id::{CaseId, DeliveryId};
use journal::Queue;
use serde::{Deserialize, Serialize};

use super::deliver::{done, message};
use super::sign::is_signed;
use super::tell::{DELIVERY, Told};
use crate::limit::{DELIVERIES_PAGE, DELIVERIES_READ_MAX};
use crate::security::Caller;
use crate::{Flows, Json, Stop, when};

/// A page of what a partner has to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deletions {
    /// Each with its id, the person, and what is to be done; the one that is due first stands first.
    pub deletions: Vec<Json>,
    /// Where the next page begins; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What a partner is called: the source that it is, and the recipient that has its name.
fn is_named(flows: &Flows, caller: &Caller, to: &str) -> bool {
    let book = flows.book();
    let source = caller.source().map(|it| book.rules().vocabulary().source_id(it).to_owned());
    source.as_deref() == Some(to) || caller.name() == to
}

/// What a partner has not done yet.
///
/// # Errors
/// `Invalid` for a cursor that no page gave.
pub async fn deletions(
    flows: &Flows,
    caller: &Caller,
    cursor: Option<&str>,
) -> Result<Deletions, Stop> {
    let mut after = cursor.map(|it| place(it).ok_or_else(super::no_cursor)).transpose()?;
    let mut found = Deletions { deletions: Vec::new(), next: None };
    let region_of = |after: &Option<(Timestamp, CaseId)>| after.map(|(_, id)| id.region());
    let begun = region_of(&after);
    let regions = flows.regions().iter().copied();
    let mut read = 0_usize;
    for region in regions.skip_while(|it| begun.is_some_and(|begun| begun != *it)) {
        loop {
            let query = Queue { kinds: &[DELIVERY], open: true, after };
            let rows = flows.journal().scratch().queue(region, &query, DELIVERIES_PAGE).await?;
            read = read.saturating_add(rows.len());
            let full = rows.len() == usize::try_from(DELIVERIES_PAGE).unwrap_or(usize::MAX);
            for (person, row) in rows {
                after = Some((row.due, row.id));
                let told = Told::of(&row)?;
                if is_named(flows, caller, &told.to) {
                    let mut item = message(person, DeliveryId::from(row.id), &told);
                    if let Some(fields) = item.as_object_mut() {
                        fields.insert("due".to_owned(), when(row.due).into());
                    }
                    found.deletions.push(Json(item));
                }
            }
            let many = usize::try_from(DELIVERIES_PAGE).unwrap_or(usize::MAX);
            if full && (found.deletions.len() >= many || read >= DELIVERIES_READ_MAX) {
                found.next = after.map(|(due, id)| format!("{}.{id}", due.millis()));
                return Ok(found);
            }
            if !full {
                break;
            }
        }
        after = None;
    }
    Ok(found)
}

fn place(text: &str) -> Option<(Timestamp, CaseId)> {
    let (due, id) = text.split_once('.')?;
    Some((Timestamp::from_millis(due.parse().ok()?), CaseId::parse(id)?))
}

/// A partner did what it was asked for.
///
/// # Errors
/// `NotFound` for what it was not asked for.
pub async fn partner_done(
    flows: &Flows,
    caller: &Caller,
    id: DeliveryId,
    now: Timestamp,
) -> Result<(), Stop> {
    let told = told(flows, id).await?;
    if !is_named(flows, caller, &told.to) {
        return Err(Stop::NotFound);
    }
    done(flows, (id, "partner", caller.id()), now).await
}

/// What a connected system signs.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The id of the message: that of the delivery.
    pub id: String,
    /// When it was sent, in seconds.
    pub stamp: String,
    /// Its signatures.
    pub signature: String,
    /// The body.
    pub body: Vec<u8>,
}

/// What the signed body says, and nothing else. Both sides sign with the same secret: by these words,
/// which nothing that we send consists of, an answer is told from what we sent ourselves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    done: bool,
    delivery: String,
}

/// A connected system did what it was asked for, and says so later.
///
/// # Errors
/// `Wrong` for a message that is not signed with its secret, or says anything else.
pub async fn system_done(
    flows: &Flows,
    (id, signed): (DeliveryId, &Signed),
    now: Timestamp,
) -> Result<(), Stop> {
    let told = told(flows, id).await.map_err(|stop| match stop {
        Stop::NotFound => Stop::Wrong,
        other => other,
    })?;
    let system = flows.system(&told.to).ok_or(Stop::Wrong)?;
    let parts = (signed.id.as_str(), signed.stamp.as_str(), signed.signature.as_str());
    let said: Result<Said, _> = serde_json::from_slice(&signed.body);
    let meant = said.is_ok_and(|it| it.done && it.delivery == id.to_string());
    if !meant || signed.id != id.to_string() || !is_signed(&system.secret, parts, &signed.body, now)
    {
        return Err(Stop::Wrong);
    }
    done(flows, (id, "system", &system.id), now).await
}

async fn told(flows: &Flows, id: DeliveryId) -> Result<Told, Stop> {
    if !flows.regions().contains(&id.region()) {
        return Err(Stop::NotFound);
    }
    let found = flows.journal().scratch().case(id).await?;
    let (_, row) = found.filter(|(_, it)| it.kind == DELIVERY).ok_or(Stop::NotFound)?;
    Told::of(&row)
}
