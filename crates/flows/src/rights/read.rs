//! A request, as staff works on it: whole, and what a list would show of it.

use decide::id::RequestId;
use decide::{Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, Recorded};
use serde::Serialize;
use zeroize::Zeroize;

use super::about::About;
use super::deliver::{Outstanding, outstanding};
use super::request::is_request;
use super::text::{Said, opened, said};
use crate::engine::{Case, again};
use crate::{Flows, Stop, when};

/// A request, as staff sees it in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Opened {
    /// Its id.
    pub id: String,
    /// Whose.
    pub person: String,
    /// The right.
    pub right: String,
    /// Where it stands.
    pub state: String,
    /// When it came in.
    pub received: String,
    /// Until when it has to be answered.
    pub due: String,
    /// Seconds that are left; less than none when it is overdue.
    pub left: i64,
    /// Whether its deadline is over.
    pub overdue: bool,
    /// Whether somebody has still to act.
    pub open: bool,
    /// The member of staff who has it, by id; empty for nobody.
    pub assigned: String,
    /// How it is known who asks; nothing while that is not known.
    pub identity: Option<String>,
    /// The member of staff who saw documents, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_by: Option<String>,
    /// The deadline before it was extended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_from: Option<String>,
    /// The request that it repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<String>,
    /// The member of staff who opened it, by id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opened_by: Option<String>,
    /// The purpose that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The categories that it is about.
    pub categories: Vec<String>,
}

/// A request, as staff works on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Worked {
    /// What the list shows.
    #[serde(flatten)]
    pub request: Opened,
    /// What was asked, in the person's words.
    pub text: Option<String>,
    /// What was said, oldest first, among staff too.
    pub said: Vec<Said>,
    /// Others who were told and have not answered that it is done.
    pub outstanding: Vec<Outstanding>,
}

/// What a list shows of a request.
pub(super) fn row_seen(person: PersonId, row: &CaseRow, now: Timestamp) -> Result<Opened, Stop> {
    let about = About::of(row)?;
    let left = row.due.millis().saturating_sub(now.millis());
    let by = about.identity.as_ref().map(|it| it.by.clone()).filter(|it| !it.is_empty());
    Ok(Opened {
        id: RequestId::from(row.id).to_string(),
        person: person.to_string(),
        right: row.kind.clone(),
        state: row.state.clone(),
        received: when(row.received),
        due: when(row.due),
        left: left.div_euclid(1_000),
        overdue: row.open && left < 0,
        open: row.open,
        assigned: row.assigned.clone(),
        identity: about.identity.map(|it| it.how),
        identity_by: by,
        extended_from: about.extended.map(|it| when(Timestamp::from_millis(it.first))),
        duplicate_of: about.duplicate_of,
        opened_by: about.opened_by,
        purpose: about.purpose,
        categories: about.categories,
    })
}

/// One request, whole: a reading of staff, on the person's record. Of whoever was erased nothing is
/// left to read but that there was a request.
///
/// # Errors
/// `NotFound` for an id that no request has.
pub async fn read(
    flows: &Flows,
    staff: &str,
    id: RequestId,
    now: Timestamp,
) -> Result<Reading, Stop> {
    let found = flows.journal().scratch().case(id).await?.filter(|(_, it)| is_request(it));
    let (person, row) = found.ok_or(Stop::NotFound)?;
    match again!(whole(flows, staff, (person, id), now).await) {
        Err(Stop::Gone) => Ok(Reading::Erased(Worked {
            request: row_seen(person, &row, now)?,
            text: None,
            said: Vec::new(),
            outstanding: outstanding(flows, (person, id)).await?,
        })),
        done => done.map(Reading::Whole),
    }
}

/// What was read.
#[derive(Debug)]
pub enum Reading {
    /// All of it, on the record.
    Whole(Recorded<Worked>),
    /// What is left of a request of whoever was erased: nothing personal.
    Erased(Worked),
}

async fn whole(
    flows: &Flows,
    staff: &str,
    (person, id): (PersonId, RequestId),
    now: Timestamp,
) -> Result<Recorded<Worked>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::Staff, staff);
    let act = Act::Exercise { right: Right::Access };
    let tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    let row = tx.case(id).await?.filter(is_request).ok_or(Stop::NotFound)?;
    let worked = Worked {
        request: row_seen(person, &row, now)?,
        text: opened(flows, &tx, &row)?,
        said: said(flows, &tx, (id, true)).await?,
        outstanding: outstanding(flows, (person, id)).await?,
    };
    let owed = tx.owe(worked);
    Ok(tx.record(owed).await?)
}
