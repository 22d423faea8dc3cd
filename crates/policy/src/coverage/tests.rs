use super::*;
use crate::clause::collection::Source;
use crate::localized::Localized;
use crate::page::Clause;

fn clause(id: &str, declares: &[(Kind, &str)], stated: Option<&str>) -> Clause {
    let declares = declares.iter().map(|it| (it.0, it.1.to_owned())).collect();
    Clause { id: id.to_owned(), declares, stated: stated.map(str::to_owned), ..Clause::default() }
}

#[test]
fn what_flows_act_on_is_enforced() {
    let policy = Policy {
        clauses: vec![
            clause("use", &[(Kind::Purpose, "a")], None),
            clause("share", &[(Kind::Share, "b"), (Kind::Recipient, "c")], None),
            clause("mixed", &[(Kind::Purpose, "d"), (Kind::Messages, "")], None),
            clause("said", &[], Some("a description")),
            clause("heading", &[], None),
        ],
        ..Policy::default()
    };
    let all = coverage(&policy, &["purpose", "sharing"].into());
    assert_eq!(all.enforced, ["use", "share"]);
    assert_eq!(all.waiting, [("mixed".to_owned(), vec!["messages".to_owned()])]);
    assert_eq!(
        all.render(),
        "promises: 2 enforced, 1 stated, 1 not yet enforced\n  enforced          use\n  enforced          share\n  stated            said: a description\n  not yet enforced  mixed: `messages`\n"
    );
}

#[test]
fn what_a_partner_brings_needs_a_way_in_of_its_own() {
    let source = |kind| Source {
        clause: String::new(),
        title: Localized::default(),
        kind,
        brings: None,
        purposes: None,
        terms: None,
    };
    let policy = Policy {
        clauses: vec![
            clause("person", &[(Kind::Source, "person")], None),
            clause("partner", &[(Kind::Source, "reseller")], None),
        ],
        sources: [
            ("person".to_owned(), source(SourceKind::Person)),
            ("reseller".to_owned(), source(SourceKind::Partner)),
        ]
        .into(),
        ..Policy::default()
    };
    let all = coverage(&policy, &["source"].into());
    assert_eq!(all.enforced, ["person"]);
    assert_eq!(all.waiting, [("partner".to_owned(), vec!["source.reseller".to_owned()])]);
    let all = coverage(&policy, &["source", "source.partner"].into());
    assert_eq!(all.enforced, ["person", "partner"]);
}
