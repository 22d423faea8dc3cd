//! The courier: delivers what waits in the outbox, at least once, always under the same id.

use std::path::{Path, PathBuf};

use decide::{Set, Timestamp};
use journal::{Asker, AskerKind, MailKey, MailRow, Permit, Tx};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MessageBuilder};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};
use zeroize::Zeroizing;

use super::answering::answering;
use super::outbox::{Cause, LABEL, Sheet};
use super::thread;
use crate::account::{By, proving};
use crate::engine::Case;
use crate::limit::{LAST_MAIL_MILLIS, MAIL_AGAIN_MILLIS, MAIL_TRIES_MAX, MAILS_AT_ONCE};
use crate::{Flows, Stop, secret};

/// How mail leaves.
#[derive(Clone)]
pub enum Post {
    /// By SMTP: `smtps://name:password@host`, or `smtp://host:port?tls=required`.
    Smtp(String),
    /// As `.eml` files in a folder outside the data folder, for tests and demonstrations.
    Folder(PathBuf),
    /// Not at all: what waits keeps waiting.
    Nowhere,
}

impl std::fmt::Debug for Post {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            // An address may hold a password.
            Self::Smtp(_) => f.write_str("Smtp(‹sealed›)"),
            Self::Folder(path) => write!(f, "Folder({})", path.display()),
            Self::Nowhere => f.write_str("Nowhere"),
        }
    }
}

/// The one that delivers.
pub struct Courier {
    way: Way,
}

enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
    Nowhere,
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Courier")
    }
}

impl Courier {
    /// A courier that goes this way.
    pub(crate) fn new(post: &Post) -> Result<Self, String> {
        let way = match post {
            Post::Smtp(url) => {
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
                // What the library says of an address could show the password in it.
                let wrong =
                    |_| "the address is none: write `smtps://name:password@host`".to_owned();
                Way::Smtp(transport.map_err(wrong)?.build())
            }
            Post::Folder(path) => Way::Folder(path.clone()),
            Post::Nowhere => Way::Nowhere,
        };
        Ok(Self { way })
    }

    async fn send(&self, row: &MailRow, message: Message) -> Result<(), String> {
        match &self.way {
            Way::Smtp(transport) => {
                let sent = transport.send(message).await;
                // The answer of a server may repeat the address: only its code is kept.
                sent.map(|_| ()).map_err(|error| {
                    error.status().map_or_else(|| "no connection".to_owned(), |it| it.to_string())
                })
            }
            Way::Folder(path) => store(path, row, &message.formatted()).await,
            Way::Nowhere => Err("no way is configured".to_owned()),
        }
    }
}

/// Delivers what may be delivered now; answers how many were accepted.
///
/// # Errors
/// When the outbox cannot be read.
pub async fn deliver(flows: &Flows, now: Timestamp) -> Result<usize, Stop> {
    if matches!(flows.inner.courier.way, Way::Nowhere) {
        return Ok(0);
    }
    let rows = flows.journal().scratch().claim_mail(now, MAILS_AT_ONCE).await?;
    let mut accepted = 0_usize;
    for row in rows {
        match deliver_one(flows, &row, now).await {
            Ok(true) => accepted = accepted.saturating_add(1),
            Ok(false) => {}
            Err(stop) => {
                tracing::warn!(
                    cause = word(&row),
                    attempts = row.attempts,
                    why = why(&stop),
                    "a mail waits"
                );
                later(flows, &row, now).await?;
            }
        }
    }
    Ok(accepted)
}

