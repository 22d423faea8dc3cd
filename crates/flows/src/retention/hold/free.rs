//! The end of a hold: staff lifts it, or its day comes. What it covered goes its way as if there had
//! been none.

use decide::id::HoldId;
use decide::{Act, Category, Set, Timestamp};
use journal::{Asker, AskerKind, Blind, Permit, Recorded, Sealed, Tx, WrappedKey, Write};

use super::{About, Done, ENDS, MACHINE, act, approve, asker, close, read};
use crate::account::named;
use crate::book::Book;
use crate::engine::{Case, again};
use crate::{Flows, Stop};

/// Who ends it, and how.
struct How<'a> {
    asker: &'a Asker,
    event: &'static str,
    by: &'static str,
}

/// Lifts a hold before its day.
///
/// # Errors
/// `NotNow` for one that does not stand.
pub async fn lift(flows: &Flows, staff: &str, id: HoldId, now: Timestamp) -> Result<Done, Stop> {
    let asker = asker(staff);
    ending(flows, &How { asker: &asker, event: "lift", by: "staff" }, id, now).await
}

/// The day of a hold came.
pub(in super::super) async fn over(flows: &Flows, id: HoldId, now: Timestamp) -> Result<(), Stop> {
    let asker = Asker::new(AskerKind::System, ENDS);
    match ending(flows, &How { asker: &asker, event: "end", by: "system" }, id, now).await {
        // Staff was faster.
        Ok(_) | Err(Stop::NotNow(_)) => Ok(()),
        Err(stop) => Err(stop),
    }
}

async fn ending(flows: &Flows, how: &How<'_>, id: HoldId, now: Timestamp) -> Result<Done, Stop> {
    let found = async |index| again!(once(flows, how, (id, index), now).await);
    let done = match found(true).await {
        // Somebody else has taken the address meanwhile: the value comes back, and does not find it.
        Err(Stop::Taken) => found(false).await,
        done => done,
    };
    match done {
        Err(Stop::Gone) => erased(flows, how, id).await,
        done => done.map(Recorded::into_inner),
    }
}

/// Over somebody who was erased: what was held goes, and there is nothing to record it under.
async fn erased(flows: &Flows, how: &How<'_>, id: HoldId) -> Result<Done, Stop> {
    let scratch = flows.journal().scratch();
    let (person, row) = scratch.case(id).await?.ok_or(Stop::NotFound)?;
    let state = MACHINE.step(&row.state, how.event, how.by)?;
    scratch.end_hold(person, id, state).await?;
    Ok(Done { id: id.to_string(), state: state.to_owned() })
}

async fn once(
    flows: &Flows,
    how: &How<'_>,
    (id, index): (HoldId, bool),
    now: Timestamp,
) -> Result<Recorded<Done>, Stop> {
    let book = flows.book();
    let (person, covered) = approve::whose(flows, &book, id).await?;
    let act: Act = act(&book);
    let mut tx = flows.permit(&book, Case::of(person, act, covered, how.asker), now).await?;
    let (row, mut about) = read(&tx, id).await?;
    let state = MACHINE.step(&row.state, how.event, how.by)?;
    if how.by == "staff" {
        about.lifted_by = Some(how.asker.name.clone());
    }
    let freed = back(flows, &book, &tx, (&row, index), now)?;
    note(&book, &mut tx, (&about, id), &freed);
    let mut dues = Vec::new();
    for (category, due, back) in freed {
        dues.extend(due.filter(|_| back.is_some()));
        tx.stage(Write::Unhold { category, back });
    }
    crate::retention::schedule(&mut tx, &dues);
    let answer = close(flows, &mut tx, (row, &about), state)?;
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// A value that comes free: when it goes, and how it is kept until then.
type Freed = (Category, Option<Timestamp>, Option<(Sealed, Option<Blind>)>);

/// What was held: what is due goes now, the rest lies under the person's key again.
fn back(
    flows: &Flows,
    book: &Book,
    tx: &Tx<Permit>,
    (row, index): (&journal::CaseRow, bool),
    now: Timestamp,
) -> Result<Vec<Freed>, Stop> {
    let mut all = Vec::new();
    for value in tx.values().iter().filter(|it| it.hold == Some(row.id)) {
        let (category, due) = (value.category, value.due);
        if due.is_some_and(|it| it <= now) {
            all.push((category, due, None));
            continue;
        }
        let lost = || Stop::Broken("a hold that stands has no key".to_owned());
        let key: &WrappedKey = row.own_key.as_ref().ok_or_else(lost)?;
        let found = index && book.declared(category).is_some_and(|it| it.lookup);
        // One account for one address, as when it came in.
        let unique = found.then(|| book.category_id(category) == named::EMAIL);
        all.push((category, due, Some(flows.vault().unhold(tx, (category, key), unique)?)));
    }
    Ok(all)
}

fn note(book: &Book, tx: &mut Tx<Permit>, (_, id): (&About, HoldId), freed: &[Freed]) {
    let ids = |gone: bool| {
        let which = freed.iter().filter(|(_, _, back)| back.is_none() == gone);
        book.category_ids(which.map(|(category, _, _)| *category).collect::<Set<Category>>())
    };
    let note = serde_json::json!({
        "hold": id.to_string(), "freed": ids(false), "deleted": ids(true),
    });
    tx.note(note);
}
