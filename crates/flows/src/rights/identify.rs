//! Knowing who asks, before anything is done: by a code to a known address, or by documents that were
//! seen and not kept.

use decide::id::RequestId;
use decide::{Act, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, Permit, Recorded, Tx, Write};
use serde_json::json;

use super::about::{About, Known, Sent, is_closing};
use super::by_address::proved;
use super::letter::Note;
use super::link::check;
use super::mail::write_to;
use super::read::{Opened, row_seen};
use super::request::is_request;
use super::state::MACHINE;
use crate::account::{named, reach};
use crate::book::Book;
use crate::engine::{Case, again};
use crate::limit::{CODE_TRIES_MAX, REQUEST_CODE_MILLIS, REQUEST_CODES_MAX};
use crate::{Flows, Secret, Stop, secret};

/// What the hash of such a code is a mark of.
const LABEL: &str = "request-code";

/// How it becomes known who asks.
#[derive(Debug)]
pub enum Identify {
    /// A code goes to the known address.
    Code,
    /// The person told the code that they were sent.
    Told(Secret),
    /// Documents were seen; nothing of them is kept.
    Documents,
    /// The person was signed in when they asked, or their guardian was: somebody takes it up.
    Take,
}

/// Staff finds out who asks, or takes up a request of which it is known.
///
/// # Errors
/// `Wrong` for a code that is not the one, `NotNow` for what cannot be done as things stand.
pub async fn identify(
    flows: &Flows,
    staff: &str,
    (id, how): (RequestId, Identify),
    now: Timestamp,
) -> Result<Recorded<Opened>, Stop> {
    let asker = Asker::new(AskerKind::Staff, staff);
    let done = again!(once(flows, (id, &how), (&asker, staff), now).await)?;
    reply(done)
}

/// The person enters the code, with the link of the mail that brought it.
///
/// # Errors
/// `Wrong` for another link or another code.
pub async fn prove(
    flows: &Flows,
    (id, token): (RequestId, &Secret),
    code: Secret,
    now: Timestamp,
) -> Result<Recorded<Opened>, Stop> {
    check(flows, id, token)?;
    let asker = Asker::new(AskerKind::Person, "self");
    let how = Identify::Told(code);
    let done = again!(once(flows, (id, &how), (&asker, ""), now).await);
    reply(done.map_err(|stop| match stop {
        Stop::NotFound | Stop::Gone | Stop::NotNow(_) => Stop::Wrong,
        other => other,
    })?)
}

fn reply(done: Done) -> Result<Recorded<Opened>, Stop> {
    match done {
        Done::Known(recorded) => Ok(*recorded),
        Done::Wrong => Err(Stop::Wrong),
    }
}

/// A wrong code is on the record too, and counted.
enum Done {
    Known(Box<Recorded<Opened>>),
    Wrong,
}

/// What is opened of the person whose request it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// What is needed to write to them.
    Reach,
    /// Everything that they would be shown themselves, where that is what they ask for.
    Shown,
}

/// A request that staff acts on, under its own right.
pub(super) async fn taken(
    flows: &Flows,
    book: &Book,
    (id, asker, wanted): (RequestId, &Asker, Wanted),
    now: Timestamp,
) -> Result<(Tx<Permit>, CaseRow), Stop> {
    let found = flows.journal().scratch().case(id).await?.filter(|(_, it)| is_request(it));
    let (person, row) = found.ok_or(Stop::NotFound)?;
    let right = Right::from_word(&row.kind).ok_or(Stop::NotFound)?;
    let act = Act::Exercise { right };
    let all = book.all_categories().without(hidden(book));
    let reads = wanted == Wanted::Shown && matches!(right, Right::Access | Right::Export);
    let wanted = if reads { all } else { reach(book) };
    let case = Case { wanted, ..Case::of(person, act, all, asker) };
    let tx = flows.permit(book, case, now).await?;
    let row = tx.case(id).await?.ok_or(Stop::NotFound)?;
    if is_closing(&row)? {
        let say = "the account is being closed; only the person can take that back";
        return Err(Stop::NotNow(say.to_owned()));
    }
    Ok((tx, row))
}

fn hidden(book: &Book) -> Set<decide::Category> {
    book.category(named::PASSWORD).map_or(Set::EMPTY, Set::of)
}

