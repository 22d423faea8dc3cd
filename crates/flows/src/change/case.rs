//! What stands open between a person and a version: that they were told, what they are asked, and
//! from when it counts for them.

use decide::id::CaseId;
use decide::{PersonId, Timestamp};
use journal::{CaseRow, JobKind, Permit, Tx};
use serde::{Deserialize, Serialize};

use crate::limit::ROWS_AT_ONCE;
use crate::machine::{Machine, Move};
use crate::{Flows, Stop};

/// The kind of such a case.
pub(crate) const KIND: &str = "change";
/// The word of the job that lets a version count.
const ADOPT: &str = "adopt";

/// The job that catches up with somebody whom a version could not be told yet.
pub(crate) const CATCH_UP: JobKind = JobKind::named("catch-up");

/// They were written to.
pub(crate) const TOLD: &str = "told";
/// They were written to, and asked anew.
pub(crate) const ASKED: &str = "asked";
/// They answered all of it.
pub(crate) const ANSWERED: &str = "answered";
/// What the version widens counts for them.
pub(crate) const ADOPTED: &str = "adopted";
/// They did not answer, and the old rules stay.
pub(crate) const KEPT: &str = "kept";
/// They did not answer, and what they were asked about has stopped.
pub(crate) const STOPPED: &str = "stopped";

/// How a version comes to count for one person.
pub const MACHINE: Machine = Machine {
    name: "change",
    moves: &[
        Move {
            from: "",
            event: "tell",
            by: "system",
            to: TOLD,
            follows: "a letter with the day, and what changes for this person",
            clock: "the notice that the policy promises, and not before the version takes effect",
        },
        Move {
            from: "",
            event: "ask",
            by: "system",
            to: ASKED,
            follows: "the same letter asks for the consent anew; nothing widened is done meanwhile",
            clock: "the notice that the policy promises, and not before the version takes effect",
        },
        Move {
            from: TOLD,
            event: "adopt",
            by: "system",
            to: ADOPTED,
            follows: "what the version widens may be done",
            clock: "",
        },
        Move {
            from: ASKED,
            event: "answer",
            by: "person",
            to: ANSWERED,
            follows: "a no withdraws at once; a yes waits for the day",
            clock: "until the day of which they were told",
        },
        Move {
            from: ANSWERED,
            event: "adopt",
            by: "system",
            to: ADOPTED,
            follows: "what the version widens may be done, as far as it was agreed to",
            clock: "",
        },
        Move {
            from: ASKED,
            event: "keep",
            by: "system",
            to: KEPT,
            follows: "nobody answered, and the policy says `old-rules`: they stay for this person",
            clock: "",
        },
        Move {
            from: ASKED,
            event: "stop",
            by: "system",
            to: STOPPED,
            follows: "nobody answered, and the policy says `stop`: the consent ends",
            clock: "",
        },
        Move {
            from: KEPT,
            event: "answer",
            by: "person",
            to: ANSWERED,
            follows: "they answered after all: what holds is what they said",
            clock: "",
        },
    ],
};

/// What a case is about. Ids and figures alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct About {
    /// The version.
    pub(crate) version: u32,
    /// Purposes that are asked about and not answered yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ask: Vec<String>,
    /// Shares that were agreed to by themselves, and are wider now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) shares: Vec<String>,
    /// Transfers that were agreed to, and are wider now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) transfers: Vec<String>,
}

impl About {
    pub(crate) fn asks(&self) -> bool {
        !(self.ask.is_empty() && self.shares.is_empty() && self.transfers.is_empty())
    }

    pub(crate) fn text(&self) -> Result<String, Stop> {
        serde_json::to_string(self).map_err(|error| Stop::Broken(error.to_string()))
    }
}

/// A case of a change, read.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) row: CaseRow,
    pub(crate) about: About,
    /// Whether it is to be written.
    pub(crate) moved: bool,
}

impl Told {
    /// Moves on, and says so in its row.
    pub(crate) fn step(&mut self, event: &str, by: &str) -> Result<(), Stop> {
        self.row.state = MACHINE.step(&self.row.state, event, by)?.to_owned();
        self.row.open = matches!(self.row.state.as_str(), TOLD | ASKED | ANSWERED | KEPT);
        self.row.about = self.about.text()?;
        self.moved = true;
        Ok(())
    }
}

/// A new case.
pub(crate) fn begin(
    flows: &Flows,
    person: PersonId,
    about: About,
    (now, due): (Timestamp, Timestamp),
) -> Result<Told, Stop> {
    let event = if about.asks() { "ask" } else { "tell" };
    let row = CaseRow {
        id: CaseId::new(person.region(), flows.journal().new_id(now)),
        kind: KIND.to_owned(),
        state: String::new(),
        received: now,
        due,
        open: true,
        assigned: String::new(),
        about: String::new(),
        sealed: None,
        own_key: None,
    };
    let mut told = Told { row, about, moved: false };
    told.step(event, "system")?;
    Ok(told)
}

/// The cases of changes of the transaction's person, the oldest version first.
pub(crate) async fn of(tx: &Tx<Permit>) -> Result<Vec<Told>, Stop> {
    let mut all = Vec::new();
    let mut before = None;
    loop {
        let page = tx.cases(before, ROWS_AT_ONCE).await?;
        let full = page.len() == usize::try_from(ROWS_AT_ONCE).unwrap_or(usize::MAX);
        before = page.last().map(|it| it.id);
        for row in page.into_iter().filter(|it| it.kind == KIND) {
            let about = serde_json::from_str(&row.about)
                .map_err(|_| Stop::Broken("a case of a change cannot be read".to_owned()))?;
            all.push(Told { row, about, moved: false });
        }
        if !full {
            break;
        }
    }
    all.sort_by_key(|it: &Told| it.about.version);
    Ok(all)
}

/// The job that lets a version count for a person.
pub(crate) fn adopting(version: u32) -> JobKind {
    JobKind::about(ADOPT, version)
}

/// The version of such a job.
pub(crate) fn adopted(kind: &JobKind) -> Option<u32> {
    let (word, version) = kind.as_str().split_once('/')?;
    version.parse().ok().filter(|_| word == ADOPT)
}
