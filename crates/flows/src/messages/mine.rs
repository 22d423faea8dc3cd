//! The conversations of a person, as the person sees them.

use decide::id::{CaseId, MessageId};
use decide::{Act, Right, Set, Timestamp};
use journal::{CaseRow, Permit, Recorded, Tx};
use serde::Serialize;
use zeroize::Zeroize;

use super::case::{About, INTERNAL, KINDS};
use super::open::{Open, Piece, pieces};
use crate::engine::{Case, again};
use crate::limit::CONVERSATIONS_PAGE;
use crate::{Acting, Flows, Stop, when};

/// A conversation in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Seen {
    /// The number of the case.
    pub id: String,
    /// `message` or `complaint`.
    pub kind: String,
    /// Where it stands.
    pub state: String,
    /// When it came in.
    pub received: String,
    /// Until when it is answered, or was to be.
    pub reply_due: String,
    /// Whether an answer is still owed.
    pub open: bool,
    /// Of a complaint that was answered, what came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<String>,
}

/// Conversations, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct List {
    /// The conversations.
    pub messages: Vec<Seen>,
    /// Where the next page begins; nothing on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// What was said once.
#[derive(Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct SaidSeen {
    /// When.
    pub at: String,
    /// `in` by the person, `out` to the person, `internal` among staff.
    pub kind: String,
    /// Who of staff wrote it; empty for the person and for our system.
    pub by: String,
    /// What.
    pub text: String,
}

/// A conversation, with what was said, oldest first.
#[derive(Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Whole {
    /// As in the list.
    #[serde(flatten)]
    pub seen: Seen,
    /// What was said.
    pub said: Vec<SaidSeen>,
}

macro_rules! say_sealed {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("‹sealed›")
            }
        }
    )+};
}
say_sealed!(SaidSeen, Whole);

pub(super) fn seen(row: &CaseRow) -> Seen {
    Seen {
        id: MessageId::from(row.id).to_string(),
        kind: row.kind.clone(),
        state: row.state.clone(),
        received: when(row.received),
        reply_due: when(row.due),
        open: row.open,
        outcome: About::of(row).outcome,
    }
}

pub(super) fn said(piece: &Piece) -> SaidSeen {
    SaidSeen {
        at: when(piece.row.at),
        kind: piece.row.kind.clone(),
        by: piece.row.author.clone(),
        text: piece.said.text.clone(),
    }
}

/// The person's conversations, newest first, page by page.
///
/// # Errors
/// `Gone` once the person is erased, `Invalid` for a cursor that is none.
pub async fn list(
    flows: &Flows,
    who: impl Into<Acting>,
    cursor: Option<&str>,
    now: Timestamp,
) -> Result<Recorded<List>, Stop> {
    let who = who.into();
    let (person, asker) = (who.person(), who.asker());
    let say = "use the cursor that the page before named";
    let none = || Stop::invalid("cursor", say);
    let before = cursor.map(|it| MessageId::parse(it).ok_or_else(none)).transpose()?;
    let work = async || {
        let book = flows.book();
        let act = Act::Exercise { right: Right::Access };
        let tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
        let rows = tx.cases(before.map(CaseId::from), CONVERSATIONS_PAGE).await?;
        let full = rows.len() == usize::try_from(CONVERSATIONS_PAGE).unwrap_or(usize::MAX);
        let next = rows.last().filter(|_| full).map(|it| MessageId::from(it.id).to_string());
        let own = rows.iter().filter(|it| is_conversation(it));
        let owed = tx.owe(List { messages: own.map(seen).collect(), next });
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}

/// A conversation with everything that was said in it, what staff noted for staff included: the
/// person's own copy of all that is held.
pub(crate) async fn copy(flows: &Flows, tx: &Tx<Permit>, row: &CaseRow) -> Result<Whole, Stop> {
    let book = flows.book();
    let all = pieces(flows, &book, tx, row.id.into()).await?;
    Ok(Whole { seen: seen(row), said: all.iter().map(said).collect() })
}

/// Whether a case is a conversation.
pub(crate) fn is_conversation(row: &CaseRow) -> bool {
    KINDS.contains(&row.kind.as_str())
}

impl Whole {
    /// The bytes of what was said.
    pub(crate) fn bytes(&self) -> usize {
        self.said.iter().fold(0, |sum, it| sum.saturating_add(it.text.len()))
    }
}

/// One conversation of the person. What staff noted for staff is not part of it.
///
/// # Errors
/// `NotFound` where the person has none with this number.
pub async fn one(
    flows: &Flows,
    who: impl Into<Acting>,
    id: MessageId,
    now: Timestamp,
) -> Result<Recorded<Whole>, Stop> {
    let who = who.into();
    let (person, asker) = (who.person(), who.asker());
    let work = async || {
        let book = flows.book();
        let act = Act::Exercise { right: Right::Access };
        let tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
        let open = Open::read(flows, &tx, id).await?;
        let all = pieces(flows, &book, &tx, id).await?;
        let shown = all.iter().filter(|it| it.row.kind != INTERNAL).map(said);
        let owed = tx.owe(Whole { seen: seen(&open.row), said: shown.collect() });
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}
