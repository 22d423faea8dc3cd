//! The last test of each clause that decides: witnesses made from its declarations are put to the rules
//! that are in force, as they decide for everybody, and the answers compared. At the start, whenever
//! other rules come into force, and once a day.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use decide::spec::Spec;
use decide::{Clause, Ruleset, Timestamp, decide};
use serde::Serialize;

use super::witness::{Maker, Witness};
use crate::limit::{CLAUSE_TEST_MILLIS, FAILED_SHOWN_MAX};
use crate::{Flows, when};

/// How a test went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Each answer was the one that the clause calls for.
    Passed,
    /// One at least was not.
    Failed,
}

/// The last test of a clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tested {
    /// When.
    pub at: String,
    /// How it went.
    pub outcome: Outcome,
    /// How many requests were answered.
    pub requests: u64,
    /// Those that were answered otherwise than the clause calls for, in ids; the first ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
}

/// The last tests, and of which rules they were.
#[derive(Debug, Default)]
pub(crate) struct Tests(RwLock<Option<Arc<Of>>>);

#[derive(Debug)]
struct Of {
    rules: Arc<Ruleset>,
    at: Timestamp,
    clauses: BTreeMap<String, Tested>,
}

/// Tests the clauses of the policy in force, unless that was done for these rules within a day; answers
/// how many failed.
pub fn test_clauses(flows: &Flows, now: Timestamp) -> usize {
    let book = flows.book();
    let last = last(flows);
    let due = |it: &Of| it.at.plus_millis(CLAUSE_TEST_MILLIS) <= now || now < it.at;
    if let Some(of) = last.filter(|it| Arc::ptr_eq(&it.rules, book.rules()) && !due(it)) {
        return failures(&of.clauses);
    }
    let collects = book.endings().is_empty();
    let clauses = test((&book.policy().spec, collects), book.rules(), now);
    for (clause, of) in clauses.iter().filter(|(_, it)| it.outcome == Outcome::Failed) {
        tracing::error!(clause, failed = ?of.failed, "a clause does not decide as it says");
    }
    let failed = failures(&clauses);
    let of = Of { rules: Arc::clone(book.rules()), at: now, clauses };
    *flows.inner.tests.0.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(of));
    failed
}

fn failures(clauses: &BTreeMap<String, Tested>) -> usize {
    clauses.values().filter(|it| it.outcome == Outcome::Failed).count()
}

fn last(flows: &Flows) -> Option<Arc<Of>> {
    flows.inner.tests.0.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// The last test of each clause, by its id.
pub(super) fn tested(flows: &Flows) -> BTreeMap<String, Tested> {
    last(flows).map_or_else(BTreeMap::new, |it| it.clauses.clone())
}

/// Puts what a policy declares to rules.
pub(super) fn test(
    (spec, collects): (&Spec, bool),
    rules: &Ruleset,
    now: Timestamp,
) -> BTreeMap<String, Tested> {
    let maker = Maker { spec, names: rules.vocabulary(), now, made: Vec::new() };
    let mut all: BTreeMap<String, Tested> = BTreeMap::new();
    for witness in maker.all(collects) {
        let good = holds(rules, &witness, now);
        let of = all.entry(witness.clause).or_insert_with(|| Tested {
            at: when(now),
            outcome: Outcome::Passed,
            requests: 0,
            failed: Vec::new(),
        });
        of.requests = of.requests.saturating_add(1);
        if !good {
            of.outcome = Outcome::Failed;
            if of.failed.len() < FAILED_SHOWN_MAX {
                of.failed.push(witness.asks);
            }
        }
    }
    all
}

/// Whether the answer is the one that the clause calls for, and names the clause.
fn holds(rules: &Ruleset, witness: &Witness, now: Timestamp) -> bool {
    let named = |mut all: Box<dyn Iterator<Item = Clause> + '_>| {
        all.any(|it| rules.clause_id(it) == witness.clause)
    };
    match decide(rules, &witness.facts, &witness.request, now) {
        Ok(permit) => {
            witness.permits && permit.refused().is_empty() && named(Box::new(permit.clauses()))
        }
        Err(refusal) => !witness.permits && named(Box::new(refusal.clauses())),
    }
}

#[cfg(test)]
mod tests;
