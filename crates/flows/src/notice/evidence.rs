//! Evidence: clause by clause, what in this program keeps it, how often it permitted and refused, its last
//! test, and what is overdue under it. It opens nothing, and names nobody.

mod tested;
mod witness;

use std::collections::BTreeMap;

use decide::{Right, Timestamp};
use serde::Serialize;

use crate::limit::{DAY_MILLIS, EVIDENCE_DAYS, EVIDENCE_PAGES_MAX};
use crate::queue::{HOLDS, Look, MESSAGES, OTHERS, REQUESTS, Standing, look};
use crate::{Flows, Stop};

pub(crate) use tested::Tests;
pub use tested::{Outcome, Tested, test_clauses};

/// How a clause is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kept {
    /// Everything that it declares is acted on.
    Enforced,
    /// It declares nothing, and says why.
    Stated,
    /// Something that it declares is not acted on yet.
    NotYet,
}

/// A clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClauseSeen {
    /// Its id.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// How it is kept.
    pub kept: Kept,
    /// What of it is not acted on yet, by declaration.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<String>,
    /// The parts of this program that act on what it declares.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<&'static str>,
    /// Answers that it permitted, in the days of the evidence: recorded, and only asked for.
    pub permitted: u64,
    /// Answers of which it refused something, or all.
    pub refused: u64,
    /// Its last test; nothing for one that decides nothing by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tested: Option<Tested>,
    /// Cases on which somebody has still to act.
    pub open: u64,
    /// Those of them whose deadline is over.
    pub overdue: u64,
    /// The nearest deadline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

/// What was only asked, in a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Answered {
    /// In how many days.
    pub days: i64,
    /// Answered with a permit.
    pub permitted: u64,
    /// Answered with a refusal.
    pub refused: u64,
}

/// The evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The version of the policy in force.
    pub version: u32,
    /// The hash of its rules.
    pub hash: String,
    /// The clauses, in the order of the page.
    pub clauses: Vec<ClauseSeen>,
    /// Decisions that applications asked for without using anything.
    pub asked: Answered,
    /// Cases that are overdue, of any kind.
    pub overdue: u64,
}

#[derive(Default)]
struct Under {
    open: u64,
    overdue: u64,
    due: Option<String>,
}

/// The evidence of now.
///
/// # Errors
/// When counters or cases cannot be read.
pub async fn evidence(flows: &Flows, language: &str, now: Timestamp) -> Result<Evidence, Stop> {
    let book = flows.book();
    let language = book.language(language);
    let open = standing(flows, now).await?;
    let coverage = policy::coverage(book.policy(), &crate::notice::enforced());
    let answered = flows.journal().scratch().answered(EVIDENCE_DAYS, now).await?;
    let tests = tested::tested(flows);
    let stated = |id: &str| coverage.stated.iter().any(|(it, _)| it == id);
    let clause = |it: &policy::Clause| {
        let waiting = coverage.waiting.iter().find(|(id, _)| *id == it.id);
        let waiting = waiting.map_or_else(Vec::new, |(_, of)| of.clone());
        let kept = if !waiting.is_empty() {
            Kept::NotYet
        } else if coverage.enforced.contains(&it.id) {
            Kept::Enforced
        } else if stated(&it.id) {
            Kept::Stated
        } else {
            // A heading without prose promises nothing.
            return None;
        };
        let under = open.get(&it.id);
        let answers = answered.get(&it.id).copied().unwrap_or_default();
        Some(ClauseSeen {
            id: it.id.clone(),
            title: it.title.in_language(language).to_owned(),
            kept,
            waiting,
            by: crate::notice::by(it),
            permitted: answers.permitted,
            refused: answers.refused,
            tested: tests.get(&it.id).cloned(),
            open: under.map_or(0, |it| it.open),
            overdue: under.map_or(0, |it| it.overdue),
            due: under.and_then(|it| it.due.clone()),
        })
    };
    let clauses = book.policy().clauses.iter().filter_map(clause).collect();
    Ok(Evidence {
        version: book.version(),
        hash: book.hash().to_owned(),
        clauses,
        asked: asked(flows, now).await?,
        overdue: open.values().fold(0, |sum, it| sum.saturating_add(it.overdue)),
    })
}

async fn asked(flows: &Flows, now: Timestamp) -> Result<Answered, Stop> {
    let scratch = flows.journal().scratch();
    // The same days (UTC) as those of the clauses.
    let first = now.millis().div_euclid(DAY_MILLIS).saturating_sub(EVIDENCE_DAYS - 1);
    let from = Timestamp::from_millis(first.saturating_mul(DAY_MILLIS));
    let until = now.plus_millis(1);
    Ok(Answered {
        days: EVIDENCE_DAYS,
        permitted: scratch.counted("asked-permitted", from, until).await?,
        refused: scratch.counted("asked-refused", from, until).await?,
    })
}

/// What stands open, by the clause that its clock is of.
async fn standing(flows: &Flows, now: Timestamp) -> Result<BTreeMap<String, Under>, Stop> {
    let mut all: BTreeMap<String, Under> = BTreeMap::new();
    for kinds in [&MESSAGES[..], &REQUESTS[..], &HOLDS[..], &OTHERS[..]] {
        let mut cursor: Option<String> = None;
        for _ in 0..EVIDENCE_PAGES_MAX {
            let ask = Look { kinds, done: false, cursor: cursor.as_deref() };
            let page = look(flows, &ask, now).await?;
            for it in &page.cases {
                let Some(clause) = clause_of(flows, it) else { continue };
                let under = all.entry(clause).or_default();
                under.open = under.open.saturating_add(1);
                under.overdue = under.overdue.saturating_add(u64::from(it.overdue));
                under.due.get_or_insert_with(|| it.due.clone());
            }
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
    }
    Ok(all)
}

/// The clause that gives a case its clock.
fn clause_of(flows: &Flows, it: &Standing) -> Option<String> {
    let book = flows.book();
    let policy = book.policy();
    match it.kind.as_str() {
        "message" => policy.messages.as_ref().map(|it| it.clause.clone()),
        "complaint" => policy.complaints.as_ref().map(|it| it.clause.clone()),
        "hold" => policy.retention.as_ref().map(|it| it.clause.clone()),
        "guardian" => policy.minors.as_ref().map(|it| it.clause.clone()),
        "transfer" => {
            let declared = policy.transfers.get(it.about.get("transfer")?.as_str()?);
            declared.map(|it| it.clause.clone())
        }
        // Whoever has something of the person is told because a right says so.
        "delivery" => {
            let right = match it.about.get("what")?.as_str()? {
                "correct" => Right::Correct,
                "restrict" | "lift" => Right::Restrict,
                "withdraw" => Right::Withdraw,
                _ => Right::Delete,
            };
            policy.rights.get(&right).map(|it| it.clause.clone())
        }
        word => {
            Right::from_word(word).and_then(|it| policy.rights.get(&it)).map(|it| it.clause.clone())
        }
    }
}
