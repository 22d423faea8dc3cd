//! Requests, as the person sees them: where each stands, and what was said.

use decide::id::RequestId;
use decide::{Act, Right, Set, Timestamp};
use journal::{CaseRow, Permit, Recorded, Tx};
use serde::Serialize;
use zeroize::Zeroize;

use super::about::About;
use super::deliver::{Outstanding, outstanding};
use super::text::{Said, opened, said};
use crate::engine::{Case, again};
use crate::limit::REQUESTS_PAGE;
use crate::provisional::provisional;
use crate::{Acting, Flows, Stop, when};

/// A request, as the person sees it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Zeroize)]
pub struct RequestSeen {
    /// Its id.
    pub id: String,
    /// The right.
    pub right: String,
    /// Where it stands.
    pub state: String,
    /// When it came in.
    pub received: String,
    /// Until when it is answered; for a closing, when it takes effect.
    pub due: String,
    /// Whether that day is for now, because the calendar of working days ends before it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub due_provisional: bool,
    /// The purpose that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// The categories that it is about.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// The deadline before it was extended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extended_from: Option<String>,
    /// The request that it repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<String>,
    /// The answer, where it was done at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Where what was asked for can be seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub see: Option<String>,
    /// Where it can be followed without being signed in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub follow: Option<String>,
}

/// A request with all that was said in it, and who has not answered yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Request {
    /// What a list shows of it.
    #[serde(flatten)]
    pub request: RequestSeen,
    /// What was asked, in the person's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What was said, oldest first.
    pub said: Vec<Said>,
    /// Others who were told and have not answered that it is done.
    pub outstanding: Vec<Outstanding>,
}

/// Whether a case is a request: its kind is the word of a right.
pub(crate) fn is_request(row: &CaseRow) -> bool {
    Right::from_word(&row.kind).is_some()
}

pub(super) fn seen(row: &CaseRow) -> Result<RequestSeen, Stop> {
    let about = About::of(row)?;
    Ok(RequestSeen {
        id: RequestId::from(row.id).to_string(),
        right: row.kind.clone(),
        state: row.state.clone(),
        received: when(row.received),
        due: when(row.due),
        purpose: about.purpose,
        categories: about.categories,
        extended_from: about.extended.map(|it| when(Timestamp::from_millis(it.first))),
        duplicate_of: about.duplicate_of,
        ..RequestSeen::default()
    })
}

/// A request with what was said in it.
pub(super) async fn whole(flows: &Flows, tx: &Tx<Permit>, row: &CaseRow) -> Result<Request, Stop> {
    let id = RequestId::from(row.id);
    Ok(Request {
        request: RequestSeen { due_provisional: provisional(&flows.book(), row), ..seen(row)? },
        text: opened(flows, tx, row)?,
        said: said(flows, tx, (id, false)).await?,
        outstanding: outstanding(flows, (tx.person(), id)).await?,
    })
}

/// Requests, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Requests {
    /// The requests.
    pub requests: Vec<RequestSeen>,
    /// Where the next page begins; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// The person's requests, newest first, page by page.
///
/// # Errors
/// `Gone` once the person is erased, `Invalid` for a cursor that is none.
pub async fn requests(
    flows: &Flows,
    who: impl Into<Acting>,
    cursor: Option<&str>,
    now: Timestamp,
) -> Result<Recorded<Requests>, Stop> {
    let who = who.into();
    let before = cursor.map(|it| RequestId::parse(it).ok_or_else(super::no_cursor)).transpose()?;
    again!(list(flows, who, before, now).await)
}

async fn list(
    flows: &Flows,
    who: Acting,
    before: Option<RequestId>,
    now: Timestamp,
) -> Result<Recorded<Requests>, Stop> {
    let book = flows.book();
    let act = Act::Exercise { right: Right::Access };
    let asker = who.asker();
    let case = Case::of(who.person(), act, Set::EMPTY, &asker);
    let tx = flows.permit(&book, case, now).await?;
    let rows = tx.cases(before.map(Into::into), REQUESTS_PAGE).await?;
    let full = rows.len() == usize::try_from(REQUESTS_PAGE).unwrap_or(usize::MAX);
    let next = rows.last().filter(|_| full).map(|it| RequestId::from(it.id).to_string());
    let requests = rows.iter().filter(|it| is_request(it)).map(seen).collect::<Result<_, _>>()?;
    let owed = tx.owe(Requests { requests, next });
    Ok(tx.record(owed).await?)
}

/// One request of the person.
///
/// # Errors
/// `NotFound` where the person has none with this id.
pub async fn request(
    flows: &Flows,
    who: impl Into<Acting>,
    id: RequestId,
    now: Timestamp,
) -> Result<Recorded<Request>, Stop> {
    let who = who.into();
    let work = async || {
        let book = flows.book();
        let act = Act::Exercise { right: Right::Access };
        let asker = who.asker();
        let case = Case::of(who.person(), act, Set::EMPTY, &asker);
        let tx = flows.permit(&book, case, now).await?;
        let row = tx.case(id).await?.filter(is_request).ok_or(Stop::NotFound)?;
        let mut whole = whole(flows, &tx, &row).await?;
        whole.request.follow = Some(super::link::link(flows, id)?);
        let owed = tx.owe(whole);
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}
