//! Opening a request for somebody who wrote in by another way. Nothing is done about it before it is
//! known who asks.

use decide::id::RequestId;
use decide::{Account, Act, Facts, PersonId, RegionCode, Right, Set, Timestamp};
use journal::{CaseRow, JobKind, Permit, Recorded, Tx, Write};
use policy::clause::collection::SourceKind;
use serde_json::json;

use super::about::About;
use super::by_address::await_code;
use super::letter::Note;
use super::mail::{day, write_at, write_to};
use super::read::{Opened, row_seen};
use super::state::{MACHINE, RequestState, case};
use super::text::{checked, seal};
use crate::account::{named, reach};
use crate::book::Book;
use crate::engine::{Case, Idempotency, again, refused, remember};
use crate::limit::RECEIVED_BEFORE_MILLIS;
use crate::security::By;
use crate::{Flows, Plain, Stop, value};

/// Somebody wrote in.
#[derive(Debug, Default)]
pub struct Open {
    /// The right's word.
    pub right: String,
    /// The person, where it is known who that is.
    pub person: Option<PersonId>,
    /// The address that they wrote from: it finds the account, or else they are written to there.
    pub address: Option<Plain>,
    /// The region that they live in; the home region where nobody says.
    pub region: Option<String>,
    /// The language of a stranger.
    pub language: String,
    /// The purpose that it is about.
    pub purpose: Option<String>,
    /// The categories that it is about.
    pub categories: Vec<String>,
    /// What they wrote.
    pub text: Option<Plain>,
    /// When it came in, where that was before today: the deadline runs from then.
    pub received: Option<Timestamp>,
    /// The client's idempotency key.
    pub idempotency: Option<Idempotency>,
}

const CREATED: u16 = 201;

/// Opens a request on behalf of somebody: by staff, or by an application in which they asked.
///
/// # Errors
/// `Invalid` for what does not fit, `Gone` for whoever was erased.
pub async fn open(
    flows: &Flows,
    by: By<'_>,
    mut ask: Open,
    now: Timestamp,
) -> Result<Recorded<Opened>, Stop> {
    let book = flows.book();
    let say = "name a right, as the policy does: `access`, `delete`";
    let right = Right::from_word(&ask.right).ok_or_else(|| Stop::invalid("right", say))?;
    ask.text = checked("text", ask.text.as_ref())?;
    book.categories(&ask.categories)?;
    match &ask.purpose {
        Some(purpose) => drop(book.purpose(purpose)?),
        None if right == Right::Object => {
            return Err(Stop::invalid("purpose", "say what they object to: name the purpose"));
        }
        None => {}
    }
    let received = ask.received.unwrap_or(now);
    if received > now || received.plus_millis(RECEIVED_BEFORE_MILLIS) < now {
        return Err(Stop::invalid("received", "write when it came in, within the last year"));
    }
    let person = match (ask.person, &ask.address) {
        (Some(person), _) => Some(person),
        (None, Some(address)) => find(flows, &book, (address, &ask)).await?,
        (None, None) => return Err(Stop::invalid("person", "name the person, or an address")),
    };
    let region = match (person, &ask.region, book.home()) {
        (Some(person), ..) => person.region(),
        (None, Some(code), _) => book.region(code)?.0,
        (None, None, home) => home.ok_or_else(|| Stop::Broken("no home region".to_owned()))?,
    };
    // A stranger is somebody new each time: the same letter that is opened twice is opened once.
    flows.replayed(region, ask.idempotency.as_ref(), now).await?;
    again!(match person {
        Some(person) => known(flows, &book, (by, right, person, &ask), now).await,
        None => stranger(flows, &book, (by, right, &ask, region), now).await,
    })
}

