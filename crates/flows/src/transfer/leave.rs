//! Leaving: the values are opened under a permit of this moment, go on the record, and only then to the
//! recipient. A connected system is written to; whoever cannot be called fetches them with its key.

use decide::id::TransferId;
use decide::{Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, Permit, Recorded, Tx, Write};
use serde::Serialize;
use serde_json::json;
use zeroize::Zeroize;

use super::sending::{About, KIND, SENT, WAITING, is_over, job, known, moved};
use super::{Named, bound, named};
use crate::answer::Fields;
use crate::book::Book;
use crate::engine::{Case, again};
use crate::limit::{DELIVERY_AGAIN_MILLIS, DELIVERY_LOOK_MILLIS};
use crate::outbound::Bounds;
use crate::rights::{System, signature};
use crate::security::Caller;
use crate::{Flows, Stop};

/// What a recipient gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Sent {
    /// The id of the sending; the same however often it comes.
    pub id: String,
    /// The person.
    pub person: String,
    /// The transfer, by the id of its declaration.
    pub transfer: String,
    /// What the values may be used for, and nothing else.
    pub purpose: String,
    /// The region that they go to.
    pub to_region: String,
    /// The values.
    pub values: Fields,
}

const ASKER: (AskerKind, &str) = (AskerKind::System, "transfer");

/// The job: sends once, and says when to come again.
pub(crate) async fn leave(
    flows: &Flows,
    (id, attempts): (TransferId, u32),
    now: Timestamp,
) -> Result<(), Stop> {
    let (person, row) = known(flows, id).await?;
    let scratch = flows.journal().scratch();
    if !row.open {
        return Ok(scratch.job_done(person, &job(id)).await?);
    }
    if is_over(&row, now) {
        return again!(end(flows, (person, id, "lapse"), now).await);
    }
    let about = About::of(&row)?;
    if declared(&flows.book(), &about).is_none() {
        return again!(end(flows, (person, id, "refuse"), now).await);
    }
    let Some(system) = flows.system(&about.recipient) else {
        // Who cannot be called fetches it.
        let look = now.plus_millis(DELIVERY_LOOK_MILLIS).min(row.due);
        return Ok(scratch.job_later(person, &job(id), look).await?);
    };
    let doubled = DELIVERY_AGAIN_MILLIS.saturating_mul(1_i64 << attempts.min(12));
    let wait = now.plus_millis(doubled.min(DELIVERY_LOOK_MILLIS)).min(row.due);
    call(flows, (person, id, &system), wait, now).await
}

/// Sends to a system once; `wait` says when the next try is.
async fn call(
    flows: &Flows,
    (person, id, system): (PersonId, TransferId, &System),
    wait: Timestamp,
    now: Timestamp,
) -> Result<(), Stop> {
    let asker = Asker::new(ASKER.0, ASKER.1);
    let opened = match again!(opened(flows, (person, id, &asker), None, now).await) {
        // What was agreed to is not any more: the refusal is on the record, and it ends there.
        Err(Stop::Refused(_)) => {
            return again!(end(flows, (person, id, "refuse"), now).await);
        }
        done => done?.into_inner(),
    };
    if post(flows, system, &opened, now).await {
        return again!(end(flows, (person, id, "send"), now).await);
    }
    Ok(flows.journal().scratch().job_later(person, &job(id), wait).await?)
}

/// A recipient with a partner's key fetches what is for it.
///
/// # Errors
/// `NotFound` for what is not for it, `Refused` for what was withdrawn meanwhile.
pub async fn fetch(
    flows: &Flows,
    caller: &Caller,
    id: TransferId,
    now: Timestamp,
) -> Result<Recorded<Sent>, Stop> {
    let (person, row) = known(flows, id).await?;
    let about = About::of(&row)?;
    if !caller.is_partner() || about.recipient != caller.name() {
        return Err(Stop::NotFound);
    }
    if row.open && declared(&flows.book(), &about).is_none() {
        again!(end(flows, (person, id, "refuse"), now).await)?;
        return Err(not_declared());
    }
    // What was fetched is fetched again while its time runs: an answer can get lost on its way.
    let asker = caller.asker();
    again!(opened(flows, (person, id, &asker), Some("fetch"), now).await)
}

