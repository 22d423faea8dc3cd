//! How often each clause permitted and refused, by day: counted in memory when a decision is answered,
//! and written down with the other counters. It names clauses, never people.

use std::collections::BTreeMap;
use std::sync::Arc;

use decide::{Clause, Refused, Ruleset, Timestamp};

use crate::fault::Fault;
use crate::held;
use crate::place::Place;
use crate::scratch::{Scratch, add};
use crate::sql::{Query, Statement, values};

/// Milliseconds of a day, and minutes of one: counters carry the minute at which their time begins.
const DAY: i64 = 24 * 60 * 60 * 1_000;
const MINUTES_OF_DAY: i64 = 24 * 60;

/// How the counters of clauses begin; the word of the answer and the clause's id follow.
const PERMITTED: &str = "clause-permitted/";
const REFUSED: &str = "clause-refused/";

/// How often something was permitted and refused under a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers {
    /// Permits that rested on it.
    pub permitted: u64,
    /// Answers in which it refused something, or all.
    pub refused: u64,
}

impl Answers {
    fn add(&mut self, more: Self) {
        self.permitted = self.permitted.saturating_add(more.permitted);
        self.refused = self.refused.saturating_add(more.refused);
    }
}

/// Counts by day and clause.
pub(crate) type ByDay = BTreeMap<(i64, String), Answers>;

/// What was counted and waits to be written. As long as the rules and the day are the same, a decision
/// adds to numbers at positions: no name is copied, nothing is written.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    of: Option<(Arc<Ruleset>, i64)>,
    now: BTreeMap<Clause, Answers>,
    before: ByDay,
}

impl Decided {
    /// Counts an answer: what it rests on, and what of it was refused. A clause counts once for each.
    pub(crate) fn count(
        &mut self,
        rules: &Arc<Ruleset>,
        (permits, refuses): (impl Iterator<Item = Clause>, impl Iterator<Item = Clause>),
        now: Timestamp,
    ) {
        let day = now.millis().div_euclid(DAY);
        let same = self.of.as_ref().is_some_and(|(it, of)| Arc::ptr_eq(it, rules) && *of == day);
        if !same {
            self.settle();
            self.of = Some((Arc::clone(rules), day));
        }
        for clause in permits {
            let sum = self.now.entry(clause).or_default();
            sum.permitted = sum.permitted.saturating_add(1);
        }
        for clause in refuses {
            let sum = self.now.entry(clause).or_default();
            sum.refused = sum.refused.saturating_add(1);
        }
    }

    /// Brings what was counted at positions under its names.
    fn settle(&mut self) {
        let Some((rules, day)) = self.of.take() else { return };
        for (clause, answers) in std::mem::take(&mut self.now) {
            let key = (day, rules.clause_id(clause).to_owned());
            self.before.entry(key).or_default().add(answers);
        }
    }

    /// All that waits, which waits no more.
    pub(crate) fn take(&mut self) -> ByDay {
        self.settle();
        std::mem::take(&mut self.before)
    }

    /// What could not be written waits on.
    pub(crate) fn back(&mut self, all: ByDay) {
        for (key, answers) in all {
            self.before.entry(key).or_default().add(answers);
        }
    }
}

/// The clauses that refuse parts, each once.
pub(crate) fn refusing(refused: &[Refused]) -> impl Iterator<Item = Clause> {
    let first = |at: usize, clause| refused.iter().take(at).all(|it| it.clause != clause);
    refused
        .iter()
        .enumerate()
        .filter(move |(at, it)| first(*at, it.clause))
        .map(|(_, it)| it.clause)
}

/// Adds what was counted to the stored counters.
pub(crate) fn store(all: &ByDay) -> impl Iterator<Item = Statement> {
    all.iter().flat_map(|((day, clause), answers)| {
        let minute = day.saturating_mul(MINUTES_OF_DAY);
        let both = [(PERMITTED, answers.permitted), (REFUSED, answers.refused)];
        let both = both.into_iter().filter(|(_, n)| *n > 0);
        both.map(move |(word, n)| add(&format!("{word}{clause}"), minute, n))
    })
}

/// The sums by counter over days.
fn stored(from: i64, until: i64) -> Query<(String, u64)> {
    let text = "SELECT name, CAST(sum(n) AS BIGINT) FROM counters \
         WHERE name LIKE 'clause-%' AND minute >= $1 AND minute <= $2 GROUP BY name";
    let minute = |day: i64| day.saturating_mul(MINUTES_OF_DAY);
    Query::new(text, values![minute(from), minute(until)], |row| Ok((row.text(0)?, row.bits(1)?)))
}

impl Scratch<'_> {
    /// How often something was permitted and refused under each clause, by its id: on the day of `now`
    /// (UTC) and the days before it, `days` in all.
    pub async fn answered(
        &self,
        days: i64,
        now: Timestamp,
    ) -> Result<BTreeMap<String, Answers>, Fault> {
        // Or what is being written down would count twice, or not at all.
        let _still = self.journal.inner.flushing.lock().await;
        let until = now.millis().div_euclid(DAY);
        let from = until.saturating_sub(days.saturating_sub(1));
        let mut all: BTreeMap<String, Answers> = BTreeMap::new();
        {
            let mut decided = held(&self.journal.inner.decided);
            decided.settle();
            for ((day, clause), answers) in &decided.before {
                if (from..=until).contains(day) {
                    all.entry(clause.clone()).or_default().add(*answers);
                }
            }
        }
        let rows = self.journal.inner.engine.read(&Place::Kept, &stored(from, until)).await?;
        for (name, n) in rows {
            let (clause, answers) = if let Some(clause) = name.strip_prefix(PERMITTED) {
                (clause, Answers { permitted: n, refused: 0 })
            } else if let Some(clause) = name.strip_prefix(REFUSED) {
                (clause, Answers { permitted: 0, refused: n })
            } else {
                continue;
            };
            all.entry(clause.to_owned()).or_default().add(answers);
        }
        Ok(all)
    }

    /// Counts an answer under the clauses that gave it. In memory until the next step of the sequencer.
    pub(crate) fn decided(
        &self,
        rules: &Arc<Ruleset>,
        (permits, refuses): (impl Iterator<Item = Clause>, impl Iterator<Item = Clause>),
        now: Timestamp,
    ) {
        held(&self.journal.inner.decided).count(rules, (permits, refuses), now);
    }
}
