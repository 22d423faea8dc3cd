//! What is recorded, what conflicts, and what leaves nothing.

use decide::*;
use journal::{limit, *};
use serde_json::json;

use crate::world::*;

async fn version(journal: &Journal, person: PersonId) -> u64 {
    journal.begin(person, ALL).await.unwrap().version()
}

async fn records(journal: &Journal, person: PersonId) -> Vec<SealedRecord> {
    let tx = permit(journal, person, exercise(Right::Access)).await;
    tx.records(None, 500).await.unwrap()
}

pub(crate) async fn a_use_does_not_raise_the_version(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let tx = permit(&journal, person, using(service())).await;
    let owed = tx.owe(());
    tx.record(owed).await.unwrap().into_inner();
    assert_eq!(version(&journal, person).await, 1);
    let session = Write::Session {
        hash: [1; 32],
        expires: at(60),
        label: "a browser".to_owned(),
        role: Role::Person,
    };
    write(&journal, person, vec![session]).await.unwrap().into_inner();
    assert_eq!(version(&journal, person).await, 1, "a session is no fact");
}

pub(crate) async fn a_withdrawal_overtakes_a_use_that_was_read_before(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let given = Set::of(advertise());
    let yes = Write::Consent { given, refused: Set::EMPTY };
    write(&journal, person, vec![yes]).await.unwrap().into_inner();
    let in_flight = permit(&journal, person, using(advertise())).await;

    let no = Write::Consent { given: Set::EMPTY, refused: given };
    write(&journal, person, vec![no]).await.unwrap().into_inner();

    let owed = in_flight.owe("an email".to_owned());
    assert!(matches!(in_flight.record(owed).await, Err(Fault::Conflict)));
    let tx = journal.begin(person, ALL).await.unwrap();
    let refused = tx.judge(&rules(), using(advertise()), app(), T0).unwrap_err();
    assert_eq!(refused.refusal().reason(), Reason::Withdrawn);
}

pub(crate) async fn two_changes_from_one_snapshot_conflict(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let mut first = permit(&journal, person, exercise(Right::Correct)).await;
    let mut second = permit(&journal, person, exercise(Right::Correct)).await;
    first.stage(value(email(), "first", None));
    second.stage(value(email(), "second", None));
    let owed = first.owe(());
    first.record(owed).await.unwrap().into_inner();
    let owed = second.owe(());
    assert!(matches!(second.record(owed).await, Err(Fault::Conflict)));
    let tx = permit(&journal, person, using(service())).await;
    assert_eq!(tx.sealed(email()), Some(&sealed("first")));
}

pub(crate) async fn uses_from_one_snapshot_do_not_conflict(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let first = permit(&journal, person, using(service())).await;
    let second = permit(&journal, person, using(service())).await;
    assert_ne!(first.serial(), second.serial());
    for tx in [first, second] {
        let owed = tx.owe(());
        tx.record(owed).await.unwrap().into_inner();
    }
    assert_eq!(records(&journal, person).await.len(), 3);
}

pub(crate) async fn a_failed_outcome_leaves_nothing(store: &impl Store) {
    let journal = store.open().await;
    let (first, second) = (somebody(&journal).await, somebody(&journal).await);
    let taken = value(email(), "x", Some(blind(1, true)));
    write(&journal, first, vec![taken]).await.unwrap().into_inner();
    let before = records(&journal, second).await.len();
    let writes = vec![
        Write::Session { hash: [1; 32], expires: at(60), label: String::new(), role: Role::Person },
        Write::Mail {
            cause: "welcome".to_owned(),
            sealed: sealed("text"),
            key: MailKey::Person,
            not_before: T0,
        },
        Write::Job { kind: JobKind::named("erase"), due: T0 },
        value(email(), "x", Some(blind(1, true))),
    ];
    assert!(matches!(write(&journal, second, writes).await, Err(Fault::Taken(_))));
    assert_eq!(journal.session((&[1; 32], Role::Person), T0).await.unwrap(), None);
    assert!(journal.scratch().claim_mail(at(1), 9).await.unwrap().is_empty());
    assert!(journal.scratch().claim_jobs(at(1), 9).await.unwrap().is_empty());
    assert_eq!(version(&journal, second).await, 1);
    assert_eq!(records(&journal, second).await.len(), before);
    // And it stands in nobody's way.
    let free = value(email(), "y", Some(blind(2, true)));
    write(&journal, second, vec![free]).await.unwrap().into_inner();
}

