//! Approving a hold, or refusing it: never by whoever asked for it.

use decide::id::HoldId;
use decide::{Category, PersonId, Set, Timestamp};
use journal::{Permit, Recorded, Tx, Write};

use super::{About, Done, HELD, KIND, MACHINE, act, asker, close, done, place, read};
use crate::book::Book;
use crate::engine::{Case, again};
use crate::{Flows, Stop};

/// Approves a hold: from here on it stands.
///
/// # Errors
/// `NotNow` for whoever asked for it, and for one that does not wait; `Gone` for somebody erased.
pub async fn approve(
    flows: &Flows,
    staff: &str,
    id: HoldId,
    now: Timestamp,
) -> Result<Recorded<Done>, Stop> {
    again!(once(flows, staff, id, now).await)
}

async fn once(
    flows: &Flows,
    staff: &str,
    id: HoldId,
    now: Timestamp,
) -> Result<Recorded<Done>, Stop> {
    let book = flows.book();
    let (person, covered) = whose(flows, &book, id).await?;
    let asker = asker(staff);
    let mut tx = flows.permit(&book, Case::of(person, act(&book), covered, &asker), now).await?;
    let (mut row, mut about) = read(&tx, id).await?;
    let state = MACHINE.step(&row.state, "approve", "staff")?;
    debug_assert_eq!(state, HELD, "an approved hold stands");
    if about.asked_by == staff {
        let say = "it takes two: another member of staff approves what you asked for";
        return Err(Stop::NotNow(say.to_owned()));
    }
    place::free(&book, tx.facts().dues.held(), covered)?;
    for (category, sealed) in sealed(flows, &tx, (&row, covered))? {
        tx.stage(Write::Hold { category, case: row.id, sealed });
    }
    about.approved_by = Some(staff.to_owned());
    state.clone_into(&mut row.state);
    row.about = about.text();
    let answer = done(&row);
    tx.stage(Write::Case(row));
    tx.note(serde_json::json!({ "hold": answer.id, "held": about.categories }));
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// The values that are there, under the key of the hold.
fn sealed(
    flows: &Flows,
    tx: &Tx<Permit>,
    (row, covered): (&journal::CaseRow, Set<Category>),
) -> Result<Vec<(Category, journal::Sealed)>, Stop> {
    let lost = || Stop::Broken("a hold that waits has no key".to_owned());
    let key = row.own_key.as_ref().ok_or_else(lost)?;
    let mut all = Vec::new();
    for category in covered.iter() {
        if let Some(sealed) = flows.vault().hold(tx, category, key)? {
            all.push((category, sealed));
        }
    }
    Ok(all)
}

/// Refuses a hold that waits.
///
/// # Errors
/// `NotNow` for one that does not wait.
pub async fn refuse(
    flows: &Flows,
    staff: &str,
    id: HoldId,
    now: Timestamp,
) -> Result<Recorded<Done>, Stop> {
    let work = async || {
        let book = flows.book();
        let (person, _) = whose(flows, &book, id).await?;
        let asker = asker(staff);
        let case = Case::of(person, act(&book), Set::EMPTY, &asker);
        let mut tx = flows.permit(&book, case, now).await?;
        let (row, mut about) = read(&tx, id).await?;
        let state = MACHINE.step(&row.state, "refuse", "staff")?;
        about.refused_by = Some(staff.to_owned());
        let answer = close(flows, &mut tx, (row, &about), state)?;
        tx.note(serde_json::json!({ "hold": answer.id, "refused": true }));
        let owed = tx.owe(answer);
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}

/// Whose data a hold is about, and of which categories.
pub(super) async fn whose(
    flows: &Flows,
    book: &Book,
    id: HoldId,
) -> Result<(PersonId, Set<Category>), Stop> {
    let known = flows.journal().scratch().case(id).await?;
    let (person, row) = known.filter(|(_, row)| row.kind == KIND).ok_or(Stop::NotFound)?;
    Ok((person, About::of(&row).set(book)))
}
