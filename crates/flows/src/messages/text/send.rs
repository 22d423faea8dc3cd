//! The courier of text messages: at least once, under one id, with backoff, and not after the code in
//! it is worth nothing any more.

use std::path::Path;

use decide::{Act, Right, Set, Timestamp};
use journal::{Asker, AskerKind, MailKey, MailRow, Permit, Tx, Write};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::task::JoinSet;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::super::tried::{Came, later, settled};
use super::{Way, bound};
use crate::account::named;
use crate::book::Book;
use crate::engine::Case;
use crate::limit::{CODE_MILLIS, TEXT_AGAIN_MILLIS, TEXTS_AT_ONCE};
use crate::outbound::{Bounds, Fault};
use crate::{Flows, Stop, secret};

/// What a text is sealed as while it waits.
const LABEL: &str = "text";
const VERSION: u8 = 1;
/// What waits for another try, and how long at first.
const AGAIN: (&str, i64) = ("text", TEXT_AGAIN_MILLIS);
/// Letters of the id under which a gateway knows a text.
const ID: usize = 32;

/// What a text is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum About {
    /// A code for a person's own number.
    Phone,
    /// A code for a guardian.
    Guardian,
}

impl About {
    const fn word(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Guardian => "guardian",
        }
    }

    /// Back from the id of a cause.
    fn of(cause: &str) -> Option<Self> {
        let word = cause.split('/').nth(1)?;
        [Self::Phone, Self::Guardian].into_iter().find(|it| it.word() == word)
    }

    /// What is asked of the decision before the text is opened.
    fn asks(self, book: &Book) -> Result<(Act, Set<decide::Category>), Stop> {
        let (right, id) = match self {
            Self::Phone => (Right::Correct, named::PHONE),
            Self::Guardian => (Right::Withdraw, named::GUARDIAN),
        };
        Ok((Act::Exercise { right }, Set::of(book.category(id)?)))
    }
}

/// A text as it waits.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Sheet {
    v: u8,
    to: String,
    text: String,
}

/// Puts a text into the outbox, in the transaction of its cause, and counts it. Whoever calls it has
/// looked whether there is room.
pub(crate) fn put(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    about: About,
    (to, text): (&str, &str),
) -> Result<(), Stop> {
    bound::count(flows, tx);
    let now = tx.permit().now();
    let sheet = Sheet { v: VERSION, to: to.to_owned(), text: text.to_owned() };
    let bytes = serde_json::to_vec(&sheet).map_err(|error| Stop::Broken(error.to_string()))?;
    let sealed = flows.vault().seal_note(tx, LABEL, &Zeroizing::new(bytes))?;
    let cause = format!("text/{}/{:032x}", about.word(), flows.journal().new_id(now));
    tx.stage(Write::Mail { cause, sealed, key: MailKey::Person, not_before: now });
    Ok(())
}

/// Delivers what may be delivered now; answers how many were accepted.
///
/// # Errors
/// When the outbox cannot be read.
pub async fn deliver(flows: &Flows, now: Timestamp) -> Result<usize, Stop> {
    let Some(way) = flows.texting().way.clone() else { return Ok(0) };
    let rows = flows.journal().scratch().claim_text(now, TEXTS_AT_ONCE).await?;
    let mut running = JoinSet::new();
    for row in rows {
        let (flows, way) = (flows.clone(), way.clone());
        running.spawn(async move { one(&flows, (&row, &way), now).await });
    }
    settled(running).await
}

/// Delivers one, and settles what becomes of it.
async fn one(flows: &Flows, (row, way): (&MailRow, &Way), now: Timestamp) -> Result<bool, Stop> {
    let scratch = flows.journal().scratch();
    match attempt(flows, (row, way), now).await {
        Ok(Came::Accepted) => {
            scratch.mail_done(row.person, &row.cause).await?;
            Ok(true)
        }
        // Nothing is sent to whom nothing may be sent any more.
        Ok(Came::Over) | Err(Stop::Refused(_) | Stop::Gone | Stop::NotFound) => {
            scratch.mail_done(row.person, &row.cause).await?;
            Ok(false)
        }
        Ok(Came::Later { why, after }) => later(flows, row, AGAIN, (&why, after), now).await,
        Err(stop @ Stop::Unreachable(_)) => Err(stop),
        Err(Stop::Broken(_)) => later(flows, row, AGAIN, ("broken", None), now).await,
        Err(_) => later(flows, row, AGAIN, ("busy", None), now).await,
    }
}