async fn once(
    flows: &Flows,
    (id, how): (RequestId, &Identify),
    (asker, staff): (&Asker, &str),
    now: Timestamp,
) -> Result<Done, Stop> {
    let book = flows.book();
    let (mut tx, row) = taken(flows, &book, (id, asker, Wanted::Reach), now).await?;
    let by = if staff.is_empty() { "person" } else { "staff" };
    let mut about = About::of(&row)?;
    let event = match how {
        Identify::Code => {
            send(flows, &book, &mut tx, (id, &mut about))?;
            "check"
        }
        Identify::Told(code) if right(flows, (id, &about), code, now)? => {
            about.identity = Some(Known::new("code", staff, now));
            about.code = None;
            if about.is_by_address() {
                proved(flows, &book, &mut tx, (id, &row))?;
            }
            "prove"
        }
        Identify::Told(_) => return wrong(tx, (row, about)).await,
        Identify::Documents => {
            about.identity = Some(Known::new("documents", staff, now));
            about.code = None;
            "see"
        }
        Identify::Take if about.identity.is_some() => "take",
        Identify::Take => {
            let say = "it is not known who asks; send a code first, or look at documents";
            return Err(Stop::NotNow(say.to_owned()));
        }
    };
    let state = MACHINE.step(&row.state, event, by)?.to_owned();
    let assigned = if staff.is_empty() { row.assigned.clone() } else { staff.to_owned() };
    let row = about.put(CaseRow { state, assigned, ..row })?;
    let opened = row_seen(tx.person(), &row, now)?;
    tx.stage(Write::Case(row));
    tx.note(json!({ "request": id.to_string(), "identity": event }));
    let owed = tx.owe(opened);
    Ok(Done::Known(Box::new(tx.record(owed).await?)))
}

/// A fresh code to the known address; the one before is void.
fn send(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (id, about): (RequestId, &mut About),
) -> Result<(), Stop> {
    let number = about.code.as_ref().map_or(0, |it| it.number).saturating_add(1);
    if number > REQUEST_CODES_MAX {
        let say = "many codes were sent already; look at documents instead, or refuse";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let code = fresh(flows, (id, about), number, tx.permit().now())?;
    let which = format!("code-{number}");
    let written = write_to(flows, book, tx, (id, &which), &Note::Code { code: code.as_str() })?;
    if !written {
        let say = "there is no address that a code could go to; look at documents";
        return Err(Stop::NotNow(say.to_owned()));
    }
    Ok(())
}

/// A code that is waited for from now on.
pub(super) fn fresh(
    flows: &Flows,
    (id, about): (RequestId, &mut About),
    number: u32,
    now: Timestamp,
) -> Result<Secret, Stop> {
    let code = secret::code(flows.vault())?;
    let until = now.plus_millis(REQUEST_CODE_MILLIS).millis();
    about.code = Some(Sent { hash: hash(flows, id, &code)?, until, tries: 0, number });
    Ok(code)
}

fn hash(flows: &Flows, id: RequestId, code: &Secret) -> Result<String, Stop> {
    let bytes = format!("{id} {}", code.as_str().trim());
    Ok(secret::hex(&flows.vault().mark(id.region(), LABEL, bytes.as_bytes())?))
}

fn right(
    flows: &Flows,
    (id, about): (RequestId, &About),
    code: &Secret,
    now: Timestamp,
) -> Result<bool, Stop> {
    let Some(sent) = &about.code else { return Ok(false) };
    let good = sent.until > now.millis() && sent.tries < CODE_TRIES_MAX;
    let given = hash(flows, id, code)?;
    let same =
        secret::same(&secret::digest(given.as_bytes()), &secret::digest(sent.hash.as_bytes()));
    Ok(good && same)
}

async fn wrong(mut tx: Tx<Permit>, (row, mut about): (CaseRow, About)) -> Result<Done, Stop> {
    if let Some(sent) = &mut about.code {
        sent.tries = sent.tries.saturating_add(1);
    }
    tx.stage(Write::Case(about.put(row)?));
    tx.note(json!({ "identity": "wrong code" }));
    let owed = tx.owe(());
    drop(tx.record(owed).await?);
    Ok(Done::Wrong)
}
