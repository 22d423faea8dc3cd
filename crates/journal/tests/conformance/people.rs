//! People, their facts and values.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use decide::*;
use journal::{limit, *};

use crate::world::*;

pub(crate) async fn a_created_person_is_read_back(store: &impl Store) {
    let journal = store.open().await;
    let person = new_person(&journal, cn());
    let mut tx = begin_new(&journal, person);
    tx.stage(value(email(), "ada@example.com", Some(blind(1, true))));
    assert_eq!(tx.key(), &key_of(person));
    let owed = tx.owe("welcome".to_owned());
    assert_eq!(tx.record(owed).await.unwrap().into_inner(), "welcome");

    let tx = journal.begin(person, ALL).await.unwrap();
    assert_eq!(tx.version(), 1);
    assert_eq!(tx.person(), person);
    assert_eq!(tx.facts(), &facts(cn()));
    let row =
        ValueRow { category: email(), source: source(), collected: T0, due: None, hold: None };
    assert_eq!(tx.values(), [row]);
    let tx = tx.judge(&rules(), using(service()), app(), T0).unwrap();
    assert_eq!(tx.sealed(email()), Some(&sealed("ada@example.com")));
    assert_eq!(tx.key(), &key_of(person));
}

pub(crate) async fn every_fact_is_kept(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let high = 1 << 63 | 5;
    let writes = vec![
        Write::Consent { given: Set::from_bits(high), refused: Set::from_bits(2) },
        Write::Objected(Set::from_bits(high)),
        Write::Shares(Set::from_bits(7)),
        Write::Transfers(Set::from_bits(high)),
        Write::Account(Account::Restricted),
        Write::Age(Age::ChildAgreed),
        Write::Adopted(9),
    ];
    write(&journal, person, writes).await.unwrap().into_inner();
    let tx = journal.begin(person, ALL).await.unwrap();
    let mut expected = facts(cn());
    expected.given = Set::from_bits(high);
    expected.refused = Set::from_bits(2);
    expected.objected = Set::from_bits(high);
    expected.shares = Set::from_bits(7);
    expected.transfers = Set::from_bits(high);
    expected.account = Account::Restricted;
    expected.age = Age::ChildAgreed;
    expected.adopted = 9;
    assert_eq!(tx.facts(), &expected);
    assert_eq!(tx.version(), 2, "one transaction raises the version once");
}

pub(crate) async fn who_is_created_twice_conflicts(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let tx = begin_new(&journal, person);
    let owed = tx.owe(());
    assert!(matches!(tx.record(owed).await, Err(Fault::Conflict)));
}

pub(crate) async fn nobody_is_not_found(store: &impl Store) {
    let journal = store.open().await;
    let nobody = new_person(&journal, cn());
    assert!(matches!(journal.begin(nobody, ALL).await, Err(Fault::NotFound)));
    let elsewhere = PersonId::new(RegionCode::new("us").unwrap(), 1);
    assert!(matches!(journal.begin(elsewhere, ALL).await, Err(Fault::NotFound)));
}

pub(crate) async fn a_value_is_replaced_and_deleted(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let first = value(email(), "old@example.com", Some(blind(1, true)));
    write(&journal, person, vec![first]).await.unwrap().into_inner();
    let second = value(email(), "new@example.com", Some(blind(2, true)));
    write(&journal, person, vec![second]).await.unwrap().into_inner();

    let tx = permit(&journal, person, using(service())).await;
    assert_eq!(tx.sealed(email()), Some(&sealed("new@example.com")));
    assert_eq!(tx.values().len(), 1);
    assert_eq!(journal.find(cn(), email(), &blind(1, true)).await.unwrap(), None);
    assert_eq!(journal.find(cn(), email(), &blind(2, true)).await.unwrap(), Some(person));

    write(&journal, person, vec![Write::DeleteValue(email())]).await.unwrap().into_inner();
    let tx = permit(&journal, person, using(service())).await;
    assert_eq!(tx.sealed(email()), None);
    assert!(tx.values().is_empty());
    assert_eq!(journal.find(cn(), email(), &blind(2, true)).await.unwrap(), None);
}

