//! The decision once more, as the page of the language says it, slowly: by names, with sorted sets,
//! one function for each rule, and every reason that applies instead of the first.
//!
//! It takes what the decision takes (declared rules, facts, a request, an instant) and shares nothing
//! else with it: no table, no bit, no order of rules.

use std::collections::{BTreeMap, BTreeSet};

use decide::spec::{Ended, Spec};
use decide::{Facts, Request, Timestamp, Vocabulary};

mod leaving;
mod purpose;
mod question;

use question::{Asked, Question};

/// Why something is refused: the word of the reason, and the clause that is cited.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Why {
    /// The word of the reason.
    pub reason: &'static str,
    /// The id of the clause.
    pub clause: String,
}

/// What a rule says: the whole act may not be done, or not with one category.
#[derive(Debug)]
struct Finding {
    category: Option<String>,
    why: Why,
}

impl Finding {
    fn act(reason: &'static str, clause: &str) -> Self {
        Self { category: None, why: Why { reason, clause: clause.to_owned() } }
    }

    fn of(category: &str, reason: &'static str, clause: &str) -> Self {
        Self { category: Some(category.to_owned()), ..Self::act(reason, clause) }
    }
}

/// The answer, with everything that speaks against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What refuses the act as a whole.
    pub barred: BTreeSet<Why>,
    /// Each category that was asked for, and what refuses it; nothing where it is permitted.
    pub categories: BTreeMap<String, BTreeSet<Why>>,
    /// The clauses that a permit rests on.
    pub clauses: BTreeSet<String>,
}

impl Answer {
    /// The categories that are permitted; `None` when the answer is a refusal.
    pub fn permitted(&self) -> Option<BTreeSet<String>> {
        if !self.barred.is_empty() {
            return None;
        }
        let free = self.categories.iter().filter(|(_, whys)| whys.is_empty());
        let free: BTreeSet<String> = free.map(|(category, _)| category.clone()).collect();
        (self.categories.is_empty() || !free.is_empty()).then_some(free)
    }

    /// Whether `why` is a reason for not permitting this category.
    pub fn explains(&self, category: &str, why: &Why) -> bool {
        self.barred.contains(why)
            || self.categories.get(category).is_some_and(|it| it.contains(why))
    }
}

/// What the page says about this request.
pub fn decide(
    spec: &Spec,
    names: &Vocabulary,
    facts: &Facts,
    request: &Request,
    now: Timestamp,
) -> Answer {
    let question = Question::new(names, facts, request, now);
    let findings = findings(spec, &question);
    let empty = |it: &String| (it.clone(), BTreeSet::new());
    let mut answer = Answer {
        barred: BTreeSet::new(),
        categories: question.categories.iter().map(empty).collect(),
        clauses: BTreeSet::new(),
    };
    for finding in findings {
        match finding.category {
            None => {
                answer.barred.insert(finding.why);
            }
            Some(category) => {
                answer.categories.entry(category).or_default().insert(finding.why);
            }
        }
    }
    if let Some(permitted) = answer.permitted() {
        answer.clauses = rests_on(spec, &question, &permitted);
    }
    answer
}

fn findings(spec: &Spec, question: &Question) -> Vec<Finding> {
    match &question.asked {
        Asked::Collect { purpose, source } => collect(spec, question, purpose, source),
        Asked::Use { purpose } => {
            let mut found = purpose::permits(spec, question, purpose);
            found.extend(purpose::yes(spec, question, purpose));
            found.extend(purpose::expired(spec, question, &purpose::clause(spec, purpose)));
            found
        }
        Asked::Share { purpose, recipient, form, agreed } => {
            leaving::share(spec, question, &leaving::Way { purpose, recipient, form }, *agreed)
        }
        Asked::Transfer { purpose, recipient, to } => {
            leaving::transfer(spec, question, (purpose, recipient), to)
        }
        Asked::Disclose { ground, evidenced, approvers } => {
            disclose(spec, question, ground, (*evidenced, *approvers))
        }
        Asked::Publish { purpose, recipient } => {
            leaving::publish(spec, question, purpose, recipient)
        }
        Asked::Exercise { right } => exercise(spec, question, right),
    }
}

/// The clause that silence cites: the one of that act, else the purpose's, else the first by id.
fn silence(spec: &Spec, act: &str, purpose: Option<&str>) -> String {
    let own = purpose.and_then(|it| spec.purposes.get(it)).map(|it| it.clause.clone());
    let first = || spec.clauses().first().map_or(String::new(), |it| (*it).to_owned());
    spec.silence.get(act).cloned().or(own).unwrap_or_else(first)
}

