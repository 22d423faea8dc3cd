//! Legal holds: what a court or a law tells us to keep is set apart under a key of its own, on a ground
//! and until a day, and used for nothing else. It takes two members of staff.
//!
//! A hold is a case with its own key. What comes out of it is a disclosure, and goes another way.

mod approve;
mod copy;
mod free;
mod list;
mod place;
mod seen;

use decide::id::{CaseId, HoldId};
use decide::{Act, Category, PersonId, Right, Set};
use journal::{Asker, AskerKind, CaseRow, JobKind, Permit, Sealed, Tx, WrappedKey, Write};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::book::Book;
use crate::machine::{Machine, Move};
use crate::{Flows, Stop};

pub use approve::{approve, refuse};
pub(super) use copy::before_drop;
pub(crate) use copy::before_erasing;
pub use free::lift;
pub(super) use free::over;
pub use list::{Line, Lines, holds, one};
pub use place::{Place, place};
pub use seen::OnHold;
pub(crate) use seen::on_hold;

/// The kind of such a case.
pub(crate) const KIND: &str = "hold";
/// The word of the job that ends a hold on its day. It outlives the person.
const ENDS: &str = "hold-ends";
/// As what the texts of a hold are sealed.
const TEXTS: &str = "hold";
/// As what copied log information is sealed.
const COPIED: &str = "held-events";
/// As what copied pieces of conversations are sealed.
const WRITTEN: &str = "held-messages";

/// One member of staff asked for it; another has to approve. Nothing is held yet.
const ASKED: &str = "asked";
/// It stands.
const HELD: &str = "held";
/// Nobody approved.
const REFUSED: &str = "refused";
/// Nobody approved before its day.
const LAPSED: &str = "lapsed";
/// Staff lifted it.
const LIFTED: &str = "lifted";
/// Its day came.
const ENDED: &str = "ended";

const FREE: &str = "what is not due is sealed under the person's key again; what is due, or whose person \
                    was erased, is deleted at once; the hold's key and its copies are destroyed";

/// How a hold moves.
pub const MACHINE: Machine = Machine {
    name: "hold",
    moves: &[
        Move::of(
            "",
            "ask",
            "staff",
            (ASKED, "nothing is held until another member of staff approves"),
            UNTIL,
        ),
        Move::of(
            ASKED,
            "approve",
            "staff",
            (
                HELD,
                "never by whoever asked; the values are sealed under the hold's key in their place, \
                 nothing finds or uses them, the sweeper and an erasure pass over them",
            ),
            UNTIL,
        ),
        Move::of(
            ASKED,
            "refuse",
            "staff",
            (REFUSED, "nothing was held; the texts are destroyed"),
            "",
        ),
        Move::of(ASKED, "end", "system", (LAPSED, "nothing was held; the texts are destroyed"), ""),
        Move::of(HELD, "lift", "staff", (LIFTED, FREE), ""),
        Move::of(HELD, "end", "system", (ENDED, FREE), ""),
    ],
};

const UNTIL: &str = "until the hold's end date, by a durable job";

/// What stands in clear beside a hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
struct About {
    /// The categories that it covers, by id.
    categories: Vec<String>,
    /// Who asked for it.
    asked_by: String,
    /// Who approved it, refused it or lifted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    approved_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refused_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifted_by: Option<String>,
}

impl About {
    fn of(row: &CaseRow) -> Self {
        serde_json::from_str(&row.about).unwrap_or_default()
    }

    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn set(&self, book: &Book) -> Set<Category> {
        let names = book.rules().vocabulary();
        self.categories.iter().filter_map(|it| names.category(it)).collect()
    }
}

/// What a hold says of itself. Sealed under its key, because a reference may name somebody.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Texts {
    ground: String,
    reference: String,
    authority: String,
}

impl Texts {
    fn seal(&self, flows: &Flows, whose: (PersonId, &WrappedKey)) -> Result<Sealed, Stop> {
        let text = serde_json::to_vec(self).map_err(|it| Stop::Broken(it.to_string()))?;
        let text = zeroize::Zeroizing::new(text);
        Ok(flows.vault().seal_for_hold(whose, TEXTS, &text)?)
    }

    fn open(flows: &Flows, person: PersonId, row: &CaseRow) -> Result<Self, Stop> {
        let (Some(key), Some(sealed)) = (&row.own_key, &row.sealed) else {
            return Ok(Self::default());
        };
        let text = flows.vault().open_of_hold((person, key), TEXTS, sealed)?;
        serde_json::from_slice(&text).map_err(|it| Stop::Broken(it.to_string()))
    }
}

/// Where a hold stands after staff did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct Done {
    /// Its id.
    pub id: String,
    /// Where it stands now.
    pub state: String,
}

fn done(row: &CaseRow) -> Done {
    Done { id: HoldId::from(row.id).to_string(), state: row.state.clone() }
}

fn asker(staff: &str) -> Asker {
    Asker::new(AskerKind::Staff, staff)
}

/// The act of holding: it restricts what the person's data is used for, and lets nothing out. What is
/// held stays within reach of it.
fn act(book: &Book) -> Act {
    let restrict = book.policy().rights.contains_key(&Right::Restrict);
    Act::Exercise { right: if restrict { Right::Restrict } else { Right::Access } }
}

fn ends(id: CaseId) -> JobKind {
    JobKind::about(ENDS, HoldId::from(id))
}

/// The hold of such a job.
pub(super) fn ended(kind: &JobKind) -> Option<HoldId> {
    let (word, id) = kind.as_str().split_once('/')?;
    HoldId::parse(id).filter(|_| word == ENDS)
}

/// The hold as it stands, and who asked for it.
async fn read(tx: &Tx<Permit>, id: HoldId) -> Result<(CaseRow, About), Stop> {
    let row = tx.case(id).await?.filter(|it| it.kind == KIND).ok_or(Stop::NotFound)?;
    let about = About::of(&row);
    Ok((row, about))
}

/// A hold that is over keeps what it says under the person's key, so that the record can be read with
/// it; its own key goes.
fn close(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    (mut row, about): (CaseRow, &About),
    state: &str,
) -> Result<Done, Stop> {
    let texts = Texts::open(flows, tx.person(), &row)?;
    let text = serde_json::to_vec(&texts).map_err(|it| Stop::Broken(it.to_string()))?;
    let text = zeroize::Zeroizing::new(text);
    row.sealed = Some(flows.vault().seal_note(tx, TEXTS, &text)?);
    row.own_key = None;
    state.clone_into(&mut row.state);
    row.open = false;
    row.about = about.text();
    let done = done(&row);
    tx.stage(Write::DropJob(ends(row.id)));
    tx.stage(Write::DropNotes { case: row.id, until: u128::MAX });
    tx.stage(Write::Case(row));
    Ok(done)
}
