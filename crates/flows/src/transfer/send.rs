//! Asking that values go to the recipient of a transfer. The decision is made at once and is on the
//! record; what it permits leaves when it is permitted still.

use decide::id::TransferId;
use decide::{Act, PersonId, Set, Timestamp};
use journal::{CaseRow, Recorded, Write};
use serde::Serialize;
use serde_json::json;
use zeroize::Zeroize;

use super::sending::{About, KIND, MACHINE, job};
use super::{Named, named};
use crate::answer::{Told, told};
use crate::book::Book;
use crate::engine::{Case, Idempotency, again, remember};
use crate::limit::{CATEGORIES_MAX, TRANSFER_MILLIS};
use crate::security::By;
use crate::{Flows, Stop};

/// Something is to be sent.
#[derive(Debug)]
pub struct Send {
    /// Whose data.
    pub person: PersonId,
    /// Under which transfer.
    pub transfer: String,
    /// Which categories; all that the transfer covers where none is named.
    pub categories: Vec<String>,
    /// The client's idempotency key.
    pub idempotency: Option<Idempotency>,
}

/// It waits to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Sending {
    /// Its id.
    pub id: String,
    /// `waiting`.
    pub state: String,
    /// To whom it goes.
    pub recipient: String,
    /// Which categories go.
    pub categories: Vec<String>,
    /// What does not, and why.
    pub refused: Vec<Told>,
}

const CREATED: u16 = 201;

/// Asks that something is sent.
///
/// # Errors
/// `Refused` where nothing of it is declared and agreed to, `NotBound` when the key may not name the
/// purpose.
pub async fn send(
    flows: &Flows,
    by: By<'_>,
    ask: &Send,
    now: Timestamp,
) -> Result<Recorded<Sending>, Stop> {
    let book = flows.book();
    let transfer = named(&book, &ask.transfer)?;
    if let By::App(caller) = by {
        crate::purpose::named(&book, caller, &transfer.declared.purpose)?;
    }
    bound(&book, &transfer)?;
    if ask.categories.len() > CATEGORIES_MAX {
        return Err(Stop::invalid("categories", format!("name at most {CATEGORIES_MAX}")));
    }
    flows.replayed(ask.person.region(), ask.idempotency.as_ref(), now).await?;
    again!(once(flows, &book, (by, ask, &transfer), now).await)
}

/// Who needs papers gets nothing where the policy names none. Whether they are in force is for whoever
/// asks to look at: there is no register of them.
pub(super) fn bound(book: &Book, transfer: &Named<'_>) -> Result<(), Stop> {
    let (policy, to) = (book.policy(), &transfer.declared.recipient);
    let needs = policy.recipients.get(to).is_some_and(|it| it.agreement);
    if !needs || policy.agreements.values().any(|it| it.recipients.contains(to)) {
        return Ok(());
    }
    let say = format!("declare the agreement with `{to}` first; nothing is sent without one");
    Err(Stop::NotNow(say))
}

/// What would be asked of the decision: to where the declaration says, whosever data it is.
fn act(book: &Book, transfer: &Named<'_>) -> Result<Act, Stop> {
    transfer.act(book, book.region(&transfer.declared.to)?.0)
}

async fn once(
    flows: &Flows,
    book: &Book,
    (by, ask, transfer): (By<'_>, &Send, &Named<'_>),
    now: Timestamp,
) -> Result<Recorded<Sending>, Stop> {
    let all = &transfer.declared.categories;
    let categories = if ask.categories.is_empty() {
        book.categories(all)?
    } else {
        book.categories(&ask.categories)?
    };
    let asker = by.asker();
    let case = Case::of(ask.person, act(book, transfer)?, categories, &asker);
    let mut tx = flows.permit(book, Case { wanted: Set::EMPTY, ..case }, now).await?;
    let permitted = tx.permit().categories();
    if !tx.values().iter().any(|it| permitted.has(it.category)) {
        return Err(Stop::NotNow(
            "nothing of this is held, so that nothing can be sent".to_owned(),
        ));
    }
    let about = About {
        transfer: transfer.id.to_owned(),
        recipient: transfer.declared.recipient.clone(),
        purpose: transfer.declared.purpose.clone(),
        to_region: transfer.declared.to.clone(),
        categories: book.category_ids(permitted),
        by: asker.kind.word().to_owned(),
        name: asker.name.clone(),
        tried: false,
    };
    let id = TransferId::new(ask.person.region(), flows.journal().new_id(now));
    let state = MACHINE.step("", "ask", "staff")?;
    let answer = Sending {
        id: id.to_string(),
        state: state.to_owned(),
        recipient: about.recipient.clone(),
        categories: about.categories.clone(),
        refused: told(tx.rules(), tx.permit().refused()),
    };
    tx.stage(Write::Case(CaseRow {
        id: id.into(),
        kind: KIND.to_owned(),
        state: state.to_owned(),
        received: now,
        due: now.plus_millis(TRANSFER_MILLIS),
        open: true,
        assigned: String::new(),
        about: about.text()?,
        sealed: None,
        own_key: None,
    }));
    tx.stage(Write::Job { kind: job(id), due: now });
    tx.note(json!({ "transfer": answer.id, "to": about.recipient }));
    remember((flows, &mut tx), ask.idempotency.as_ref(), CREATED, &answer)?;
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}
