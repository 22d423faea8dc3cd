//! One request, answered in words.

#![cfg(test)]

#[path = "support/folders.rs"]
mod support;

use decide::{Account, Age, Form, Timestamp};
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

#[test]
fn the_state_of_a_person_is_told_in_the_language_of_the_answer() {
    let policy = compile(&support::starter()).unwrap();
    let told = |question: &Question, language: &str| {
        let text = explain(&policy, question, Timestamp::from_millis(0), language).unwrap();
        text.lines().take(2).flat_map(|it| [it, "\n"]).collect::<String>()
    };
    let asked = Question { purpose: "service".to_owned(), ..Question::default() };
    let mut questions = Vec::new();
    for account in Account::ALL {
        questions.push(Question { account: *account, ..asked.clone() });
    }
    for age in Age::ALL {
        questions.push(Question { age: *age, ..asked.clone() });
    }
    let recipient = policy.recipients.keys().next().cloned();
    for form in Form::ALL {
        let recipient = recipient.clone();
        questions.push(Question {
            act: "share".to_owned(),
            form: *form,
            recipient,
            ..asked.clone()
        });
    }
    let with = |act: &str, purpose: &str| {
        let (source, recipient) = (Some("registration".to_owned()), recipient.clone());
        let (act, purpose, to_region) = (act.to_owned(), purpose.to_owned(), Some("eu".to_owned()));
        Question { act, purpose, source, recipient, to_region, ..Question::default() }
    };
    questions.extend([
        with("collect", "service"),
        with("transfer", "service"),
        with("disclose", "justice"),
        with("publish", "service"),
        with("exercise", "access"),
    ]);
    let text: String = questions.iter().map(|it| told(it, "zh")).collect();
    let state = |it: &&str| it.starts_with("个人");
    assert!(!text.lines().filter(state).any(|it| it.contains(|it: char| it.is_ascii_alphabetic())));
    insta::assert_snapshot!(text);
}
