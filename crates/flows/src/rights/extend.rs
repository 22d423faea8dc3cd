//! Taking longer: once, inside the first period, by as much as the law lets, and with a reason that
//! the person is sent.

use decide::id::RequestId;
use decide::{Right, Timestamp};
use journal::{Asker, AskerKind, CaseRow, Recorded, Write};
use serde_json::json;

use super::about::{About, Extended};
use super::identify::{Wanted, taken};
use super::letter::Note;
use super::mail::{day, write_to};
use super::open::remind;
use super::read::{Opened, row_seen};
use super::state::MACHINE;
use super::text::{checked, say};
use crate::book::Book;
use crate::engine::again;
use crate::{Flows, Plain, Stop};

/// Extends the deadline of a request.
///
/// # Errors
/// `NotNow` once the first period is over, for a request that was extended before, and where the
/// policy declares no extension; `Invalid` without a reason.
pub async fn extend(
    flows: &Flows,
    staff: &str,
    (id, why): (RequestId, Plain),
    now: Timestamp,
) -> Result<Recorded<Opened>, Stop> {
    let why = reason(&why)?;
    again!(once(flows, staff, (id, &why), now).await)
}

/// A reason is given in words.
pub(super) fn reason(why: &Plain) -> Result<Plain, Stop> {
    let say = "say why, in words that the person understands";
    checked("reason", Some(why))?.ok_or_else(|| Stop::invalid("reason", say))
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
    let state = MACHINE.step(&row.state, "extend", "staff")?.to_owned();
    let about = About::of(&row)?;
    let due = longer(&book, (&row, &about), now)?;
    let until = day(&book, tx.person().region(), due);
    let note = Note::Extended { due: &until, why: why.as_str() };
    write_to(flows, &book, &mut tx, (id, "extended"), &note)?;
    say(flows, &mut tx, (id, "out", staff), why.as_str())?;
    let first = row.due.millis();
    let extended = Some(Extended { at: now.millis(), first, by: staff.to_owned() });
    let about = About { extended, reminded: false, ..about };
    let row = about.put(CaseRow { state, due, ..row })?;
    remind(&mut tx, &row);
    let opened = row_seen(tx.person(), &row, now)?;
    tx.stage(Write::Case(row));
    tx.note(json!({ "request": id.to_string(), "extended": true }));
    let owed = tx.owe(opened);
    Ok(tx.record(owed).await?)
}

/// The longer deadline: it runs from the end of the first.
fn longer(
    book: &Book,
    (row, about): (&CaseRow, &About),
    now: Timestamp,
) -> Result<Timestamp, Stop> {
    if about.extended.is_some() {
        let say = "it was extended before, and can be only once: answer it, or refuse it";
        return Err(Stop::NotNow(say.to_owned()));
    }
    if row.due <= now {
        let say = "the first period is over; an extension has to be told before its end";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let region = row.id.region();
    let rule = Right::from_word(&row.kind).and_then(|it| book.policy().rights.get(&it));
    let more = rule.and_then(|it| it.extension.get(region.as_str()));
    let Some(more) = more else {
        let say = format!("the policy lets nobody take longer in `{region}`: answer it in time");
        return Err(Stop::NotNow(say));
    };
    let due = book.policy().due(region.as_str(), row.due, *more);
    due.map_err(|error| Stop::Broken(error.to_string()))
}
