//! Asking for a right: what can be done at once is done at once, and what needs somebody to look at it
//! stands open with its deadline.

use decide::id::RequestId;
use decide::{Account, Act, Right, Timestamp};
use journal::{CaseRow, Permit, Recorded, Tx, Write};
use serde_json::json;

use super::about::{About, Known};
use super::fulfil::{Came, Wish, fulfil};
use super::letter::Note;
use super::mail::{day, write_to};
use super::open::{earlier, remind};
use super::report::report;
use super::request::{RequestSeen, seen};
use super::state::{MACHINE, RequestState, case};
use super::text::{checked, say, seal};
use crate::account::{self, Closing, reach};
use crate::book::Book;
use crate::collection::own_counts;
use crate::engine::{Case, Idempotency, again, remember};
use crate::limit::{CATEGORIES_MAX, REQUESTS_OPEN_MAX};
use crate::provisional::provisional;
use crate::{Acting, Flows, Plain, Secret, Stop};

/// A request.
#[derive(Debug, Default)]
pub struct Ask {
    /// The right's word.
    pub right: String,
    /// For an objection or a withdrawal, the purpose.
    pub purpose: Option<String>,
    /// Whether a restriction or an objection is taken back.
    pub lift: bool,
    /// For a deletion or a correction, the categories.
    pub categories: Vec<String>,
    /// What somebody has to look at: a question, what is wrong.
    pub text: Option<Plain>,
    /// The session that stays when an account is being closed.
    pub session: Option<Secret>,
    /// The client's idempotency key.
    pub idempotency: Option<Idempotency>,
}

const CREATED: u16 = 201;

/// Asks for a right.
///
/// # Errors
/// `Invalid` for what does not fit together, `NotNow` for one too many.
pub async fn ask(
    flows: &Flows,
    who: impl Into<Acting>,
    mut ask: Ask,
    now: Timestamp,
) -> Result<Recorded<RequestSeen>, Stop> {
    let who = who.into();
    let words = || Right::ALL.iter().map(|it| it.word()).collect::<Vec<_>>().join("`, `");
    let right = Right::from_word(&ask.right)
        .ok_or_else(|| Stop::invalid("right", format!("use one of `{}`", words())))?;
    ask.text = checked("text", ask.text.as_ref())?;
    flows.book().may_ask(right, who)?;
    if right == Right::CloseAccount {
        let keeps = (ask.session.as_ref(), ask.idempotency.as_ref());
        let closing = account::close(flows, who, keeps, now).await?;
        return Ok(closing.map(|it| closed(&it, now)));
    }
    fits(&flows.book(), right, &ask)?;
    flows.replayed(who.person().region(), ask.idempotency.as_ref(), now).await?;
    again!(once(flows, who, (&ask, right), now).await)
}

/// A closing, as a request is shown.
fn closed(closing: &Closing, now: Timestamp) -> RequestSeen {
    RequestSeen {
        id: closing.request.clone(),
        right: Right::CloseAccount.word().to_owned(),
        state: RequestState::Waiting.word().to_owned(),
        received: crate::when(now),
        due: closing.effective_at.clone(),
        follow: Some(closing.follow.clone()),
        ..RequestSeen::default()
    }
}

/// Whether everything is said that is needed.
fn fits(book: &Book, right: Right, ask: &Ask) -> Result<(), Stop> {
    if ask.categories.len() > CATEGORIES_MAX {
        return Err(Stop::invalid("categories", format!("name at most {CATEGORIES_MAX}")));
    }
    for id in &ask.categories {
        book.category(id)?;
    }
    if right == Right::Correct && ask.text.is_none() {
        let say = "say what is wrong; to put a value right yourself, PUT it to `/v1/me/data/…`";
        return Err(Stop::invalid("text", say));
    }
    if right == Right::Delete && ask.categories.is_empty() && ask.text.is_none() {
        let say = "name what is to go; to have everything deleted, ask for `close-account`";
        return Err(Stop::invalid("categories", say));
    }
    Ok(())
}