async fn deliver_one(flows: &Flows, row: &MailRow, now: Timestamp) -> Result<bool, Stop> {
    let scratch = flows.journal().scratch();
    let Some(cause) = Cause::of(&row.cause) else {
        scratch.mail_done(row.person, &row.cause).await?;
        return Ok(false);
    };
    if let MailKey::OneOff(key) = &row.key {
        let over = row.created.plus_millis(LAST_MAIL_MILLIS) <= now;
        if over {
            scratch.mail_done(row.person, &row.cause).await?;
            return Ok(false);
        }
        let bytes = flows.vault().open_one_off(row.person, key, &row.sealed)?;
        let bytes = super::last::whole(flows, (row, bytes), now).await?;
        send(flows, row, &bytes).await?;
        scratch.mail_done(row.person, &row.cause).await?;
        return Ok(true);
    }
    let tx = match permit(flows, row, cause, now).await {
        Ok(tx) => tx,
        // Nothing is written to whom it may not be written to any more.
        Err(Stop::Refused(_) | Stop::Gone | Stop::NotFound) => {
            scratch.mail_done(row.person, &row.cause).await?;
            return Ok(false);
        }
        Err(stop) => return Err(stop),
    };
    let bytes = flows.vault().open_note(&tx, LABEL, &row.sealed)?;
    send(flows, row, &bytes).await?;
    record(flows, row, (cause, tx), now).await?;
    scratch.mail_done(row.person, &row.cause).await?;
    Ok(true)
}

async fn permit(
    flows: &Flows,
    row: &MailRow,
    cause: Cause,
    now: Timestamp,
) -> Result<Tx<Permit>, Stop> {
    let book = flows.book();
    let act = match cause {
        // What brings somebody in who may come in.
        Cause::Code => proving(flows, &book, (row.person, By::Code)).await?,
        Cause::Arrived | Cause::Answered => answering(flows, &book, row.person).await?,
        Cause::Exists
        | Cause::NewAddress
        | Cause::Moved
        | Cause::Password
        | Cause::Closing
        | Cause::Cancelled
        | Cause::Change
        | Cause::Ending
        | Cause::Request
        | Cause::Erased
        | Cause::Guardian
        | Cause::Escalated => cause.act(&book).ok_or(Stop::Gone)?,
    };
    let asker = Asker::new(AskerKind::System, "courier");
    let email = book.category("email").map_or(Set::EMPTY, Set::of);
    let question = Case { wanted: Set::EMPTY, ..Case::of(row.person, act, email, &asker) };
    flows.permit(&book, question, now).await
}

/// The outcome of a delivery. The mail is out: when the person changed meanwhile, it is decided
/// again what to record, not whether to send.
async fn record(
    flows: &Flows,
    row: &MailRow,
    (cause, mut tx): (Cause, Tx<Permit>),
    now: Timestamp,
) -> Result<(), Stop> {
    tx.note(serde_json::json!({ "mail": row.cause, "delivered": true }));
    let owed = tx.owe(());
    match tx.record(owed).await.map_err(Stop::from) {
        Err(Stop::Conflict) => match permit(flows, row, cause, now).await {
            Ok(mut tx) => {
                tx.note(serde_json::json!({ "mail": row.cause, "delivered": true }));
                let owed = tx.owe(());
                tx.record(owed).await.map(|_| ()).map_err(Stop::from)
            }
            Err(Stop::Refused(_) | Stop::Gone) => Ok(()),
            Err(stop) => Err(stop),
        },
        done => done.map(|_| ()),
    }
}

async fn send(flows: &Flows, row: &MailRow, bytes: &Zeroizing<Vec<u8>>) -> Result<(), Stop> {
    let sheet: Sheet = serde_json::from_slice(bytes)
        .map_err(|_| Stop::Broken("a mail in the outbox cannot be read".to_owned()))?;
    let message = message(flows, row, &sheet)?;
    flows.inner.courier.send(row, message).await.map_err(Stop::NotNow)
}

fn message(flows: &Flows, row: &MailRow, sheet: &Sheet) -> Result<Message, Stop> {
    let unfit = |what: &'static str| move |_| Stop::Broken(format!("a mail has no good {what}"));
    let book = flows.book();
    let header = &book.policy().header;
    let from = header.contact.email.parse().map_err(unfit("sender"))?;
    let to = sheet.to.parse().map_err(unfit("recipient"))?;
    let from = Mailbox::new(Some(header.controller.main().to_owned()), from);
    let builder = in_thread(Message::builder(), flows, row, sheet)?;
    builder
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(sheet.subject.clone())
        .date(date(row.created))
        .header(ContentType::TEXT_PLAIN)
        .body(sheet.text.clone())
        .map_err(|_| Stop::Broken("a mail cannot be built".to_owned()))
}

