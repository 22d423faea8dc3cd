//! What came of one try to hand something on that waits in the outbox, for texts and push messages.

use decide::Timestamp;
use journal::MailRow;
use tokio::task::JoinSet;

use crate::limit::MAIL_TRIES_MAX;
use crate::{Flows, Stop};

/// What came of one try.
pub(super) enum Came {
    /// It was taken.
    Accepted,
    /// It will never be taken, or is worth nothing any more.
    Over,
    /// Not now.
    Later { why: String, after: Option<u64> },
}

/// Waits for all that are being handed on; answers how many were taken. One that fails stops no other:
/// each is settled as it is sent.
pub(super) async fn settled(mut running: JoinSet<Result<bool, Stop>>) -> Result<usize, Stop> {
    let (mut accepted, mut failed) = (0_usize, None);
    while let Some(done) = running.join_next().await {
        match done.map_err(|error| Stop::Broken(error.to_string())).and_then(|it| it) {
            Ok(true) => accepted = accepted.saturating_add(1),
            Ok(false) => {}
            Err(stop) => failed = Some(stop),
        }
    }
    failed.map_or(Ok(accepted), Err)
}

/// Has it wait for the next try, twice as long each time and no less than was asked for; or gives it
/// up. `again` says what it is, and how many milliseconds the first wait is.
pub(super) async fn later(
    flows: &Flows,
    row: &MailRow,
    again: (&str, i64),
    (why, after): (&str, Option<u64>),
    now: Timestamp,
) -> Result<bool, Stop> {
    let scratch = flows.journal().scratch();
    let (what, first) = again;
    if row.attempts >= MAIL_TRIES_MAX {
        tracing::warn!(attempts = row.attempts, why, "a {what} is given up");
        scratch.mail_done(row.person, &row.cause).await?;
        return Ok(false);
    }
    tracing::info!(attempts = row.attempts, why, "a {what} waits");
    let doubled = first.saturating_mul(1_i64 << row.attempts.min(12));
    let asked = after.and_then(|it| i64::try_from(it.min(86_400)).ok());
    let wait = asked.map_or(0, |it| it.saturating_mul(1_000)).max(doubled);
    scratch.mail_later(row.person, &row.cause, now.plus_millis(wait)).await?;
    Ok(false)
}
