//! An installation moved to the other engine and back, stopped on the way, changed on the way, refused.

use std::ops::ControlFlow;
use std::sync::Arc;

use decide::*;
use journal::log::{Elsewhere, verify, verify_record};
use journal::*;

use crate::shared::{self, Postgres};
use crate::world::*;

/// Moves, and stops after so many steps.
async fn go(from: &Config, to: &Config, mut steps: usize) -> Result<Moved, MoveFault> {
    let moving = Moving {
        from: from.database.clone(),
        to: to.database.clone(),
        outside: from.outside.clone(),
    };
    let mut watch = |_: &Carried<'_>| {
        steps = steps.saturating_sub(1);
        if steps == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    moving.run(Arc::new(Xor), signer(), T0, &mut watch).await
}

async fn all(from: &Config, to: &Config) -> Moved {
    go(from, to, usize::MAX).await.unwrap()
}

fn partition(day: i64) -> Partition {
    Partition::of(at(day * 86_400), "visits").unwrap()
}

fn once(n: u8) -> Once {
    Once { scope: "register".to_owned(), key_hash: [n; 32], request: [n; 32] }
}

fn events(day: i64, tag: u8, text: &str) -> Write {
    Write::Events {
        partition: partition(day),
        tag: [tag; 16],
        sealed: sealed(text),
        counts: vec![EventCount { kind: "click".to_owned(), hour: T0, count: 2 }],
        received: T0,
        bytes: u64::try_from(text.len()).unwrap(),
        most: journal::limit::EVENTS_DAY_BYTES_MAX,
    }
}

async fn collected(journal: &Journal, person: PersonId, write: Write) -> RecordId {
    let mut tx = permit(journal, person, collect()).await;
    tx.stage(write);
    let owed = tx.owe(());
    tx.record(owed).await.unwrap().record_id()
}

fn everything(journal: &Journal, person: PersonId, n: u8) -> Vec<Write> {
    let text = n.is_multiple_of(2).then_some("please");
    let id = CaseId::new(person.region(), journal.new_id(T0));
    let case = CaseRow { id, ..case(journal, ("object", "received"), text) };
    let note = note(journal, &case, "said");
    let mail = |cause: &str, key| Write::Mail {
        cause: cause.to_owned(),
        sealed: sealed("text"),
        key,
        not_before: at(1),
    };
    vec![
        value(email(), &format!("value {n}"), Some(blind(n, true))),
        value(phone(), "shared", Some(blind(200, false))),
        Write::Session {
            hash: [n; 32],
            expires: at(900),
            label: format!("browser é {n}"),
            role: Role::Person,
        },
        Write::Code { channel: email(), hash: [n; 32], expires: at(600) },
        Write::Unproved {
            category: phone(),
            sealed: sealed("new"),
            hash: [n; 32],
            expires: at(60),
        },
        Write::Tally { kind: "tries", most: 9, ends: at(60) },
        mail("Code", MailKey::Person),
        mail("code", MailKey::OneOff(key(n.into()))),
        Write::Job { kind: JobKind::named("erase"), due: at(5) },
        Write::Job { kind: JobKind::named("remind"), due: at(50) },
        Write::Case(case),
        Write::Note(note),
        Write::Idempotent { once: once(n), status: 201, body: format!("{{\"n\":{n}}}") },
        Write::Consent { given: Set::from_bits(1 << 63 | u64::from(n)), refused: Set::EMPTY },
    ]
}

/// Who is there, and who was erased.
struct World {
    there: Vec<PersonId>,
    erased: Vec<PersonId>,
}

