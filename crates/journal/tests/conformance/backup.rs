//! A backup that is made beside whoever goes on, and comes back: without whom was erased since, with
//! every no that was said since, and with the log as outsiders know it.

mod begun;

pub(crate) use begun::*;

use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex};

use decide::id::HoldId;
use decide::*;
use journal::log::{Elsewhere, verify};
use journal::*;

use crate::world::*;

/// What was written down outside.
#[derive(Default)]
pub(crate) struct Outside {
    shipped: Mutex<Vec<Shipment>>,
    full: Mutex<bool>,
}

impl Ship for Outside {
    fn ship(&self, it: &Shipment) -> Result<(), String> {
        if *self.full.lock().unwrap() {
            return Err("no room".to_owned());
        }
        self.shipped.lock().unwrap().push(Shipment::from_bytes(&it.to_bytes()).unwrap());
        Ok(())
    }

    fn newest(&self) -> Result<Vec<(Node, Node)>, String> {
        Ok(self.shipped.lock().unwrap().last().map(|it| (it.base, it.to)).into_iter().collect())
    }
}

impl Outside {
    fn list(&self) -> List {
        List::new(self.shipped.lock().unwrap().clone())
    }

    /// Without the last steps.
    fn shorter(&self, by: usize) -> List {
        let all = self.shipped.lock().unwrap().clone();
        List::new(all[..all.len() - by].to_vec())
    }
}

#[derive(Default, Clone)]
struct Parts {
    rows: Vec<u8>,
    keys: Vec<u8>,
    log: Vec<u8>,
}

async fn taken(config: &Config) -> Parts {
    let backup = Backup { from: config.database.clone() };
    let mut parts = Parts::default();
    let Parts { rows, keys, log } = &mut parts;
    let vkey = signer().vkey().clone();
    backup.run(("a backup", &vkey), (rows, keys, log), T0).await.unwrap();
    parts
}

async fn back(
    parts: &Parts,
    to: &Config,
    (list, outside): (&List, &[std::path::PathBuf]),
) -> Result<Restored, BackupFault> {
    let copy = Copy { rows: &parts.rows[..], keys: &parts.keys[..], log: &parts.log[..] };
    let restore = Restore { to: to.database.clone(), list, outside: outside.to_vec() };
    restore.run(copy, &signer(), at(9)).await
}

async fn shipping(store: &impl Store) -> (Journal, Arc<Outside>) {
    let journal = store.open().await;
    let outside = Arc::new(Outside::default());
    journal.ship(Arc::<Outside>::clone(&outside)).await.unwrap();
    (journal, outside)
}

async fn with_value(journal: &Journal, n: u8) -> PersonId {
    let person = somebody(journal).await;
    let given = Write::Consent { given: Set::of(advertise()), refused: Set::EMPTY };
    let session = Write::Session {
        hash: [n; 32],
        expires: at(900),
        label: "browser".to_owned(),
        role: Role::Person,
    };
    let value = value(email(), &format!("value {n}"), Some(blind(n, true)));
    write(journal, person, vec![value, given, session]).await.unwrap().into_inner();
    person
}

fn contains(dir: &Path, bytes: &[u8]) -> bool {
    let mut open = vec![dir.to_path_buf()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
        } else if std::fs::read(&path).unwrap().windows(bytes.len()).any(|it| it == bytes) {
            return true;
        }
    }
    false
}

/// Who is there when the backup is made, and what becomes of each of them after it.
struct Story {
    erased: PersonId,
    withdrew: PersonId,
    restricted: PersonId,
    deleted: PersonId,
    same: PersonId,
    parts: Parts,
}

async fn story(store: &impl Store, journal: &Journal) -> Story {
    journal.installation().grow_vocabulary(&vocabulary()).await.unwrap();
    let mut people = Vec::new();
    for n in 1..=4 {
        people.push(with_value(journal, n).await);
    }
    journal.sequence(T0).await.unwrap();
    // One whose records wait for their places when the backup is made.
    people.push(with_value(journal, 5).await);
    let parts = taken(&store.config()).await;
    let [erased, withdrew, restricted, deleted, same] = people[..] else { panic!() };
    let no = Write::Consent { given: Set::EMPTY, refused: Set::of(advertise()) };
    write(journal, withdrew, vec![no]).await.unwrap().into_inner();
    journal.sequence(T0).await.unwrap();
    let restrict = Write::Account(Account::Restricted);
    write(journal, restricted, vec![restrict]).await.unwrap().into_inner();
    write(journal, deleted, vec![Write::DeleteValue(email())]).await.unwrap().into_inner();
    write(journal, erased, vec![Write::Erase]).await.unwrap().into_inner();
    journal.sequence(T0).await.unwrap();
    journal.sweep(T0).await.unwrap();
    Story { erased, withdrew, restricted, deleted, same, parts }
}

