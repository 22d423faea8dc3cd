//! The holds, by their end dates, for staff.

use decide::id::{CaseId, HoldId};
use decide::{PersonId, RegionCode, Timestamp};
use journal::{CaseRow, Queue};
use serde::Serialize;

use super::{About, KIND, Texts};
use crate::limit::HOLDS_PAGE;
use crate::{Flows, Stop, when};

/// Which holds are looked at.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Of one region alone.
    pub region: Option<RegionCode>,
    /// Those that are over, in place of those that wait or stand.
    pub done: bool,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// A hold, as staff sees it. What is held is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// Whose data is kept.
    pub person: String,
    /// Where it stands.
    pub state: String,
    /// The categories that it covers.
    pub categories: Vec<String>,
    /// Why; nothing of one that is over.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub ground: String,
    /// The number or name of the proceeding.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reference: String,
    /// Who wants it kept.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub authority: String,
    /// The member of staff who asked for it.
    pub asked_by: String,
    /// Who approved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_by: Option<String>,
    /// Who refused it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused_by: Option<String>,
    /// Who lifted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lifted_by: Option<String>,
    /// Pieces of log information that were copied out for it.
    pub copied: u32,
    /// When it was asked for.
    pub asked: String,
    /// When it ends by itself.
    pub until: String,
}

/// Some of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lines {
    /// Those that end soonest first.
    pub holds: Vec<Line>,
    /// Where the next page begins; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The holds that wait or stand, or those that are over.
///
/// # Errors
/// `Invalid` for a cursor that is none.
pub async fn holds(flows: &Flows, ask: &Asked) -> Result<Lines, Stop> {
    let after = ask.cursor.as_deref().map(cursor).transpose()?;
    let mut rows: Vec<(PersonId, CaseRow)> = Vec::new();
    for region in flows.regions().iter().filter(|it| ask.region.is_none_or(|r| r == **it)) {
        let after = after.map(|(due, bits)| (due, CaseId::new(*region, bits)));
        let queue = Queue { kinds: &[KIND], open: !ask.done, after };
        rows.extend(flows.journal().scratch().queue(*region, &queue, HOLDS_PAGE).await?);
    }
    rows.sort_by_key(|(_, it)| (it.due, it.id.bits()));
    let page = usize::try_from(HOLDS_PAGE).unwrap_or(usize::MAX);
    let full = rows.len() >= page;
    rows.truncate(page);
    let next = rows.last().filter(|_| full);
    let next = next.map(|(_, it)| format!("{}.{:032x}", it.due.millis(), it.id.bits()));
    let mut holds = Vec::with_capacity(rows.len());
    for row in rows {
        holds.push(line(flows, row).await?);
    }
    Ok(Lines { holds, next })
}

/// One hold.
///
/// # Errors
/// `NotFound` where there is none.
pub async fn one(flows: &Flows, id: HoldId) -> Result<Line, Stop> {
    let known = flows.journal().scratch().case(id).await?;
    let found = known.filter(|(_, row)| row.kind == KIND).ok_or(Stop::NotFound)?;
    line(flows, found).await
}

async fn line(flows: &Flows, (person, clear): (PersonId, CaseRow)) -> Result<Line, Stop> {
    let whole = flows.journal().scratch().held_case(clear.id).await?;
    let texts = match &whole {
        Some((person, row)) => Texts::open(flows, *person, row)?,
        None => Texts::default(),
    };
    let About { categories, asked_by, approved_by, refused_by, lifted_by, .. } = About::of(&clear);
    Ok(Line {
        id: HoldId::from(clear.id).to_string(),
        person: person.to_string(),
        state: clear.state,
        categories,
        ground: texts.ground.clone(),
        reference: texts.reference.clone(),
        authority: texts.authority.clone(),
        asked_by,
        approved_by,
        refused_by,
        lifted_by,
        copied: flows.journal().scratch().copied(person, clear.id).await?,
        asked: when(clear.received),
        until: when(clear.due),
    })
}

fn cursor(text: &str) -> Result<(Timestamp, u128), Stop> {
    let read = || {
        let (due, bits) = text.split_once('.')?;
        let due = Timestamp::from_millis(due.parse().ok()?);
        Some((due, u128::from_str_radix(bits, 16).ok()?))
    };
    read().ok_or_else(|| Stop::invalid("cursor", "use the cursor that the page before named"))
}
