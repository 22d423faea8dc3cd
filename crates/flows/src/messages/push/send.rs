//! The courier of push messages: at least once, with backoff, many at a time, so that a slow service
//! holds up nothing else. A service that knows a browser no more has it forgotten here too.

use decide::{Act, Right, Set, Timestamp};
use journal::{Asker, AskerKind, MailKey, MailRow, Permit, Tx, Write};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use vault::Subscriber;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::super::tried::{Came, later, settled};
use super::subscribe::{held, take_out};
use crate::book::Book;
use crate::engine::{Case, again};
use crate::limit::{MAIL_AGAIN_MILLIS, PUSH_KEPT_SECONDS, PUSH_TOKEN_MILLIS, PUSHES_AT_ONCE};
use crate::outbound::{Bounds, Fault};
use crate::{Flows, Stop, secret};

/// What waits for another try, and how long at first.
const AGAIN: (&str, i64) = ("push message", MAIL_AGAIN_MILLIS);
/// What a message is sealed as while it waits.
const LABEL: &str = "push";
const VERSION: u8 = 1;
/// Letters of the name under which a push service keeps one message alone (RFC 8030, 5.4).
const TOPIC: usize = 32;

/// What is shown. It names nobody: a screen may be seen by others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Message {
    pub(crate) title: String,
    #[serde(rename = "body")]
    pub(crate) text: String,
    /// The page that it opens.
    pub(crate) url: String,
    /// A newer one with the same tag takes the place of this.
    pub(crate) tag: String,
}

/// A message as it waits, for one browser.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Sheet {
    v: u8,
    endpoint: String,
    p256dh: String,
    auth: String,
    message: String,
}

/// Puts a message into the outbox for each browser of a person, in the transaction of its cause. The
/// permit names the person's browsers.
pub(crate) fn put(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (cause, message): (&str, &Message),
) -> Result<usize, Stop> {
    let browsers = held(flows, book, tx)?;
    let broken = |error: serde_json::Error| Stop::Broken(error.to_string());
    let text = serde_json::to_string(message).map_err(broken)?;
    for browser in &browsers.0 {
        let sheet = Sheet {
            v: VERSION,
            endpoint: browser.endpoint.clone(),
            p256dh: browser.p256dh.clone(),
            auth: browser.auth.clone(),
            message: text.clone(),
        };
        let bytes = Zeroizing::new(serde_json::to_vec(&sheet).map_err(broken)?);
        let sealed = flows.vault().seal_note(tx, LABEL, &bytes)?;
        // The same browser under the same cause is the same message.
        let of = secret::digest(browser.endpoint.as_bytes());
        let of = secret::hex(of.get(..4).unwrap_or_default());
        let not_before = tx.permit().now();
        let cause = format!("push/{cause}/{of}");
        tx.stage(Write::Mail { cause, sealed, key: MailKey::Person, not_before });
    }
    Ok(browsers.0.len())
}

/// Delivers what may be delivered now; answers how many were accepted.
///
/// # Errors
/// When the outbox cannot be read.
pub async fn deliver(flows: &Flows, now: Timestamp) -> Result<usize, Stop> {
    let rows = flows.journal().scratch().claim_push(now, PUSHES_AT_ONCE).await?;
    let mut running = JoinSet::new();
    for row in rows {
        let flows = flows.clone();
        running.spawn(async move { one(&flows, &row, now).await });
    }
    settled(running).await
}