pub(crate) async fn values_that_go_together_leave_what_is_staged_after(store: &impl Store) {
    let journal = store.open().await;
    let (person, other) = (somebody(&journal).await, somebody(&journal).await);
    for (person, seed) in [(person, 1), (other, 5)] {
        let email = value(email(), "old@example.com", Some(blind(seed, true)));
        let phone = value(phone(), "phone", Some(blind(seed + 1, false)));
        write(&journal, person, vec![email, phone]).await.unwrap().into_inner();
    }
    let writes = vec![
        Write::DeleteValue(email()),
        Write::DeleteValue(phone()),
        value(email(), "new@example.com", Some(blind(3, true))),
    ];
    write(&journal, person, writes).await.unwrap().into_inner();
    let held = async |it| journal.begin(it, ALL).await.unwrap().values().len();
    assert_eq!((held(person).await, held(other).await), (1, 2));
    let tx = permit(&journal, person, using(service())).await;
    assert_eq!(tx.sealed(email()), Some(&sealed("new@example.com")));
    let found = async |it: Blind, category| journal.find(cn(), category, &it).await.unwrap();
    assert_eq!(found(blind(1, true), email()).await, None);
    assert_eq!(found(blind(2, false), phone()).await, None);
    assert_eq!(found(blind(3, true), email()).await, Some(person));
    assert_eq!(found(blind(6, false), phone()).await, Some(other));
}

pub(crate) async fn many_are_read_as_one_is(store: &impl Store) {
    let journal = store.open().await;
    let mut people = Vec::new();
    for number in 0..limit::SEVERAL_MAX + 3 {
        let person = somebody(&journal).await;
        if number % 2 == 0 {
            let writes = vec![value(email(), "e", None), value(phone(), "p", None)];
            write(&journal, person, writes).await.unwrap().into_inner();
        }
        people.push(person);
    }
    people.push(somebody_in(&journal, eu()).await);
    let erased = somebody(&journal).await;
    write(&journal, erased, vec![Write::Erase]).await.unwrap().into_inner();
    let nobody = PersonId::new(cn(), 1);
    let asked = [people.clone(), vec![erased, nobody]].concat();
    let read = journal.begin_each(&asked).await.unwrap();
    assert_eq!(read.len(), people.len(), "who is erased or was never there is left out");
    for tx in read {
        let alone = journal.begin(tx.person(), Set::EMPTY).await.unwrap();
        assert!(people.contains(&tx.person()));
        assert_eq!(tx.version(), alone.version());
        assert_eq!(format!("{:?}", tx.facts()), format!("{:?}", alone.facts()));
        assert_eq!(tx.values(), alone.values());
    }
    assert!(journal.begin_each(&[]).await.unwrap().is_empty());
}

pub(crate) async fn only_wanted_values_come_and_only_permitted_ones_are_handed_out(
    store: &impl Store,
) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let writes = vec![value(email(), "e", None), value(phone(), "p", None)];
    write(&journal, person, writes).await.unwrap().into_inner();

    let tx = journal.begin(person, Set::of(phone())).await.unwrap();
    assert_eq!(tx.values().len(), 2, "what is known of values comes for all of them");
    let both = exercise(Right::Access);
    let tx = tx.judge(&rules(), both, app(), T0).unwrap();
    assert_eq!(tx.sealed(email()), None, "not wanted");
    assert!(tx.sealed(phone()).is_some());

    let tx = permit(&journal, person, using(service())).await;
    assert!(tx.sealed(email()).is_some());
    assert_eq!(tx.sealed(phone()), None, "not permitted, for it was not asked for");
}

pub(crate) async fn a_due_value_is_refused(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let writes =
        vec![value(email(), "e", None), Write::Due { category: email(), due: Some(at(60)) }];
    write(&journal, person, writes).await.unwrap().into_inner();
    let judge = async |now| {
        let tx = journal.begin(person, ALL).await.unwrap();
        tx.judge(&rules(), using(service()), app(), now).map(|_| ()).map_err(|_| ())
    };
    assert!(judge(at(59)).await.is_ok());
    assert!(judge(at(60)).await.is_err());
    let never = Write::Due { category: email(), due: None };
    write(&journal, person, vec![never]).await.unwrap().into_inner();
    assert!(judge(at(60)).await.is_ok());
}

