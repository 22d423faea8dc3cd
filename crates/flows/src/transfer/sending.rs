//! What waits to be sent, and how that moves. It holds no value: values are opened when they leave, under
//! a permit of that moment, so that what was withdrawn meanwhile does not leave.

use decide::id::TransferId;
use decide::{PersonId, Timestamp};
use journal::{CaseRow, JobKind};
use serde::{Deserialize, Serialize};

use crate::machine::{Machine, Move};
use crate::{Flows, Stop};

/// The kind of such a case, and the word of the job that goes with it.
pub(super) const KIND: &str = "transfer";

/// It has not left.
pub(super) const WAITING: &str = "waiting";
/// The recipient has it.
pub(super) const SENT: &str = "sent";
/// It does not leave any more.
pub(super) const STOPPED: &str = "stopped";

const LEAVES: &str =
    "the values are opened under a permit of that moment, and the recipient has them";
const NO_MORE: &str = "nothing leaves; the refusal is on the record";
const WEEK: &str = "7 days, to be taken";

/// How a sending moves.
pub const MACHINE: Machine = Machine {
    name: "transfer",
    moves: &[
        Move::of(
            "",
            "ask",
            "staff or app",
            (WAITING, "the permit is on the record; nothing is opened yet"),
            WEEK,
        ),
        Move::of(WAITING, "send", "system", (SENT, LEAVES), ""),
        Move::of(WAITING, "fetch", "recipient", (SENT, LEAVES), ""),
        Move::of(
            SENT,
            "fetch",
            "recipient",
            (SENT, "the same again, under a permit of that moment: an answer can get lost"),
            "the same 7 days",
        ),
        Move::of(WAITING, "refuse", "system", (STOPPED, NO_MORE), ""),
        Move::of(WAITING, "lapse", "system", (STOPPED, "nobody took it in time; nothing left"), ""),
    ],
};

/// What stands with it in clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct About {
    /// The transfer, by the id of its declaration.
    pub(super) transfer: String,
    /// To whom.
    pub(super) recipient: String,
    /// What for.
    pub(super) purpose: String,
    /// Where to.
    pub(super) to_region: String,
    /// Which categories.
    pub(super) categories: Vec<String>,
    /// Who asked: `staff` or `app`.
    pub(super) by: String,
    /// The member of staff or the key, by id.
    pub(super) name: String,
    /// Whether it was tried: the recipient may have it, whatever it answered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) tried: bool,
}

impl About {
    pub(super) fn of(row: &CaseRow) -> Result<Self, Stop> {
        let broken = |_| Stop::Broken("what stands with a transfer cannot be read".to_owned());
        serde_json::from_str(&row.about).map_err(broken)
    }

    pub(super) fn text(&self) -> Result<String, Stop> {
        serde_json::to_string(self).map_err(|it| Stop::Broken(it.to_string()))
    }
}

/// The job by which it leaves.
pub(super) fn job(id: TransferId) -> JobKind {
    JobKind::about(KIND, id)
}

/// The sending of such a job.
pub(crate) fn sending(kind: &JobKind) -> Option<TransferId> {
    let (word, id) = kind.as_str().split_once('/')?;
    TransferId::parse(id).filter(|_| word == KIND)
}

/// A sending, with whose it is.
pub(super) async fn known(flows: &Flows, id: TransferId) -> Result<(PersonId, CaseRow), Stop> {
    if !flows.regions().contains(&id.region()) {
        return Err(Stop::NotFound);
    }
    let found = flows.journal().scratch().case(id).await?;
    found.filter(|(_, it)| it.kind == KIND).ok_or(Stop::NotFound)
}

/// The same row, in another state.
pub(super) fn moved(row: CaseRow, (event, by): (&str, &str)) -> Result<CaseRow, Stop> {
    let state = MACHINE.step(&row.state, event, by)?.to_owned();
    let open = state == WAITING;
    Ok(CaseRow { state, open, ..row })
}

/// Whether it waited too long.
pub(super) fn is_over(row: &CaseRow, now: Timestamp) -> bool {
    row.due <= now
}
