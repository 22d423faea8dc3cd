//! The end of a conversation: on the word of staff, or after quiet days.

use decide::Timestamp;
use decide::id::MessageId;
use journal::{Asker, AskerKind, JobKind, Recorded, Write};

use super::super::open::{ESCALATE, Open, QUIET};
use super::super::state::ANSWERED;
use super::super::tally::{self, Count};
use super::seat::{Done, Look, take, taken_by};
use crate::engine::again;
use crate::limit::QUIET_MILLIS;
use crate::{Flows, Stop};

/// Why a conversation is closed.
pub const CLOSED_BECAUSE: [&str; 4] = ["answered", "nothing-to-answer", "duplicate", "spam"];

/// Closes a conversation: from now on nobody reads it.
///
/// # Errors
/// `Invalid` for a reason that is none, `NotNow` for a complaint without an outcome.
pub async fn close(
    flows: &Flows,
    (staff, because): (&str, &str),
    id: MessageId,
    now: Timestamp,
) -> Result<Recorded<Done>, Stop> {
    if !CLOSED_BECAUSE.contains(&because) {
        let say = format!("use one of `{}`", CLOSED_BECAUSE.join("`, `"));
        return Err(Stop::invalid("reason", say));
    }
    let work = async || {
        let book = flows.book();
        let (mut tx, mut open) = take(flows, &book, (staff, id, Look::Texts), now).await?;
        if because == "answered" && open.row.open {
            let say = "it was not answered yet: answer it, or give another reason";
            return Err(Stop::NotNow(say.to_owned()));
        }
        let unanswered = open.row.open;
        open.step("close", "staff")?;
        shut(&mut open, because);
        // Nobody makes what was late good by closing it.
        let count = if open.row.due < now { Count::Late } else { Count::Shut };
        let counts = unanswered.then(|| (open.kind, tally::stage(&mut tx, id, count)));
        tx.stage(Write::DropJob(JobKind::about(ESCALATE, id)));
        tx.stage(Write::DropJob(JobKind::about(QUIET, id)));
        tx.stage(open.write());
        tx.note(serde_json::json!({ open.kind.word(): id.to_string(), "closed": because }));
        let owed = tx.owe(Done::of(&open));
        let recorded = tx.record(owed).await.map_err(Stop::from)?;
        Ok((recorded, counts))
    };
    let (recorded, counts) = again!(work().await)?;
    tally::now(flows, counts).await;
    Ok(recorded)
}

fn shut(open: &mut Open, because: &str) {
    open.row.open = false;
    open.about.closed = Some(because.to_owned());
}

/// Nobody wrote again for some days after the answer: the conversation is over, and what support saw
/// of the person is closed to it.
pub(in super::super) async fn quiet(
    flows: &Flows,
    id: MessageId,
    now: Timestamp,
) -> Result<(), Stop> {
    let asker = Asker::new(AskerKind::System, "messages");
    let work = async || {
        let book = flows.book();
        let look = Look::Texts;
        let (mut tx, mut open) = taken_by(flows, &book, (&asker, id, look), now).await?;
        let kind = JobKind::about(QUIET, id);
        let over = open.about.answered.map(Timestamp::from_millis);
        let over = over.map(|it| it.plus_millis(QUIET_MILLIS));
        match over.filter(|_| open.row.state == ANSWERED) {
            Some(at) if at > now => tx.stage(Write::Job { kind, due: at }),
            Some(_) => {
                open.step("close", "system")?;
                shut(&mut open, "quiet");
                tx.stage(open.write());
                tx.stage(Write::DropJob(kind));
            }
            None => tx.stage(Write::DropJob(kind)),
        }
        let owed = tx.owe(());
        tx.record(owed).await.map(drop).map_err(Stop::from)
    };
    match again!(work().await) {
        // Closed by somebody in the meantime.
        Err(Stop::NotNow(_)) => Err(Stop::Gone),
        done => done,
    }
}
