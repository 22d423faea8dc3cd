//! Answering a request: what was asked for is done, and the person has it in writing, in one outcome.

use decide::id::RequestId;
use decide::{Account, Category, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, Permit, Recorded, Tx, Write};
use policy::clause::collection::SourceKind;
use serde_json::json;

use super::about::About;
use super::data::gather;
use super::fulfil::{Came, Wish, fulfil};
use super::identify::{Wanted, taken};
use super::letter::Note;
use super::mail::{language, write_to};
use super::open::{due_job, parting};
use super::read::{Opened, row_seen};
use super::report::{held, listed, report};
use super::state::{MACHINE, RequestState};
use super::tell::{News, What, tell};
use super::text::{checked, say};
use crate::account::{Given, named, stage, stage_closing};
use crate::book::Book;
use crate::collection::own_counts;
use crate::engine::again;
use crate::{Flows, Plain, Stop, value};

/// An answer.
#[derive(Debug, Default)]
pub struct Answer {
    /// What is written to the person; what was done is said by itself.
    pub text: Option<Plain>,
    /// For a deletion, what goes, where the request did not name it.
    pub categories: Vec<String>,
    /// For a correction, the values as they should be.
    pub values: Vec<(String, Plain)>,
}

/// Does what a request asks for, and answers it.
///
/// # Errors
/// `NotNow` while it is not known who asks, and for a request that is not open.
pub async fn answer(
    flows: &Flows,
    staff: &str,
    (id, mut answer): (RequestId, Answer),
    now: Timestamp,
) -> Result<Recorded<Opened>, Stop> {
    answer.text = checked("text", answer.text.as_ref())?;
    again!(once(flows, staff, (id, &answer), now).await)
}

/// What an answer is made of.
struct Work<'a> {
    staff: &'a str,
    id: RequestId,
    answer: &'a Answer,
    right: Right,
    about: About,
}

async fn once(
    flows: &Flows,
    staff: &str,
    (id, answer): (RequestId, &Answer),
    now: Timestamp,
) -> Result<Recorded<Opened>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::Staff, staff);
    let (mut tx, row) = taken(flows, &book, (id, &asker, Wanted::Shown), now).await?;
    let right = Right::from_word(&row.kind).ok_or(Stop::NotFound)?;
    let about = About::of(&row)?;
    if about.identity.is_none() {
        let say = "it is not known who asks; send a code first, or look at documents";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let mut state = row.state.as_str();
    if state == RequestState::Received.word() {
        state = MACHINE.step(state, "take", "staff")?;
    }
    let row = CaseRow { state: state.to_owned(), assigned: staff.to_owned(), ..row };
    let work = Work { staff, id, answer, right, about };
    tx.note(json!({ "request": id.to_string(), "answered": true }));
    let row = if leaves(&tx, &work) {
        leave(flows, &book, &mut tx, (row, &work)).await?
    } else {
        write(flows, &book, &mut tx, (row, &work)).await?
    };
    let opened = row_seen(tx.person(), &row, now)?;
    let owed = tx.owe(opened);
    Ok(tx.record(owed).await?)
}

/// Whether nothing of the person stays: whoever has no account asks for everything with a deletion
/// that names nothing.
fn leaves(tx: &Tx<Permit>, work: &Work<'_>) -> bool {
    let nothing_named = work.about.categories.is_empty() && work.answer.categories.is_empty();
    let stranger = tx.facts().account == Account::Visitor;
    work.right == Right::CloseAccount || (work.right == Right::Delete && nothing_named && stranger)
}