/// A source brings values: those that both the category and, for a partner, the source declare, for
/// what the partner declares. What comes in anew is not bound by the time of what it replaces.
fn collect(spec: &Spec, question: &Question, purpose: &str, source: &str) -> Vec<Finding> {
    let Some(declared) = spec.sources.get(source) else {
        let clause = silence(spec, "collect", Some(purpose));
        let mut found = ended(spec, question, purpose);
        found.push(Finding::act("source-not-allowed", &clause));
        return found;
    };
    let mut found = purpose::permits(spec, question, purpose);
    found.extend(purpose::yes(spec, question, purpose));
    found.extend(ended(spec, question, purpose));
    found.extend(purpose::held(spec, question, &purpose::clause(spec, purpose)));
    if let Some(purposes) = &declared.purposes
        && !purposes.contains(purpose)
    {
        found.push(Finding::act("source-not-allowed", &declared.clause));
    }
    for category in &question.categories {
        let takes = spec.categories.get(category).is_some_and(|it| it.sources.contains(source));
        let brings = declared.brings.as_ref().is_none_or(|it| it.contains(category));
        if !takes || !brings {
            found.push(Finding::of(category, "source-not-allowed", &declared.clause));
        }
    }
    found
}

/// From an end on nothing is collected for what has ended: for a product, neither for its purposes nor
/// of its categories.
fn ended(spec: &Spec, question: &Question, purpose: &str) -> Vec<Finding> {
    let first = || spec.clauses().first().map_or(String::new(), |it| (*it).to_owned());
    let clause = spec.cease.clone().unwrap_or_else(first);
    let mut found = Vec::new();
    for ending in spec.endings.iter().filter(|it| question.now >= it.from) {
        match &ending.what {
            Ended::Service { answered } => {
                if !answered.contains(purpose) {
                    found.push(Finding::act("ceased", &clause));
                }
            }
            Ended::Product { purposes, .. } if purposes.contains(purpose) => {
                found.push(Finding::act("ceased", &clause));
            }
            Ended::Product { categories, .. } => {
                let both = question.categories.intersection(categories);
                found.extend(both.map(|it| Finding::of(it, "ceased", &clause)));
            }
        }
    }
    found
}

/// Without consent, on a declared ground, with its evidence and approvers, while there is an account.
fn disclose(
    spec: &Spec,
    question: &Question,
    ground: &str,
    (evidenced, approvers): (bool, u8),
) -> Vec<Finding> {
    let declared = spec.disclosures.values().find(|it| it.ground.word() == ground);
    let Some(declared) = declared else {
        return vec![Finding::act("undeclared", &silence(spec, "disclose", None))];
    };
    let mut found = purpose::expired(spec, question, &declared.clause);
    if question.account == "closed" {
        found.push(Finding::act("closed", &declared.clause));
    }
    if !evidenced || approvers < declared.approvers {
        found.push(Finding::act("ground-incomplete", &declared.clause));
    }
    found
}

/// A declared right can always be exercised; what is held is neither deleted nor changed by it.
fn exercise(spec: &Spec, question: &Question, right: &str) -> Vec<Finding> {
    let Some((_, declared)) = spec.rights.iter().find(|(it, _)| it.word() == right) else {
        return vec![Finding::act("undeclared", &silence(spec, "exercise", None))];
    };
    if right == "delete" || right == "correct" {
        return purpose::held(spec, question, &declared.clause);
    }
    Vec::new()
}

/// The clauses that a permit cites.
fn rests_on(spec: &Spec, question: &Question, permitted: &BTreeSet<String>) -> BTreeSet<String> {
    let mut clauses = BTreeSet::new();
    match &question.asked {
        Asked::Use { purpose } => {
            clauses.insert(purpose::clause(spec, purpose));
        }
        Asked::Collect { purpose, source } => {
            clauses.insert(purpose::clause(spec, purpose));
            clauses.extend(spec.sources.get(source).map(|it| it.clause.clone()));
        }
        Asked::Share { purpose, recipient, form, .. } => {
            clauses.insert(purpose::clause(spec, purpose));
            let way = leaving::Way { purpose, recipient, form };
            clauses.extend(leaving::giving(&leaving::shares(spec, question, &way), permitted));
        }
        Asked::Publish { purpose, recipient } => {
            clauses.insert(purpose::clause(spec, purpose));
            let published = leaving::published(spec, question, purpose, recipient);
            clauses.extend(leaving::giving(&published, permitted));
        }
        Asked::Transfer { purpose, recipient, to } => {
            clauses.insert(purpose::clause(spec, purpose));
            let sent = leaving::transfers(spec, question, (purpose, recipient), to);
            clauses.extend(leaving::giving(&sent, permitted));
        }
        Asked::Disclose { ground, .. } => {
            let declared = spec.disclosures.values().find(|it| it.ground.word() == *ground);
            clauses.extend(declared.map(|it| it.clause.clone()));
        }
        Asked::Exercise { right } => {
            let declared = spec.rights.iter().find(|(it, _)| it.word() == *right);
            clauses.extend(declared.map(|(_, it)| it.clause.clone()));
        }
    }
    clauses
}
