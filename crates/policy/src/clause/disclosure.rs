//! Disclosures without consent, on a ground of law.

use std::collections::{BTreeMap, BTreeSet};

use decide::Ground;

use crate::kind::Kind;
use crate::localized::Localized;
use crate::policy::Policy;
use crate::read::{Fields, Reading};
use crate::word::words;

words!(
    /// What a disclosure needs.
    Need {
        /// Who asks.
        Authority = "authority",
        /// Under which reference.
        Reference = "reference",
        /// Where it is public.
        Source = "source",
        /// Since when it is public.
        Date = "date",
    }
);
words!(
    /// Whether and when the person is told.
    Tell {
        /// Before it happens.
        Before = "before",
        /// After it happened.
        After = "after",
        /// As soon as the ground allows.
        WhenPermitted = "when-permitted",
        /// Not by us.
        Never = "never",
    }
);

/// The most people that one disclosure may need.
const APPROVERS_MAX: u32 = 9;

/// A disclosure on a ground of law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// The clause that declares it.
    pub clause: String,
    /// Its title.
    pub title: Localized,
    /// The ground.
    pub ground: Ground,
    /// What it needs.
    pub needs: BTreeSet<Need>,
    /// How many different people must approve.
    pub approvers: u8,
    /// Whether and when the person is told.
    pub tell: Tell,
}

pub(crate) fn disclosure(policy: &mut Policy, fields: &mut Fields<'_>) {
    let title = fields.title();
    let ground = fields.need_word("ground").unwrap_or(Ground::Justice);
    let approvers = fields.number("approvers", 1, APPROVERS_MAX).unwrap_or(2);
    fields.rule("approvers", approvers.to_string());
    let disclosure = Disclosure {
        clause: fields.clause(),
        title,
        ground,
        needs: fields.need_words("needs"),
        approvers: u8::try_from(approvers).unwrap_or(u8::MAX),
        tell: fields.need_word("tell").unwrap_or(Tell::WhenPermitted),
    };
    policy.disclosures.insert(fields.id(), disclosure);
}

/// Each ground stands once, and needs what can be checked.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    let mut seen: BTreeMap<Ground, &str> = BTreeMap::new();
    for (id, disclosure) in &policy.disclosures {
        if let Some(other) = seen.insert(disclosure.ground, id) {
            let (at, first) =
                (reading.spot(Kind::Disclosure, id, "ground"), reading.at(Kind::Disclosure, other));
            let message = format!("ground `{}` is declared twice", disclosure.ground.word());
            let fault = reading.faults.error("contradiction", at, message);
            fault.also(first, "declared here too").help("keep one of both");
        }
        let public = matches!(disclosure.ground, Ground::MadePublic | Ground::LawfulPublic);
        let needs =
            if public { [Need::Source, Need::Date] } else { [Need::Authority, Need::Reference] };
        if !needs.iter().all(|it| disclosure.needs.contains(it)) {
            let at = reading.spot(Kind::Disclosure, id, "needs");
            let ground = disclosure.ground.word();
            let message = format!("ground `{ground}` cannot be checked with what `{id}` needs");
            let fault = reading.faults.error("disclosure-needs", at, message);
            fault.help(format!(
                "write `needs = [\"{}\", \"{}\"]`",
                needs[0].word(),
                needs[1].word()
            ));
        }
        if !public && disclosure.approvers < 2 {
            let at = reading.spot(Kind::Disclosure, id, "approvers");
            let message =
                format!("one person alone may disclose on ground `{}`", disclosure.ground.word());
            let fault = reading.faults.error("disclosure-approvers", at, message);
            fault.help("write `approvers = 2` or more");
        }
    }
}