async fn attempt(
    flows: &Flows,
    (row, way): (&MailRow, &Way),
    now: Timestamp,
) -> Result<Came, Stop> {
    let Some(about) = About::of(&row.cause) else { return Ok(Came::Over) };
    // A code that comes too late only costs.
    if row.created.plus_millis(CODE_MILLIS) <= now {
        return Ok(Came::Over);
    }
    let tx = permit(flows, (row, about), now).await?;
    let bytes = flows.vault().open_note(&tx, LABEL, &row.sealed)?;
    let sheet: Sheet = serde_json::from_slice(&bytes)
        .map_err(|_| Stop::Broken("a text in the outbox cannot be read".to_owned()))?;
    let came = match way {
        Way::Folder(folder) => match store(folder, row, &sheet).await {
            Ok(()) => Came::Accepted,
            Err(why) => Came::Later { why, after: None },
        },
        Way::Gateway { url, secret } => post(flows, (row, &sheet), (url, secret), now).await,
    };
    if matches!(came, Came::Accepted) {
        record(flows, (row, about), tx, now).await?;
    }
    Ok(came)
}

/// Hands a text to the gateway. Its id stays the same for each try, so that a repeat can be dropped;
/// time stamp and signature are those of the try.
async fn post(
    flows: &Flows,
    (row, sheet): (&MailRow, &Sheet),
    (url, secret): (&str, &crate::Secret),
    now: Timestamp,
) -> Came {
    let body = Zeroizing::new(json!({ "to": sheet.to, "text": sheet.text }).to_string());
    let id = format!("txt_{}", name(row));
    let stamp = now.millis().div_euclid(1_000).to_string();
    let signature = crate::rights::signature(secret, (&id, &stamp), body.as_bytes());
    let headers = [
        ("content-type", "application/json"),
        ("idempotency-key", id.as_str()),
        ("webhook-id", id.as_str()),
        ("webhook-timestamp", stamp.as_str()),
        ("webhook-signature", signature.as_str()),
    ];
    let sent = flows.indoors().post(url, &headers, body.as_bytes().to_vec(), Bounds::default());
    match sent.await {
        Ok(reply) => match reply.status {
            200..=299 => Came::Accepted,
            // What the gateway says of the text itself will not change.
            400 | 410 | 413 | 422 => {
                tracing::warn!(status = reply.status, "a gateway does not take a text");
                Came::Over
            }
            other => Came::Later { why: format!("status {other}"), after: reply.retry_after },
        },
        Err(Fault::Barred(why) | Fault::Away(why)) => {
            Came::Later { why: why.to_owned(), after: None }
        }
    }
}

async fn store(folder: &Path, row: &MailRow, sheet: &Sheet) -> Result<(), String> {
    let text = Zeroizing::new(format!("To: {}\n\n{}\n", sheet.to, sheet.text));
    let name = format!("{:013}-{}", row.created.millis(), name(row));
    let failed = |error: std::io::Error| error.kind().to_string();
    tokio::fs::create_dir_all(folder).await.map_err(failed)?;
    // Whoever looks into the folder sees a whole text or none.
    let half = folder.join(format!(".{name}.half"));
    tokio::fs::write(&half, text.as_bytes()).await.map_err(failed)?;
    tokio::fs::rename(&half, folder.join(format!("{name}.txt"))).await.map_err(failed)
}

/// The same for each try of the same text, and nobody learns from it whom it concerns.
fn name(row: &MailRow) -> String {
    let hash = secret::digest(format!("{} {}", row.person, row.cause).as_bytes());
    let mut name = secret::hex(&hash);
    name.truncate(ID);
    name
}

async fn permit(
    flows: &Flows,
    (row, about): (&MailRow, About),
    now: Timestamp,
) -> Result<Tx<Permit>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, "courier");
    let (act, categories) = about.asks(&book)?;
    let case = Case::of(row.person, act, categories, &asker);
    flows.permit(&book, Case { wanted: Set::EMPTY, ..case }, now).await
}

/// It is out: when the person changed meanwhile, what is recorded is decided again, not whether to send.
async fn record(
    flows: &Flows,
    (row, about): (&MailRow, About),
    mut tx: Tx<Permit>,
    now: Timestamp,
) -> Result<(), Stop> {
    let note = json!({ "text": row.cause, "delivered": true });
    tx.note(note.clone());
    let owed = tx.owe(());
    match tx.record(owed).await.map_err(Stop::from) {
        Err(Stop::Conflict) => match permit(flows, (row, about), now).await {
            Ok(mut tx) => {
                tx.note(note);
                let owed = tx.owe(());
                tx.record(owed).await.map(drop).map_err(Stop::from)
            }
            Err(Stop::Refused(_) | Stop::Gone) => Ok(()),
            Err(stop) => Err(stop),
        },
        done => done.map(drop),
    }
}

#[cfg(test)]
mod tests;
