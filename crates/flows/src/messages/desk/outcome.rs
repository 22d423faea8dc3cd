//! What comes of a complaint: told with its reason, and with the name of who supervises us.

use decide::Timestamp;
use decide::id::MessageId;
use journal::Recorded;

use super::super::leave::text;
use super::super::tally::{self, Count};
use super::super::wording::{Note, Outcome, authority};
use super::reply::{send, settle};
use super::seat::{Done, Look, take};
use crate::engine::{Idempotency, again, remember};
use crate::{Flows, Plain, Stop};

/// What comes of a complaint.
#[derive(Debug)]
pub struct Decide {
    /// `upheld`, `partly` or `rejected`.
    pub outcome: String,
    /// The reason, and what is done.
    pub text: Plain,
    /// The client's idempotency key.
    pub idempotency: Option<Idempotency>,
}

const OK: u16 = 200;

/// Decides a complaint.
///
/// # Errors
/// `Invalid` without a reason, `NotNow` for what is no complaint, or is closed.
pub async fn decide(
    flows: &Flows,
    staff: &str,
    (id, ask): (MessageId, &Decide),
    now: Timestamp,
) -> Result<Recorded<Done>, Stop> {
    let say = "use `upheld`, `partly` or `rejected`";
    let outcome = Outcome::from_word(&ask.outcome).ok_or_else(|| Stop::invalid("outcome", say))?;
    let reason = text("text", ask.text.as_str())?;
    flows.replayed(id.region(), ask.idempotency.as_ref(), now).await?;
    let work = async || {
        let book = flows.book();
        let (mut tx, mut open) = take(flows, &book, (staff, id, Look::Reach), now).await?;
        open.step("decide", "staff")?;
        let language = open.head.as_ref().map(|it| it.language.clone()).unwrap_or_default();
        let region = book.policy().regions.get(id.region().as_str());
        let law = region.map_or("", |it| it.law.word());
        let number = id.to_string();
        let authority = authority(law, &language);
        let note = Note::Decided { number: &number, outcome, text: reason.as_str(), authority };
        send(flows, &book, (&mut tx, &open), (staff, reason.as_str(), &note)).await?;
        let in_time = settle(&mut tx, &mut open);
        let counts = (open.kind, tally::stage(&mut tx, id, Count::answered(in_time)));
        open.about.outcome = Some(outcome.word().to_owned());
        tx.stage(open.write());
        tx.note(serde_json::json!({ "complaint": number, "outcome": outcome.word() }));
        let answer = Done::of(&open);
        remember((flows, &mut tx), ask.idempotency.as_ref(), OK, &answer)?;
        let owed = tx.owe(answer);
        let recorded = tx.record(owed).await.map_err(Stop::from)?;
        Ok((recorded, counts))
    };
    let (recorded, counts) = again!(work().await)?;
    tally::now(flows, Some(counts)).await;
    Ok(recorded)
}
