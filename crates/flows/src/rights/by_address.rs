//! Somebody without an account asks with a form, by an address that they say is theirs. Nothing is done
//! before the code that went there came back, and nobody is told whether the address has an account.

use decide::id::RequestId;
use decide::{Account, Timestamp};
use journal::{CaseRow, Permit, Tx, Write};

use super::about::About;
use super::identify::fresh;
use super::letter::Note;
use super::mail::{day, write_at, write_to};
use super::open::{Open, due_job, open, remind};
use super::state::MACHINE;
use crate::book::Book;
use crate::limit::REQUEST_CODE_MILLIS;
use crate::messages::{received, room_today};
use crate::retention::ERASE;
use crate::security::By;
use crate::{Flows, Plain, Stop};

/// The counter of what came in so.
const FORM: &str = "requests-received";

/// Asks for a right by an address. Whatever comes of it, whoever asks learns nothing of anybody.
///
/// # Errors
/// `Invalid` for what does not fit, `Full` after too many in a day.
pub async fn ask_by_address(flows: &Flows, ask: Open, now: Timestamp) -> Result<(), Stop> {
    room_today(flows, FORM, now).await?;
    match open(flows, By::Address, ask, now).await {
        Ok(opened) => {
            received(flows, FORM, now);
            drop(opened);
            Ok(())
        }
        // Sent twice, or nothing can be asked for whoever has the address.
        Err(
            Stop::Replayed { .. }
            | Stop::Refused(_)
            | Stop::NotNow(_)
            | Stop::Gone
            | Stop::NotFound,
        ) => Ok(()),
        Err(stop) => Err(stop),
    }
}

/// Stages the code and the mail with it; answers the request as it waits. Where it does not come back,
/// nothing stays.
pub(super) fn await_code(
    flows: &Flows,
    book: &Book,
    (tx, to): (&mut Tx<Permit>, Option<(&Plain, &str)>),
    (row, mut about): (CaseRow, About),
) -> Result<CaseRow, Stop> {
    let (id, now) = (RequestId::from(row.id), tx.permit().now());
    let code = fresh(flows, (id, &mut about), 1, now)?;
    let note = Note::Code { code: code.as_str() };
    match to {
        Some(to) => write_at(flows, tx, (id, "code-1"), to, &note)?,
        None => drop(write_to(flows, book, tx, (id, "code-1"), &note)?),
    }
    tx.stage(Write::Job { kind: due_job(id), due: now.plus_millis(REQUEST_CODE_MILLIS) });
    let state = MACHINE.step(&row.state, "check", "system")?.to_owned();
    about.put(CaseRow { state, ..row })
}

/// The code came back: it is a request like any other from now on, and whoever asked hears so.
pub(super) fn proved(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (id, row): (RequestId, &CaseRow),
) -> Result<(), Stop> {
    remind(tx, row);
    let due = day(book, tx.person().region(), row.due);
    let note = Note::Received { right: &row.kind, due: &due };
    write_to(flows, book, tx, (id, "received"), &note).map(drop)
}

/// Whether nobody proved in time that the address is theirs.
pub(super) fn is_unproved(row: &CaseRow) -> Result<bool, Stop> {
    let about = About::of(row)?;
    Ok(about.is_by_address() && about.identity.is_none())
}

/// It is over, and a stranger goes with it.
pub(super) async fn lapse(tx: &mut Tx<Permit>, row: CaseRow) -> Result<(), Stop> {
    let state = MACHINE.step(&row.state, "lapse", "system")?.to_owned();
    let alone = tx.facts().account == Account::Visitor && tx.sessions().await?.is_empty();
    if alone {
        tx.stage(Write::Job { kind: ERASE, due: tx.permit().now() });
    }
    tx.stage(Write::Case(CaseRow { state, open: false, sealed: None, ..row }));
    Ok(())
}