/// Delivers one, and settles what becomes of it.
async fn one(flows: &Flows, row: &MailRow, now: Timestamp) -> Result<bool, Stop> {
    let scratch = flows.journal().scratch();
    match attempt(flows, row, now).await {
        Ok(Came::Accepted) => {
            scratch.mail_done(row.person, &row.cause).await?;
            Ok(true)
        }
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

async fn attempt(flows: &Flows, row: &MailRow, now: Timestamp) -> Result<Came, Stop> {
    let tx = permit(flows, row, now).await?;
    let bytes = flows.vault().open_note(&tx, LABEL, &row.sealed)?;
    let sheet: Sheet = serde_json::from_slice(&bytes)
        .map_err(|_| Stop::Broken("a push message cannot be read".to_owned()))?;
    // A browser that was taken out meanwhile is not written to.
    let known = held(flows, &flows.book(), &tx)?.0.iter().any(|it| it.endpoint == sheet.endpoint);
    let to = Subscriber::parse(&sheet.p256dh, &sheet.auth).filter(|_| known);
    let Some(to) = to else { return Ok(Came::Over) };
    let body = flows.vault().seal_push(&to, sheet.message.as_bytes())?;
    let said = authorization(flows, &sheet.endpoint, now)?;
    let (topic, kept) = (topic(row), PUSH_KEPT_SECONDS.to_string());
    let headers = [
        ("content-type", "application/octet-stream"),
        ("content-encoding", "aes128gcm"),
        ("ttl", kept.as_str()),
        ("urgency", "normal"),
        ("topic", topic.as_str()),
        ("authorization", said.as_str()),
    ];
    let reply = flows.outbound().post(&sheet.endpoint, &headers, body, Bounds::default()).await;
    match reply {
        Ok(reply) => match reply.status {
            200..=299 => {
                record(flows, row, tx, now).await?;
                Ok(Came::Accepted)
            }
            // The browser took its permission back, or is gone for good.
            404 | 410 => {
                drop(tx);
                let asker = Asker::new(AskerKind::System, "push");
                let taken = (row.person, sheet.endpoint.as_str());
                match again!(take_out(flows, taken, &asker, now).await) {
                    Ok(recorded) => drop(recorded.into_inner()),
                    Err(Stop::NotFound) => {}
                    Err(stop) => return Err(stop),
                }
                Ok(Came::Over)
            }
            408 | 429 | 500..=599 => Ok(Came::Later {
                why: format!("status {}", reply.status),
                after: reply.retry_after,
            }),
            other => {
                tracing::warn!(status = other, "a push service does not take a message");
                Ok(Came::Over)
            }
        },
        Err(Fault::Barred(_)) => Ok(Came::Over),
        Err(Fault::Away(why)) => Ok(Came::Later { why: why.to_owned(), after: None }),
    }
}

async fn permit(flows: &Flows, row: &MailRow, now: Timestamp) -> Result<Tx<Permit>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, "push");
    let category = Set::of(book.category(super::CATEGORY)?);
    let act = Act::Exercise { right: Right::Access };
    flows.permit(&book, Case::of(row.person, act, category, &asker), now).await
}

/// It is out: when the person changed meanwhile, what is recorded is decided again, not whether to send.
async fn record(
    flows: &Flows,
    row: &MailRow,
    mut tx: Tx<Permit>,
    now: Timestamp,
) -> Result<(), Stop> {
    let note = serde_json::json!({ "mail": row.cause, "delivered": true });
    tx.note(note.clone());
    let owed = tx.owe(());
    match tx.record(owed).await.map_err(Stop::from) {
        Err(Stop::Conflict) => {
            let mut tx = permit(flows, row, now).await?;
            tx.note(note);
            let owed = tx.owe(());
            tx.record(owed).await.map(drop).map_err(Stop::from)
        }
        done => done.map(drop),
    }
}

/// Who sends: a token for the service that the browser named, signed with the key that it knows
/// (RFC 8292).
fn authorization(flows: &Flows, endpoint: &str, now: Timestamp) -> Result<String, Stop> {
    let url = url::Url::parse(endpoint).map_err(|_| Stop::NotFound)?;
    let expires = now.plus_millis(PUSH_TOKEN_MILLIS).millis().div_euclid(1_000);
    let book = flows.book();
    let claims = serde_json::json!({
        "aud": url.origin().ascii_serialization(),
        "exp": expires,
        "sub": format!("mailto:{}", book.policy().header.contact.email),
    });
    let token = flows.vault().push_token(claims.to_string().as_bytes())?;
    Ok(format!("vapid t={token}, k={}", flows.vault().push_key()?))
}

/// The same for each try of the same message: the service keeps one of them.
fn topic(row: &MailRow) -> String {
    let hash = secret::digest(format!("{} {}", row.person, row.cause).as_bytes());
    let mut name = secret::hex(&hash);
    name.truncate(TOPIC);
    name
}
