//! One request, answered in words.

#![cfg(test)]

#[path = "support/folders.rs"]
mod support;

use decide::{Age, Timestamp};
use policy::{Question, compile, explain};

fn ids(all: &[&str]) -> std::collections::BTreeSet<String> {
    all.iter().map(|it| (*it).to_owned()).collect()
}

#[test]
fn answers_cite_clauses_and_name_the_remedy() {
    let policy = compile(&support::starter()).unwrap();
    let advertise = policy.purposes.get("advertise").unwrap().uses.iter().next().unwrap().clone();
    let service = Question {
        purpose: "service".to_owned(),
        categories: ids(&["email"]),
        ..Question::default()
    };
    let refused = Question {
        purpose: "advertise".to_owned(),
        categories: ids(&["email", &advertise]),
        ..Question::default()
    };
    let given = Question { given: ids(&["advertise"]), ..refused.clone() };
    let minor = Question { age: Age::MinorAgreed, ..given.clone() };
    let right = Question {
        act: "exercise".to_owned(),
        purpose: "withdraw".to_owned(),
        ..Question::default()
    };
    let mut text = String::new();
    for question in [service, refused, given, minor, right] {
        for language in ["en", "zh"] {
            text.push_str(
                &explain(&policy, &question, Timestamp::from_millis(0), language).unwrap(),
            );
            text.push('\n');
        }
    }
    insta::assert_snapshot!(text);
}
