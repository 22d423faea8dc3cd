//! Reading a conversation, with what support may see of the person while it is open.

use decide::id::MessageId;
use decide::{PersonId, Timestamp};
use journal::Recorded;
use serde::Serialize;
use zeroize::Zeroize;

use super::super::mine::{SaidSeen, said};
use super::super::open::pieces;
use super::queue::{Row, line};
use super::seat::{Look, take};
use crate::answer::Fields;
use crate::engine::again;
use crate::{Flows, Stop};

/// A conversation as support reads it.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Conversation {
    /// As in the queue.
    #[serde(flatten)]
    pub row: Row,
    /// Whose.
    pub person: String,
    /// The language that the person writes in.
    pub language: String,
    /// What support may see of the person.
    pub values: Fields,
    /// What was said, oldest first.
    pub said: Vec<SaidSeen>,
}

impl Zeroize for Conversation {
    fn zeroize(&mut self) {
        self.values.zeroize();
        self.said.zeroize();
    }
}

impl std::fmt::Debug for Conversation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹sealed›")
    }
}

/// Reads a conversation.
///
/// # Errors
/// `NotNow` once it is closed, `Refused` where the policy permits no look at the person.
pub async fn read(
    flows: &Flows,
    staff: &str,
    id: MessageId,
    now: Timestamp,
) -> Result<Recorded<Conversation>, Stop> {
    let work = async || {
        let book = flows.book();
        let (mut tx, open) = take(flows, &book, (staff, id, Look::Person), now).await?;
        let all = pieces(flows, &book, &tx, id).await?;
        let opened = flows.vault().open(&tx)?;
        let values = opened
            .iter()
            .map(|(category, value)| (book.category_id(category).to_owned(), value.to_owned()))
            .collect();
        drop(opened);
        let conversation = Conversation {
            row: line(&open.row, now),
            person: tx.person().to_string(),
            language: open.head.as_ref().map(|it| it.language.clone()).unwrap_or_default(),
            values: Fields(values),
            said: all.iter().map(said).collect(),
        };
        tx.note(serde_json::json!({ open.kind.word(): id.to_string() }));
        let owed = tx.owe(conversation);
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}

/// Whose conversation this is: an id, and nothing of the person.
///
/// # Errors
/// `NotFound` for a number that nobody has.
pub async fn owner(flows: &Flows, id: MessageId) -> Result<PersonId, Stop> {
    flows.journal().scratch().case_owner(id).await?.ok_or(Stop::NotFound)
}
