//! Taking one's data along: everything, machine-readable. What is too much for one piece goes on in
//! the next, newest first, and a piece says so.

use std::fmt;

use decide::id::{RecordId, RequestId};
use decide::{Right, Timestamp};
use journal::{Permit, Recorded, Tx};
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;

use super::data::{gather, mark, nothing, open, open_without_values};
use super::waiting::waiting;
use super::{request, uses};
use crate::answer::Json;
use crate::book::Book;
use crate::collection::{Place, own_events};
use crate::engine::again;
use crate::limit::{EXPORT_BYTES_MAX, EXPORTS_AT_ONCE, ROW_BYTES, ROWS_AT_ONCE};
use crate::{Acting, Flows, Stop, messages, when};

/// The format's version.
const VERSION: u8 = 2;

/// What is gathered lies in memory until it is sent: few at a time, whoever asks.
static TURNS: Semaphore = Semaphore::const_new(EXPORTS_AT_ONCE);

/// Which piece of an export.
#[derive(Debug, Clone)]
pub struct Piece {
    /// Where it begins: the `next` of the piece before; nothing for the first.
    pub cursor: Option<String>,
    /// The language of titles.
    pub language: String,
    /// About how many bytes it opens at most.
    pub bytes: usize,
}

impl Piece {
    /// The first piece, of the usual size.
    pub fn first(language: &str) -> Self {
        Self { cursor: None, language: language.to_owned(), bytes: EXPORT_BYTES_MAX }
    }
}

/// Exports everything that is held, or the first piece of it.
///
/// # Errors
/// `Gone` once the person is erased.
pub async fn export(
    flows: &Flows,
    who: impl Into<Acting>,
    language: &str,
    now: Timestamp,
) -> Result<Recorded<Json>, Stop> {
    export_piece(flows, who, &Piece::first(language), now).await
}

/// Exports a piece of what is held. Each is decided and recorded by itself; values come in the first.
///
/// # Errors
/// `Gone` once the person is erased, `Invalid` for a cursor that is none.
pub async fn export_piece(
    flows: &Flows,
    who: impl Into<Acting>,
    piece: &Piece,
    now: Timestamp,
) -> Result<Recorded<Json>, Stop> {
    let who = who.into();
    let from = piece.cursor.as_deref().map(|it| At::parse(it).ok_or_else(super::no_cursor));
    let from = from.transpose()?;
    let _turn = TURNS.acquire().await.map_err(|_| Stop::Busy)?;
    again!(once(flows, who, (piece, from.clone()), now).await)
}

async fn once(
    flows: &Flows,
    who: Acting,
    (piece, from): (&Piece, Option<At>),
    now: Timestamp,
) -> Result<Recorded<Json>, Stop> {
    let book = flows.book();
    let first = from.is_none();
    let who = (who, Right::Export);
    let tx = if first {
        open(flows, &book, who, now).await?
    } else {
        open_without_values(flows, &book, who, now).await?
    };
    let mut data = if first { gather(flows, &book, &tx, &piece.language)? } else { Vec::new() };
    mark(flows, &book, &tx, &mut data).await?;
    let mut rest = Rest { left: piece.bytes, ..Rest::default() };
    let next = rest.gather((flows, &tx), from.unwrap_or(At::Requests(None))).await?;
    let none = first && next.is_none() && data.is_empty() && rest.events.is_empty();
    let none = none && rest.messages.is_empty();
    let mut export = head(&book, &tx, now);
    export.insert("complete".to_owned(), next.is_none().into());
    if let Some(next) = next {
        export.insert("next".to_owned(), next.to_string().into());
    }
    export.insert("data".to_owned(), json!(data));
    if first {
        export.insert("waiting".to_owned(), json!(waiting(flows, &book, &tx).await?));
    }
    export.insert("nothing".to_owned(), json!(nothing(none)));
    export.insert("requests".to_owned(), rest.requests.into());
    export.insert("messages".to_owned(), rest.messages.into());
    export.insert("uses".to_owned(), rest.uses.into());
    export.insert("receipts".to_owned(), rest.receipts.into());
    export.insert("events".to_owned(), rest.events.into());
    let owed = tx.owe(Json(Value::Object(export)));
    Ok(tx.record(owed).await?)
}

