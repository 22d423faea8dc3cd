//! A message that is a complaint, as most that come by mail are not marked: it goes on with the clock of
//! complaints, from when it came in.

use decide::Timestamp;
use decide::id::MessageId;
use journal::{JobKind, Permit, Recorded, Tx, Write};

use super::super::case::{About, Kind};
use super::super::clock::clocks;
use super::super::leave::job;
use super::super::open::{ESCALATE, Open, QUIET, mail_ids, pieces, shown};
use super::super::outbox::{Cause, put_in_thread};
use super::super::thread::{Thread, mail_id};
use super::super::wording::{Note, words};
use super::seat::{Done, Look, take};
use crate::account::sender;
use crate::book::Book;
use crate::engine::again;
use crate::{Flows, Stop};

/// Makes a complaint of a message; the person is told the number and the deadline.
///
/// # Errors
/// `NotNow` for what is a complaint already, once it is closed, or where the policy takes none.
pub async fn complaint(
    flows: &Flows,
    staff: &str,
    id: MessageId,
    now: Timestamp,
) -> Result<Recorded<Done>, Stop> {
    let work = async || {
        let book = flows.book();
        let (mut tx, mut open) = take(flows, &book, (staff, id, Look::Reach), now).await?;
        if open.kind == Kind::Complaint {
            return Err(Stop::NotNow("this is a complaint already".to_owned()));
        }
        open.step("complain", "staff")?;
        open.kind = Kind::Complaint;
        Kind::Complaint.word().clone_into(&mut open.row.kind);
        open.row.state.clear();
        open.step("take-over", "staff")?;
        run(&book, &mut tx, &mut open)?;
        if open.row.assigned.is_empty() {
            staff.clone_into(&mut open.row.assigned);
        }
        tell(flows, &book, &mut tx, &open).await?;
        tx.stage(open.write());
        tx.note(serde_json::json!({ open.kind.word(): id.to_string(), "complaint": true }));
        let owed = tx.owe(Done::of(&open));
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}

/// The clock of complaints, as if it had been one from the beginning.
fn run(book: &Book, tx: &mut Tx<Permit>, open: &mut Open) -> Result<(), Stop> {
    let since = Timestamp::from_millis(open.about.since);
    let clocks = clocks(book, open.kind, tx.person().region(), since)?;
    open.row.due = clocks.due;
    open.row.open = true;
    let (since, reopened) = (open.about.since, open.about.reopened);
    open.about = About { since, reopened, ..About::default() };
    tx.stage(Write::DropJob(JobKind::about(QUIET, open.id)));
    tx.stage(match clocks.escalate {
        Some(at) => job(ESCALATE, open.id, at),
        None => Write::DropJob(JobKind::about(ESCALATE, open.id)),
    });
    Ok(())
}

/// The number and the deadline, where there is somebody to write to.
async fn tell(flows: &Flows, book: &Book, tx: &mut Tx<Permit>, open: &Open) -> Result<(), Stop> {
    let Some((to, language)) = open.reached(flows, book, tx)? else { return Ok(()) };
    let references = mail_ids(flows, open.id, &pieces(flows, book, tx, open.id).await?)?;
    let due = shown(book, tx.person().region(), open.row.due);
    let number = open.id.to_string();
    let letter = Note::Arrived { kind: open.kind, number: &number, due: &due };
    let signed = sender(flows, &language);
    let words = words(&letter, &language, (&signed.0, &signed.1));
    let piece = flows.journal().new_id(tx.permit().now());
    let thread = Thread { id: mail_id(flows, open.id, piece)?, references, automatic: true };
    let about = format!("{piece:032x}");
    let mail = put_in_thread(flows, tx, (Cause::Arrived, &about), (to.as_str(), &words), thread)?;
    tx.stage(mail);
    Ok(())
}