/// An account is closed, with the time to change one's mind; whoever has none has no such time.
async fn leave(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (row, work): (CaseRow, &Work<'_>),
) -> Result<CaseRow, Stop> {
    MACHINE.step(&row.state, "close", "staff")?;
    tx.stage(Write::DropJob(due_job(work.id)));
    stage_closing(flows, book, tx, (row, None, false)).await
}

async fn write(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (row, work): (CaseRow, &Work<'_>),
) -> Result<CaseRow, Stop> {
    let Work { staff, id, answer, right, about } = work;
    let state = MACHINE.step(&row.state, "answer", "staff")?.to_owned();
    let categories: Vec<String> =
        about.categories.iter().chain(&answer.categories).cloned().collect();
    if *right == Right::Delete && categories.is_empty() {
        let say = "name what goes; to erase everything, open a request for `close-account`";
        return Err(Stop::invalid("categories", say));
    }
    let language = language(flows, book, tx)?;
    let wish = Wish {
        right: *right,
        purpose: about.purpose.as_deref(),
        lift: about.lift,
        categories: &categories,
        request: *id,
    };
    let mut came = fulfil(flows, book, tx, &wish).await?;
    if !came.left.is_empty() && answer.text.is_none() {
        let say = "some of it cannot be deleted; say why, in words that the person understands";
        return Err(Stop::invalid("text", say));
    }
    if *right == Right::Correct {
        correct(flows, book, tx, (work, &mut came))?;
    }
    // A copy of what is held would outlive it: of an answer to such a request the titles stay.
    let (done, stays) = match right {
        Right::Access | Right::Export => {
            let (events, _) = own_counts(flows, tx, None, usize::MAX).await?;
            let events = events.iter().fold(0, |sum: usize, it| sum.saturating_add(it.count));
            let mut data = gather(flows, book, tx, &language)?;
            if tx.facts().account == Account::Visitor && about.opened_by.is_some() {
                // What a stranger's own letter brought is the letter, and nothing that was held.
                data.retain(|it| !matches!(it.category.as_str(), named::EMAIL | named::LANGUAGE));
            }
            let listed = listed(&data, events, &language);
            (held(&data, events, &language), Some(listed))
        }
        Right::Correct if answer.values.is_empty() => (String::new(), None),
        Right::Correct
        | Right::Delete
        | Right::Withdraw
        | Right::Restrict
        | Right::Object
        | Right::CloseAccount => (report(book, (&wish, &came), &language), None),
    };
    let own = answer.text.as_ref().map_or("", Plain::as_str);
    let joined = |done: &str| {
        [own, done].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n\n")
    };
    let text = joined(&done);
    if text.is_empty() {
        return Err(Stop::invalid("text", "write what was found and what was done"));
    }
    write_to(flows, book, tx, (*id, "answered"), &Note::Answered { text: &text })?;
    say(flows, tx, (*id, "out", staff), &joined(stays.as_ref().unwrap_or(&done)))?;
    tx.stage(Write::DropJob(due_job(*id)));
    parting(tx, &row).await?;
    let about = About { left: came.left, ..about.clone() };
    let row = about.put(CaseRow { state, open: false, ..row })?;
    tx.stage(Write::Case(row.clone()));
    Ok(row)
}

/// What nobody at the desk puts in: somebody comes in by it or is known by it, or a channel lies there.
const OWN: [&str; 5] = [
    named::EMAIL,
    named::PASSWORD,
    named::BIRTH_DATE,
    named::GUARDIAN,
    crate::messages::push::CATEGORY,
];

/// Values as they should be, and those told who had them as they were.
fn correct(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (work, came): (&Work<'_>, &mut Came),
) -> Result<(), Stop> {
    let now = tx.permit().now();
    let region = tx.person().region();
    let source =
        book.source_of(SourceKind::Staff).or_else(|_| book.source_of(SourceKind::Person))?;
    let mut touched: Set<Category> = Set::EMPTY;
    for (id, given) in &work.answer.values {
        let category = book.category(id)?;
        if OWN.contains(&id.as_str()) {
            let say = "this decides who comes in and who the person is, or where they are written \
                       to; have them put it right themselves";
            return Err(Stop::invalid(format!("values.{id}"), say));
        }
        if !tx.values().iter().any(|it| it.category == category) {
            let say = "nothing of this is held that could be put right";
            return Err(Stop::invalid(format!("values.{id}"), say));
        }
        let declared = book.declared(category).filter(|it| !it.events);
        let say = "log information cannot be put right, only deleted";
        let declared = declared.ok_or_else(|| Stop::invalid(format!("values.{id}"), say))?;
        let field = format!("values.{id}");
        let what = (id.as_str(), declared.format);
        let value = value::of(book, what, (&field, given.as_str()), region.as_str())?;
        let given = Given { category, value: &value, source };
        let due = stage(flows, book, tx, &given, now)?;
        crate::retention::schedule(tx, due.as_slice());
        if id == named::PHONE {
            // Nobody proved that this one is theirs.
            let account = tx.facts().account;
            crate::account::phone_came_in(flows, book, (tx, account));
        }
        touched = touched.with(category);
    }
    if !touched.is_empty() {
        let news = News { what: What::Correct, of: touched, request: Some(work.id) };
        came.told = tell(flows, book, tx, &news)?;
    }
    Ok(())
}
