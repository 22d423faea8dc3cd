//! Versions against versions: what is widened, what differs, and that order and prose do not matter.

#![cfg(test)]

#[path = "support/folders.rs"]
mod support;

use decide::spec::Widened;
use policy::diff::{Class, Whom, diff, plainly, render};
use policy::{Folder, Policy, compile, compile_after};
use support::starter;

/// The starter policy with some text of `policy.md` replaced.
fn edited(edits: &[(&str, &str)]) -> Folder {
    let mut folder = starter();
    let text = folder.files.get_mut("policy.md").unwrap();
    for (from, to) in edits {
        assert!(text.contains(from), "`{from}` is not in the starter policy");
        *text = text.replacen(from, to, 1);
    }
    folder
}

fn compiled(folder: &Folder) -> Policy {
    compile(folder).unwrap_or_else(|faults| panic!("{faults}"))
}

/// The starter policy as version 2 with advertising that also uses the clicks.
fn second(more: &[(&str, &str)]) -> Folder {
    let first = compiled(&starter());
    let uses = first.purposes.get("advertise").unwrap().uses.clone();
    assert!(!uses.contains("phone"));
    let text = starter().files.remove("policy.md").unwrap();
    let from = text.split("[purpose.advertise]").nth(1).unwrap();
    let line = from.lines().find(|it| it.starts_with("uses")).unwrap();
    let wider = line.replace('[', "[\"phone\", ");
    let table = from.split(line).next().unwrap();
    let (old, new) =
        (format!("[purpose.advertise]{table}{line}"), format!("[purpose.advertise]{table}{wider}"));
    let mut edits = vec![("version    = 1", "version    = 2"), (old.as_str(), new.as_str())];
    edits.extend(more);
    edited(&edits)
}

#[test]
fn a_purpose_that_uses_more_is_widened() {
    let first = compiled(&starter());
    assert!(first.spec.widened.is_empty());
    let second = compile_after(&second(&[]), &[&first]).unwrap();
    let [widened] = second.spec.widened.as_slice() else { panic!("{:?}", second.spec.widened) };
    assert_eq!((widened.version, &widened.rule), (2, &Widened::Purpose("advertise".to_owned())));
    assert_eq!(widened.categories, ["phone".to_owned()].into());
    // A third version that changes nothing more still knows it.
    let mut third = edited(&[]);
    *third.files.get_mut("policy.md").unwrap() = self::second(&[])
        .files
        .remove("policy.md")
        .unwrap()
        .replacen("version    = 2", "version    = 3", 1);
    let third = compile_after(&third, &[&first, &second]).unwrap();
    assert_eq!(third.spec.widened, second.spec.widened);
}

#[test]
fn a_version_follows_those_before_it() {
    let first = compiled(&starter());
    let faults = compile_after(&starter(), &[&first]).unwrap_err();
    assert_eq!(faults.codes(), ["version-not-newer"]);
    insta::assert_snapshot!(faults.to_string());
}

#[test]
fn what_differs_is_told_by_rule_and_by_word() {
    let first = compiled(&starter());
    let second =
        compiled(&second(&[("Write to {{ contact.email }}", "Do write to {{ contact.email }}")]));
    insta::assert_snapshot!(render(&diff(&first, &second)));
    assert!(diff(&first, &first).is_empty());
}

#[test]
fn a_widening_names_whom_it_affects() {
    let first = compiled(&starter());
    let second = compiled(&second(&[(
        "[change]\nnotice    = \"30 days\"",
        "[change]\nnotice    = \"7 days\"",
    )]));
    let all = diff(&first, &second);
    let whom = |rule: &str| all.iter().find(|it| it.rule == rule).unwrap().whom.clone();
    let phone = Whom::Purpose("advertise".to_owned(), ["phone".to_owned()].into());
    assert_eq!(whom("purpose.advertise.uses"), phone);
    assert_eq!(whom("change.notice"), Whom::Everybody);
    let back = diff(&second, &first);
    assert!(back.iter().all(|it| it.whom == Whom::Nobody), "{back:?}");
}

#[test]
fn what_changes_is_said_in_plain_words() {
    let first = compiled(&starter());
    let second = compiled(&second(&[
        ("[change]\nnotice    = \"30 days\"", "[change]\nnotice    = \"7 days\""),
        ("Write to {{ contact.email }}", "Do write to {{ contact.email }}"),
    ]));
    let changes = diff(&first, &second);
    let said = ["en", "zh"].map(|it| plainly(&changes, (&first, &second), it).join("\n"));
    let back = diff(&second, &first);
    let back = plainly(&back, (&second, &first), "en").join("\n");
    insta::assert_snapshot!([said[0].as_str(), &said[1], &back].join("\n\n"));
}

#[test]
fn the_way_back_narrows() {
    let (first, second) = (compiled(&starter()), compiled(&second(&[])));
    let back = diff(&second, &first);
    assert!(back.iter().all(|it| it.class == Class::Narrowing), "{back:?}");
}

/// Clauses with their parts, which may stand in any order.
fn shuffled(text: &str) -> String {
    let (head, body) = text.split_at(text.find("\n## ").unwrap());
    let mut clauses: Vec<&str> = body.split("\n## ").filter(|it| !it.is_empty()).collect();
    clauses.reverse();
    let parts = clauses.iter().map(|it| format!("\n## {}", it.split("\n# ").next().unwrap()));
    format!("{head}{}", parts.collect::<String>())
}

#[test]
fn order_and_prose_do_not_change_the_hash() {
    let first = compiled(&starter());
    let mut folder = edited(&[("Write to {{ contact.email }}", "Do write to {{ contact.email }}")]);
    for name in ["policy.md", "policy.zh.md"] {
        let text = folder.files.get_mut(name).unwrap();
        *text = shuffled(text);
    }
    let other = compiled(&folder);
    assert_ne!(first.clauses.first(), other.clauses.first());
    assert_eq!(first.canonical(), other.canonical());
    assert_eq!(first.hash(), other.hash());
    assert_eq!(first.spec, other.spec);
}

#[test]
fn a_rule_does_change_the_hash() {
    let (first, second) = (compiled(&starter()), compiled(&second(&[])));
    assert_ne!(first.hash(), second.hash());
    assert_eq!(first.hash().len(), 64);
}

/// The canonical text of the smallest policy, and its hash: `docs/formats/policy-hash.md`.
#[test]
fn the_canonical_text_is_fixed() {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/missing-title/policy.md");
    let text = std::fs::read_to_string(path).unwrap().replace("[\"en\", \"zh\"]", "[\"en\"]");
    let calendar = "title = \"Mainland China\"\nyears = [2026]\n";
    let policy =
        compiled(&Folder::of([("policy.md", text.as_str()), ("holidays/cn.toml", calendar)]));
    insta::assert_snapshot!(format!("{}\n{}", policy.canonical(), policy.hash()));
}
