//! Requests to exercise a right: what is done at once is done at once, and stands on the list.

use decide::id::RequestId;
use decide::{Account, Act, Facts, PersonId, Purpose, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, Recorded, Write};
use serde::Serialize;
use serde_json::json;
use zeroize::Zeroize;

use super::state::{RequestState, case};
use crate::answer::Wiped;
use crate::book::Book;
use crate::engine::{Case, Idempotency, again, remember};
use crate::limit::REQUESTS_PAGE;
use crate::{Flows, Stop, when};

/// A request.
#[derive(Debug, Default)]
pub struct Ask {
    /// The right's word.
    pub right: String,
    /// For an objection, the purpose.
    pub purpose: Option<String>,
    /// Whether a restriction or an objection is taken back.
    pub lift: bool,
    /// The client's idempotency key.
    pub idempotency: Option<Idempotency>,
}

/// A request, as the person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
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
}

const CREATED: u16 = 201;

/// Asks for a right that changes what may be done: restriction, objection. The others have a route of
/// their own each, where they are done at once.
///
/// # Errors
/// `Invalid` for a right that has a route of its own.
pub async fn ask(
    flows: &Flows,
    person: PersonId,
    ask: Ask,
    now: Timestamp,
) -> Result<Recorded<RequestSeen>, Stop> {
    let say = "use `restrict` or `object`; access, export, correct, delete, withdraw and \
               close-account have a route of their own";
    let right = Right::from_word(&ask.right).ok_or_else(|| Stop::invalid("right", say))?;
    if !matches!(right, Right::Restrict | Right::Object) {
        return Err(Stop::invalid("right", say));
    }
    flows.replayed(person.region(), ask.idempotency.as_ref(), now).await?;
    again!(once(flows, person, (&ask, right), now).await)
}

async fn once(
    flows: &Flows,
    person: PersonId,
    (ask, right): (&Ask, Right),
    now: Timestamp,
) -> Result<Recorded<RequestSeen>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::Person, "self");
    let act = Act::Exercise { right };
    let mut tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    let write = if right == Right::Restrict {
        restrict(tx.facts(), ask.lift)?
    } else {
        Write::Objected(objected(&book, tx.facts(), ask)?)
    };
    tx.stage(write);
    let due = book.answer_by(right, person.region(), now)?;
    let id = RequestId::new(person.region(), flows.journal().new_id(now));
    let state = RequestState::Done;
    let row = case((id, right), state, (now, due), None);
    tx.note(json!({ "request": id.to_string(), "purpose": ask.purpose, "lift": ask.lift }));
    let answer = seen(&row);
    tx.stage(Write::Case(row));
    remember((flows, &mut tx), ask.idempotency.as_ref(), CREATED, &answer)?;
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

fn restrict(facts: &Facts, lift: bool) -> Result<Write, Stop> {
    match (facts.account, lift) {
        (Account::Active, false) => Ok(Write::Account(Account::Restricted)),
        (Account::Restricted, true) => Ok(Write::Account(Account::Active)),
        (account, _) => {
            Err(Stop::NotNow(format!("the account is `{}`; nothing changes", account.word())))
        }
    }
}

fn objected(book: &Book, facts: &Facts, ask: &Ask) -> Result<Set<Purpose>, Stop> {
    let purpose = book.purpose(ask.purpose.as_deref().unwrap_or(""))?;
    if !book.rules().is_choice(purpose, facts.region) {
        return Err(Stop::invalid(
            "purpose",
            "this rests on a contract or a law; nobody can object",
        ));
    }
    Ok(if ask.lift { facts.objected.less(purpose) } else { facts.objected.with(purpose) })
}

/// Whether a case is a request: its kind is the word of a right.
pub(super) fn is_request(row: &CaseRow) -> bool {
    Right::from_word(&row.kind).is_some()
}

pub(super) fn seen(row: &CaseRow) -> RequestSeen {
    RequestSeen {
        id: RequestId::from(row.id).to_string(),
        right: row.kind.clone(),
        state: row.state.clone(),
        received: when(row.received),
        due: when(row.due),
    }
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
    person: PersonId,
    cursor: Option<&str>,
    now: Timestamp,
) -> Result<Recorded<Requests>, Stop> {
    let before = cursor.map(|it| RequestId::parse(it).ok_or_else(super::no_cursor)).transpose()?;
    again!(list(flows, person, before, now).await)
}

async fn list(
    flows: &Flows,
    person: PersonId,
    before: Option<RequestId>,
    now: Timestamp,
) -> Result<Recorded<Requests>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::Person, "self");
    let act = Act::Exercise { right: Right::Access };
    let tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    let rows = tx.cases(before.map(Into::into), REQUESTS_PAGE).await?;
    let full = rows.len() == usize::try_from(REQUESTS_PAGE).unwrap_or(usize::MAX);
    let next = rows.last().filter(|_| full).map(|it| RequestId::from(it.id).to_string());
    let requests = rows.iter().filter(|it| is_request(it)).map(seen).collect();
    let owed = tx.owe(Requests { requests, next });
    Ok(tx.record(owed).await?)
}

/// One request of the person.
///
/// # Errors
/// `NotFound` where the person has none with this id.
pub async fn request(
    flows: &Flows,
    person: PersonId,
    id: RequestId,
    now: Timestamp,
) -> Result<Recorded<Wiped<RequestSeen>>, Stop> {
    let work = async || {
        let book = flows.book();
        let asker = Asker::new(AskerKind::Person, "self");
        let act = Act::Exercise { right: Right::Access };
        let tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
        let found = tx.case(id).await?.filter(is_request).as_ref().map(seen);
        let found = found.ok_or(Stop::NotFound)?;
        let owed = tx.owe(Wiped(found));
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}
