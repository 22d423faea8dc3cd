//! Calling somebody else before time runs out.

use decide::Timestamp;
use decide::id::MessageId;
use journal::{Asker, AskerKind, JobKind, Write};

use super::desk::{Look, taken_by};
use super::open::{ESCALATE, Open, shown};
use super::outbox::{Cause, put};
use super::wording::{Note, words};
use crate::account::sender;
use crate::engine::again;
use crate::{Flows, Stop};

/// Escalates a conversation that nobody has answered: the managers hear of its number and its clock,
/// and of nothing else.
pub(super) async fn escalate(flows: &Flows, id: MessageId, now: Timestamp) -> Result<(), Stop> {
    let asker = Asker::new(AskerKind::System, "messages");
    let work = async || {
        let book = flows.book();
        let (mut tx, mut open) = taken_by(flows, &book, (&asker, id, Look::Texts), now).await?;
        tx.stage(Write::DropJob(JobKind::about(ESCALATE, id)));
        // Answered, or escalated already: this claim is a late one.
        if open.row.open && open.step("escalate", "system").is_ok() {
            open.about.escalated = Some(now.millis());
            tx.stage(open.write());
            for mail in mails(flows, &book, (&tx, &open))? {
                tx.stage(mail);
            }
            tx.note(serde_json::json!({ open.kind.word(): id.to_string(), "escalated": true }));
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

fn mails(
    flows: &Flows,
    book: &crate::Book,
    (tx, open): (&journal::Tx<journal::Permit>, &Open),
) -> Result<Vec<Write>, Stop> {
    let language = book.policy().header.main_language();
    let number = open.id.to_string();
    let due = shown(book, tx.person().region(), open.row.due);
    let link = format!("{}/console/messages/{number}", flows.settings().address);
    let note = Note::Escalated { kind: open.kind, number: &number, due: &due, link: &link };
    let signed = sender(flows, language);
    let words = words(&note, language, (&signed.0, &signed.1));
    let desk = flows.desk();
    // Somebody hears of it, also where nobody was named.
    let contact = std::slice::from_ref(&book.policy().header.contact.email);
    let managers = if desk.managers.is_empty() { contact } else { &desk.managers };
    let each = managers.iter().enumerate().map(|(place, to)| {
        let about = format!("{number}/{}/{place}", open.about.since);
        put(flows, tx, (Cause::Escalated, &about), (to, &words))
    });
    each.collect()
}