fn head(book: &Book, tx: &Tx<Permit>, now: Timestamp) -> Map<String, Value> {
    let facts = tx.facts();
    let account = json!({
        "id": tx.person().to_string(),
        "region": tx.person().region().as_str(),
        "state": facts.account.word(),
        "age": facts.age.word(),
        "accepted": facts.adopted,
    });
    let consents = json!({
        "given": book.purpose_ids(facts.given),
        "refused": book.purpose_ids(facts.refused),
        "objected": book.purpose_ids(facts.objected),
    });
    let policy = json!({ "version": book.version(), "hash": format!("sha256:{}", book.hash()) });
    let header = &book.policy().header;
    let fields = [
        ("kept_export", VERSION.into()),
        ("made", when(now).into()),
        ("controller", header.controller.main().into()),
        ("contact", header.contact.email.as_str().into()),
        ("policy", policy),
        ("account", account),
        ("consents", consents),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// How far an export has come: requests, then records, then log information, each newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
enum At {
    Requests(Option<RequestId>),
    Uses(Option<RecordId>),
    Events(Option<Place>),
}

impl At {
    /// Reads the text form: the part, and after what in it.
    fn parse(text: &str) -> Option<Self> {
        let (part, after) = text.split_once('.').map_or((text, None), |(it, to)| (it, Some(to)));
        match (part, after) {
            ("requests", None) => Some(Self::Requests(None)),
            ("requests", Some(it)) => RequestId::parse(it).map(|it| Self::Requests(Some(it))),
            ("uses", None) => Some(Self::Uses(None)),
            ("uses", Some(it)) => RecordId::parse(it).map(|it| Self::Uses(Some(it))),
            ("events", None) => Some(Self::Events(None)),
            ("events", Some(it)) => Place::parse(it).map(|it| Self::Events(Some(it))),
            _ => None,
        }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (part, after) = match self {
            Self::Requests(it) => ("requests", it.map(|it| it.to_string())),
            Self::Uses(it) => ("uses", it.map(|it| it.to_string())),
            Self::Events(it) => ("events", it.as_ref().map(ToString::to_string)),
        };
        match after {
            Some(after) => write!(f, "{part}.{after}"),
            None => f.write_str(part),
        }
    }
}

/// What an export holds beside the values.
#[derive(Default)]
struct Rest {
    left: usize,
    requests: Vec<Value>,
    messages: Vec<Value>,
    uses: Vec<Value>,
    receipts: Vec<Value>,
    events: Vec<Value>,
}

impl Rest {
    /// Gathers until the piece is full; answers where the next one begins.
    async fn gather(
        &mut self,
        (flows, tx): (&Flows, &Tx<Permit>),
        from: At,
    ) -> Result<Option<At>, Stop> {
        let mut at = Some(from);
        while let Some(here) = at {
            if self.left == 0 {
                return Ok(Some(here));
            }
            at = match here {
                At::Requests(before) => Some(self.requests(flows, tx, before).await?),
                At::Uses(before) => Some(self.uses(flows, tx, before).await?),
                At::Events(after) => {
                    self.events(flows, tx, after).await?.map(|it| At::Events(Some(it)))
                }
            };
            // Whoever else waits on this thread has a turn.
            tokio::task::yield_now().await;
        }
        Ok(None)
    }

    async fn requests(
        &mut self,
        flows: &Flows,
        tx: &Tx<Permit>,
        before: Option<RequestId>,
    ) -> Result<At, Stop> {
        let rows = tx.cases(before.map(Into::into), ROWS_AT_ONCE).await?;
        self.left = self.left.saturating_sub(rows.len().saturating_mul(ROW_BYTES));
        for row in &rows {
            if request::is_request(row) {
                self.requests.push(json!(request::whole(flows, tx, row).await?));
            } else if messages::is_conversation(row) {
                let whole = messages::copy(flows, tx, row).await?;
                self.left = self.left.saturating_sub(whole.bytes());
                self.messages.push(json!(whole));
            }
            if self.left == 0 {
                return Ok(At::Requests(Some(row.id.into())));
            }
        }
        Ok(rows
            .last()
            .filter(|_| full(rows.len()))
            .map_or(At::Uses(None), |it| At::Requests(Some(it.id.into()))))
    }

    async fn uses(
        &mut self,
        flows: &Flows,
        tx: &Tx<Permit>,
        before: Option<RecordId>,
    ) -> Result<At, Stop> {
        let rows = uses::read(flows, tx, (before, ROWS_AT_ONCE), false).await?;
        let last = rows.last().filter(|_| full(rows.len())).map(|it| it.record);
        for row in rows {
            self.left = self.left.saturating_sub(row.bytes);
            self.uses.extend(row.seen.iter().map(|it| json!(it)));
            self.receipts.extend(row.receipt);
        }
        Ok(last.map_or(At::Events(None), |it| At::Uses(Some(it))))
    }

    async fn events(
        &mut self,
        flows: &Flows,
        tx: &Tx<Permit>,
        after: Option<Place>,
    ) -> Result<Option<Place>, Stop> {
        let page = own_events(flows, tx, after.as_ref(), self.left).await?;
        self.events.extend(page.seen);
        if page.next.is_some() {
            self.left = 0;
        }
        Ok(page.next)
    }
}

/// Whether there may be more after so many rows.
fn full(rows: usize) -> bool {
    u32::try_from(rows).is_ok_and(|it| it >= ROWS_AT_ONCE)
}