async fn rich(journal: &Journal) -> World {
    let installation = journal.installation();
    installation.grow_vocabulary(&vocabulary()).await.unwrap();
    let folder = "{\"policy.md\":\"隐私\"}".to_owned();
    let policy = PolicyRow { version: 1, hash: [7; 32], folder, stored: T0, effective: at(10) };
    installation.add_policy(policy).await.unwrap();
    for n in 0..3_u8 {
        let (id, name) = (format!("key {n}"), "a shop".to_owned());
        let purposes = Set::from_bits(1 << 63 | 1);
        let (kind, source) = (AskerKind::App, None);
        let key = KeyRow { id, kind, hash: [n; 32], name, purposes, source, made: T0, ended: None };
        installation.add_key(key).await.unwrap();
    }
    journal.scratch().count("knocks", at(0));
    let mut world = World { there: Vec::new(), erased: Vec::new() };
    for n in 0..9_u8 {
        let person = somebody_in(journal, if n % 3 == 0 { eu() } else { cn() }).await;
        let writes = everything(journal, person, n);
        write(journal, person, writes).await.unwrap().into_inner();
        for round in 0..34 {
            write(journal, person, vec![]).await.unwrap().into_inner();
            if round % 11 == 0 {
                collected(journal, person, events(round / 11, n, &format!("e{round}"))).await;
                journal.sequence(T0).await.unwrap();
            }
        }
        world.there.push(person);
    }
    // One whose remains are swept, one whose records wait for it.
    for _ in 0..2 {
        let person = world.there.pop().unwrap();
        write(journal, person, vec![Write::Erase]).await.unwrap().into_inner();
        if world.erased.is_empty() {
            journal.sweep(T0).await.unwrap();
        }
        world.erased.push(person);
    }
    world
}

/// What anybody can read, in words.
async fn told(journal: &Journal, world: &World) -> Vec<String> {
    let mut told = Vec::new();
    let mut say = |it: &dyn std::fmt::Debug| told.push(format!("{it:?}"));
    let (installation, scratch) = (journal.installation(), journal.scratch());
    say(&installation.keys().await.unwrap());
    say(&installation.policies().await.unwrap());
    say(&installation.vocabulary().await.unwrap());
    say(&scratch.counted("knocks", at(-60), at(60)).await.unwrap());
    for region in [cn(), eu()] {
        say(&scratch.people(region, None, 99).await.unwrap());
        say(&journal.find_all(region, (phone(), &blind(200, false)), 99).await.unwrap());
        for day in journal.partitions(region).await.unwrap() {
            // Where there are many nodes, a partition is made a day ahead.
            let counts = scratch.event_counts(region, &day).await.unwrap();
            if !counts.is_empty() {
                say(&(&day, counts));
            }
        }
    }
    for person in &world.erased {
        assert!(matches!(journal.begin(*person, ALL).await, Err(Fault::Erased)));
    }
    for (n, person) in (0_u8..).zip(&world.there) {
        let region = person.region();
        let version = journal.begin(*person, ALL).await.unwrap().version();
        let tx = permit(journal, *person, collect()).await;
        say(&(person, version, tx.facts(), tx.key().as_bytes()));
        let values = tx.values().iter().map(|it| (it.category, it.collected, it.due));
        say(&values.collect::<Vec<_>>());
        say(&(tx.sealed(email()).map(Sealed::as_bytes), tx.sessions().await.unwrap()));
        let unproved = tx.unproved(phone()).await.unwrap();
        say(&unproved.map(|it| (it.code, it.sealed.as_bytes().to_vec())));
        for case in tx.cases(None, 9).await.unwrap() {
            say(&(&case, tx.notes(case.id, 9).await.unwrap()));
        }
        for day in 0..4 {
            let place = (&partition(day), &[n; 16]);
            let found = tx.events(place, None, (9, 999)).await.unwrap();
            let blocks = found.iter().map(|it| (it.place, it.received, it.sealed.as_bytes()));
            say(&(blocks.collect::<Vec<_>>(), tx.event_bytes(place.0, place.1).await.unwrap()));
        }
        say(&tx.changes(None, 99).await.unwrap().len());
        for (at, record) in tx.records(None, 500).await.unwrap().iter().enumerate() {
            say(&(record.id, record.at, record.sealed.as_bytes(), record.log_index));
            if at % 9 == 0 {
                let (text, blind) = text_of(record, *person);
                let bundle = journal.prove(record.log_index.unwrap()).await.unwrap();
                verify_record(&bundle, signer().vkey(), &text, &blind).unwrap();
                say(&bundle);
            }
        }
        say(&journal.find(region, email(), &blind(n, true)).await.unwrap());
        say(&journal.session((&[n; 32], Role::Person), T0).await.unwrap());
        say(&journal.code(*person, email()).await.unwrap());
        say(&journal.tally(*person, "tries", T0).await.unwrap());
        say(&scratch.idempotent(region, &once(n), T0).await.unwrap());
    }
    told
}

fn same(found: &[String], before: &[String]) {
    for (found, before) in found.iter().zip(before) {
        assert_eq!(found, before);
    }
    assert_eq!(found.len(), before.len());
}