/// Which mail it is, which ones stand before it, and whether a machine may answer.
fn in_thread(
    builder: MessageBuilder,
    flows: &Flows,
    row: &MailRow,
    sheet: &Sheet,
) -> Result<MessageBuilder, Stop> {
    let unfit = |_| Stop::Broken("a header of a mail has no good name".to_owned());
    let (mut builder, mut automatic) = (builder, true);
    match &sheet.thread {
        None => builder = builder.message_id(Some(message_id(flows, row))),
        Some(it) => {
            builder = builder.message_id(Some(it.id.clone()));
            automatic = it.automatic;
            if let Some(last) = it.references.last() {
                builder = builder.in_reply_to(last.clone());
                builder = builder.references(thread::references(&it.references));
            }
        }
    }
    if !automatic {
        return Ok(builder);
    }
    // RFC 3834: whoever is away does not answer it, and no two machines write to each other.
    let name = HeaderName::new_from_ascii("Auto-Submitted".to_owned()).map_err(unfit)?;
    let builder = builder.raw_header(HeaderValue::new(name, "auto-generated".to_owned()));
    // What those obey that know no RFC.
    let name = HeaderName::new_from_ascii("X-Auto-Response-Suppress".to_owned()).map_err(unfit)?;
    Ok(builder.raw_header(HeaderValue::new(name, "All".to_owned())))
}

/// The same for every try of the same cause, so that whoever gets it twice can tell.
fn message_id(flows: &Flows, row: &MailRow) -> String {
    let hash = secret::digest(format!("{} {}", row.person, row.cause).as_bytes());
    format!("<{}@{}>", hex(&hash, 16), flows.settings().origin)
}

fn date(at: Timestamp) -> std::time::SystemTime {
    let millis = u64::try_from(at.millis()).unwrap_or(0);
    std::time::UNIX_EPOCH + std::time::Duration::from_millis(millis)
}

async fn store(folder: &Path, row: &MailRow, bytes: &[u8]) -> Result<(), String> {
    let hash = secret::digest(format!("{} {}", row.person, row.cause).as_bytes());
    let name = format!("{:013}-{}", row.created.millis(), hex(&hash, 8));
    let failed = |error: std::io::Error| error.kind().to_string();
    tokio::fs::create_dir_all(folder).await.map_err(failed)?;
    // Whoever looks into the folder sees a whole mail or none.
    let half = folder.join(format!(".{name}.half"));
    tokio::fs::write(&half, bytes).await.map_err(failed)?;
    tokio::fs::rename(&half, folder.join(format!("{name}.eml"))).await.map_err(failed)
}

/// The beginning of a hash.
fn hex(hash: &[u8; 32], bytes: usize) -> String {
    secret::hex(hash.get(..bytes).unwrap_or(hash))
}

async fn later(flows: &Flows, row: &MailRow, now: Timestamp) -> Result<(), Stop> {
    let scratch = flows.journal().scratch();
    if row.attempts >= MAIL_TRIES_MAX {
        tracing::error!(cause = word(row), attempts = row.attempts, "a mail is given up");
        return Ok(scratch.mail_done(row.person, &row.cause).await?);
    }
    let doubled = MAIL_AGAIN_MILLIS.saturating_mul(1_i64 << row.attempts.min(12));
    Ok(scratch.mail_later(row.person, &row.cause, now.plus_millis(doubled)).await?)
}

/// The kind of mail, for the log: the rest of a cause could be a person's id.
fn word(row: &MailRow) -> &str {
    row.cause.split('/').next().unwrap_or("")
}

fn why(stop: &Stop) -> &str {
    match stop {
        Stop::NotNow(why) | Stop::Unreachable(why) | Stop::Broken(why) => why,
        Stop::Busy => "busy",
        Stop::Conflict => "the person changed",
        Stop::Refused(_)
        | Stop::NotFound
        | Stop::Gone
        | Stop::Invalid { .. }
        | Stop::Wrong
        | Stop::NotBound(_)
        | Stop::Taken
        | Stop::Stale
        | Stop::Full { .. }
        | Stop::Replayed { .. } => "stopped",
    }
}
