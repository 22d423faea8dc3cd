//! What the page says about a purpose: on which terms, to whom, with which categories.

use decide::spec::{PurposeTerms, Spec, Widened};

use super::question::Question;
use super::{Finding, silence};

/// The clause of a declared purpose.
pub(super) fn clause(spec: &Spec, purpose: &str) -> String {
    spec.purposes.get(purpose).map_or(String::new(), |it| it.clause.clone())
}

/// The terms in the person's region; none where the purpose or the region is not declared.
fn terms(spec: &Spec, question: &Question, purpose: &str) -> Option<PurposeTerms> {
    spec.regions.get(&question.region)?;
    let declared = spec.purposes.get(purpose)?;
    Some(*declared.regions.get(&question.region).unwrap_or(&declared.general))
}

/// Everything that may refuse a purpose, but for a missing yes and the time of values.
pub(super) fn permits(spec: &Spec, question: &Question, purpose: &str) -> Vec<Finding> {
    let Some(terms) = terms(spec, question, purpose) else {
        return vec![Finding::act("undeclared", &silence(spec, "use", Some(purpose)))];
    };
    let mut found = Vec::new();
    let clause = clause(spec, purpose);
    let about_minors = spec.minors.as_ref().map_or(&clause, |it| &it.clause);
    if let Some(reason) = account(&terms, question.account) {
        let cited = if reason == "guardian-missing" { about_minors } else { &clause };
        found.push(Finding::act(reason, cited));
    }
    if let Some(reason) = age(&terms, question.age) {
        found.push(Finding::act(reason, about_minors));
    }
    found.extend(no(&terms, question, purpose).into_iter().map(|it| Finding::act(it, &clause)));
    found.extend(uses(spec, question, purpose));
    found.extend(widened(spec, question, purpose));
    found
}

/// Nobody has to choose what a contract, a law or a life needs.
fn needed(terms: &PurposeTerms) -> bool {
    ["contract", "legal-duty", "vital-interest"].contains(&terms.basis.word())
}

/// What the state of the account refuses.
fn account(terms: &PurposeTerms, account: &str) -> Option<&'static str> {
    let basis = terms.basis.word();
    match account {
        "unverified" if !needed(terms) => Some("unverified"),
        "awaiting-guardian" if !(needed(terms) && terms.minors.word() == "same") => {
            Some("guardian-missing")
        }
        "restricted" if basis != "legal-duty" && basis != "vital-interest" => Some("restricted"),
        "closing" => Some("closing"),
        "closed" => Some("closed"),
        _ => None,
    }
}

/// What the age refuses.
fn age(terms: &PurposeTerms, age: &str) -> Option<&'static str> {
    let minor = age != "adult" && age != "unknown";
    let agreed = age.ends_with("-agreed");
    match terms.minors.word() {
        "never" if minor => Some("minor"),
        "never" if age == "unknown" => Some("age-unknown"),
        "guardian" if age == "child" => Some("guardian-missing"),
        "guardian" if minor && !agreed && !needed(terms) => Some("guardian-missing"),
        "same" if age == "child" && !needed(terms) => Some("guardian-missing"),
        _ => None,
    }
}

/// What the person, or the browser, said against it: it moves what a choice can move.
fn no(terms: &PurposeTerms, question: &Question, purpose: &str) -> Vec<&'static str> {
    let mut found = Vec::new();
    if needed(terms) {
        return found;
    }
    if question.refused.contains(purpose) {
        found.push("withdrawn");
    }
    if question.objected.contains(purpose) {
        found.push("objected");
    }
    for (signal, effect) in [("gpc", terms.gpc), ("dnt", terms.dnt)] {
        let counts = match effect.word() {
            "refuse" => true,
            "ask" => !question.given.contains(purpose),
            _ => false,
        };
        if counts && question.signals.contains(signal) {
            found.push("signalled");
        }
    }
    found
}

/// The yes that a purpose needs whose default is refused.
pub(super) fn yes(spec: &Spec, question: &Question, purpose: &str) -> Vec<Finding> {
    let Some(terms) = terms(spec, question, purpose) else { return Vec::new() };
    let asks = !needed(&terms) && terms.default.word() == "refused";
    if asks && !question.given.contains(purpose) {
        return vec![Finding::act("not-consented", &clause(spec, purpose))];
    }
    Vec::new()
}

/// A purpose uses what it declares.
fn uses(spec: &Spec, question: &Question, purpose: &str) -> Vec<Finding> {
    let Some(declared) = spec.purposes.get(purpose) else { return Vec::new() };
    let others = question.categories.iter().filter(|it| !declared.uses.contains(*it));
    others.map(|it| Finding::of(it, "undeclared", &declared.clause)).collect()
}

/// What a newer version permits waits until the person was told or asked.
fn widened(spec: &Spec, question: &Question, purpose: &str) -> Vec<Finding> {
    let rule = Widened::Purpose(purpose.to_owned());
    let clause = spec.change.clone().unwrap_or_else(|| clause(spec, purpose));
    let waits = question.categories.iter().filter(|it| waits(spec, question, &rule, it));
    waits.map(|it| Finding::of(it, "not-told", &clause)).collect()
}

/// Whether a rule concerns this category only since a version that the person has not adopted.
pub(super) fn waits(spec: &Spec, question: &Question, rule: &Widened, category: &str) -> bool {
    spec.widened.iter().any(|it| {
        it.version > question.adopted && it.rule == *rule && it.categories.contains(category)
    })
}

/// A value that is due is refused, swept or not; one that is held, too.
pub(super) fn expired(spec: &Spec, question: &Question, otherwise: &str) -> Vec<Finding> {
    let due = |category: &String| {
        question.dues.get(category).is_some_and(|it| it.iter().any(|due| *due <= question.now))
    };
    let gone = question.categories.iter().filter(|it| due(it));
    let mut found: Vec<Finding> =
        gone.map(|it| Finding::of(it, "expired", &kept(spec, it, otherwise))).collect();
    found.extend(held(spec, question, otherwise));
    found
}

/// What lies under a legal hold is kept and neither used, changed, replaced nor deleted.
pub(super) fn held(spec: &Spec, question: &Question, otherwise: &str) -> Vec<Finding> {
    let held = question.categories.intersection(&question.held);
    held.map(|it| Finding::of(it, "held", &kept(spec, it, otherwise))).collect()
}

/// The clause that says how long a category is kept.
fn kept(spec: &Spec, category: &str, otherwise: &str) -> String {
    let declared = spec.categories.get(category).map(|it| it.keep_clause.as_str());
    declared.unwrap_or(otherwise).to_owned()
}
