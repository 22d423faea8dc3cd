//! The holds, by their end dates, for staff.

use decide::PersonId;
use decide::id::HoldId;
use journal::CaseRow;
use serde::Serialize;

use super::{About, KIND, Texts};
use crate::queue::{Asked, page};
use crate::{Flows, Stop, when};

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
    /// Pieces of log information and of conversations that were copied out for it.
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
    let (rows, next) = page(flows, &ask.page(&[KIND])).await?;
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
