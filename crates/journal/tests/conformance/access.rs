//! Sessions and codes.

use journal::*;

use crate::world::*;

fn session(seed: u8, seconds: i64) -> Write {
    Write::Session { hash: [seed; 32], expires: at(seconds), label: format!("browser {seed}") }
}

pub(crate) async fn a_session_is_found_until_it_expires(store: &impl Store) {
    let journal = store.open();
    let person = somebody_in(&journal, eu()).await;
    write(&journal, person, vec![session(1, 60)]).await.unwrap().into_inner();
    assert_eq!(journal.session(&[1; 32], at(59)).unwrap(), Some(person));
    assert_eq!(journal.session(&[1; 32], at(60)).unwrap(), None);
    assert_eq!(journal.session(&[2; 32], at(0)).unwrap(), None);
    journal.sweep(at(60)).await.unwrap();
    assert_eq!(journal.session(&[1; 32], at(59)).unwrap(), None, "swept");
}

pub(crate) async fn sessions_are_listed_and_ended(store: &impl Store) {
    let journal = store.open();
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
    assert_eq!(journal.session(&[4; 32], T0).unwrap(), Some(other));
    write(&journal, person, vec![Write::EndSessions]).await.unwrap().into_inner();
    assert!(listed().await.is_empty());
    assert_eq!(journal.session(&[4; 32], T0).unwrap(), Some(other));
}

pub(crate) async fn a_code_is_tried_and_dropped(store: &impl Store) {
    let journal = store.open();
    let person = somebody(&journal).await;
    let code = |seed| Write::Code { channel: email(), hash: [seed; 32], expires: at(600) };
    write(&journal, person, vec![code(1)]).await.unwrap().into_inner();
    write(&journal, person, vec![Write::CodeTried(email())]).await.unwrap().into_inner();
    let row = |seed, tries| Some(CodeRow { hash: [seed; 32], expires: at(600), tries });
    assert_eq!(journal.code(person, email()).unwrap(), row(1, 1));
    assert_eq!(journal.code(person, phone()).unwrap(), None);
    // A new one begins anew.
    write(&journal, person, vec![code(2)]).await.unwrap().into_inner();
    assert_eq!(journal.code(person, email()).unwrap(), row(2, 0));
    write(&journal, person, vec![Write::DropCode(email())]).await.unwrap().into_inner();
    assert_eq!(journal.code(person, email()).unwrap(), None);
}
