//! What is left of a person who was erased: that there was one.

use std::io::Write as _;

use decide::*;
use journal::{limit, *};

use crate::world::*;

async fn rich(journal: &Journal, seed: u8) -> PersonId {
    let person = somebody(journal).await;
    let case = case(journal, ("access", "received"), Some("planted-request"));
    let note = note(journal, &case, "planted-note");
    let writes = vec![
        value(email(), "planted-email", Some(blind(seed, true))),
        value(phone(), "planted-phone", Some(blind(seed + 1, false))),
        Write::Session {
            hash: [seed; 32],
            expires: at(900),
            label: "planted-label".to_owned(),
            role: Role::Person,
        },
        Write::Code { channel: email(), hash: [seed; 32], expires: at(900) },
        Write::Mail {
            cause: "planted-cause".to_owned(),
            sealed: sealed("planted-mail"),
            key: MailKey::Person,
            not_before: T0,
        },
        Write::Job { kind: JobKind::named("erase"), due: T0 },
        Write::Case(case),
        Write::Note(note),
        Write::Idempotent {
            once: once(seed),
            status: 201,
            body: format!("planted-answer {person}"),
        },
    ];
    write(journal, person, writes).await.unwrap().into_inner();
    person
}

fn once(seed: u8) -> Once {
    Once { scope: "planted-scope".to_owned(), key_hash: [seed; 32], request: [0x77; 32] }
}

pub(crate) async fn who_is_erased_is_gone(store: &impl Store) {
    let journal = store.open().await;
    let (person, other) = (rich(&journal, 1).await, rich(&journal, 5).await);
    let recorded = write(&journal, person, vec![Write::Erase]).await.unwrap().record_id();
    assert!(matches!(journal.begin(person, ALL).await, Err(Fault::Erased)));
    assert_eq!(journal.find(cn(), email(), &blind(1, true)).await.unwrap(), None);
    assert_eq!(journal.find(cn(), phone(), &blind(2, false)).await.unwrap(), None);
    assert_eq!(journal.session((&[1; 32], Role::Person), T0).await.unwrap(), None);
    assert_eq!(journal.code(person, email()).await.unwrap(), None);
    let answered =
        async |seed| journal.scratch().idempotent(cn(), &once(seed), at(1)).await.unwrap();
    assert_eq!(answered(1).await, None);
    assert!(answered(5).await.is_some(), "another's answer stays");
    let mails = journal.scratch().claim_mail(at(1), 9).await.unwrap();
    assert_eq!(mails.iter().map(|it| it.person).collect::<Vec<_>>(), [other]);
    let jobs = journal.scratch().claim_jobs(at(1), 9).await.unwrap();
    assert_eq!(jobs.iter().map(|it| it.person).collect::<Vec<_>>(), [other]);
    assert_eq!(journal.scratch().people(cn(), None, 9).await.unwrap(), [other]);
    assert_eq!(journal.log_index(recorded).await.unwrap(), None);
    // Who was erased does not come back under the same id.
    let again = begin_new(&journal, person);
    let owed = again.owe(());
    assert!(matches!(again.record(owed).await, Err(Fault::Conflict)));
    // What they had is free.
    let theirs = value(email(), "x", Some(blind(1, true)));
    write(&journal, other, vec![theirs]).await.unwrap().into_inner();
}

/// What the log attests of somebody stays when their records go, and is found and proved.
pub(crate) async fn what_is_attested_outlives_the_person(store: &impl Store) {
    let journal = store.open().await;
    let person = rich(&journal, 1).await;
    assert!(matches!(journal.attested(person).await, Err(Fault::NotFound)));
    let (text, blind) = (b"this person was erased".to_vec(), [7; 32]);
    let attest = Write::Attest { id: journal.new_id(T0), text: text.clone(), blind };
    let erased = write(&journal, person, vec![attest, Write::Erase]).await.unwrap().record_id();
    assert_eq!(journal.attested(person).await.unwrap(), None, "it waits for the log");
    let swept = journal.sweep(at(1)).await.unwrap();
    assert_eq!((swept.people, swept.records > 0), (1, true));
    assert!(matches!(journal.log_index(erased).await, Err(Fault::NotFound)));
    let index = journal.attested(person).await.unwrap().unwrap();
    let bundle = journal.prove(index).await.unwrap();
    let vkey = signer().vkey().clone();
    log::verify_record(&bundle, &vkey, &text, &blind).unwrap();
    assert!(log::verify_record(&bundle, &vkey, b"another was erased", &blind).is_err());
}

