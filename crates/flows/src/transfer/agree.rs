//! Agreeing to one transfer, and taking it back by the same act. A yes to anything else is no yes to
//! this; a no counts at once, and the recipient is asked to delete.

use std::sync::Arc;

use decide::{Act, Facts, Right, Set, Timestamp};
use journal::{Recorded, Write};

use super::list::text_hash;
use super::receipt::{Receipt, receipt};
use super::{Named, named};
use crate::answer::Json;
use crate::book::Book;
use crate::change::{Said, answered};
use crate::engine::{Case, Idempotency, again, remember};
use crate::{Acting, Flows, Stop};

/// An answer to one transfer, or a change of mind.
#[derive(Debug)]
pub struct Agree {
    /// Who answers.
    pub who: Acting,
    /// The transfer, by id.
    pub transfer: String,
    /// `given` or `refused`.
    pub choice: String,
    /// The hash of what was shown.
    pub text_hash: String,
    /// The language in which it was shown.
    pub language: String,
    /// Where it was asked: `privacy-centre`.
    pub screen: String,
    /// The client's idempotency key.
    pub idempotency: Option<Idempotency>,
}

const OK: u16 = 200;

/// Answers; the receipt says what was agreed to or taken back.
///
/// # Errors
/// `Stale` when a yes is to other words than those in force, `NotFound` for a transfer that is none of
/// the person's region.
pub async fn agree(flows: &Flows, ask: Agree, now: Timestamp) -> Result<Recorded<Json>, Stop> {
    let book = flows.book();
    let region = ask.who.person().region();
    let transfer = named(&book, &ask.transfer)?;
    if transfer.declared.from != region.as_str() {
        return Err(Stop::NotFound);
    }
    let given = match ask.choice.as_str() {
        "given" => true,
        "refused" => false,
        _ => return Err(Stop::invalid("choice", "use `given` or `refused`")),
    };
    let book = words(flows, &book, (&ask, given), now)?;
    let transfer = named(&book, &ask.transfer)?;
    flows.replayed(region, ask.idempotency.as_ref(), now).await?;
    again!(once(flows, &book, (&ask, &transfer, given), now).await)
}

/// The version whose words were shown: the one in force, or the one that is announced. A no is a no,
/// whatever was shown.
fn words(
    flows: &Flows,
    book: &Arc<Book>,
    (ask, given): (&Agree, bool),
    now: Timestamp,
) -> Result<Arc<Book>, Stop> {
    let is = |it: &Book| ask.text_hash == text_hash(it, &ask.transfer, &ask.language);
    if !given || is(book) {
        return Ok(Arc::clone(book));
    }
    crate::change::upcoming(flows, now).filter(|it| is(it)).ok_or(Stop::Stale)
}

/// Whether the policy in force sends the same to the same recipient, with the same protection, as the
/// words that were shown.
fn is_in_force(book: &Book, shown: &Named<'_>) -> bool {
    let (Ok(now), then) = (named(book, shown.id), shown.declared) else { return false };
    let now = now.declared;
    (&now.recipient, &now.purpose, &now.to) == (&then.recipient, &then.purpose, &then.to)
        && (&now.safeguards, &now.risks) == (&then.safeguards, &then.risks)
        && now.categories.iter().all(|it| then.categories.contains(it))
}

async fn once(
    flows: &Flows,
    book: &Book,
    (ask, transfer, given): (&Agree, &Named<'_>, bool),
    now: Timestamp,
) -> Result<Recorded<Json>, Stop> {
    let (who, asker) = (ask.who, ask.who.asker());
    let act = Act::Exercise { right: Right::Withdraw };
    let case = Case::of(who.person(), act, Set::EMPTY, &asker);
    let mut tx = flows.permit(&flows.book(), case, now).await?;
    let before = tx.facts().transfers;
    // Agreed under words that are announced, it would count under those in force at once.
    if given && !before.has(transfer.position) && !is_in_force(&flows.book(), transfer) {
        let say = "this transfer changes with a version of the policy that is announced: agree to it from \
                   its day on";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let after = if given {
        let purpose = Set::of(book.purpose(&transfer.declared.purpose)?);
        crate::minors::may_agree(book, (&tx, who), purpose)?;
        before.with(transfer.position)
    } else {
        before.less(transfer.position)
    };
    crate::minors::answered(&mut tx).await?;
    tx.stage(Write::Transfers(after));
    if before.has(transfer.position) && !given {
        let ended = (Set::EMPTY, Set::of(transfer.position));
        crate::rights::tell_withdrawn(flows, book, &mut tx, (ended, None)).await?;
    }
    let facts = Facts { transfers: after, ..tx.facts().clone() };
    let (to, transfers) = (Set::EMPTY, Set::of(transfer.position));
    let said = Said { to, transfers, shown: book.version(), facts };
    let change = answered(flows, &mut tx, said, now).await?;
    let shown = Receipt { book, ask, transfer, given };
    let receipt = receipt(flows, &shown, now);
    tx.note(match change {
        Some(change) => serde_json::json!({ "receipt": receipt.0, "change": change }),
        None => serde_json::json!({ "receipt": receipt.0 }),
    });
    remember((flows, &mut tx), ask.idempotency.as_ref(), OK, &receipt)?;
    let owed = tx.owe(receipt);
    Ok(tx.record(owed).await?)
}