async fn once(
    flows: &Flows,
    who: Acting,
    (ask, right): (&Ask, Right),
    now: Timestamp,
) -> Result<Recorded<RequestSeen>, Stop> {
    let book = flows.book();
    let (person, asker) = (who.person(), who.asker());
    let act = Act::Exercise { right };
    let wanted = reach(&book);
    let mut tx = flows.permit(&book, Case::of(person, act, wanted, &asker), now).await?;
    let id = RequestId::new(person.region(), flows.journal().new_id(now));
    let wish = Wish {
        right,
        purpose: ask.purpose.as_deref(),
        lift: ask.lift,
        categories: &ask.categories,
        request: id,
    };
    let came = fulfil(flows, &book, &mut tx, &wish).await?;
    let row = received(flows, &book, &tx, (ask, &wish, &came), who)?;
    super::forget::plan(&mut tx, id);
    tx.note(json!({
        "request": id.to_string(),
        "purpose": ask.purpose,
        "lift": ask.lift,
        "categories": ask.categories,
    }));
    let answer = if needs_somebody(ask, &wish, &came) {
        wait(flows, &book, &mut tx, row).await?
    } else {
        done(flows, &book, &mut tx, (row, &wish, &came)).await?
    };
    remember((flows, &mut tx), ask.idempotency.as_ref(), CREATED, &answer)?;
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// Whether somebody has to look at it: what could not go by itself, or what is written about what is
/// held. A wish that counts at once does not wait for its reason to be read.
fn needs_somebody(ask: &Ask, wish: &Wish<'_>, came: &Came) -> bool {
    match wish.right {
        Right::Access | Right::Export | Right::Correct | Right::Delete => {
            ask.text.is_some() || !came.left.is_empty()
        }
        Right::Withdraw | Right::Restrict | Right::Object | Right::CloseAccount => false,
    }
}

/// The request as it comes in.
fn received(
    flows: &Flows,
    book: &Book,
    tx: &Tx<Permit>,
    (ask, wish, came): (&Ask, &Wish<'_>, &Came),
    who: Acting,
) -> Result<CaseRow, Stop> {
    let (person, now) = (tx.person(), tx.permit().now());
    let how = match (who.is_guardian(), tx.facts().account) {
        (true, _) => "guardian",
        (false, Account::Visitor) => "browser",
        (
            false,
            Account::Unverified
            | Account::AwaitingGuardian
            | Account::Active
            | Account::Restricted
            | Account::Closing
            | Account::Closed,
        ) => "session",
    };
    let about = About {
        purpose: ask.purpose.clone(),
        lift: ask.lift,
        categories: ask.categories.clone(),
        left: came.left.clone(),
        identity: Some(Known::new(how, "", now)),
        ..About::default()
    };
    let due = book.answer_by(wish.right, person.region(), now)?;
    let sealed = seal(flows, tx, ask.text.as_ref())?;
    about.put(case((wish.request, wish.right), RequestState::Received, (now, due), sealed))
}

/// It stands open: the person is told that it came in, and until when it is answered.
async fn wait(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    row: CaseRow,
) -> Result<RequestSeen, Stop> {
    let rows = tx.cases(None, crate::limit::ROWS_AT_ONCE).await?;
    let open = rows.iter().filter(|it| it.open && super::request::is_request(it)).count();
    if open >= REQUESTS_OPEN_MAX {
        let say =
            "you have many open requests; wait for the answer to one of them, or take it back";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let about = About { duplicate_of: earlier(tx, &row.kind).await?, ..About::of(&row)? };
    let row = about.put(row)?;
    let id = RequestId::from(row.id);
    let due = day(book, tx.person().region(), row.due);
    write_to(flows, book, tx, (id, "received"), &Note::Received { right: &row.kind, due: &due })?;
    remind(tx, &row);
    let seen = RequestSeen {
        follow: Some(super::link::link(flows, id)?),
        due_provisional: provisional(book, &row),
        ..seen(&row)?
    };
    tx.stage(Write::Case(row));
    Ok(seen)
}

/// It is done: the answer stands with it.
async fn done(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (row, wish, came): (CaseRow, &Wish<'_>, &Came),
) -> Result<RequestSeen, Stop> {
    let language = super::mail::language(flows, book, tx)?;
    let text = if is_nothing(flows, tx, wish.right).await? {
        super::report::held(&[], 0, &language)
    } else {
        report(book, (wish, came), &language)
    };
    say(flows, tx, (wish.request, "out", ""), &text)?;
    let state = MACHINE.step(&row.state, "do", "system")?;
    let row = CaseRow { state: state.to_owned(), open: false, ..row };
    let see = match wish.right {
        Right::Access => Some("/v1/me/data".to_owned()),
        Right::Export => Some("/v1/me/export".to_owned()),
        Right::Correct
        | Right::Delete
        | Right::Withdraw
        | Right::Restrict
        | Right::Object
        | Right::CloseAccount => None,
    };
    let seen = RequestSeen { answer: Some(text), see, ..seen(&row)? };
    tx.stage(Write::Case(row));
    Ok(seen)
}

/// Whether nothing is held that could be seen or taken along.
async fn is_nothing(flows: &Flows, tx: &Tx<Permit>, right: Right) -> Result<bool, Stop> {
    if !matches!(right, Right::Access | Right::Export) || !tx.values().is_empty() {
        return Ok(false);
    }
    Ok(own_counts(flows, tx, None, crate::limit::ROW_BYTES).await?.0.is_empty())
}
