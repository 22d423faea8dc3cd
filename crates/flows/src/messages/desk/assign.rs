//! Who has a conversation.

use decide::Timestamp;
use decide::id::MessageId;
use journal::Recorded;

use super::seat::{Done, Look, take};
use crate::engine::again;
use crate::limit::STAFF_ID_MAX;
use crate::{Flows, Stop};

/// Gives a conversation to a member of staff.
///
/// # Errors
/// `NotNow` once it is answered or closed.
pub async fn assign(
    flows: &Flows,
    (staff, to): (&str, &str),
    id: MessageId,
    now: Timestamp,
) -> Result<Recorded<Done>, Stop> {
    if to.is_empty() || to.len() > STAFF_ID_MAX {
        return Err(Stop::invalid("to", "name the member of staff who is to have it"));
    }
    let work = async || {
        let book = flows.book();
        let (mut tx, mut open) = take(flows, &book, (staff, id, Look::Texts), now).await?;
        open.step("assign", "staff")?;
        to.clone_into(&mut open.row.assigned);
        tx.stage(open.write());
        tx.note(serde_json::json!({ open.kind.word(): id.to_string(), "assigned": to }));
        let owed = tx.owe(Done::of(&open));
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}
