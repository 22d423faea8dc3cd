//! What an erasure brings with it, in its own outcome: everybody who has something of the person is
//! told, the log attests it, and the last mail waits for the proof.

use decide::Right;
use decide::id::RequestId;
use journal::{CaseRow, Permit, Tx, Write};

use super::about::About;
use super::certificate::attest;
use super::letter::Note;
use super::mail::write_last;
use super::request::is_request;
use super::state::{MACHINE, RequestState};
use super::tell::tell_erasure;
use crate::book::Book;
use crate::limit::ROWS_AT_ONCE;
use crate::{Flows, Stop};

/// What stands in the last mail where the certificate will.
pub(crate) const PLACE: &str = "{certificate}";

/// Stages everything that an erasure is, with a request that waits for it or without one; answers
/// the request as it stands from then on.
pub(crate) async fn stage_erasure(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    request: Option<CaseRow>,
) -> Result<Option<CaseRow>, Stop> {
    let id = request.as_ref().map(|it| RequestId::from(it.id));
    let told = tell_erasure(flows, book, tx, id).await?;
    let mut after = None;
    if let Some((row, id)) = request.zip(id) {
        // The certificate takes its place when the log has it.
        write_last(flows, book, tx, (id, &Note::Erased { certificate: PLACE }))?;
        let texts = crate::messages::kept_by_hold(flows, tx).await?;
        let attested = attest(flows, book, tx, (Some(id), texts))?;
        let about = About { attested: Some(attested), ..About::of(&row)? };
        let mut state = MACHINE.step(&row.state, "erase", "system")?;
        let mut due = row.due;
        if told == 0 {
            state = MACHINE.step(state, "told", "system")?;
        } else {
            // A year that the calendar does not have yet keeps nobody from being erased.
            let (region, now) = (tx.person().region(), tx.permit().now());
            due = book.answer_by(Right::CloseAccount, region, now).unwrap_or(now);
        }
        let open = state != RequestState::Done.word();
        let row = CaseRow { state: state.to_owned(), open, due, sealed: None, ..row };
        let row = about.put(row)?;
        tx.stage(Write::Case(row.clone()));
        after = Some(row);
    }
    others_settle(tx, id).await?;
    crate::messages::settle(tx).await?;
    crate::minors::settle(tx).await?;
    tx.stage(Write::Erase);
    Ok(after)
}

/// Other requests of the person have nothing left that they could be about.
async fn others_settle(tx: &mut Tx<Permit>, kept: Option<RequestId>) -> Result<(), Stop> {
    let rows = tx.cases(None, ROWS_AT_ONCE).await?;
    let open = rows.into_iter().filter(|it| it.open && is_request(it));
    for row in open.filter(|it| Some(RequestId::from(it.id)) != kept) {
        let state = MACHINE.step(&row.state, "gone", "system")?.to_owned();
        tx.stage(Write::Case(CaseRow { state, open: false, sealed: None, ..row }));
    }
    Ok(())
}