async fn is_back(journal: &Journal, told: &Story) {
    assert!(matches!(journal.begin(told.erased, ALL).await, Err(Fault::Erased)));
    assert_eq!(journal.find(cn(), email(), &blind(1, true)).await.unwrap(), None);
    let facts = |person| async move { journal.begin(person, ALL).await.unwrap().facts().clone() };
    let withdrew = facts(told.withdrew).await;
    assert!(!withdrew.given.has(advertise()) && withdrew.refused.has(advertise()));
    assert_eq!(facts(told.restricted).await.account, Account::Restricted);
    let deleted = permit(journal, told.deleted, collect()).await;
    assert!(deleted.values().is_empty() && deleted.sealed(email()).is_none());
    assert_eq!(journal.find(cn(), email(), &blind(4, true)).await.unwrap(), None);
    let same = permit(journal, told.same, collect()).await;
    assert!(same.facts().given.has(advertise()));
    assert_eq!(same.sealed(email()), Some(&sealed("value 5")));
    assert_eq!(journal.find(cn(), email(), &blind(5, true)).await.unwrap(), Some(told.same));
    assert_eq!(
        journal.session((&[5; 32], Role::Person), T0).await.unwrap(),
        None,
        "nobody stays signed in"
    );
    let records = same.records(None, 9).await.unwrap();
    assert_eq!(records.len(), 2, "what waited for its place has one");
    assert!(records.iter().all(|it| it.log_index.is_some()));
    let jobs = journal.scratch().claim_jobs(at(10), 99).await.unwrap();
    let again: Vec<PersonId> =
        jobs.iter().filter(|it| it.kind == RESTORED).map(|it| it.person).collect();
    assert_eq!(again.len(), 3, "what was applied is put on the record");
}

/// From one place to another of either engine.
pub(crate) async fn goes(store: &impl Store, to: &Config) {
    let (journal, outside) = shipping(store).await;
    let told = story(store, &journal).await;
    let size = journal.log_file("checkpoint").await.unwrap().unwrap();
    journal.close(T0).await.unwrap();
    drop(journal);
    let config = Config { outside: store.config().outside, ..to.clone() };
    let restored = back(&told.parts, &config, (&outside.list(), &config.outside)).await.unwrap();
    assert_eq!((restored.erased, restored.narrowed), (1, 3));
    let journal = Journal::open(config.clone(), Arc::new(Xor), signer()).await.unwrap();
    assert_eq!(journal.log_file("checkpoint").await.unwrap().unwrap(), size, "the very log");
    is_back(&journal, &told).await;
    // It goes on: what is written now has the places behind those that others know.
    journal.ship(Arc::<Outside>::clone(&outside)).await.unwrap();
    write(&journal, told.same, vec![]).await.unwrap().into_inner();
    assert!(journal.sequence(at(20)).await.unwrap() > 0);
    journal.sweep(at(20)).await.unwrap();
    let (copy, kept) = (store.dir().join("copy"), Elsewhere::read(&config.outside).unwrap());
    journal.copy_log(&copy).await.unwrap();
    verify(&copy, &kept, signer().vkey()).unwrap();
    if let Database::Folder(dir) = &config.database {
        drop(journal);
        assert!(!contains(dir, key_of(told.erased).as_bytes()), "not in the raw bytes");
        assert!(!contains(dir, sealed("value 1").as_bytes()));
        assert!(contains(dir, key_of(told.same).as_bytes()));
    }
}

pub(crate) async fn what_was_erased_since_does_not_come_back(store: &impl Store) {
    let to = tempfile::tempdir().unwrap();
    goes(store, &config(to.path().join("data"), Vec::new())).await;
}

pub(crate) async fn it_comes_back_into_the_other_engine(store: &crate::shared::Postgres) {
    let from = Sqlite::new().await;
    goes(&from, &store.config()).await;
}

pub(crate) async fn a_database_comes_back_into_a_database(store: &crate::shared::Postgres) {
    let to = crate::shared::Postgres::new().await;
    goes(store, &to.config()).await;
}

pub(crate) async fn rows_without_keys_are_nothing(store: &impl Store) {
    let (journal, _) = shipping(store).await;
    let told = story(store, &journal).await;
    let key = key_of(told.same);
    let holds = |bytes: &[u8]| bytes.windows(64).any(|it| it == key.as_bytes());
    assert!(!holds(&told.parts.rows) && holds(&told.parts.keys));
    let value = sealed("value 5");
    let value = value.as_bytes();
    assert!(!told.parts.keys.windows(value.len()).any(|it| it == value));
    let other = taken_as(&store.config(), "another").await;
    let mixed = Parts { keys: other.keys, ..told.parts };
    let to = tempfile::tempdir().unwrap();
    let to = config(to.path().join("data"), Vec::new());
    let refused = back(&mixed, &to, (&List::default(), &[])).await.unwrap_err();
    assert!(refused.to_string().contains("another backup"), "{refused}");
}

