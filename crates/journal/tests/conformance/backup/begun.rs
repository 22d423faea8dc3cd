//! What was begun after a backup comes back with the list: who is told, a closing, a wait.

use super::*;

struct Begun {
    long_gone: PersonId,
    told_long_ago: CaseRow,
    erased: PersonId,
    told: CaseRow,
    asked: CaseRow,
    closing: PersonId,
    closed_by: CaseRow,
    waiting: PersonId,
    came_and_went: PersonId,
    told_too: CaseRow,
}

fn deliver(case: &CaseRow) -> JobKind {
    JobKind::about("deliver", id::DeliveryId::from(case.id))
}

/// An erasure with one who has to be told of it, and what the log attests.
async fn erase(journal: &Journal, person: PersonId) -> (CaseRow, CaseRow) {
    let told = case(journal, ("delivery", "waiting"), None);
    let asked = case(journal, ("close-account", "working"), None);
    let mut blind = [7; 32];
    blind[..16].copy_from_slice(&person.bits().to_be_bytes());
    let attest = Write::Attest { id: journal.new_id(T0), text: b"gone".to_vec(), blind };
    let writes = vec![
        Write::Case(told.clone()),
        Write::Case(asked.clone()),
        Write::Job { kind: deliver(&told), due: at(2) },
        attest,
        Write::Erase,
    ];
    write(journal, person, writes).await.unwrap().into_inner();
    (told, asked)
}

async fn begun(journal: &Journal, store: &impl Store) -> (Begun, Parts) {
    journal.installation().grow_vocabulary(&vocabulary()).await.unwrap();
    let mut people = Vec::new();
    for n in 61..=64 {
        people.push(with_value(journal, n).await);
    }
    let [erased, closing, waiting, long_gone] = people[..] else { panic!() };
    let (told_long_ago, _) = erase(journal, long_gone).await;
    journal.sequence(T0).await.unwrap();
    let done = ("done", false);
    journal.scratch().settle_case(long_gone, told_long_ago.id, done).await.unwrap();
    let parts = taken(&store.config()).await;
    let (told, asked) = erase(journal, erased).await;
    let closed_by = case(journal, ("close-account", "waiting"), Some("active"));
    let writes = vec![
        Write::Account(Account::Closing),
        Write::Case(closed_by.clone()),
        Write::Code { channel: email(), hash: [8; 32], expires: at(900) },
        Write::Job { kind: JobKind::named("erase"), due: at(800) },
    ];
    write(journal, closing, writes).await.unwrap().into_inner();
    let job = |kind, due| Write::Job { kind: JobKind::named(kind), due: at(due) };
    let wait = vec![
        Write::Account(Account::AwaitingGuardian),
        job("awaiting-proof", 700),
        job("coming-of-age", 750),
    ];
    write(journal, waiting, wait).await.unwrap().into_inner();
    let came_and_went = with_value(journal, 65).await;
    let (told_too, _) = erase(journal, came_and_went).await;
    journal.sequence(T0).await.unwrap();
    let people = Begun {
        long_gone,
        told_long_ago,
        erased,
        told,
        asked,
        closing,
        closed_by,
        waiting,
        came_and_went,
        told_too,
    };
    (people, parts)
}

pub(crate) async fn what_was_begun_since_comes_to_its_end(store: &impl Store) {
    let (journal, outside) = shipping(store).await;
    let (it, parts) = begun(&journal, store).await;
    let stands = journal.attested(it.erased).await.unwrap();
    assert!(stands.is_some());
    journal.close(T0).await.unwrap();
    drop(journal);
    let dir = tempfile::tempdir().unwrap();
    let to = Config { outside: store.config().outside, ..config(dir.path().join("data"), vec![]) };
    back(&parts, &to, (&outside.list(), &to.outside)).await.unwrap();
    let journal = Journal::open(to.clone(), Arc::new(Xor), signer()).await.unwrap();
    let scratch = journal.scratch();
    for (person, told) in [(it.erased, &it.told), (it.came_and_went, &it.told_too)] {
        assert!(matches!(journal.begin(person, ALL).await, Err(Fault::Erased)));
        assert_eq!(scratch.case(told.id).await.unwrap(), Some((person, told.clone())));
    }
    assert_eq!(scratch.case(it.asked.id).await.unwrap(), Some((it.erased, it.asked.clone())));
    assert_eq!(journal.attested(it.erased).await.unwrap(), stands, "where the log has it");
    assert!(journal.attested(it.came_and_went).await.unwrap().is_some());
    let (_, row) = scratch.case(it.told_long_ago.id).await.unwrap().unwrap();
    assert!(!row.open, "the backup has the newer one");
    assert!(journal.attested(it.long_gone).await.unwrap().is_some());
    let closing = permit(&journal, it.closing, exercise(Right::Access)).await;
    assert_eq!(closing.facts().account, Account::Closing);
    assert_eq!(closing.case(it.closed_by.id).await.unwrap(), Some(it.closed_by.clone()));
    let code = journal.code(it.closing, email()).await.unwrap().unwrap();
    assert_eq!((code.hash, code.expires), ([8; 32], at(900)));
    let jobs = scratch.claim_jobs(at(999), 99).await.unwrap();
    let has = |person, kind: JobKind, due| {
        jobs.iter().any(|it| it.person == person && it.kind == kind && it.due == due)
    };
    assert!(has(it.erased, deliver(&it.told), at(2)));
    assert!(has(it.came_and_went, deliver(&it.told_too), at(2)));
    assert!(has(it.closing, JobKind::named("erase"), at(800)));
    assert!(has(it.waiting, JobKind::named("awaiting-proof"), at(700)));
    assert!(has(it.waiting, JobKind::named("coming-of-age"), at(750)));
    scratch.settle_case(it.erased, it.told.id, ("done", false)).await.unwrap();
    journal.sweep(T0).await.unwrap();
    assert!(!scratch.case(it.told.id).await.unwrap().unwrap().1.open);
    let Database::Folder(dir) = &to.database else { return };
    let gone = [key_of(it.erased).as_bytes().to_vec(), sealed("value 65").as_bytes().to_vec()];
    assert!(gone.iter().all(|it| !contains(dir, it)), "not in the raw bytes");
}
