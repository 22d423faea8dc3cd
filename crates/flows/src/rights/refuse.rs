//! Refusing a request: with a reason, the way to complain, and the authority.

use decide::id::RequestId;
use decide::{RegionCode, Timestamp};
use journal::{Asker, AskerKind, CaseRow, Recorded, Write};
use serde_json::json;

use super::extend::reason;
use super::identify::{Wanted, taken};
use super::letter::Note;
use super::mail::{language, write_to};
use super::open::{due_job, parting};
use super::read::{Opened, row_seen};
use super::state::MACHINE;
use super::text::say;
use crate::book::Book;
use crate::engine::again;
use crate::{Flows, Plain, Stop};

/// Refuses a request.
///
/// # Errors
/// `Invalid` without a reason, `NotNow` for one that is not open.
pub async fn refuse(
    flows: &Flows,
    staff: &str,
    (id, why): (RequestId, Plain),
    now: Timestamp,
) -> Result<Recorded<Opened>, Stop> {
    let why = reason(&why)?;
    again!(once(flows, staff, (id, &why), now).await)
}

async fn once(
    flows: &Flows,
    staff: &str,
    (id, why): (RequestId, &Plain),
    now: Timestamp,
) -> Result<Recorded<Opened>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::Staff, staff);
    let (mut tx, row) = taken(flows, &book, (id, &asker, Wanted::Reach), now).await?;
    let state = MACHINE.step(&row.state, "refuse", "staff")?.to_owned();
    let language = language(flows, &book, &tx)?;
    let authority = authority(&book, tx.person().region(), &language);
    let contact = &book.policy().header.contact.email;
    let note = Note::Refused { why: why.as_str(), contact, authority };
    write_to(flows, &book, &mut tx, (id, "refused"), &note)?;
    say(flows, &mut tx, (id, "out", staff), why.as_str())?;
    let row = CaseRow { state, open: false, assigned: staff.to_owned(), ..row };
    tx.stage(Write::DropJob(due_job(id)));
    parting(&mut tx, &row).await?;
    let opened = row_seen(tx.person(), &row, now)?;
    tx.stage(Write::Case(row));
    tx.note(json!({ "request": id.to_string(), "refused": true }));
    let owed = tx.owe(opened);
    Ok(tx.record(owed).await?)
}

/// Who supervises us in a region.
fn authority(book: &Book, region: RegionCode, language: &str) -> &'static str {
    let law = book.policy().regions.get(region.as_str()).map_or("", |it| it.law.word());
    crate::messages::authority(law, language)
}