pub(crate) async fn nothing_of_the_key_is_left_after_a_sweep(store: &impl Store) {
    let journal = store.open().await;
    let others: Vec<PersonId> = {
        let mut all = Vec::new();
        for _ in 0..20 {
            all.push(somebody(&journal).await);
        }
        all
    };
    let person = rich(&journal, 1).await;
    let wrapped = key_of(person);
    // The value has grown since, and has left its old place.
    let large = value(email(), &"planted-large ".repeat(900), Some(blind(9, true)));
    write(&journal, person, vec![large]).await.unwrap().into_inner();
    assert!(raw(store.dir(), &wrapped.as_bytes()[16..]));
    assert!(raw(store.dir(), b"planted-answer"), "an answer is kept in clear");
    let erased = write(&journal, person, vec![Write::Erase]).await.unwrap().record_id();
    let swept = journal.sweep(T0).await.unwrap();
    assert_eq!((swept.people, swept.records), (1, 4));
    assert!(matches!(journal.log_index(erased).await, Err(Fault::NotFound)));
    for planted in [&wrapped.as_bytes()[..16], &wrapped.as_bytes()[48..]] {
        assert!(!raw(store.dir(), planted), "the key");
    }
    let mine = person.to_string();
    let clear = ["planted-answer", "planted-scope", &mine];
    for text in clear.into_iter().chain([
        "planted-email",
        "planted-phone",
        "planted-mail",
        "planted-request",
        "planted-l",
    ]) {
        assert!(!raw(store.dir(), &xor(text.as_bytes())), "{text}");
        assert!(!raw(store.dir(), text.as_bytes()), "{text} in clear");
    }
    assert!(!raw(store.dir(), &[9; 32]), "what found them");
    assert_eq!(journal.sweep(T0).await.unwrap(), Swept::default());
    for other in others {
        assert!(journal.begin(other, ALL).await.is_ok());
    }
}

/// A copy that a page kept when its rows were moved is found, also by a program that was started after
/// the key was destroyed; and one look is for everybody.
pub(crate) async fn a_copy_of_a_key_is_found_after_a_restart(store: &impl Store) {
    let people = {
        let journal = store.open().await;
        [somebody(&journal).await, somebody(&journal).await, somebody(&journal).await]
    };
    plant(&folder(&store.config()).join("cn/people.db"), key_of(people[1]).as_bytes());
    {
        let journal = store.open().await;
        for person in &people[..2] {
            write(&journal, *person, vec![Write::Erase]).await.unwrap().into_inner();
        }
    }
    let planted = |person| raw(store.dir(), &key_of(person).as_bytes()[48..]);
    assert!(planted(people[1]));
    let journal = store.open().await;
    let swept = journal.sweep(T0).await.unwrap();
    assert_eq!((swept.people, swept.rebuilt), (2, 1));
    assert!(swept.bytes > 0);
    assert!(!planted(people[0]) && !planted(people[1]));
    assert!(planted(people[2]), "who was not erased is still there");
    assert!(journal.begin(people[2], ALL).await.is_ok());
    assert_eq!(journal.sweep(T0).await.unwrap(), Swept::default());
}

/// Puts bytes into the middle of an empty page of a database that nobody has open.
fn plant(path: &std::path::Path, bytes: &[u8]) {
    let mut file = std::fs::read(path).unwrap();
    // A leaf without cells is written from its end on.
    let empty = |page: &[u8]| [10, 13].contains(&page[0]) && page[3..5] == [0, 0];
    let page = file.chunks_mut(4_096).rfind(|it| empty(it)).unwrap();
    page[2_000..2_000 + bytes.len()].copy_from_slice(bytes);
    std::fs::File::create(path).unwrap().write_all(&file).unwrap();
}

/// However many records somebody has, they go piece by piece, and nobody else's do.
pub(crate) async fn many_records_go_with_their_person(store: &impl Store) {
    let journal = store.open().await;
    let (person, other) = (somebody(&journal).await, somebody(&journal).await);
    let many = limit::RECORDS_GONE_MAX + 10;
    for _ in 0..many {
        write(&journal, person, vec![]).await.unwrap().into_inner();
    }
    let kept = write(&journal, other, vec![]).await.unwrap().record_id();
    write(&journal, person, vec![Write::Erase]).await.unwrap().into_inner();
    let swept = journal.sweep(T0).await.unwrap();
    assert_eq!((swept.people, swept.records), (1, u64::try_from(many).unwrap() + 2));
    assert!(journal.log_index(kept).await.unwrap().is_some());
}

/// Whether the bytes stand in any file of the folder.
fn raw(dir: &std::path::Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(dir).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return raw(&path, bytes);
        }
        std::fs::read(&path).unwrap().windows(bytes.len()).any(|it| it == bytes)
    })
}

pub(crate) async fn the_final_mail_outlives_the_key(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let own = MailKey::OneOff(key(77));
    let mail = |cause: &str, key: MailKey| Write::Mail {
        cause: cause.to_owned(),
        sealed: sealed("farewell"),
        key,
        not_before: T0,
    };
    let writes = vec![
        Write::Erase,
        mail("final", own.clone()),
        // Whatever the order: nothing under the person's key stays.
        mail("other", MailKey::Person),
    ];
    write(&journal, person, writes).await.unwrap().into_inner();
    let claimed = journal.scratch().claim_mail(at(1), 9).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!((claimed[0].cause.as_str(), &claimed[0].key), ("final", &own));
    journal.sweep(at(2)).await.unwrap();
    let day = 24 * 3_600;
    assert_eq!(journal.scratch().claim_mail(at(day), 9).await.unwrap().len(), 1);
    journal.sweep(at(3 * day)).await.unwrap();
    assert!(journal.scratch().claim_mail(at(9 * day), 9).await.unwrap().is_empty());
}

pub(crate) async fn a_use_in_flight_conflicts_with_an_erasure(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let in_flight = permit(&journal, person, using(service())).await;
    write(&journal, person, vec![Write::Erase]).await.unwrap().into_inner();
    let owed = in_flight.owe("an email".to_owned());
    assert!(matches!(in_flight.record(owed).await, Err(Fault::Conflict)));
}
