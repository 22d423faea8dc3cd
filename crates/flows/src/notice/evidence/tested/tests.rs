use decide::spec::{Basis, Minors};
use decide::{Ruleset, Timestamp};

use super::{Outcome, test};
use crate::minors::tests::book;

const NOW: Timestamp = Timestamp::from_millis(1_795_312_800_000);

#[test]
fn the_starter_policy_decides_as_it_says() {
    let book = book();
    let all = test((&book.policy().spec, true), book.rules(), NOW);
    let failed: Vec<_> = all.iter().filter(|(_, it)| it.outcome == Outcome::Failed).collect();
    assert!(failed.is_empty(), "{failed:#?}");
    let decides = book.policy().spec.clauses();
    let untested: Vec<&str> = decides.into_iter().filter(|it| !all.contains_key(*it)).collect();
    // Nothing was widened yet; what a place is and where data stays is decided under other clauses.
    assert_eq!(untested, ["change", "collect-location", "reside"], "{:#?}", all.keys());
}

#[test]
fn rules_that_decide_otherwise_fail_the_test_of_their_clause_alone() {
    let book = book();
    let declared = book.policy().spec.clone();
    let mut other = declared.clone();
    let advertise = other.purposes.get_mut("advertise").unwrap();
    advertise.general.basis = Basis::Contract;
    advertise.general.minors = Minors::Same;
    advertise.regions.clear();
    let rules = Ruleset::new(&other, book.rules().vocabulary()).unwrap();
    let all = test((&declared, true), &rules, NOW);
    let failed: Vec<_> = all.iter().filter(|(_, it)| it.outcome == Outcome::Failed).collect();
    let clauses: Vec<_> = failed.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(clauses, ["minors", "use-advertise"]);
    let (_, minors) = failed.first().unwrap();
    assert!(minors.failed.iter().all(|it| it.contains("of a minor")), "{minors:?}");
}
