//! What stands open, by the time that is left: of every kind that has a clock. It opens nothing, and
//! says of people no more than their ids.

use decide::id::{CaseId, DeliveryId, GuardianId, HoldId, MessageId, RequestId, TransferId};
use decide::{PersonId, RegionCode, Timestamp};
use journal::{CaseRow, Queue};
use serde::Serialize;
use serde_json::Value;

use crate::book::Book;
use crate::limit::QUEUE_PAGE;
use crate::provisional::provisional;
use crate::time::when;
use crate::{Flows, Stop};

/// Words of the rights that a request is about.
pub const REQUESTS: [&str; 8] =
    ["access", "export", "correct", "delete", "withdraw", "restrict", "object", "close-account"];
/// What people write.
pub const MESSAGES: [&str; 2] = ["message", "complaint"];
/// What is kept for a while longer.
pub const HOLDS: [&str; 1] = ["hold"];

/// What waits for somebody outside: a guardian, a recipient, whoever has something of the person.
pub const OTHERS: [&str; 3] = ["guardian", "transfer", "delivery"];

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Look<'a> {
    /// Kinds of cases, up to eight.
    pub kinds: &'a [&'a str],
    /// Those that are over, in place of those on which somebody has still to act.
    pub done: bool,
    /// Where the page begins.
    pub cursor: Option<&'a str>,
}

/// One case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Its number.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// The region.
    pub region: String,
    /// Whose it is.
    pub person: String,
    /// When it came in.
    pub received: String,
    /// Until when somebody has to act.
    pub due: String,
    /// Whether that day is for now, because the calendar of working days ends before it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub due_provisional: bool,
    /// Seconds that are left; below zero when it is overdue.
    pub seconds_left: i64,
    /// Seconds that there were.
    pub seconds: i64,
    /// Whether somebody has still to act.
    pub open: bool,
    /// Whether it is overdue.
    pub overdue: bool,
    /// The member of staff who has it; empty for nobody.
    pub assigned: String,
    /// What is said of it in clear.
    pub about: Value,
}

/// A page of them, that with the least time left first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standings {
    /// The cases.
    pub cases: Vec<Standing>,
    /// Where the next page begins; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The cases of all regions by deadline.
///
/// # Errors
/// `Invalid` for a cursor that is none.
pub async fn look(flows: &Flows, ask: &Look<'_>, now: Timestamp) -> Result<Standings, Stop> {
    let Look { kinds, done, cursor } = *ask;
    let (rows, next) = page(flows, &Page { kinds, done, region: None, cursor }).await?;
    let book = flows.book();
    let cases = rows.iter().map(|(person, row)| standing(&book, (*person, row), now)).collect();
    Ok(Standings { cases, next })
}

/// Which cases of one kind are looked at.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Of one region alone.
    pub region: Option<RegionCode>,
    /// Those that are over, in place of those that wait or stand.
    pub done: bool,
    /// Where the page begins.
    pub cursor: Option<String>,
}

impl Asked {
    pub(crate) fn page<'a>(&'a self, kinds: &'a [&'a str]) -> Page<'a> {
        Page { kinds, done: self.done, region: self.region, cursor: self.cursor.as_deref() }
    }
}

/// Which page of the cases.
pub(crate) struct Page<'a> {
    pub(crate) kinds: &'a [&'a str],
    pub(crate) done: bool,
    /// Of one region alone.
    pub(crate) region: Option<RegionCode>,
    pub(crate) cursor: Option<&'a str>,
}

/// Cases by deadline, with whose each is, and where the next page begins; nothing on the last.
///
/// # Errors
/// `Invalid` for a cursor that is none.
pub(crate) async fn page(
    flows: &Flows,
    ask: &Page<'_>,
) -> Result<(Vec<(PersonId, CaseRow)>, Option<String>), Stop> {
    let after = ask.cursor.map(cursor).transpose()?;
    let mut rows: Vec<(PersonId, CaseRow)> = Vec::new();
    for region in flows.regions().iter().filter(|it| ask.region.is_none_or(|r| r == **it)) {
        let after = after.map(|(due, bits)| (due, CaseId::new(*region, bits)));
        let queue = Queue { kinds: ask.kinds, open: !ask.done, after };
        rows.extend(flows.journal().scratch().queue(*region, &queue, QUEUE_PAGE).await?);
    }
    // Ids of two regions stand in one order here: by deadline, then by their bits.
    rows.sort_by_key(|(_, row)| (row.due, row.id.bits()));
    let size = usize::try_from(QUEUE_PAGE).unwrap_or(usize::MAX);
    let full = rows.len() >= size;
    rows.truncate(size);
    let last = rows.last().filter(|_| full);
    let next = last.map(|(_, row)| format!("{}.{:032x}", row.due.millis(), row.id.bits()));
    Ok((rows, next))
}

/// One case, without what is sealed in it.
///
/// # Errors
/// `NotFound` where there is none with this number.
pub async fn one(flows: &Flows, id: CaseId, now: Timestamp) -> Result<Standing, Stop> {
    let found = flows.journal().scratch().case(id).await?;
    let (person, row) = found.ok_or(Stop::NotFound)?;
    Ok(standing(&flows.book(), (person, &row), now))
}

fn cursor(text: &str) -> Result<(Timestamp, u128), Stop> {
    let read = || {
        let (due, bits) = text.split_once('.')?;
        let due = Timestamp::from_millis(due.parse().ok()?);
        Some((due, u128::from_str_radix(bits, 16).ok()?))
    };
    read().ok_or_else(|| Stop::invalid("cursor", "use the cursor that the page before named"))
}

fn standing(book: &Book, (person, row): (PersonId, &CaseRow), now: Timestamp) -> Standing {
    let seconds =
        |from: Timestamp| row.due.millis().saturating_sub(from.millis()).div_euclid(1_000);
    Standing {
        id: number(row),
        kind: row.kind.clone(),
        state: row.state.clone(),
        region: row.id.region().to_string(),
        person: person.to_string(),
        received: when(row.received),
        due: when(row.due),
        due_provisional: provisional(book, row),
        seconds_left: seconds(now),
        seconds: seconds(row.received),
        open: row.open,
        overdue: row.open && row.due < now,
        assigned: row.assigned.clone(),
        about: serde_json::from_str(&row.about).unwrap_or_default(),
    }
}

/// The number of a case, as its kind writes it.
fn number(row: &CaseRow) -> String {
    match row.kind.as_str() {
        "message" | "complaint" => MessageId::from(row.id).to_string(),
        "hold" => HoldId::from(row.id).to_string(),
        "guardian" => GuardianId::from(row.id).to_string(),
        "delivery" => DeliveryId::from(row.id).to_string(),
        "transfer" => TransferId::from(row.id).to_string(),
        kind if REQUESTS.contains(&kind) => RequestId::from(row.id).to_string(),
        _ => row.id.to_string(),
    }
}
