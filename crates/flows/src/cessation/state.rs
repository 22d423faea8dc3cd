//! Where an ending stands.

use crate::machine::{Machine, Move};

/// It is planned, and everybody is counted; nobody was told.
pub(super) const PLANNED: &str = "planned";
/// One member of staff announced it; another has to approve.
pub(super) const PROPOSED: &str = "proposed";
/// Everybody is told; the service runs until the end.
pub(super) const ANNOUNCED: &str = "announced";
/// Nothing is collected any more; people take their data along.
pub(super) const ENDED: &str = "ended";
/// Everything is deleted.
pub(super) const RUNNING: &str = "running";
/// Everything was deleted, and the report is signed.
pub(super) const CLOSED: &str = "closed";
/// It was called off.
pub(super) const CANCELLED: &str = "cancelled";

const CANCEL: Move = Move {
    from: PLANNED,
    event: "cancel",
    by: "staff",
    to: CANCELLED,
    follows: "whoever was told of the end is told that there is none; what was collected before is \
              collected again",
    clock: "",
};

/// The machine.
pub const MACHINE: Machine = Machine {
    name: "cessation",
    moves: &[
        Move {
            from: "",
            event: "plan",
            by: "staff",
            to: PLANNED,
            follows: "everybody is counted by region and by how they can be told; nobody is told",
            clock: "",
        },
        Move {
            from: PLANNED,
            event: "announce",
            by: "staff",
            to: PROPOSED,
            follows: "another member of staff has to approve; one of the two is an officer",
            clock: "",
        },
        Move {
            from: PROPOSED,
            event: "approve",
            by: "staff",
            to: ANNOUNCED,
            follows: "the dates are fixed; mails, push messages, a line on every page; a reminder a \
                      week before the end",
            clock: "the notice that the policy promises, until the end",
        },
        Move {
            from: ANNOUNCED,
            event: "end",
            by: "system",
            to: ENDED,
            follows: "nothing is collected any more; everybody is told until when they can take their \
                      data along, and once more a week before that is over",
            clock: "the time to export, until the deletion",
        },
        Move {
            from: ENDED,
            event: "run",
            by: "system",
            to: RUNNING,
            follows: "what is held is counted, then deleted person by person; what a hold covers stays",
            clock: "the time within which the policy promises the deletion",
        },
        Move {
            from: RUNNING,
            event: "finish",
            by: "system",
            to: CLOSED,
            follows: "the report is signed, with what was deleted, the holds, and the log's checkpoint",
            clock: "",
        },
        CANCEL,
        Move { from: PROPOSED, ..CANCEL },
        Move { from: ANNOUNCED, ..CANCEL },
        Move { from: ENDED, ..CANCEL },
    ],
};
