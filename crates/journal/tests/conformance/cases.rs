//! Cases, which stand open until somebody acts, and rounds, which go on step by step.

use journal::*;

use crate::world::*;

pub(crate) async fn cases_move_on(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let first = case(&journal, ("close-account", "received"), Some("please"));
    write(&journal, person, vec![Write::Case(first.clone())]).await.unwrap().into_inner();
    let listed = async || {
        let tx = permit(&journal, person, using(service())).await;
        tx.cases(None, 9).await.unwrap()
    };
    assert_eq!(listed().await, std::slice::from_ref(&first));
    let assigned = CaseRow { assigned: "stf_1".to_owned(), state: "working".to_owned(), ..first };
    let said = note(&journal, &assigned, "on it");
    let moved = vec![Write::Case(assigned.clone()), Write::Note(said.clone())];
    write(&journal, person, moved).await.unwrap().into_inner();
    assert_eq!(listed().await, std::slice::from_ref(&assigned));
    let tx = permit(&journal, person, using(service())).await;
    assert_eq!(tx.notes(assigned.id, 9).await.unwrap(), [said]);
    // Of two that move it on at once, one decides again.
    let other = permit(&journal, person, using(service())).await;
    for (n, mut tx) in [tx, other].into_iter().enumerate() {
        tx.stage(Write::Case(CaseRow { open: false, ..assigned.clone() }));
        let owed = tx.owe(());
        let done = tx.record(owed).await;
        assert_eq!(matches!(done, Err(Fault::Conflict)), n == 1);
    }
}

pub(crate) async fn a_case_is_found_among_many(store: &impl Store) {
    let journal = store.open().await;
    let (person, other) = (somebody(&journal).await, somebody(&journal).await);
    let mut ids = Vec::new();
    for n in 0..600 {
        let row = match n {
            0 => case(&journal, ("close-account", "waiting"), None),
            1 => case(&journal, ("close-account", "cancelled"), None),
            _ => case(&journal, ("object", "done"), None),
        };
        ids.push(row.id);
        write(&journal, person, vec![Write::Case(row)]).await.unwrap().into_inner();
    }
    let tx = permit(&journal, person, using(service())).await;
    let open = tx.newest_case("close-account", "waiting").await.unwrap().unwrap();
    assert_eq!(open.id, ids[0]);
    assert_eq!(tx.case(ids[1]).await.unwrap().unwrap().state, "cancelled");
    let mut seen: Vec<CaseId> = Vec::new();
    loop {
        let page = tx.cases(seen.last().copied(), 250).await.unwrap();
        if page.is_empty() {
            break;
        }
        seen.extend(page.iter().map(|it| it.id));
    }
    ids.reverse();
    assert_eq!(seen, ids, "newest first, each once");
    let tx = permit(&journal, other, using(service())).await;
    assert_eq!(tx.newest_case("close-account", "waiting").await.unwrap(), None);
    assert_eq!(tx.case(ids[0]).await.unwrap(), None, "somebody else's");
}

pub(crate) async fn a_queue_shows_what_is_due_first(store: &impl Store) {
    let journal = store.open().await;
    let mut rows = Vec::new();
    for (kind, due) in [("message", 30), ("access", 10), ("message", 20), ("hold", 5)] {
        let person = somebody(&journal).await;
        let row = CaseRow { due: at(due), ..case(&journal, (kind, "received"), Some("text")) };
        write(&journal, person, vec![Write::Case(row.clone())]).await.unwrap().into_inner();
        rows.push((person, CaseRow { sealed: None, ..row }));
    }
    let scratch = journal.scratch();
    let ask = |kinds, open, after| Queue { kinds, open, after };
    let desk = ask(&["message", "access"], true, None);
    let shown = scratch.queue(cn(), &desk, 9).await.unwrap();
    assert_eq!(shown, [rows[1].clone(), rows[2].clone(), rows[0].clone()]);
    // The next page begins behind the last one.
    let last = &shown[0].1;
    let next = ask(&["message", "access"], true, Some((last.due, last.id)));
    assert_eq!(scratch.queue(cn(), &next, 1).await.unwrap(), [rows[2].clone()]);
    assert_eq!(scratch.queue(cn(), &ask(&["message"], false, None), 9).await.unwrap(), []);
    assert_eq!(scratch.case_owner(rows[3].1.id).await.unwrap(), Some(rows[3].0));
    assert!(scratch.queue(cn(), &ask(&[], true, None), 9).await.is_err());
}

pub(crate) async fn a_case_outlives_its_person_without_its_text(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let plain = case(&journal, ("access", "working"), Some("gone"));
    let own =
        CaseRow { own_key: Some(key(7)), ..case(&journal, ("hold", "in-force"), Some("stays")) };
    let notes = [note(&journal, &plain, "gone"), note(&journal, &own, "stays")];
    let mut writes = vec![Write::Case(plain.clone()), Write::Case(own.clone())];
    writes.extend(notes.map(Write::Note));
    for kind in ["deliver/del_1", "remind"] {
        writes.push(Write::Job { kind: JobKind::about(kind, "x"), due: T0 });
    }
    write(&journal, person, writes).await.unwrap().into_inner();
    write(&journal, person, vec![Write::Erase]).await.unwrap().into_inner();
    let scratch = journal.scratch();
    scratch.settle_case(person, plain.id, ("done", false)).await.unwrap();
    let closed = Queue { kinds: &["access"], open: false, after: None };
    let found = scratch.queue(cn(), &closed, 9).await.unwrap();
    assert_eq!(
        found,
        [(person, CaseRow { sealed: None, open: false, state: "done".into(), ..plain })]
    );
    // Others are still told; nothing else is to be done for somebody who is not there.
    let jobs = scratch.claim_jobs(at(1), 9).await.unwrap();
    assert_eq!(jobs.iter().map(|it| it.kind.as_str()).collect::<Vec<_>>(), ["deliver/del_1/x"]);
}

pub(crate) async fn a_round_goes_on_from_where_it_stands(store: &impl Store) {
    let journal = store.open().await;
    let door = journal.installation();
    let round = RoundRow {
        id: "notice/2".to_owned(),
        kind: "notice".to_owned(),
        state: "telling".to_owned(),
        body: "{}".to_owned(),
        cursor: String::new(),
        wake: Some(at(5)),
        made: T0,
        version: 0,
    };
    door.add_round(round.clone()).await.unwrap();
    assert!(matches!(door.add_round(round.clone()).await, Err(Fault::Conflict)));
    assert_eq!(door.rounds("notice").await.unwrap(), std::slice::from_ref(&round));
    assert_eq!(door.claim_rounds(at(4), 9).await.unwrap(), []);
    let claimed = door.claim_rounds(at(5), 9).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(door.claim_rounds(at(5), 9).await.unwrap(), [], "somebody has it");
    let mut further = claimed[0].clone();
    further.cursor = "cn/7".to_owned();
    further.wake = None;
    door.put_round(&further).await.unwrap();
    assert!(matches!(door.put_round(&further).await, Err(Fault::Conflict)), "it came too late");
    let stands = door.round("notice/2").await.unwrap().unwrap();
    assert_eq!((stands.cursor.as_str(), stands.wake), ("cn/7", None));
    assert_eq!(door.claim_rounds(at(900), 9).await.unwrap(), []);
}
