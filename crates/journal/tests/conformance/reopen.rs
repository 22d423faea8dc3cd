//! Closing, crashing, opening again; and what is not opened.

use decide::*;
use journal::*;

use crate::world::*;

/// One person with some of everything, and what was acknowledged about them.
async fn history(journal: &Journal) -> (PersonId, Vec<RecordId>) {
    let person = new_person(journal, cn());
    let tx = begin_new(journal, person);
    let owed = tx.owe(());
    let mut ids = vec![tx.record(owed).await.unwrap().record_id()];
    for round in 0..10_u8 {
        let writes = match round % 3 {
            0 => vec![],
            1 => vec![value(email(), &format!("value {round}"), Some(blind(round, true)))],
            _ => vec![Write::Consent { given: Set::from_bits(round.into()), refused: Set::EMPTY }],
        };
        ids.push(write(journal, person, writes).await.unwrap().record_id());
        if round == 5 {
            journal.sequence(T0).await.unwrap();
        }
    }
    ids.reverse();
    (person, ids)
}

async fn check(journal: &Journal, person: PersonId, ids: &[RecordId]) {
    let tx = permit(journal, person, using(service())).await;
    assert_eq!(tx.sealed(email()), Some(&sealed("value 7")));
    assert_eq!(tx.facts().given, Set::from_bits(8));
    let found: Vec<_> = tx.records(None, 99).await.unwrap().iter().map(|it| it.id).collect();
    assert_eq!(found, ids);
    assert_eq!(journal.find(cn(), email(), &blind(7, true)).await.unwrap(), Some(person));
    assert_eq!(journal.find(cn(), email(), &blind(4, true)).await.unwrap(), None);
}

pub(crate) async fn everything_acknowledged_is_there_after_reopening(store: &impl Store) {
    let (person, ids) = history(&store.open().await).await;
    let journal = store.open().await;
    check(&journal, person, &ids).await;
    assert_eq!(journal.begin(person, ALL).await.unwrap().version(), 7);
    journal.sequence(T0).await.unwrap();
    drop(journal);
    check(&store.open().await, person, &ids).await;
}

pub(crate) async fn what_was_acknowledged_is_in_a_copy_taken_without_closing(store: &impl Store) {
    let journal = store.open().await;
    let (person, ids) = history(&journal).await;
    let other = store.dir().join("copy");
    copy(folder(&store.config()), &other);
    let copied = Journal::open(
        config(other, vec![store.dir().join("elsewhere")]),
        std::sync::Arc::new(Xor),
        signer(),
    )
    .await
    .unwrap();
    check(&copied, person, &ids).await;
}

pub(crate) async fn a_second_opening_is_refused(store: &impl Store) {
    let journal = store.open().await;
    let refused = store.try_open().await.unwrap_err();
    assert!(matches!(refused, OpenFault::Locked(_)));
    assert!(refused.to_string().contains("is in use by another process; stop that one first"));
    drop(journal);
    drop(store.open().await);
}

pub(crate) async fn a_newer_schema_is_refused(store: &impl Store) {
    drop(store.open().await);
    let path = folder(&store.config()).join("cn/people.db");
    let file = rusqlite::Connection::open(&path).unwrap();
    file.execute_batch(
        "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) \
         SELECT 99, 'later', applied_on, checksum FROM refinery_schema_history LIMIT 1",
    )
    .unwrap();
    drop(file);
    match store.try_open().await {
        Err(OpenFault::Newer { path: found, found: 99, known: 6 }) => assert_eq!(found, path),
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn a_newer_schema_that_lets_us_in_is_opened(store: &impl Store) {
    let person = somebody(&store.open().await).await;
    let path = folder(&store.config()).join("cn/people.db");
    let file = rusqlite::Connection::open(&path).unwrap();
    let applied = |version: u32, name: &str| {
        let text = format!(
            "INSERT INTO refinery_schema_history (version, name, applied_on, checksum) \
             SELECT {version}, '{name}', applied_on, checksum FROM refinery_schema_history LIMIT 1"
        );
        file.execute_batch(&text).unwrap();
    };
    file.execute_batch("ALTER TABLE people ADD COLUMN note TEXT; CREATE TABLE notes (note TEXT)")
        .unwrap();
    applied(98, "notes__from_4");
    let journal = store.open().await;
    write(&journal, person, vec![]).await.unwrap().into_inner();
    drop(journal);
    applied(99, "notes_alone__from_98");
    assert!(matches!(store.try_open().await, Err(OpenFault::Newer { found: 99, .. })));
}

pub(crate) async fn a_region_that_is_not_named_is_refused(store: &impl Store) {
    drop(store.open().await);
    let mut config = store.config();
    config.regions = vec![cn()];
    let seal = std::sync::Arc::new(Xor);
    let refused = Journal::open(config, seal, signer()).await.unwrap_err();
    assert!(matches!(refused, OpenFault::UnknownRegion(region) if region == eu()));
    drop(store.open().await);
}

pub(crate) async fn regions_are_named_once(store: &impl Store) {
    for regions in [vec![], vec![cn(), cn()]] {
        let mut config = store.config();
        config.regions = regions;
        let seal = std::sync::Arc::new(Xor);
        let refused = Journal::open(config, seal, signer()).await.unwrap_err();
        assert!(matches!(refused, OpenFault::Regions { .. }));
    }
}
