//! What every verb of the desk begins with: the conversation, not closed, and the permit to work on it.

use decide::id::MessageId;
use decide::{Act, Category, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Tx};
use serde::Serialize;
use zeroize::Zeroize;

use super::super::answering::{self, answering};
use super::super::case::kind_of;
use super::super::open::Open;
use super::super::state::CLOSED;
use crate::book::Book;
use crate::engine::Case;
use crate::{Flows, Stop};

/// What of the person is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Look {
    /// All that support may see.
    Person,
    /// Where the person is answered.
    Reach,
    /// Nothing but what was written.
    Texts,
}

impl Look {
    fn categories(self, book: &Book, act: &Act) -> Set<Category> {
        let texts = answering::texts(book);
        match self {
            Self::Person => answering::seen(book, act),
            Self::Reach => texts,
            Self::Texts => texts.without(answering::reach(book)),
        }
    }
}

/// Where a conversation stands after staff did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Done {
    /// The number of the case.
    pub id: String,
    /// Where it stands now.
    pub state: String,
}

impl Done {
    pub(super) fn of(open: &Open) -> Self {
        Self { id: open.id.to_string(), state: open.row.state.clone() }
    }
}

/// A conversation and the permit to work on it.
pub(super) async fn take(
    flows: &Flows,
    book: &Book,
    (staff, id, look): (&str, MessageId, Look),
    now: Timestamp,
) -> Result<(Tx<Permit>, Open), Stop> {
    let asker = Asker::new(AskerKind::Staff, staff);
    taken_by(flows, book, (&asker, id, look), now).await
}

/// The same for the program's own work.
pub(in super::super) async fn taken_by(
    flows: &Flows,
    book: &Book,
    (asker, id, look): (&Asker, MessageId, Look),
    now: Timestamp,
) -> Result<(Tx<Permit>, Open), Stop> {
    let known = flows.journal().scratch().case(id).await?;
    let (person, known) = known.filter(|(_, row)| kind_of(row).is_ok()).ok_or(Stop::NotFound)?;
    if known.state == CLOSED {
        return Err(closed());
    }
    let done = async {
        let act = answering(flows, book, person).await?;
        let categories = look.categories(book, &act);
        let case = Case::of(person, act, categories, asker);
        let case = match look {
            Look::Texts => Case { wanted: Set::EMPTY, ..case },
            Look::Person | Look::Reach => case,
        };
        let tx = flows.permit(book, case, now).await?;
        let open = Open::read(flows, &tx, id).await?;
        if open.row.state == CLOSED { Err(closed()) } else { Ok((tx, open)) }
    };
    match done.await {
        // The texts went with the key: nobody can answer any more, and nobody need wait for it.
        Err(Stop::Gone) => {
            flows.journal().scratch().settle_case(person, id, (CLOSED, false)).await?;
            Err(Stop::Gone)
        }
        done => done,
    }
}

fn closed() -> Stop {
    let say = "this conversation is closed, and nobody reads it; it opens again when the person \
               writes";
    Stop::NotNow(say.to_owned())
}
