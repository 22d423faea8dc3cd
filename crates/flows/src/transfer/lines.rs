//! What is sent, waits to be, or was stopped: for staff, and what is for a recipient.

use decide::PersonId;
use decide::id::TransferId;
use journal::CaseRow;
use serde::Serialize;

use super::sending::{About, KIND, known};
use crate::queue::{Asked, page};
use crate::security::Caller;
use crate::{Flows, Stop, when};

/// One of them. What is sent is not shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its id.
    pub id: String,
    /// Whose data.
    pub person: String,
    /// Where it stands.
    pub state: String,
    /// The transfer, by the id of its declaration.
    pub transfer: String,
    /// To whom.
    pub recipient: String,
    /// What for.
    pub purpose: String,
    /// Where to.
    pub to_region: String,
    /// Which categories.
    pub categories: Vec<String>,
    /// Who asked: `staff` or `app`.
    pub by: String,
    /// The member of staff or the key; not told to recipients.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// When it was asked for.
    pub asked: String,
    /// Until when it is tried.
    pub until: String,
}

/// Some of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lines {
    /// Those that end soonest first.
    pub transfers: Vec<Line>,
    /// Where the next page begins; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What waits, or what was sent or stopped.
///
/// # Errors
/// `Invalid` for a cursor that is none.
pub async fn sendings(flows: &Flows, ask: &Asked) -> Result<Lines, Stop> {
    let (rows, next) = page(flows, &ask.page(&[KIND])).await?;
    let transfers =
        rows.iter().map(|(person, row)| line(*person, row)).collect::<Result<_, _>>()?;
    Ok(Lines { transfers, next })
}

/// One.
///
/// # Errors
/// `NotFound` where there is none.
pub async fn one(flows: &Flows, id: TransferId) -> Result<Line, Stop> {
    let (person, row) = known(flows, id).await?;
    line(person, &row)
}

/// What waits for a recipient that fetches with its key. A page is empty only where nothing is left.
///
/// # Errors
/// `Invalid` for a cursor that is none.
pub async fn waiting(flows: &Flows, caller: &Caller, cursor: Option<&str>) -> Result<Lines, Stop> {
    let mut ask = Asked { cursor: cursor.map(str::to_owned), ..Asked::default() };
    loop {
        let mut lines = sendings(flows, &ask).await?;
        lines.transfers.retain(|it| it.recipient == caller.name());
        if lines.next.is_none() || !lines.transfers.is_empty() {
            lines.transfers.iter_mut().for_each(|it| it.name.clear());
            return Ok(lines);
        }
        ask.cursor = lines.next;
    }
}

fn line(person: PersonId, row: &CaseRow) -> Result<Line, Stop> {
    let about = About::of(row)?;
    let About { transfer, recipient, purpose, to_region, categories, by, name, tried: _ } = about;
    Ok(Line {
        id: TransferId::from(row.id).to_string(),
        person: person.to_string(),
        state: row.state.clone(),
        transfer,
        recipient,
        purpose,
        to_region,
        categories,
        by,
        name,
        asked: when(row.received),
        until: when(row.due),
    })
}
