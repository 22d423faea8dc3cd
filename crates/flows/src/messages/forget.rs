//! The end of what was written: each piece goes when it was kept for as long as the policy says, and
//! somebody who had no account goes with the last one.

use decide::id::MessageId;
use decide::{Account, Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, JobKind, Permit, Tx, Write};

use super::answering::MESSAGES;
use super::case::kind_of;
use super::open::{Open, TEXTS_DUE, kept_until};
use crate::change::known;
use crate::engine::{Case, again};
use crate::limit::{DAY_MILLIS, HOLDS_OF_ONE_MAX, NOTES_OF_CASE_MAX, ROWS_AT_ONCE};
use crate::{Flows, Stop};

/// Lets go what is due in a conversation.
pub(super) async fn forget(
    flows: &Flows,
    (person, id): (PersonId, MessageId),
    now: Timestamp,
) -> Result<(), Stop> {
    let work = async || {
        let book = flows.book();
        let asker = Asker::new(AskerKind::System, "retention");
        let act = Act::Exercise { right: Right::Delete };
        let messages = Set::of(book.category(MESSAGES)?);
        let case = Case { wanted: Set::EMPTY, ..Case::of(person, act, messages, &asker) };
        let mut tx = flows.permit(&book, case, now).await?;
        if held(flows, person).await? {
            let due = now.plus_millis(DAY_MILLIS);
            tx.stage(Write::Job { kind: JobKind::about(TEXTS_DUE, id), due });
            let owed = tx.owe(());
            return tx.record(owed).await.map(drop).map_err(Stop::from);
        }
        let mut open = Open::read(flows, &tx, id).await?;
        let known = known(flows).await?;
        let notes = tx.notes(id, NOTES_OF_CASE_MAX).await?;
        let ends: Vec<_> = notes.iter().map(|it| kept_until((&book, &known), &tx, it.at)).collect();
        let due = ends.iter().flatten().filter(|end| **end <= now).count();
        let next = ends.iter().flatten().filter(|end| **end > now).min().copied();
        let last = due == ends.len();
        if due > 0 {
            let newest = notes.iter().take(due).map(|it| it.id).max();
            tx.stage(Write::DropNotes { case: id.into(), until: newest.unwrap_or(0) });
        }
        let kind = JobKind::about(TEXTS_DUE, id);
        match next {
            Some(due) => tx.stage(Write::Job { kind, due }),
            None => tx.stage(Write::DropJob(kind)),
        }
        if last {
            end(&mut tx, &mut open).await?;
        }
        let owed = tx.owe(());
        tx.record(owed).await.map(drop).map_err(Stop::from)
    };
    again!(work().await)
}

/// Nothing of it is left: the case stands closed, and a person who was made for it goes.
async fn end(tx: &mut Tx<Permit>, open: &mut Open) -> Result<(), Stop> {
    if open.row.open {
        open.step("close", "system")?;
        open.about.closed = Some("kept for long enough".to_owned());
    }
    open.row.open = false;
    open.row.sealed = None;
    tx.stage(open.write());
    let others = tx.cases(None, 2).await?;
    if tx.facts().account == Account::Visitor && others.len() <= 1 {
        tx.stage(Write::Erase);
    }
    Ok(())
}

/// Whether a hold stands over what the person wrote: then it is kept, and used for nothing.
pub(super) async fn held(flows: &Flows, person: PersonId) -> Result<bool, Stop> {
    let holds = flows.journal().scratch().open_cases(person, "hold", HOLDS_OF_ONE_MAX).await?;
    Ok(holds.iter().filter(|it| it.state == "held").any(|it| {
        let about: serde_json::Value = serde_json::from_str(&it.about).unwrap_or_default();
        let covered = about.get("categories").and_then(serde_json::Value::as_array);
        covered.is_some_and(|all| all.iter().any(|it| it == MESSAGES))
    }))
}

/// Stages that everything goes that the person wrote and was written, and closes what is open; answers
/// whether there was anything. Nothing is staged for any other category.
pub(crate) async fn drop_texts(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    category: &str,
) -> Result<bool, Stop> {
    if category != MESSAGES {
        return Ok(false);
    }
    if held(flows, tx.person()).await? {
        let say = "a law keeps this for now, and it is used for nothing; it goes when that is over";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let (mut before, mut found) = (None, 0_usize);
    while found < SETTLED_MAX {
        let rows = tx.cases(before, ROWS_AT_ONCE).await?;
        let Some(last) = rows.last() else { break };
        before = Some(last.id);
        for row in rows.into_iter().filter(|it| it.sealed.is_some()) {
            let Ok(kind) = kind_of(&row) else { continue };
            let state = match kind.machine().step(&row.state, "erase", "person") {
                Ok(state) => state.to_owned(),
                Err(_) => row.state.clone(),
            };
            tx.stage(Write::DropNotes { case: row.id, until: u128::MAX });
            tx.stage(Write::Case(CaseRow { state, open: false, sealed: None, ..row }));
            found = found.saturating_add(1);
        }
    }
    Ok(found > 0)
}

/// When somebody is erased, nobody waits any more for an answer to them.
pub(crate) async fn settle(tx: &mut Tx<Permit>) -> Result<(), Stop> {
    let mut before = None;
    let mut settled = 0_usize;
    while settled < SETTLED_MAX {
        let rows = tx.cases(before, ROWS_AT_ONCE).await?;
        let Some(last) = rows.last() else { break };
        before = Some(last.id);
        for row in rows.into_iter().filter(|it| it.open) {
            let Ok(kind) = kind_of(&row) else { continue };
            let state = kind.machine().step(&row.state, "erase", "system")?.to_owned();
            tx.stage(Write::Case(CaseRow { state, open: false, sealed: None, ..row }));
            settled = settled.saturating_add(1);
        }
    }
    Ok(())
}

/// Conversations that one outcome closes: two writes each, beside a few others.
const SETTLED_MAX: usize = 200;