/// What is claimed, which changes it.
async fn claimed(journal: &Journal) -> Vec<String> {
    let scratch = journal.scratch();
    let mails = scratch.claim_mail(at(5), 99).await.unwrap();
    let mut told: Vec<_> = mails.iter().map(|it| format!("{it:?}")).collect();
    told.extend(scratch.claim_jobs(at(99), 99).await.unwrap().iter().map(|it| format!("{it:?}")));
    told.sort_unstable();
    told
}

pub(crate) async fn an_installation_goes_there_and_back(store: &Postgres) {
    let (first, last) = (Sqlite::new().await, Sqlite::new().await);
    let journal = first.open().await;
    let world = rich(&journal).await;
    drop(journal);
    let there = all(&first.config(), &store.config()).await;
    assert!(there.checkpoint.size > 300);
    let journal = first.open().await;
    let before = told(&journal, &world).await;
    drop(journal);

    let journal = store.open().await;
    same(&told(&journal, &world).await, &before);
    assert_eq!(journal.sequence(T0).await.unwrap(), 0, "nothing waits");
    let (log, kept) = (store.dir().join("log"), Elsewhere::read(&first.config().outside).unwrap());
    journal.copy_log(&log).await.unwrap();
    let report = verify(&log, &kept, signer().vkey()).unwrap();
    assert_eq!(report.checkpoint, there.checkpoint);
    drop(journal);

    let back = all(&store.config(), &last.config()).await;
    assert_eq!(back.checkpoint, there.checkpoint);
    let rows = |it: &Moved| it.tables.iter().filter(|it| it.rows > 0).cloned().collect::<Vec<_>>();
    assert_eq!(rows(&back), rows(&there));
    let journal = last.open().await;
    same(&told(&journal, &world).await, &before);
    assert_eq!(claimed(&journal).await, claimed(&first.open().await).await);
    let log = folder(&last.config()).join("log");
    verify(&log, &kept, signer().vkey()).unwrap();
}

/// What is written after a move goes on where the source would have.
async fn goes_on(journal: &Journal, world: &World, size: u64) {
    let person = world.there[1];
    let seen = async || {
        let tx = permit(journal, person, using(service())).await;
        tx.events((&partition(0), &[1; 16]), None, (9, 999)).await.unwrap()
    };
    let newest = seen().await[0].place;
    let change = write(journal, person, vec![Write::EndSessions]).await.unwrap().record_id();
    let used = write(journal, person, vec![]).await.unwrap().record_id();
    let block = collected(journal, person, events(0, 1, "later")).await;
    let fresh = collected(journal, person, events(7, 1, "another day")).await;
    assert_eq!(journal.sequence(T0).await.unwrap(), 4);
    let mut places = Vec::new();
    for record in [change, used, block, fresh] {
        places.push(journal.log_index(record).await.unwrap().unwrap());
    }
    places.sort_unstable();
    assert_eq!(places, [size, size + 1, size + 2, size + 3]);
    assert!(seen().await[0].place > newest);
    let mut seen: Vec<_> = permit(journal, person, using(service()))
        .await
        .records(None, 500)
        .await
        .unwrap()
        .iter()
        .filter_map(|it| it.log_index)
        .collect();
    let count = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), count, "each record has a place of its own");
}

pub(crate) async fn what_comes_after_goes_on(store: &Postgres) {
    let (first, last) = (Sqlite::new().await, Sqlite::new().await);
    let journal = first.open().await;
    let world = rich(&journal).await;
    drop(journal);
    let there = all(&first.config(), &store.config()).await;
    let journal = store.open().await;
    goes_on(&journal, &world, there.checkpoint.size).await;
    drop(journal);
    let back = all(&store.config(), &last.config()).await;
    assert_eq!(back.checkpoint.size, there.checkpoint.size + 4);
    goes_on(&last.open().await, &world, back.checkpoint.size).await;
    // Whoever was erased and not yet swept is swept where they are now.
    assert_eq!(last.open().await.sweep(T0).await.unwrap().people, 1);
}

/// Moves in many runs, each of which is stopped after a few steps.
async fn in_pieces(from: &impl Store, to: &impl Store) -> usize {
    let mut stops = 0;
    loop {
        match go(&from.config(), &to.config(), 17).await {
            Ok(_) => return stops,
            Err(MoveFault::Stopped) => stops += 1,
            Err(other) => panic!("{other}"),
        }
        assert!(stops < 99);
        let refused = to.try_open().await.unwrap_err();
        assert!(matches!(refused, OpenFault::Unfinished), "{refused}");
        assert!(refused.to_string().contains("run `kept migrate` again"));
    }
}

