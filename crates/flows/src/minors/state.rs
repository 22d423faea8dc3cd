//! The case of a guardian: how it moves, and what stands with it.

use journal::{CaseRow, Permit, Tx, Write};
use serde::{Deserialize, Serialize};

use crate::Stop;
use crate::machine::{Machine, Move};

/// The kind of such a case.
pub(super) const KIND: &str = "guardian";

/// A child has to name a guardian.
pub(super) const ASKED: &str = "asked";
/// There is a link.
pub(super) const INVITED: &str = "invited";
/// Somebody opened it, and was sent a code.
pub(super) const REACHED: &str = "reached";
/// The code came back.
pub(super) const PROVED: &str = "proved";
/// The guardian agreed.
pub(super) const AGREED: &str = "agreed";
/// The guardian refused.
pub(super) const REFUSED: &str = "refused";
/// Nobody answered in time.
pub(super) const LAPSED: &str = "lapsed";
/// The child came of age.
pub(super) const ENDED: &str = "ended";

/// The states in which somebody has still to act.
const OPEN: [&str; 4] = [REACHED, INVITED, ASKED, PROVED];

const NEW_LINK: &str = "a link goes to the guardian by mail, or to the child to send; a link from before opens nothing any more";
const GONE: &str = "everything of the child is deleted, the guardian's address and sessions too";
const DAYS: &str = "30 days, then it lapses";

/// How the case of a guardian moves.
pub const MACHINE: Machine = Machine {
    name: "guardian",
    moves: &[
        Move::of(
            "",
            "ask",
            "system",
            (ASKED, "a child's account waits; nothing is kept but the child's address"),
            DAYS,
        ),
        Move::of("", "invite", "person", (INVITED, NEW_LINK), DAYS),
        Move::of(ASKED, "invite", "person", (INVITED, NEW_LINK), DAYS),
        Move::of(INVITED, "invite", "person", (INVITED, NEW_LINK), DAYS),
        Move::of(REACHED, "invite", "person", (INVITED, NEW_LINK), DAYS),
        Move::of(
            INVITED,
            "open",
            "guardian",
            (REACHED, "a code goes to the guardian's own address or phone"),
            DAYS,
        ),
        Move::of(REACHED, "open", "guardian", (REACHED, "another code goes there"), DAYS),
        Move::of(
            REACHED,
            "prove",
            "guardian",
            (PROVED, "the code came back, together with the decision"),
            DAYS,
        ),
        Move::of(
            PROVED,
            "agree",
            "guardian",
            (
                AGREED,
                "the account is opened, the guardian has a page for the child, the child is told",
            ),
            "until the child comes of age",
        ),
        Move::of(
            PROVED,
            "refuse",
            "guardian",
            (REFUSED, "everything about the child is deleted at once"),
            "",
        ),
        Move::of(ASKED, "lapse", "system", (LAPSED, "everything about the child is deleted"), ""),
        Move::of(
            INVITED,
            "lapse",
            "system",
            (LAPSED, "of a child everything is deleted, of a minor the guardian's address"),
            "",
        ),
        Move::of(
            REACHED,
            "lapse",
            "system",
            (LAPSED, "of a child everything is deleted, of a minor the guardian's address"),
            "",
        ),
        Move::of(ASKED, "come-of-age", "system", (ENDED, "nobody is asked any more"), ""),
        Move::of(INVITED, "come-of-age", "system", (ENDED, "the link opens nothing any more"), ""),
        Move::of(REACHED, "come-of-age", "system", (ENDED, "the link opens nothing any more"), ""),
        Move::of(ASKED, "erase", "system", (ENDED, GONE), ""),
        Move::of(INVITED, "erase", "system", (ENDED, GONE), ""),
        Move::of(REACHED, "erase", "system", (ENDED, GONE), ""),
        Move::of(AGREED, "erase", "system", (ENDED, GONE), ""),
        Move::of(
            AGREED,
            "come-of-age",
            "system",
            (ENDED, "the guardian's sessions and rights end, the guardian's address is deleted"),
            "",
        ),
    ],
};

/// How the question moves that somebody is asked who came of age.
pub const OF_AGE: Machine = Machine {
    name: "coming-of-age",
    moves: &[
        Move::of(
            "",
            "come-of-age",
            "system",
            (
                ASKED,
                "what was agreed to stops until the person agrees; a mail and the privacy centre say so",
            ),
            "",
        ),
        Move::of(
            ASKED,
            "answer",
            "person",
            (ANSWERED, "what the person agreed to is done from then on"),
            "",
        ),
    ],
};

/// Somebody who came of age answered.
pub(super) const ANSWERED: &str = "answered";

/// What stands in clear with the case: no personal value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct About {
    /// The hash of the link's secret; empty where there is none.
    #[serde(default)]
    pub(super) link: String,
    /// Whether the link was handed to the child: then the guardian says by which address to be reached.
    #[serde(default)]
    pub(super) handed: bool,
    /// Whether the child's own address was proved.
    #[serde(default)]
    pub(super) proved: bool,
}

impl About {
    /// Of a case.
    pub(super) fn of(row: &CaseRow) -> Result<Self, Stop> {
        let broken = |_| Stop::Broken("what stands with a guardian cannot be read".to_owned());
        serde_json::from_str(&row.about).map_err(broken)
    }

    /// As it is stored.
    pub(super) fn text(&self) -> Result<String, Stop> {
        serde_json::to_string(self).map_err(|error| Stop::Broken(error.to_string()))
    }
}

/// Whether somebody has still to act in a state.
pub(super) fn is_open(state: &str) -> bool {
    OPEN.contains(&state)
}

/// The case in which a guardian is asked for, where there is one.
pub(super) async fn open_case(tx: &Tx<Permit>) -> Result<Option<CaseRow>, Stop> {
    for state in OPEN {
        if let Some(row) = tx.newest_case(KIND, state).await? {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// The case of the guardian who agreed, where there is one.
pub(super) async fn agreed_case(tx: &Tx<Permit>) -> Result<Option<CaseRow>, Stop> {
    Ok(tx.newest_case(KIND, AGREED).await?)
}

/// Stages that a case moves.
pub(super) fn go(
    tx: &mut Tx<Permit>,
    row: CaseRow,
    (event, by): (&str, &str),
) -> Result<&'static str, Stop> {
    let state = MACHINE.step(&row.state, event, by)?;
    tx.stage(Write::Case(CaseRow { state: state.to_owned(), open: is_open(state), ..row }));
    Ok(state)
}
