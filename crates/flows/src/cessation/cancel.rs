//! Calling an end off, as long as nothing was deleted.

use decide::Timestamp;

use super::body::{find, put};
use super::plan::staff;
use super::show::{Seen, one};
use super::state::MACHINE;
use crate::engine::again;
use crate::{Flows, Stop};

/// Calls an end off; whoever was told of it is told.
///
/// # Errors
/// `NotNow` once the deletion began.
pub async fn cancel(flows: &Flows, number: &str, by: &str, now: Timestamp) -> Result<Seen, Stop> {
    again!(once(flows, number, by, now).await)?;
    crate::notice::refresh(flows, now).await?;
    one(flows, number).await
}

async fn once(flows: &Flows, number: &str, by: &str, now: Timestamp) -> Result<(), Stop> {
    staff(flows, by).await?;
    let (mut round, mut body) = find(flows, number).await?;
    let state = MACHINE.step(&round.state, "cancel", "staff")?;
    state.clone_into(&mut round.state);
    round.cursor.clear();
    // Who was told nothing need not hear that nothing comes.
    round.wake = body.dates.map(|_| now);
    body.notice = 0;
    put(flows, round, &body).await
}