pub(crate) async fn a_stopped_move_goes_on(store: &Postgres) {
    let (first, last) = (Sqlite::new().await, Sqlite::new().await);
    let journal = first.open().await;
    let world = rich(&journal).await;
    journal.sequence(T0).await.unwrap();
    let before = told(&journal, &world).await;
    drop(journal);
    assert!(in_pieces(&first, store).await > 1);
    same(&told(&store.open().await, &world).await, &before);
    assert!(in_pieces(store, &last).await > 1);
    same(&told(&last.open().await, &world).await, &before);
}

pub(crate) async fn what_was_changed_on_the_way_is_found(store: &Postgres) {
    let (first, last) = (Sqlite::new().await, Sqlite::new().await);
    let journal = first.open().await;
    rich(&journal).await;
    drop(journal);
    let differs = |ended: Result<Moved, MoveFault>, name: &str| match ended {
        Err(MoveFault::Differs { table, .. }) => assert_eq!(table, name),
        other => panic!("{other:?}"),
    };
    let stopped = go(&first.config(), &store.config(), 30).await;
    assert!(matches!(stopped, Err(MoveFault::Stopped)));
    let database = shared::client(store.name()).await;
    let change = "UPDATE kept_cn.people SET given = given + 1 \
         WHERE person_id = (SELECT person_id FROM kept_cn.people ORDER BY 1 LIMIT 1)";
    database.batch_execute(change).await.unwrap();
    differs(go(&first.config(), &store.config(), usize::MAX).await, "people");
    assert!(matches!(store.try_open().await.unwrap_err(), OpenFault::Unfinished));
    let undo = "UPDATE kept_cn.people SET given = given - 1 \
         WHERE person_id = (SELECT person_id FROM kept_cn.people ORDER BY 1 LIMIT 1)";
    database.batch_execute(undo).await.unwrap();
    all(&first.config(), &store.config()).await;

    let stopped = go(&store.config(), &last.config(), 40).await;
    assert!(matches!(stopped, Err(MoveFault::Stopped)));
    let path = folder(&last.config()).join("cn/people.db");
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch("DELETE FROM jobs WHERE kind = 'erase'").unwrap();
    drop(file);
    differs(go(&store.config(), &last.config(), usize::MAX).await, "jobs");
}

pub(crate) async fn what_cannot_be_moved_is_refused(store: &Postgres) {
    let (first, second) = (Sqlite::new().await, Sqlite::new().await);
    let to = store.config();
    let nothing = go(&first.config(), &to, 1).await;
    assert!(matches!(nothing, Err(MoveFault::Nothing)), "{nothing:?}");

    let journal = first.open().await;
    let person = somebody(&journal).await;
    let locked = go(&first.config(), &to, 9).await;
    assert!(matches!(locked, Err(MoveFault::Open(OpenFault::Locked(_)))), "{locked:?}");
    drop(journal);
    let same = go(&first.config(), &second.config(), 9).await;
    assert!(matches!(same, Err(MoveFault::Same)), "{same:?}");

    let other = Sqlite::new().await;
    somebody(&other.open().await).await;
    let stopped = go(&other.config(), &to, 2).await;
    assert!(matches!(stopped, Err(MoveFault::Stopped)), "{stopped:?}");
    let another = go(&first.config(), &to, 99).await;
    assert!(matches!(another, Err(MoveFault::Other)), "{another:?}");

    let taken = Postgres::new().await;
    let journal = taken.open().await;
    let used = go(&first.config(), &taken.config(), 99).await;
    assert!(matches!(used, Err(MoveFault::InUse)), "{used:?}");
    somebody(&journal).await;
    drop(journal);
    let full = go(&first.config(), &taken.config(), 99).await;
    assert!(matches!(full, Err(MoveFault::Taken(_))), "{full:?}");

    let mut abroad = taken.config();
    abroad.database = second.config().database;
    abroad.regions = vec![cn(), RegionCode::new("us").unwrap()];
    let opened = Journal::open(abroad.clone(), Arc::new(Xor), signer()).await;
    drop(opened.unwrap());
    let region = go(&taken.config(), &abroad, 99).await;
    assert!(matches!(region, Err(MoveFault::Region(_))), "{region:?}");
    assert!(first.open().await.begin(person, ALL).await.is_ok(), "it is as it was");
}
