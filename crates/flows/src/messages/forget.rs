//! The end of what was written: each piece goes when it was kept for as long as the policy says, and
//! somebody who had no account goes with the last one.

use decide::id::MessageId;
use decide::{Account, Act, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, JobKind, Permit, Tx, Write};

use super::answering::MESSAGES;
use super::case::kind_of;
use super::open::{Open, TEXTS_DUE, kept_until};
use crate::engine::{Case, again};
use crate::limit::{NOTES_OF_CASE_MAX, ROWS_AT_ONCE};
use crate::{Flows, Stop};

/// Lets go what is due in a conversation.
pub(super) async fn forget(
    flows: &Flows,
    (person, id): (decide::PersonId, MessageId),
    now: Timestamp,
) -> Result<(), Stop> {
    let work = async || {
        let book = flows.book();
        let asker = Asker::new(AskerKind::System, "retention");
        let act = Act::Exercise { right: Right::Delete };
        let messages = Set::of(book.category(MESSAGES)?);
        let case = Case { wanted: Set::EMPTY, ..Case::of(person, act, messages, &asker) };
        let mut tx = flows.permit(&book, case, now).await?;
        let mut open = Open::read(flows, &tx, id).await?;
        let region = tx.person().region();
        let until = |at| kept_until(&book, region, at);
        let notes = tx.notes(id, NOTES_OF_CASE_MAX).await?;
        let due = notes.iter().filter(|it| until(it.at).is_some_and(|end| end <= now)).count();
        let next = notes.iter().filter_map(|it| until(it.at)).filter(|end| *end > now).min();
        let last = notes.iter().filter(|it| until(it.at).is_none_or(|end| end > now)).count() == 0;
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

/// Open conversations that one erasure closes: more than anybody can have begun.
const SETTLED_MAX: usize = 400;
