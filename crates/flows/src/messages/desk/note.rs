//! What staff writes for staff. It is sealed like everything else, and goes with it.

use decide::Timestamp;
use decide::id::MessageId;
use journal::Recorded;

use super::super::case::INTERNAL;
use super::super::leave::text;
use super::super::open::say;
use super::seat::{Done, Look, take};
use crate::engine::again;
use crate::{Flows, Plain, Stop};

/// Adds a note.
///
/// # Errors
/// `Invalid` for an empty or overlong one, `NotNow` once the conversation is closed.
pub async fn note(
    flows: &Flows,
    staff: &str,
    (id, given): (MessageId, Plain),
    now: Timestamp,
) -> Result<Recorded<Done>, Stop> {
    let given = text("text", given.as_str())?;
    let work = async || {
        let book = flows.book();
        let (mut tx, open) = take(flows, &book, (staff, id, Look::Texts), now).await?;
        say(flows, &mut tx, (id, INTERNAL, staff), (given.as_str(), None))?;
        tx.note(serde_json::json!({ open.kind.word(): id.to_string(), "noted": true }));
        let owed = tx.owe(Done::of(&open));
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}
