//! Answering: a mail in the thread, and the end of the clock.

use decide::Timestamp;
use decide::id::MessageId;
use journal::{JobKind, Permit, Recorded, Tx, Write};

use super::super::case::OUT;
use super::super::leave::{job, text};
use super::super::open::{ESCALATE, Open, QUIET, mail_ids, pieces, say};
use super::super::outbox::{Cause, put_in_thread};
use super::super::state::ANSWERED;
use super::super::tally::{self, Count};
use super::super::thread::{Thread, mail_id};
use super::super::wording::{Note, words};
use super::seat::{Done, Look, take};
use crate::account::sender;
use crate::book::Book;
use crate::engine::{Idempotency, again, remember};
use crate::limit::QUIET_MILLIS;
use crate::messages::Canned;
use crate::{Flows, Plain, Stop};

/// An answer.
#[derive(Debug)]
pub struct Reply {
    /// What is said; may be empty where an answer that is at hand is named.
    pub text: Plain,
    /// An answer that is at hand, by id: it stands before the text.
    pub answer: Option<String>,
    /// The client's idempotency key.
    pub idempotency: Option<Idempotency>,
}

const OK: u16 = 200;

/// The answers that are at hand.
pub fn canned(flows: &Flows) -> Vec<Canned> {
    flows.desk().answers.clone()
}

/// Answers.
///
/// # Errors
/// `Invalid` for an empty or overlong text, `NotNow` once the conversation is closed.
pub async fn reply(
    flows: &Flows,
    staff: &str,
    (id, ask): (MessageId, &Reply),
    now: Timestamp,
) -> Result<Recorded<Done>, Stop> {
    flows.replayed(id.region(), ask.idempotency.as_ref(), now).await?;
    let work = async || {
        let book = flows.book();
        let (mut tx, mut open) = take(flows, &book, (staff, id, Look::Reach), now).await?;
        let owed = open.row.open;
        open.step("reply", "staff")?;
        let language = open.head.as_ref().map(|it| it.language.clone()).unwrap_or_default();
        let said = given(flows, ask, &language)?;
        let number = id.to_string();
        let note = Note::Answer { kind: open.kind, number: &number, text: said.as_str() };
        send(flows, &book, (&mut tx, &open), (staff, said.as_str(), &note)).await?;
        let done = (open.row.state == ANSWERED).then(|| settle(&mut tx, &mut open));
        let counts = done
            .filter(|_| owed)
            .map(|in_time| (open.kind, tally::stage(&mut tx, id, Count::answered(in_time))));
        tx.stage(open.write());
        tx.note(serde_json::json!({ open.kind.word(): number, "answered": true }));
        let answer = Done::of(&open);
        remember((flows, &mut tx), ask.idempotency.as_ref(), OK, &answer)?;
        let pending = tx.owe(answer);
        let recorded = tx.record(pending).await.map_err(Stop::from)?;
        Ok((recorded, counts))
    };
    let (recorded, counts) = again!(work().await)?;
    tally::now(flows, counts).await;
    Ok(recorded)
}

/// What is said, with the answer that is at hand before it.
fn given(flows: &Flows, ask: &Reply, language: &str) -> Result<Plain, Stop> {
    let own = ask.text.as_str().trim();
    let Some(id) = &ask.answer else { return text("text", own) };
    let desk = flows.desk();
    let found = desk.answers.iter().find(|it| it.id == *id);
    let say = "name an answer that the configuration has, or none";
    let canned = found.ok_or_else(|| Stop::invalid("answer", say))?.in_language(language);
    text("text", format!("{canned}\n\n{own}").trim())
}

/// Stages what is said, and the mail that says it, below those before it.
pub(super) async fn send(
    flows: &Flows,
    book: &Book,
    (tx, open): (&mut Tx<Permit>, &Open),
    (staff, said, note): (&str, &str, &Note<'_>),
) -> Result<(), Stop> {
    let before = pieces(flows, book, tx, open.id).await?;
    let references = mail_ids(flows, open.id, &before)?;
    let piece = say(flows, tx, (open.id, OUT, staff), (said, None))?;
    let Some((to, language)) = open.reached(flows, book, tx)? else {
        let say = "nobody can be written to here: the person left no address";
        return Err(Stop::NotNow(say.to_owned()));
    };
    let signed = sender(flows, &language);
    let words = words(note, &language, (&signed.0, &signed.1));
    let thread = Thread { id: mail_id(flows, open.id, piece)?, references, automatic: false };
    let about = format!("{piece:032x}");
    let mail = put_in_thread(flows, tx, (Cause::Answered, &about), (to.as_str(), &words), thread)?;
    tx.stage(mail);
    Ok(())
}

/// The clock stops; answers whether in time. After quiet days the conversation is over.
pub(super) fn settle(tx: &mut Tx<Permit>, open: &mut Open) -> bool {
    let now = tx.permit().now();
    open.row.open = false;
    open.about.answered = Some(now.millis());
    tx.stage(Write::DropJob(JobKind::about(ESCALATE, open.id)));
    tx.stage(job(QUIET, open.id, now.plus_millis(QUIET_MILLIS)));
    now <= open.row.due
}