async fn taken_as(config: &Config, id: &str) -> Parts {
    let backup = Backup { from: config.database.clone() };
    let mut parts = Parts::default();
    let Parts { rows, keys, log } = &mut parts;
    let vkey = signer().vkey().clone();
    backup.run((id, &vkey), (rows, keys, log), T0).await.unwrap();
    parts
}

pub(crate) async fn a_list_that_does_not_reach_is_refused(store: &impl Store) {
    let (journal, outside) = shipping(store).await;
    let told = story(store, &journal).await;
    journal.close(T0).await.unwrap();
    let seen = store.config().outside;
    let to = tempfile::tempdir().unwrap();
    let to = config(to.path().join("data"), Vec::new());
    let said = |it: Result<Restored, BackupFault>| it.unwrap_err().to_string();
    assert!(said(back(&told.parts, &to, (&List::default(), &seen)).await).contains("is missing"));
    let short = outside.shorter(1);
    assert!(said(back(&told.parts, &to, (&short, &seen)).await).contains("ends at"));
    let mistyped = [store.dir().join("mistyped")];
    let refused = said(back(&told.parts, &to, (&outside.list(), &mistyped)).await);
    assert!(refused.contains("no checkpoint of the log lies there"), "{refused}");
    let refused = Journal::open(to.clone(), Arc::new(Xor), signer()).await;
    assert!(refused.is_ok(), "nothing was begun");
}

/// Fails after so many bytes, as a process that is killed there.
struct Killed<'a>(&'a [u8], usize);

impl Read for Killed<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.1 == 0 {
            return Err(io::Error::other("killed"));
        }
        let n = into.len().min(self.1).min(self.0.len());
        into[..n].copy_from_slice(&self.0[..n]);
        self.0 = &self.0[n..];
        self.1 -= n;
        Ok(n)
    }
}

pub(crate) async fn a_stopped_restore_goes_on(store: &impl Store) {
    let (journal, outside) = shipping(store).await;
    let told = story(store, &journal).await;
    journal.close(T0).await.unwrap();
    drop(journal);
    let dir = tempfile::tempdir().unwrap();
    let to = Config { outside: store.config().outside, ..config(dir.path().join("data"), vec![]) };
    let list = outside.list();
    let length = told.parts.rows.len();
    for n in [length / 9, length / 3, length / 2, length * 4 / 5, length - 1] {
        let rows = Killed(&told.parts.rows, n);
        let copy = Copy { rows, keys: &told.parts.keys[..], log: &told.parts.log[..] };
        let restore = Restore { to: to.database.clone(), list: &list, outside: to.outside.clone() };
        restore.run(copy, &signer(), at(9)).await.unwrap_err();
        let opened = Journal::open(to.clone(), Arc::new(Xor), signer()).await;
        assert!(matches!(opened, Err(OpenFault::Unfinished)), "nobody serves what is not whole");
        let other = back(&taken_as(&store.config(), "b").await, &to, (&list, &to.outside)).await;
        assert!(matches!(other, Err(BackupFault::Other)), "nor is it mixed with another");
    }
    back(&told.parts, &to, (&list, &to.outside)).await.unwrap();
    let journal = Journal::open(to.clone(), Arc::new(Xor), signer()).await.unwrap();
    is_back(&journal, &told).await;
    drop(journal);
    let again = back(&told.parts, &to, (&list, &to.outside)).await;
    assert!(matches!(again, Err(BackupFault::Taken(_))), "what is whole is not written over");
}

pub(crate) async fn what_was_not_written_down_is_caught_up(store: &impl Store) {
    let (journal, outside) = shipping(store).await;
    let told = story(store, &journal).await;
    journal.close(T0).await.unwrap();
    drop(journal);
    // Somebody goes on without the list, and then with it again.
    let journal = store.open().await;
    write(&journal, told.same, vec![Write::Erase]).await.unwrap().into_inner();
    journal.sequence(T0).await.unwrap();
    journal.sweep(T0).await.unwrap();
    let seen = store.config().outside;
    let to = tempfile::tempdir().unwrap();
    let to = Config { outside: seen.clone(), ..config(to.path().join("data"), vec![]) };
    let short = back(&told.parts, &to, (&outside.list(), &seen)).await.unwrap_err();
    assert!(short.to_string().contains("ends at"), "{short}");
    journal.ship(Arc::<Outside>::clone(&outside)).await.unwrap();
    back(&told.parts, &to, (&outside.list(), &seen)).await.unwrap();
    let journal = Journal::open(to, Arc::new(Xor), signer()).await.unwrap();
    for person in [told.erased, told.same] {
        assert!(matches!(journal.begin(person, ALL).await, Err(Fault::Erased)));
    }
}