pub(crate) async fn what_is_owed_elsewhere_is_not_given_out(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let first = permit(&journal, person, using(service())).await;
    let second = permit(&journal, person, using(service())).await;
    let owed = second.owe("secret".to_owned());
    assert!(matches!(first.record(owed).await, Err(Fault::Broken(_))));
    assert_eq!(records(&journal, person).await.len(), 1);
}

pub(crate) async fn a_refusal_is_recorded_like_a_permit(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let tx = journal.begin(person, ALL).await.unwrap();
    let tx = tx.judge(&rules(), using(advertise()), app(), T0).unwrap_err();
    let recorded = tx.record().await.unwrap();
    let id = recorded.record_id();
    let seen = recorded.into_inner();
    assert_eq!(seen.reason(), Some(Reason::NotConsented));
    let all = records(&journal, person).await;
    assert_eq!(all[0].id, id);
    let said = opened(&all[0], person);
    assert_eq!(said["answer"], "refuse");
    assert_eq!(said["refused"][0]["reason"], "not-consented");
}

pub(crate) async fn a_refusal_about_nobody_is_counted(store: &impl Store) {
    let journal = store.open().await;
    let nobody = new_person(&journal, cn());
    let mut shut = facts(cn());
    shut.account = Account::Closed;
    let tx = journal.begin_new(nobody, shut);
    let tx = tx.judge(&rules(), collect(), app(), T0).unwrap_err();
    tx.record().await.unwrap().into_inner();
    assert!(matches!(journal.begin(nobody, ALL).await, Err(Fault::NotFound)));
    let counted = journal.scratch().counted("refused-nobody", at(-60), at(60)).await.unwrap();
    assert_eq!(counted, 1);
}

pub(crate) async fn asking_is_counted_and_not_recorded(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let asked = permit(&journal, person, using(service())).await.asked();
    assert_eq!(asked.permitted(), Some(Set::of(email())));
    let tx = journal.begin(person, ALL).await.unwrap();
    let asked = tx.judge(&rules(), using(advertise()), app(), T0).unwrap_err().asked();
    assert_eq!(asked.permitted(), None);
    assert_eq!(asked.reason(), Some(Reason::NotConsented));
    assert_eq!(asked.rules().clause_id(asked.clauses()[0]), "use-advertise");
    assert_eq!(records(&journal, person).await.len(), 1);
    journal.sequence(T0).await.unwrap();
    let counted = async |name| journal.scratch().counted(name, at(-60), at(60)).await.unwrap();
    assert_eq!((counted("asked-permitted").await, counted("asked-refused").await), (1, 1));
}

pub(crate) async fn each_answer_counts_under_its_clauses(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let before = journal.scratch().answered(30, T0).await.unwrap();
    let asked = permit(&journal, person, using(service())).await.asked();
    assert_eq!(asked.permitted(), Some(Set::of(email())));
    let tx = permit(&journal, person, using(service())).await;
    let owed = tx.owe(());
    tx.record(owed).await.unwrap().into_inner();
    let counted = async |journal: &Journal, now| {
        let all = journal.scratch().answered(30, now).await.unwrap();
        let of = |clause: &str| {
            let old = before.get(clause).copied().unwrap_or_default();
            let new = all.get(clause).copied().unwrap_or_default();
            (new.permitted - old.permitted, new.refused - old.refused)
        };
        (of("use-service"), of("use-advertise"))
    };
    assert_eq!(counted(&journal, T0).await, ((2, 0), (0, 0)), "from memory");
    journal.sequence(T0).await.unwrap();
    let tx = journal.begin(person, ALL).await.unwrap();
    let recorded = tx.judge(&rules(), using(advertise()), app(), T0).unwrap_err().record().await;
    assert_eq!(recorded.unwrap().into_inner().reason(), Some(Reason::NotConsented));
    assert_eq!(counted(&journal, T0).await, ((2, 0), (0, 1)), "stored, and from memory");
    journal.close(T0).await.unwrap();
    drop(journal);
    let journal = store.open().await;
    assert_eq!(counted(&journal, T0).await, ((2, 0), (0, 1)), "after a restart");
    let day = 24 * 60 * 60;
    assert_eq!(counted(&journal, at(29 * day)).await, ((2, 0), (0, 1)), "the last day of thirty");
    let tx = permit(&journal, person, using(service())).await;
    let owed = tx.owe(());
    let used = tx.record(owed).await.unwrap().record_id();
    assert_eq!(counted(&journal, T0).await, ((3, 0), (0, 1)), "and one more, from memory");
    // A crash: nothing is closed, nothing written down.
    drop(journal);
    let journal = store.open().await;
    assert_eq!(counted(&journal, T0).await, ((2, 0), (0, 1)), "as it was last written down");
    let known = records(&journal, person).await.iter().any(|it| it.id == used);
    assert!(known, "what happened is on the record");
}