/// The transfer as the policy in force has it, where it still says what was asked for: the same
/// recipient, for the same purpose, to the same region. A permit is for who it names.
fn declared<'a>(book: &'a Book, about: &'a About) -> Option<Named<'a>> {
    let transfer = named(book, &about.transfer).ok()?;
    let now = transfer.declared;
    let same = now.recipient == about.recipient
        && now.purpose == about.purpose
        && now.to == about.to_region
        && book.categories(&about.categories).is_ok()
        && bound(book, &transfer).is_ok();
    same.then_some(transfer)
}

fn not_declared() -> Stop {
    Stop::NotNow("the policy in force does not send this there any more".to_owned())
}

/// Opens what is to leave, and has it recorded; with a move, the case moves on in the same outcome.
async fn opened(
    flows: &Flows,
    (person, id, asker): (PersonId, TransferId, &Asker),
    event: Option<&str>,
    now: Timestamp,
) -> Result<Recorded<Sent>, Stop> {
    let book = flows.book();
    let (_, row) = known(flows, id).await?;
    let about = About::of(&row)?;
    let transfer = declared(&book, &about).ok_or_else(not_declared)?;
    let act = transfer.act(&book, book.region(&about.to_region)?.0)?;
    let categories = book.categories(&about.categories)?;
    let mut tx = flows.permit(&book, Case::of(person, act, categories, asker), now).await?;
    let row = waiting(&tx, (id, event), now).await?;
    if let Some(event) = event {
        tx.stage(Write::Case(moved(row, (event, "recipient"))?));
        tx.stage(Write::DropJob(job(id)));
    } else if !about.tried {
        let tried = About { tried: true, ..about.clone() };
        tx.stage(Write::Case(CaseRow { about: tried.text()?, ..row }));
    }
    tx.note(json!({ "transfer": id.to_string(), "to": about.recipient }));
    let owed = flows.vault().open(&tx)?.into_pending(|opened| {
        let value = |(it, value): (_, &str)| (book.category_id(it).to_owned(), value.to_owned());
        Sent {
            id: id.to_string(),
            person: person.to_string(),
            transfer: about.transfer,
            purpose: about.purpose,
            to_region: about.to_region,
            values: Fields(opened.iter().map(value).collect()),
        }
    });
    Ok(tx.record(owed).await?)
}

/// The case, where it may leave still.
async fn waiting(
    tx: &Tx<Permit>,
    (id, event): (TransferId, Option<&str>),
    now: Timestamp,
) -> Result<CaseRow, Stop> {
    let row = tx.case(id).await?.filter(|it| it.kind == KIND).ok_or(Stop::NotFound)?;
    let leaves = row.state == WAITING || (row.state == SENT && event.is_some());
    if !leaves || is_over(&row, now) {
        return Err(Stop::NotNow("this was sent before, or does not leave any more".to_owned()));
    }
    Ok(row)
}

/// Writes to the recipient, signed, under an id that stays the same; whether it took it.
async fn post(flows: &Flows, system: &System, sent: &Sent, now: Timestamp) -> bool {
    let body = json!({ "what": KIND, "sent": sent }).to_string();
    let stamp = now.millis().div_euclid(1_000).to_string();
    let signature = signature(&system.secret, (&sent.id, &stamp), body.as_bytes());
    let headers = [
        ("content-type", "application/json"),
        ("webhook-id", sent.id.as_str()),
        ("webhook-timestamp", stamp.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    let sending = flows.indoors().post(&system.url, &headers, body.into_bytes(), Bounds::default());
    let why = match sending.await {
        Ok(reply) if (200..300).contains(&reply.status) => return true,
        Ok(reply) => format!("it answered {}", reply.status),
        Err(fault) => fault.to_string(),
    };
    tracing::warn!(system = system.id, transfer = sent.id, why, "a transfer did not arrive");
    false
}

/// It was sent, or does not leave any more.
async fn end(
    flows: &Flows,
    (person, id, event): (PersonId, TransferId, &str),
    now: Timestamp,
) -> Result<(), Stop> {
    let book = flows.book();
    let asker = Asker::new(ASKER.0, ASKER.1);
    // The case is the person's own to see, and moves whatever else may be done just now.
    let act = Act::Exercise { right: Right::Access };
    let mut tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    let row = tx.case(id).await?.ok_or(Stop::NotFound)?;
    if row.open {
        let row = moved(row, (event, "system"))?;
        tx.note(json!({ "transfer": id.to_string(), "state": row.state }));
        tx.stage(Write::Case(row));
    }
    tx.stage(Write::DropJob(job(id)));
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}
