use decide::{Age, RegionCode, Ruleset, Timestamp, Vocabulary};
use jiff::civil::date;

use super::{Asks, age, asks};
use crate::book::Book;

#[path = "../../../policy/tests/support/folders.rs"]
mod folders;

use folders::starter;

/// The book of the starter policy.
pub(crate) fn book() -> Book {
    let compiled = policy::compile(&starter()).unwrap();
    let names = Vocabulary::default().with(&compiled.spec).unwrap();
    let rules = Ruleset::new(&compiled.spec, &names).unwrap();
    Book::new(compiled, rules)
}

#[test]
fn the_legal_age_is_that_of_the_region() {
    let book = book();
    let now = Timestamp::from_millis(1_795_312_800_000); // 2026-11-22 in both regions
    let of = |region, born| age(&book, RegionCode::new(region).unwrap(), born, now).ok();
    assert_eq!(of("cn", date(2012, 11, 22)), Some(Age::Minor), "14 today");
    assert_eq!(of("cn", date(2012, 11, 23)), Some(Age::Child), "14 tomorrow");
    assert_eq!(of("eu", date(2012, 11, 22)), Some(Age::Child), "16 in this region");
    assert_eq!(of("eu", date(2010, 11, 22)), Some(Age::Minor));
    assert_eq!(of("cn", date(2008, 11, 22)), Some(Age::Adult), "18 today");
    assert_eq!(of("cn", date(2027, 1, 1)), None, "not born yet");
    assert_eq!(of("cn", date(1890, 1, 1)), None, "nobody is that old");
    assert_eq!(asks(&book, "cn", "2010-01-01", now).ok(), Some(Asks::Guardian));
    assert_eq!(asks(&book, "cn", "2015-01-01", now).ok(), Some(Asks::GuardianFirst));
    assert_eq!(asks(&book, "cn", "1990-01-01", now).ok(), Some(Asks::Nothing));
    assert!(asks(&book, "cn", "yesterday", now).is_err());
}