pub(crate) async fn records_say_what_was_decided(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let tx = journal.begin(person, ALL).await.unwrap().with_signals(Signals::new(true, false));
    let mut tx = tx.judge(&rules(), using(service()), app(), at(5)).unwrap();
    tx.note(serde_json::json!({ "shown": "banner" }));
    let owed = tx.owe(());
    let id = tx.record(owed).await.unwrap().record_id();
    let all = records(&journal, person).await;
    assert_eq!((all[0].id, all[0].at), (id, at(5)));
    let (text, _) = text_of(&all[0], person);
    assert_eq!(text, opened(&all[0], person).to_string().as_bytes(), "ascending, without spaces");
    assert_eq!(
        opened(&all[0], person),
        serde_json::json!({
            "v": 1,
            "id": id.to_string(),
            "person": person.to_string(),
            "at": at(5).millis(),
            "asker": { "kind": "app", "name": "key-1" },
            "act": { "do": "use" },
            "purpose": "service",
            "categories": ["email"],
            "answer": "permit",
            "refused": [],
            "clauses": ["use-service"],
            "policy": 1,
            "facts": {
                "region": "cn", "age": "adult", "account": "active", "adopted": 1,
                "given": [], "refused": [], "objected": [], "shares": [], "transfers": [],
                "gpc": true, "dnt": false, "due": {},
            },
            "note": { "shown": "banner" },
        })
    );
}

pub(crate) async fn one_outcome_is_judged_for_several_requests(store: &impl Store) {
    let journal = store.open().await;
    let person = new_person(&journal, cn());
    let only = |category| Request { categories: Set::of(category), ..collect() };
    let tx = journal.begin_new(person, facts(cn()));
    let tx = tx.judge(&rules(), only(email()), app(), T0).unwrap();
    let mut tx = tx.judge_also(only(phone())).unwrap();
    assert_eq!(tx.permit().categories(), Set::of(email()));
    let all: Vec<Set<Category>> = tx.permits().map(Permit::categories).collect();
    assert_eq!(all, [Set::of(email()), Set::of(phone())]);
    tx.stage(Write::Create { key: key_of(person) });
    tx.stage(value(email(), "ada@example.org", None));
    tx.stage(value(phone(), "13800138000", None));
    let owed = tx.owe(());
    tx.record(owed).await.unwrap().into_inner();
    let tx = permit(&journal, person, exercise(Right::Access)).await;
    assert_eq!(tx.values().len(), 2);
    let records = tx.records(None, 9).await.unwrap();
    assert_eq!(records.len(), 1, "one outcome, one record");
    let text = opened(&records[0], person);
    assert_eq!((&text["categories"], &text["answer"]), (&json!(["email"]), &json!("permit")));
    let also = json!([{
        "act": { "do": "collect", "source": "registration" }, "answer": "permit",
        "categories": ["phone"], "clauses": text["clauses"], "purpose": "service", "refused": [],
    }]);
    assert_eq!(text["also"], also);
}

pub(crate) async fn one_refusal_refuses_the_whole_outcome(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let mut tx = permit(&journal, person, collect()).await;
    tx.stage(value(email(), "ada@example.org", None));
    tx.note(json!({ "accepted": true }));
    // Nobody consented to that.
    let refused = tx.judge_also(using(advertise())).unwrap_err();
    refused.record().await.unwrap().into_inner();
    let tx = permit(&journal, person, exercise(Right::Access)).await;
    assert!(tx.values().is_empty(), "what was staged before is not written");
    let text = opened(&tx.records(None, 1).await.unwrap()[0], person);
    assert_eq!((&text["answer"], &text["purpose"]), (&json!("refuse"), &json!("advertise")));
    assert_eq!((&text["note"], text.get("also")), (&json!(null), None));
}

