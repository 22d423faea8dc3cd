//! Messages that people leave, and when they are answered.

use crate::duration::Duration;
use crate::kind::Kind;
use crate::policy::Policy;
use crate::read::{Fields, Reading};

/// Messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Messages {
    /// The clause that declares it.
    pub clause: String,
    /// The first reply comes within this time.
    pub reply: Duration,
    /// After this time somebody else is called.
    pub escalate: Duration,
}

pub(crate) fn messages(policy: &mut Policy, fields: &mut Fields<'_>) {
    policy.messages = Some(Messages {
        clause: fields.clause(),
        reply: fields.need_duration("reply"),
        escalate: fields.need_duration("escalate"),
    });
}

/// What is escalated is escalated in time.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    let Some(messages) = &policy.messages else { return };
    if messages.escalate == messages.reply || messages.escalate.outlasts(messages.reply) {
        let at = reading.spot(Kind::Messages, "", "escalate");
        let message = format!(
            "a message is escalated after {} and due within {}",
            messages.escalate, messages.reply
        );
        let fault = reading.faults.error("late-escalation", at, message);
        fault.help(format!("write less than `{}`", messages.reply));
    }
}