pub(crate) async fn a_unique_value_is_taken_once(store: &impl Store) {
    let journal = store.open().await;
    let (first, second) = (somebody(&journal).await, somebody(&journal).await);
    let theirs = || vec![value(email(), "ada@example.com", Some(blind(1, true)))];
    write(&journal, first, theirs()).await.unwrap().into_inner();
    // Whose it is may write it again.
    write(&journal, first, theirs()).await.unwrap().into_inner();
    match write(&journal, second, theirs()).await {
        Err(Fault::Taken(category)) => assert_eq!(category, email()),
        other => panic!("{other:?}"),
    }
    // Another category, another region, and what need not be unique are free.
    let other = vec![value(phone(), "x", Some(blind(1, true)))];
    write(&journal, second, other).await.unwrap().into_inner();
    let abroad = somebody_in(&journal, eu()).await;
    write(&journal, abroad, theirs()).await.unwrap().into_inner();
    // Once it is given up, it is free.
    write(&journal, first, vec![Write::DeleteValue(email())]).await.unwrap().into_inner();
    write(&journal, second, theirs()).await.unwrap().into_inner();
    assert_eq!(journal.find(cn(), email(), &blind(1, true)).await.unwrap(), Some(second));
    assert_eq!(journal.find(eu(), email(), &blind(1, true)).await.unwrap(), Some(abroad));
}

pub(crate) async fn a_value_is_found_by_its_blind(store: &impl Store) {
    let journal = store.open().await;
    let (first, second) = (somebody(&journal).await, somebody(&journal).await);
    for person in [first, second] {
        let shared = vec![value(phone(), "shared", Some(blind(3, false)))];
        write(&journal, person, shared).await.unwrap().into_inner();
    }
    assert_eq!(journal.find(cn(), phone(), &blind(3, false)).await.unwrap(), Some(first));
    let all = async |n| journal.find_all(cn(), (phone(), &blind(3, false)), n).await.unwrap();
    assert_eq!((all(9).await, all(1).await), (vec![first, second], vec![first]));
    assert_eq!(journal.find(cn(), email(), &blind(3, false)).await.unwrap(), None);
    assert_eq!(journal.find(cn(), phone(), &blind(4, false)).await.unwrap(), None);
    assert_eq!(journal.find(eu(), phone(), &blind(3, false)).await.unwrap(), None);
}

pub(crate) async fn regions_are_apart(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody_in(&journal, eu()).await;
    assert!(journal.begin(person, ALL).await.is_ok());
    let elsewhere = PersonId::new(cn(), person.bits());
    assert!(matches!(journal.begin(elsewhere, ALL).await, Err(Fault::NotFound)));
    let cn_people = journal.scratch().people(cn(), None, 10).await.unwrap();
    let eu_people = journal.scratch().people(eu(), None, 10).await.unwrap();
    assert_eq!((cn_people, eu_people), (vec![], vec![person]));
}

/// Readers come in between all the time, so that one of them is overtaken by each change.
pub(crate) async fn a_change_counts_from_its_acknowledgement_on(store: &impl Store) {
    const CHANGES: u32 = 100;
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let ended = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (0..4)
        .map(|_| {
            let (journal, ended) = (journal.clone(), Arc::clone(&ended));
            tokio::spawn(async move {
                let mut seen = 0;
                while !ended.load(Ordering::Relaxed) {
                    let version = journal.begin(person, ALL).await.unwrap().version();
                    assert!(version >= seen, "a version came back: {version} after {seen}");
                    seen = version;
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for adopted in 1..=CHANGES {
        write(&journal, person, vec![Write::Adopted(adopted)]).await.unwrap().into_inner();
        let tx = journal.begin(person, ALL).await.unwrap();
        assert_eq!(tx.facts().adopted, adopted);
    }
    ended.store(true, Ordering::Relaxed);
    for reader in readers {
        reader.await.unwrap();
    }
}