pub(crate) async fn records_come_in_pages(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    for round in 0..5 {
        // Uses and changes lie in different files and come as one list.
        let writes = if round % 2 == 0 { vec![] } else { vec![Write::EndSessions] };
        write(&journal, person, writes).await.unwrap().into_inner();
    }
    let tx = permit(&journal, person, exercise(Right::Access)).await;
    let whole = tx.records(None, 100).await.unwrap();
    assert_eq!(whole.len(), 6);
    assert!(whole.is_sorted_by(|a, b| a.id > b.id));
    let mut paged = Vec::new();
    while let page @ [_, ..] =
        tx.records(paged.last().map(|it: &SealedRecord| it.id), 4).await.unwrap().as_slice()
    {
        paged.extend_from_slice(page);
    }
    assert_eq!(paged, whole);
}

pub(crate) async fn an_idempotency_key_is_answered_once(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let once = |scope: &str, request: u8| Once {
        scope: scope.to_owned(),
        key_hash: [7; 32],
        request: [request; 32],
    };
    let ours = once("key-1 POST /v1/people", 1);
    let done =
        |body: &str| Write::Idempotent { once: ours.clone(), status: 201, body: body.to_owned() };
    write(&journal, person, vec![done("first")]).await.unwrap().into_inner();
    let again = vec![done("second"), Write::DeleteValue(email())];
    match write(&journal, person, again).await {
        Err(Fault::Idempotent { status, body }) => {
            assert_eq!((status, body.as_str()), (201, "first"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(version(&journal, person).await, 1);
    let find = async |once: &Once, now| journal.scratch().idempotent(cn(), once, now).await;
    assert_eq!(find(&ours, at(9)).await.unwrap(), Some((201, "first".to_owned())));
    assert_eq!(find(&once("key-2 POST /v1/people", 1), at(9)).await.unwrap(), None);
    // Another request under the same key is neither answered nor done.
    let other = once("key-1 POST /v1/people", 2);
    assert!(matches!(find(&other, at(9)).await, Err(Fault::OtherRequest)));
    let another = Write::Idempotent { once: other, status: 201, body: "other".to_owned() };
    let writes = vec![another, Write::DeleteValue(email())];
    assert!(matches!(write(&journal, person, writes).await, Err(Fault::OtherRequest)));
    assert_eq!(version(&journal, person).await, 1);
    let tomorrow = at(24 * 3_600);
    assert_eq!(find(&ours, tomorrow).await.unwrap(), None);
    write_at(&journal, person, vec![done("third")], tomorrow).await.unwrap().into_inner();
}

pub(crate) async fn what_is_past_a_limit_is_refused(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let large = "x".repeat(limit::SEALED_BYTES_MAX + 1);
    let writes = vec![value(email(), &large, None)];
    assert!(matches!(write(&journal, person, writes).await, Err(Fault::Broken(_))));
    let many = (0..=limit::STAGED_MAX).map(|_| Write::EndSessions).collect();
    assert!(matches!(write(&journal, person, many).await, Err(Fault::Broken(_))));
    let mut tx = permit(&journal, person, using(service())).await;
    tx.note(serde_json::Value::String("x".repeat(limit::NOTE_BYTES_MAX + 1)));
    let owed = tx.owe(());
    assert!(matches!(tx.record(owed).await, Err(Fault::Broken(_))));
    let nobody = journal.begin_new(new_person(&journal, cn()), facts(cn()));
    let nobody = nobody.judge(&rules(), collect(), app(), T0).unwrap();
    let owed = nobody.owe(());
    assert!(matches!(nobody.record(owed).await, Err(Fault::Broken(_))), "nobody created them");
}

pub(crate) async fn many_at_once_are_all_recorded(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let journal = journal.clone();
        tasks.push(tokio::spawn(async move {
            for _ in 0..25 {
                let tx = permit(&journal, person, using(service())).await;
                let owed = tx.owe(());
                tx.record(owed).await.unwrap().into_inner();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(records(&journal, person).await.len(), 201);
    assert_eq!(journal.sequence(T0).await.unwrap(), 201);
}
