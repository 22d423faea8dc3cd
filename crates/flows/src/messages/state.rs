//! The machines of messages and complaints: what each can be, who moves it, which clock runs.

use crate::machine::{Machine, Move};

/// Nobody has looked at it yet.
pub(super) const RECEIVED: &str = "received";
/// A member of staff has it.
pub(super) const ASSIGNED: &str = "assigned";
/// Time runs out, and a manager was called.
pub(super) const ESCALATED: &str = "escalated";
/// It was answered.
pub(super) const ANSWERED: &str = "answered";
/// It is over; nobody reads it any more.
pub(super) const CLOSED: &str = "closed";

const REPLY: &str = "`messages.reply`; `messages.escalate` before it";
const ANSWER: &str = "`complaints.reply` of the region; `complaints.escalate` before it";
const QUIET: &str = "seven quiet days";
const ACKNOWLEDGED: &str = "a mail with the number of the case and the deadline";
const READ: &str = "support may read it, and what support may see of the person";
const MAILED: &str = "a mail in the thread; counted as in time or late";
const MORE: &str = "it stands with the rest; the clock runs on";
const ANEW: &str = "support may read it again";
const TOLD: &str = "a mail to the managers with the number, the clock and the link, nothing else";
const SHUT: &str = "support reads it no more";
const SINCE: &str = "it goes on as a complaint, with that clock from when it came in";
const GONE: &str = "the texts went, on the person's word or with their key";

macro_rules! moves {
    ($($from:ident $event:literal $by:literal $to:ident $follows:ident $clock:ident;)+) => {
        &[$(Move {
            from: $from, event: $event, by: $by, to: $to, follows: $follows, clock: $clock,
        }),+]
    };
}

const NOTHING: &str = "";
const NONE: &str = "";

/// A message.
pub const MACHINE: Machine = Machine {
    name: "message",
    moves: moves! {
        NOTHING "write" "person" RECEIVED ACKNOWLEDGED REPLY;
        RECEIVED "assign" "staff" ASSIGNED READ REPLY;
        RECEIVED "write" "person" RECEIVED MORE REPLY;
        RECEIVED "reply" "staff" ANSWERED MAILED QUIET;
        RECEIVED "escalate" "system" ESCALATED TOLD REPLY;
        RECEIVED "complain" "staff" CLOSED SINCE NONE;
        RECEIVED "close" "staff or system" CLOSED SHUT NONE;
        RECEIVED "erase" "person or system" CLOSED GONE NONE;
        ASSIGNED "assign" "staff" ASSIGNED READ REPLY;
        ASSIGNED "write" "person" ASSIGNED MORE REPLY;
        ASSIGNED "reply" "staff" ANSWERED MAILED QUIET;
        ASSIGNED "escalate" "system" ESCALATED TOLD REPLY;
        ASSIGNED "complain" "staff" CLOSED SINCE NONE;
        ASSIGNED "close" "staff or system" CLOSED SHUT NONE;
        ASSIGNED "erase" "person or system" CLOSED GONE NONE;
        ESCALATED "assign" "staff" ESCALATED READ REPLY;
        ESCALATED "write" "person" ESCALATED MORE REPLY;
        ESCALATED "reply" "staff" ANSWERED MAILED QUIET;
        ESCALATED "complain" "staff" CLOSED SINCE NONE;
        ESCALATED "close" "staff or system" CLOSED SHUT NONE;
        ESCALATED "erase" "person or system" CLOSED GONE NONE;
        ANSWERED "reply" "staff" ANSWERED MAILED QUIET;
        ANSWERED "write" "person" RECEIVED ANEW REPLY;
        ANSWERED "complain" "staff" CLOSED SINCE NONE;
        ANSWERED "close" "staff or system" CLOSED SHUT NONE;
        ANSWERED "erase" "person or system" CLOSED GONE NONE;
        CLOSED "write" "person" RECEIVED ANEW REPLY;
    },
};

const FURTHER: &str = "a mail in the thread; the clock runs on until there is an outcome";
const OUTCOME: &str =
    "a mail with the outcome, its reason and the authority; counted as in time or late";

/// A complaint.
pub const COMPLAINTS: Machine = Machine {
    name: "complaint",
    moves: moves! {
        NOTHING "write" "person" RECEIVED ACKNOWLEDGED ANSWER;
        NOTHING "take-over" "staff" ASSIGNED ACKNOWLEDGED ANSWER;
        RECEIVED "assign" "staff" ASSIGNED READ ANSWER;
        RECEIVED "write" "person" RECEIVED MORE ANSWER;
        RECEIVED "reply" "staff" ASSIGNED FURTHER ANSWER;
        RECEIVED "decide" "staff" ANSWERED OUTCOME QUIET;
        RECEIVED "escalate" "system" ESCALATED TOLD ANSWER;
        RECEIVED "close" "system" CLOSED SHUT NONE;
        RECEIVED "erase" "person or system" CLOSED GONE NONE;
        ASSIGNED "assign" "staff" ASSIGNED READ ANSWER;
        ASSIGNED "write" "person" ASSIGNED MORE ANSWER;
        ASSIGNED "reply" "staff" ASSIGNED FURTHER ANSWER;
        ASSIGNED "decide" "staff" ANSWERED OUTCOME QUIET;
        ASSIGNED "escalate" "system" ESCALATED TOLD ANSWER;
        ASSIGNED "close" "system" CLOSED SHUT NONE;
        ASSIGNED "erase" "person or system" CLOSED GONE NONE;
        ESCALATED "assign" "staff" ESCALATED READ ANSWER;
        ESCALATED "write" "person" ESCALATED MORE ANSWER;
        ESCALATED "reply" "staff" ESCALATED FURTHER ANSWER;
        ESCALATED "decide" "staff" ANSWERED OUTCOME QUIET;
        ESCALATED "close" "system" CLOSED SHUT NONE;
        ESCALATED "erase" "person or system" CLOSED GONE NONE;
        ANSWERED "reply" "staff" ANSWERED FURTHER QUIET;
        ANSWERED "write" "person" RECEIVED ANEW ANSWER;
        ANSWERED "close" "staff or system" CLOSED SHUT NONE;
        ANSWERED "erase" "person or system" CLOSED GONE NONE;
        CLOSED "write" "person" RECEIVED ANEW ANSWER;
    },
};
