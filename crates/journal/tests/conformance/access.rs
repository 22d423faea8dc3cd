//! Sessions and codes.

use journal::*;

use crate::world::*;

fn session(seed: u8, seconds: i64) -> Write {
    Write::Session {
        hash: [seed; 32],
        expires: at(seconds),
        label: format!("browser {seed}"),
        role: Role::Person,
    }
}

pub(crate) async fn a_session_is_found_until_it_expires(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody_in(&journal, eu()).await;
    let label = "a guardian".to_owned();
    let role = Role::Guardian;
    let guardian = Write::Session { hash: [9; 32], expires: at(60), label, role };
    write(&journal, person, vec![session(1, 60), guardian]).await.unwrap().into_inner();
    assert_eq!(journal.session((&[1; 32], Role::Person), at(59)).await.unwrap(), Some(person));
    assert_eq!(journal.session((&[1; 32], Role::Guardian), at(59)).await.unwrap(), None);
    assert_eq!(journal.session((&[9; 32], Role::Guardian), at(59)).await.unwrap(), Some(person));
    assert_eq!(journal.session((&[9; 32], Role::Person), at(59)).await.unwrap(), None);
    assert_eq!(journal.session((&[1; 32], Role::Person), at(60)).await.unwrap(), None);
    assert_eq!(journal.session((&[2; 32], Role::Person), at(0)).await.unwrap(), None);
    journal.sweep(at(60)).await.unwrap();
    assert_eq!(journal.session((&[1; 32], Role::Person), at(59)).await.unwrap(), None, "swept");
}

pub(crate) async fn sessions_are_listed_and_ended(store: &impl Store) {
    let journal = store.open().await;
    let (person, other) = (somebody(&journal).await, somebody(&journal).await);
    let writes = vec![session(1, 60), session(2, 60), session(3, -1)];
    write(&journal, person, writes).await.unwrap().into_inner();
    write(&journal, other, vec![session(4, 60)]).await.unwrap().into_inner();
    let listed = async || {
        let tx = permit(&journal, person, using(service())).await;
        tx.sessions().await.unwrap().into_iter().map(|it| it.label).collect::<Vec<_>>()
    };
    assert_eq!(listed().await, ["browser 1", "browser 2"]);
    // Nobody ends another's session.
    let writes = vec![Write::EndSession([1; 32]), Write::EndSession([4; 32])];
    write(&journal, person, writes).await.unwrap().into_inner();
    assert_eq!(listed().await, ["browser 2"]);
    assert_eq!(journal.session((&[4; 32], Role::Person), T0).await.unwrap(), Some(other));
    write(&journal, person, vec![Write::EndSessions]).await.unwrap().into_inner();
    assert!(listed().await.is_empty());
    assert_eq!(journal.session((&[4; 32], Role::Person), T0).await.unwrap(), Some(other));
}

pub(crate) async fn a_code_is_tried_and_dropped(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let code = |seed| Write::Code { channel: email(), hash: [seed; 32], expires: at(600) };
    write(&journal, person, vec![code(1)]).await.unwrap().into_inner();
    write(&journal, person, vec![Write::CodeTried(email())]).await.unwrap().into_inner();
    let row = |seed, tries| Some(CodeRow { hash: [seed; 32], expires: at(600), tries });
    assert_eq!(journal.code(person, email()).await.unwrap(), row(1, 1));
    assert_eq!(journal.code(person, phone()).await.unwrap(), None);
    // A new one begins anew.
    write(&journal, person, vec![code(2)]).await.unwrap().into_inner();
    assert_eq!(journal.code(person, email()).await.unwrap(), row(2, 0));
    write(&journal, person, vec![Write::DropCode(email())]).await.unwrap().into_inner();
    assert_eq!(journal.code(person, email()).await.unwrap(), None);
}

pub(crate) async fn a_tally_counts_to_its_bound_and_begins_anew(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let count = |ends| vec![Write::Tally { kind: "tries", most: 2, ends: at(ends) }];
    assert_eq!(journal.tally(person, "tries", T0).await.unwrap(), 0);
    write(&journal, person, count(60)).await.unwrap().into_inner();
    // The first one says when the window ends.
    write(&journal, person, count(90)).await.unwrap().into_inner();
    let full = write(&journal, person, count(60)).await.map(Recorded::into_inner);
    assert!(matches!(full, Err(Fault::Conflict)), "{full:?}");
    assert_eq!(journal.tally(person, "tries", at(59)).await.unwrap(), 2);
    assert_eq!(journal.tally(person, "mails", at(59)).await.unwrap(), 0);
    assert_eq!(journal.tally(person, "tries", at(60)).await.unwrap(), 0, "over");
    journal.sweep(at(60)).await.unwrap();
    assert_eq!(journal.tally(person, "tries", at(59)).await.unwrap(), 0, "swept");
    write(&journal, person, count(60)).await.unwrap().into_inner();
    write(&journal, person, vec![Write::Erase]).await.unwrap().into_inner();
    assert_eq!(journal.tally(person, "tries", T0).await.unwrap(), 0, "gone with the person");
}

pub(crate) async fn what_waits_to_be_proved_lies_beside_what_is_held(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let waits = |seed| Write::Unproved {
        category: email(),
        sealed: sealed("new"),
        hash: [seed; 32],
        expires: at(600),
    };
    write(&journal, person, vec![waits(1), Write::CodeTried(email())]).await.unwrap().into_inner();
    let row = |seed, tries| Some(CodeRow { hash: [seed; 32], expires: at(600), tries });
    assert_eq!(journal.unproved_code(person, email()).await.unwrap(), row(1, 1));
    let writes = vec![Write::UnprovedCode { category: email(), hash: [2; 32] }];
    write(&journal, person, writes).await.unwrap().into_inner();
    assert_eq!(journal.unproved_code(person, email()).await.unwrap(), row(2, 1));
    let found = permit(&journal, person, using(service())).await.unproved(email()).await.unwrap();
    assert_eq!(found.map(|it| it.sealed), Some(sealed("new")));
    write(&journal, person, vec![Write::DropUnproved(email())]).await.unwrap().into_inner();
    assert_eq!(journal.unproved_code(person, email()).await.unwrap(), None);
    write(&journal, person, vec![waits(3)]).await.unwrap().into_inner();
    journal.sweep(at(600)).await.unwrap();
    assert_eq!(journal.unproved_code(person, email()).await.unwrap(), None, "swept");
}