pub(crate) async fn the_log_waits_for_what_is_written_down(store: &impl Store) {
    let (journal, outside) = shipping(store).await;
    let person = with_value(&journal, 1).await;
    journal.sequence(T0).await.unwrap();
    let before = journal.log_file("checkpoint").await.unwrap();
    *outside.full.lock().unwrap() = true;
    write(&journal, person, vec![Write::Erase]).await.unwrap().into_inner();
    journal.sequence(T0).await.unwrap_err();
    assert_eq!(journal.log_file("checkpoint").await.unwrap(), before, "nothing was said of it");
    *outside.full.lock().unwrap() = false;
    assert_eq!(journal.sequence(T0).await.unwrap(), 1);
    let parts = taken(&store.config()).await;
    let to = tempfile::tempdir().unwrap();
    let to = Config { outside: store.config().outside, ..config(to.path().join("data"), vec![]) };
    back(&parts, &to, (&outside.list(), &to.outside)).await.unwrap();
}

/// Puts a value under a hold with a key of its own.
async fn hold(journal: &Journal, person: PersonId, n: u8) -> HoldId {
    let case = case(journal, ("hold", "held"), Some("planted-ground"));
    let case = CaseRow { own_key: Some(key(u64::from(n))), ..case };
    let id = HoldId::from(case.id);
    let sealed = sealed(&format!("under hold {n}"));
    let job = Write::Job { kind: JobKind::about("hold-ends", id), due: at(900) };
    let held = Write::Hold { category: email(), case: case.id, sealed };
    let note = Write::Note(note(journal, &case, "copied-out"));
    write(journal, person, vec![Write::Case(case), job]).await.unwrap().into_inner();
    write(journal, person, vec![held, note]).await.unwrap().into_inner();
    id
}

pub(crate) async fn a_hold_that_was_lifted_since_does_not_hold_again(store: &impl Store) {
    let (journal, outside) = shipping(store).await;
    journal.installation().grow_vocabulary(&vocabulary()).await.unwrap();
    let mut all = Vec::new();
    for n in [41, 42, 43] {
        let person = with_value(&journal, n).await;
        all.push((person, hold(&journal, person, n).await));
    }
    let [(over, ended), (gone, stands), (alive, lifted)] = all[..] else { panic!() };
    journal.sequence(T0).await.unwrap();
    let parts = taken(&store.config()).await;
    for person in [over, gone] {
        write(&journal, person, vec![Write::Erase]).await.unwrap().into_inner();
    }
    let free = Write::Unhold { category: email(), back: None };
    let row = journal.scratch().held_case(lifted).await.unwrap().unwrap().1;
    let row = CaseRow { own_key: None, sealed: None, open: false, ..row };
    let done = Write::DropJob(JobKind::about("hold-ends", lifted));
    write(&journal, alive, vec![free, Write::Case(row), done]).await.unwrap().into_inner();
    journal.sequence(T0).await.unwrap();
    journal.scratch().end_hold(over, ended, "lifted").await.unwrap();
    journal.close(T0).await.unwrap();
    drop(journal);
    let dir = tempfile::tempdir().unwrap();
    let to = Config { outside: store.config().outside, ..config(dir.path().join("data"), vec![]) };
    back(&parts, &to, (&outside.list(), &to.outside)).await.unwrap();
    let journal = Journal::open(to.clone(), Arc::new(Xor), signer()).await.unwrap();
    let scratch = journal.scratch();
    assert_eq!(scratch.held_case(ended).await.unwrap(), None, "its key is gone");
    let (_, row) = scratch.case(ended).await.unwrap().unwrap();
    assert!(!row.open);
    assert_eq!(scratch.copied(over, ended).await.unwrap(), 0);
    assert!(scratch.held_case(stands).await.unwrap().is_some(), "what stands is held");
    assert_eq!(scratch.copied(gone, stands).await.unwrap(), 1);
    let left = permit(&journal, alive, exercise(Right::Access)).await;
    assert!(left.held(email()).is_none(), "what was deleted since stays deleted");
    let jobs = scratch.claim_jobs(at(10), 99).await.unwrap();
    let due = jobs.iter().filter(|it| it.kind == JobKind::about("hold-ends", lifted)).count();
    assert_eq!(due, 1, "it ends at once");
    let Database::Folder(dir) = &to.database else { return };
    let held = |n: u8| contains(dir, sealed(&format!("under hold {n}")).as_bytes());
    assert!(!contains(dir, key(41).as_bytes()) && !held(41) && !held(43));
    assert!(held(42));
}
