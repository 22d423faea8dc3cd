//! How long data is kept, and how what is due is removed.

mod anonymise;

use std::collections::BTreeSet;

use decide::spec::Basis;

use crate::duration::{Anchor, Duration, Keep};
use crate::kind::Kind;
use crate::limit::TITLE_MAX;
use crate::policy::Policy;
use crate::read::{Fields, Reading, Reference};
use crate::word::words;

pub use anonymise::{Anonymise, Coarse, Operation};

words!(
    /// What a legal hold must name.
    Hold {
        /// Why.
        Ground = "ground",
        /// Until when.
        Until = "until",
        /// Who asked.
        Authority = "authority",
    }
);

/// How what is due is removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// The clause that declares it.
    pub clause: String,
    /// How often.
    pub sweep: Duration,
    /// What a legal hold must name.
    pub holds: BTreeSet<Hold>,
}

/// Reads `after`, `for`, `law` and what becomes of it then.
pub(super) fn period(fields: &mut Fields<'_>, clause: String) -> Option<Keep> {
    let after: Option<Anchor> = fields.need_word("after");
    let period = fields.need_duration("for");
    let law = fields.plain_text("law", TITLE_MAX).map(|it| it.0);
    let anonymise = anonymise::read(fields);
    after.map(|after| Keep { after, period, law, clause, anonymise })
}

pub(crate) fn keep(policy: &mut Policy, fields: &mut Fields<'_>) {
    let (id, clause, at) = (fields.id(), fields.clause(), fields.at());
    fields.reading.references.push(Reference { kind: Kind::Category, name: id.clone(), at });
    if let Some(keep) = period(fields, clause) {
        super::collection::keep_once(policy, fields, (&id, keep));
    }
}

pub(crate) fn retention(policy: &mut Policy, fields: &mut Fields<'_>) {
    policy.retention = Some(Retention {
        clause: fields.clause(),
        sweep: fields.need_duration("sweep"),
        holds: fields.need_words("holds"),
    });
}

/// Every category has a retention that can be kept to.
pub(crate) fn check(policy: &Policy, reading: &mut Reading) {
    for (id, category) in &policy.categories {
        let Some(keep) = policy.keep.get(id) else {
            if !reading.spots.contains_key(&format!("category.{id}.keep")) {
                let at = reading.at(Kind::Category, id);
                let message = format!("category `{id}` has no retention");
                let fault = reading.faults.error("no-retention", at, message);
                fault.label("nothing says how long it is kept");
                fault.help("add `keep = { after = \"account-closed\", for = \"30 days\" }`");
            }
            continue;
        };
        if category.events && keep.after != Anchor::Collected {
            let message = format!("log information `{id}` is kept after `{}`", keep.after.word());
            let at = keep_at(reading, id);
            let fault = reading.faults.error("event-keep", at, message);
            fault.label("events are removed by the day on which they came");
            fault.help("write `after = \"collected\"`");
        }
        if let Some(how) = &keep.anonymise {
            let at = keep_at(reading, id);
            anonymise::check(reading, at, (id, category, how));
        }
        outlasting(policy, reading, (id, keep));
        waiting(policy, reading, (id, keep));
    }
}

fn keep_at(reading: &Reading, id: &str) -> crate::diagnostic::At {
    if reading.declared(Kind::Keep, id) {
        reading.at(Kind::Keep, id)
    } else {
        reading.spot(Kind::Category, id, "keep")
    }
}

/// What is computed is not kept longer than what it was computed from.
fn outlasting(policy: &Policy, reading: &mut Reading, (id, keep): (&str, &Keep)) {
    let from = policy.categories.get(id).map(|it| it.from.clone()).unwrap_or_default();
    for origin in from {
        let Some(other) = policy.keep.get(&origin) else { continue };
        let later = keep.after != other.after && keep.after > other.after;
        if later || keep.after == other.after && keep.period.outlasts(other.period) {
            let (at, depends) = (keep_at(reading, id), keep_at(reading, &origin));
            let message =
                format!("`{id}` is kept longer than `{origin}`, which it is computed from");
            let fault = reading.faults.error("retention-outlasts", at, message);
            fault.label("ends after what it depends on").also(depends, "this ends first");
            fault.help(format!(
                "write at most `{{ after = \"{}\", for = \"{}\" }}`",
                other.after.word(),
                other.period
            ));
        }
    }
}

/// A retention that runs from the withdrawal of a consent needs a consent.
fn waiting(policy: &Policy, reading: &mut Reading, (id, keep): (&str, &Keep)) {
    let mut needing = policy.purposes.values().filter(|it| it.uses.contains(id));
    if keep.after == Anchor::ConsentWithdrawn && !needing.any(|it| it.rests_on(Basis::Consent)) {
        let at = keep_at(reading, id);
        let message = format!("`{id}` is kept until a consent is withdrawn, and rests on none");
        let fault = reading.faults.error("keep-anchor", at, message);
        fault.help("write `after = \"account-closed\"`, or use it for a purpose with `basis = \"consent\"`");
    }
}
