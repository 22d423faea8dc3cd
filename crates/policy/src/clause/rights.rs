//! What a person may ask for, and within which time it is answered.

use std::collections::{BTreeMap, BTreeSet};

use decide::Right;

use crate::duration::Duration;
use crate::kind::Kind;
use crate::localized::Localized;
use crate::policy::Policy;
use crate::read::{Fields, Reading};
use crate::word::{nearest, words};

words!(
    /// Who may ask.
    Who {
        /// The person.
        Person = "person",
        /// A child's guardian.
        Guardian = "guardian",
    }
);
words!(
    /// How whoever asks is known.
    Identity {
        /// By being signed in.
        Session = "session",
        /// By a one-time code.
        Code = "code",
        /// Not at all.
        None = "none",
    }
);

/// A right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RightRule {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// Within which time it is answered, by region; a region without one does not have it.
    pub within: BTreeMap<String, Duration>,
    /// By how much that may be extended, by region.
    pub extension: BTreeMap<String, Duration>,
    /// Who may ask.
    pub who: BTreeSet<Who>,
    /// How whoever asks is known.
    pub identity: Identity,
}

/// Complaints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaints {
    /// The clause that declares it.
    pub clause: String,
    /// Within which time one is answered, by region.
    pub reply: BTreeMap<String, Duration>,
    /// After which time somebody else is called.
    pub escalate: Option<Duration>,
}

pub(crate) fn right(policy: &mut Policy, fields: &mut Fields<'_>) {
    let title = fields.title();
    let all: BTreeSet<String> = fields.reading.header.regions.iter().cloned().collect();
    let regions = own_regions(fields).unwrap_or(all);
    let id = fields.id();
    let rule = RightRule {
        clause: fields.clause(),
        title,
        within: fields.by_region("within", &regions),
        extension: fields.region_table("extension"),
        who: fields.words("who").unwrap_or_else(|| Who::ALL.iter().copied().collect()),
        identity: fields.word_or("identity", Identity::Session),
    };
    if let Some(right) = Right::from_word(&id) {
        policy.rights.insert(right, rule);
        return;
    }
    let message = format!("there is no right `{id}`");
    let words = Right::ALL.iter().map(|it| it.word());
    let near = nearest(&id, words.clone());
    let at = fields.at();
    let fault = fields.reading.faults.error("unknown-right", at, message);
    match near {
        Some(near) => fault.help(format!("did you mean `[right.{near}]`?")),
        None => fault.help(format!("the rights are `{}`", words.collect::<Vec<_>>().join("`, `"))),
    };
}

fn own_regions(fields: &mut Fields<'_>) -> Option<BTreeSet<String>> {
    let all = fields.texts("regions")?;
    for (code, at) in &all {
        fields.region(code, *at);
    }
    Some(all.into_iter().map(|it| it.0).collect())
}

pub(crate) fn complaints(policy: &mut Policy, fields: &mut Fields<'_>) {
    let regions = fields.reading.header.regions.iter().cloned().collect();
    policy.complaints = Some(Complaints {
        clause: fields.clause(),
        reply: fields.by_region("reply", &regions),
        escalate: fields.duration("escalate"),
    });
}

/// What is escalated is escalated in time.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    let Some(complaints) = &policy.complaints else { return };
    let Some(escalate) = complaints.escalate else { return };
    for (code, reply) in &complaints.reply {
        if escalate.outlasts(*reply) || escalate == *reply {
            let at = reading.spot(Kind::Complaints, "", "escalate");
            let message = format!(
                "a complaint in `{code}` is escalated after {escalate} and due within {reply}"
            );
            let fault = reading.faults.error("late-escalation", at, message);
            fault.help(format!("write less than `{reply}`"));
        }
    }
}
