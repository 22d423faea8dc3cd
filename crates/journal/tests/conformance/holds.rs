//! Legal holds: a value lies under one, stays through an erasure, and comes free.

use decide::*;
use journal::*;

use crate::world::*;

/// A case with a key of its own.
fn hold(journal: &Journal, person: PersonId) -> CaseRow {
    let case = case(journal, ("hold", "held"), Some("planted-ground"));
    CaseRow { own_key: Some(key_of(person)), ..case }
}

async fn held(journal: &Journal) -> (PersonId, CaseRow) {
    let person = somebody(journal).await;
    let case = hold(journal, person);
    let held = Write::Hold { category: email(), case: case.id, sealed: sealed("under-hold") };
    let note = Write::Note(note(journal, &case, "copied-out"));
    let values = vec![
        value(email(), "planted-email", Some(blind(1, true))),
        value(phone(), "planted-phone", Some(blind(2, false))),
        Write::Job { kind: JobKind::about("hold-ends", case.id), due: at(9) },
        Write::Case(case.clone()),
    ];
    write(journal, person, values).await.unwrap().into_inner();
    write(journal, person, vec![held, note]).await.unwrap().into_inner();
    (person, case)
}

pub(crate) async fn a_held_value_is_given_to_its_hold_alone(store: &impl Store) {
    let journal = store.open().await;
    let (person, case) = held(&journal).await;
    let tx = permit(&journal, person, exercise(Right::Access)).await;
    assert_eq!(tx.facts().dues.held(), Set::of(email()));
    assert!(tx.sealed(email()).is_none() && tx.sealed(phone()).is_some());
    assert_eq!(tx.held(email()), Some((case.id, &sealed("under-hold"))));
    assert_eq!(tx.held(phone()), None);
    assert_eq!(journal.find(cn(), email(), &blind(1, true)).await.unwrap(), None);
    drop(tx);
    let several = journal.begin_each(&[person]).await.unwrap();
    assert_eq!(several[0].facts().dues.held(), Set::of(email()));
    // Nothing takes its place, and a deletion passes over it.
    let other = write(&journal, person, vec![value(email(), "other", None)]).await;
    assert!(matches!(other, Err(Fault::Conflict)));
    let twice = Write::Hold { category: email(), case: case.id, sealed: sealed("twice") };
    assert!(matches!(write(&journal, person, vec![twice]).await, Err(Fault::Conflict)));
    let gone = vec![Write::DeleteValue(email()), Write::DeleteValue(phone())];
    write(&journal, person, gone).await.unwrap().into_inner();
    let tx = permit(&journal, person, exercise(Right::Access)).await;
    assert_eq!(tx.values().iter().map(|it| it.category).collect::<Vec<_>>(), [email()]);
    drop(tx);
    let back = Some((sealed("planted-email"), Some(blind(1, true))));
    let free = Write::Unhold { category: email(), back };
    write(&journal, person, vec![free]).await.unwrap().into_inner();
    let tx = permit(&journal, person, exercise(Right::Access)).await;
    assert!(tx.facts().dues.is_empty() && tx.held(email()).is_none());
    assert_eq!(tx.sealed(email()), Some(&sealed("planted-email")));
    assert_eq!(journal.find(cn(), email(), &blind(1, true)).await.unwrap(), Some(person));
}

pub(crate) async fn what_is_held_outlives_the_person_until_the_hold_ends(store: &impl Store) {
    let journal = store.open().await;
    let (person, case) = held(&journal).await;
    write(&journal, person, vec![Write::Erase]).await.unwrap().into_inner();
    assert!(matches!(journal.begin(person, ALL).await, Err(Fault::Erased)));
    let jobs = journal.scratch().claim_jobs(at(10), 9).await.unwrap();
    assert_eq!(jobs.len(), 1, "the end of the hold is still a job");
    let (whose, found) = journal.scratch().held_case(case.id).await.unwrap().unwrap();
    assert_eq!((whose, found.sealed), (person, case.sealed));
    assert!(found.own_key.is_some());
    journal.scratch().end_hold(person, case.id, "ended").await.unwrap();
    assert_eq!(journal.scratch().held_case(case.id).await.unwrap(), None);
    let (_, left) = journal.scratch().case(case.id).await.unwrap().unwrap();
    assert_eq!((left.state.as_str(), left.open), ("ended", false));
    let again = journal.scratch().end_hold(person, case.id, "ended").await;
    assert!(matches!(again, Err(Fault::NotFound)));
}