/// Whose account has the address, by its exact form; nobody's otherwise.
async fn find(
    flows: &Flows,
    book: &Book,
    (address, ask): (&Plain, &Open),
) -> Result<Option<PersonId>, Stop> {
    let address = value::email("address", address.as_str())?;
    let email = book.category(named::EMAIL)?;
    let regions = match &ask.region {
        Some(code) => vec![book.region(code)?.0],
        None => flows.regions().to_vec(),
    };
    for region in regions {
        let blind = flows.vault().blind(region, email, &address, true)?;
        if let Some(person) = flows.journal().find(region, email, &blind).await? {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

async fn known(
    flows: &Flows,
    book: &Book,
    (by, right, person, ask): (By<'_>, Right, PersonId, &Open),
    now: Timestamp,
) -> Result<Recorded<Opened>, Stop> {
    let asker = by.asker();
    let act = Act::Exercise { right };
    let tx = flows.permit(book, Case::of(person, act, reach(book), &asker), now).await?;
    record(flows, book, (tx, None), (by, right, ask), now).await
}

/// Somebody without an account: a person in state `visitor`, found by nothing, with the address that
/// an answer needs.
async fn stranger(
    flows: &Flows,
    book: &Book,
    (by, right, ask, region): (By<'_>, Right, &Open, RegionCode),
    now: Timestamp,
) -> Result<Recorded<Opened>, Stop> {
    let (region, position) = book.region(region.as_str())?;
    let person = PersonId::new(region, flows.journal().new_id(now));
    let facts = Facts::new(position, Account::Visitor, book.version());
    let asker = by.asker();
    let right_asked = decide::Request { act: Act::Exercise { right }, categories: Set::EMPTY };
    let tx = flows.journal().begin_new(person, facts);
    let source = book.source_of(SourceKind::Person)?;
    let email = book.category(named::EMAIL)?;
    let purpose = book.purpose_for(email, &["support"]);
    let purpose = purpose.ok_or_else(|| Stop::invalid("address", "no purpose uses an address"))?;
    let language = book.category(named::LANGUAGE).map_or(Set::EMPTY, Set::of);
    let categories = Set::of(email).union(language);
    let taken = decide::Request { act: Act::Collect { purpose, source }, categories };
    let judged = tx.judge(book.rules(), taken, asker, now);
    let mut tx = match judged.and_then(|tx| tx.judge_also(right_asked)) {
        Ok(tx) => tx,
        Err(tx) => return Err(refused(tx).await),
    };
    tx.stage(Write::Create { key: flows.vault().new_person(person)? });
    let address = ask.address.as_ref().map_or("", Plain::as_str);
    let address = value::email("address", address)?;
    let spoken = Plain::from(book.language(&ask.language));
    let values = [(Some(email), &address), (language.iter().next(), &spoken)];
    for (category, value) in values {
        let Some(category) = category.filter(|it| tx.permit().categories().has(*it)) else {
            continue;
        };
        let sealed = flows.vault().seal(&tx, category, value)?;
        let (due, blind) = (None, None);
        tx.stage(Write::Value { category, sealed, source, collected: now, due, blind });
    }
    record(flows, book, (tx, Some((&address, spoken.as_str()))), (by, right, ask), now).await
}

/// `fresh` is where a stranger is written to: what comes in with this is not open in it.
async fn record(
    flows: &Flows,
    book: &Book,
    (mut tx, fresh): (Tx<Permit>, Option<(&Plain, &str)>),
    (by, right, ask): (By<'_>, Right, &Open),
    now: Timestamp,
) -> Result<Recorded<Opened>, Stop> {
    let (person, received) = (tx.person(), ask.received.unwrap_or(now));
    let id = RequestId::new(person.region(), flows.journal().new_id(now));
    let due = book.answer_by(right, person.region(), received)?;
    let begun = if matches!(by, By::Address) { "person" } else { "staff" };
    let state = MACHINE.step("", "ask", begun)?;
    debug_assert!(state == RequestState::Received.word(), "it begins as every request");
    let sealed = seal(flows, &tx, ask.text.as_ref())?;
    let row = case((id, right), RequestState::Received, (received, due), sealed);
    let about = About {
        purpose: ask.purpose.clone(),
        categories: ask.categories.clone(),
        opened_by: Some(by.id().to_owned()),
        duplicate_of: earlier(&tx, right.word()).await?,
        ..About::default()
    };
    super::forget::plan(&mut tx, id);
    tx.note(json!({ "request": id.to_string(), "opened_for": true }));
    let row = if matches!(by, By::Address) {
        await_code(flows, book, (&mut tx, fresh), (row, about))?
    } else {
        let row = about.put(row)?;
        remind(&mut tx, &row);
        let due = day(book, person.region(), row.due);
        let note = Note::Received { right: right.word(), due: &due };
        match fresh {
            Some(to) => write_at(flows, &mut tx, (id, "received"), to, &note)?,
            None => drop(write_to(flows, book, &mut tx, (id, "received"), &note)?),
        }
        row
    };
    let opened = row_seen(person, &row, now)?;
    tx.stage(Write::Case(row));
    remember((flows, &mut tx), ask.idempotency.as_ref(), CREATED, &opened)?;
    let owed = tx.owe(opened);
    Ok(tx.record(owed).await?)
}

/// An open request of the same person for the same right. It is linked, and each is looked at by
/// itself: that one was proved says nothing of who sent the other.
pub(super) async fn earlier(tx: &Tx<Permit>, right: &str) -> Result<Option<String>, Stop> {
    for state in [RequestState::Working, RequestState::Waiting, RequestState::Received] {
        let row = tx.newest_case(right, state.word()).await?;
        if let Some(row) = row.filter(|it| it.open) {
            return Ok(Some(RequestId::from(row.id).to_string()));
        }
    }
    Ok(None)
}

const DUE: &str = "request-due";

/// The job that reminds the desk of a request.
pub(super) fn due_job(id: RequestId) -> JobKind {
    JobKind::about(DUE, id)
}

/// The request of such a job.
pub(crate) fn request_due(kind: &JobKind) -> Option<RequestId> {
    let (word, id) = kind.as_str().split_once('/')?;
    RequestId::parse(id).filter(|_| word == DUE)
}

/// Has the desk reminded while a third of the time is left, three days at most.
pub(super) fn remind(tx: &mut Tx<Permit>, row: &CaseRow) {
    const DAYS: i64 = 3 * crate::limit::DAY_MILLIS;
    let whole = row.due.millis().saturating_sub(row.received.millis());
    let before = (whole / 3).clamp(0, DAYS);
    let due = row.due.plus_millis(before.saturating_neg());
    tx.stage(Write::Job { kind: due_job(RequestId::from(row.id)), due });
}

/// A stranger has nothing here but the request: when it is over, so are they, as soon as the time to
/// complain is.
pub(super) async fn parting(tx: &mut Tx<Permit>, row: &CaseRow) -> Result<(), Stop> {
    let alone = tx.facts().account == Account::Visitor && tx.sessions().await?.is_empty();
    if alone && About::of(row)?.opened_by.is_some() {
        let due = tx.permit().now().plus_millis(crate::limit::STRANGER_MILLIS);
        tx.stage(Write::Job { kind: crate::retention::ERASE, due });
    }
    Ok(())
}
