//! Log information.

use decide::PersonId;
use journal::*;

use crate::shared::{Postgres, client};
use crate::world::*;

fn partition(day: i64, class: &str) -> Partition {
    Partition::of(at(day * 86_400), class).unwrap()
}

fn events(partition: &Partition, tag: u8, text: &str) -> Write {
    let count = |kind: &str, count| EventCount { kind: kind.to_owned(), hour: T0, count };
    Write::Events {
        partition: partition.clone(),
        tag: [tag; 16],
        sealed: sealed(text),
        counts: vec![count("click", 2), count("view", 1)],
        received: T0,
        bytes: u64::try_from(text.len()).unwrap(),
        most: limit::EVENTS_DAY_BYTES_MAX,
    }
}

async fn collect(journal: &Journal, person: PersonId, write: Write) -> Result<RecordId, Fault> {
    let mut tx = permit(journal, person, crate::world::collect()).await;
    tx.stage(write);
    let owed = tx.owe(());
    Ok(tx.record(owed).await?.record_id())
}

pub(crate) async fn events_are_found_by_their_tag(store: &impl Store) {
    let journal = store.open().await;
    let (first, second) = (somebody(&journal).await, somebody(&journal).await);
    let (today, tomorrow) = (partition(0, "visits"), partition(1, "visits"));
    for (person, place, tag, text) in [
        (first, &today, 1, "a"),
        (second, &today, 2, "b"),
        (first, &today, 1, "c"),
        (first, &tomorrow, 3, "d"),
    ] {
        collect(&journal, person, events(place, tag, text)).await.unwrap();
    }
    let tx = permit(&journal, first, using(service())).await;
    let read = async |place: &Partition, tag, before, most| {
        let blocks = tx.events((place, &[tag; 16]), before, most).await.unwrap();
        let text = |it: &Block| String::from_utf8(xor(it.sealed.as_bytes())).unwrap();
        let texts = blocks.iter().map(text).collect::<Vec<_>>().concat();
        (texts, blocks.last().map(|it| it.place))
    };
    assert_eq!(read(&today, 1, None, (9, 9)).await.0, "ca", "newest first");
    let (newest, place) = read(&today, 1, None, (1, 9)).await;
    assert_eq!((newest.as_str(), read(&today, 1, place, (9, 9)).await.0.as_str()), ("c", "a"));
    assert_eq!(read(&today, 1, None, (9, 1)).await.0, "c", "so many bytes");
    assert_eq!(read(&tomorrow, 3, None, (9, 9)).await.0, "d");
    assert_eq!(read(&tomorrow, 1, None, (9, 9)).await.0, "");
    assert_eq!(read(&partition(9, "visits"), 1, None, (9, 9)).await.0, "");
    assert_eq!(journal.partitions(cn()).await.unwrap(), [today, tomorrow]);
    assert!(journal.partitions(eu()).await.unwrap().is_empty());
    assert_eq!(tx.records(None, 9).await.unwrap().len(), 1, "theirs lie with the events");
}

pub(crate) async fn counts_stand_beside_the_blocks(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let place = partition(0, "visits");
    for _ in 0..3 {
        collect(&journal, person, events(&place, 1, "x")).await.unwrap();
    }
    let counts = journal.scratch().event_counts(cn(), &place).await.unwrap();
    let plain: Vec<_> = counts.iter().map(|it| (it.kind.as_str(), it.hour, it.count)).collect();
    assert_eq!(plain, [("click", T0, 6), ("view", T0, 3)]);
}

pub(crate) async fn a_day_takes_so_much_of_one_person(store: &impl Store) {
    let journal = store.open().await;
    let (person, other) = (somebody(&journal).await, somebody(&journal).await);
    let (today, tomorrow) = (partition(0, "visits"), partition(1, "visits"));
    let text = "x".repeat(limit::SEALED_BYTES_MAX);
    let fits = limit::EVENTS_DAY_BYTES_MAX / u64::try_from(text.len()).unwrap();
    for _ in 0..fits {
        collect(&journal, person, events(&today, 1, &text)).await.unwrap();
    }
    let left = Partition::seconds_left(T0);
    assert!((1..=86_400).contains(&left));
    match collect(&journal, person, events(&today, 1, "x")).await {
        Err(Fault::Full { seconds }) => assert_eq!(seconds, left),
        other => panic!("{other:?}"),
    }
    let tx = permit(&journal, person, using(service())).await;
    let bytes = tx.event_bytes(&today, &[1; 16]).await.unwrap();
    assert_eq!(bytes, limit::EVENTS_DAY_BYTES_MAX, "nothing of it is kept");
    assert_eq!(tx.events((&today, &[1; 16]), None, (1, 1)).await.unwrap().len(), 1);
    let counts = journal.scratch().event_counts(cn(), &today).await.unwrap();
    assert_eq!(u64::from(counts[1].count), fits);
    // Another person, and another day, have room of their own.
    collect(&journal, other, events(&today, 2, "x")).await.unwrap();
    collect(&journal, person, events(&tomorrow, 3, "x")).await.unwrap();
}

pub(crate) async fn events_are_recorded_by_themselves(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let mut tx = permit(&journal, person, crate::world::collect()).await;
    tx.stage(events(&partition(0, "visits"), 1, "x"));
    tx.stage(Write::EndSessions);
    let owed = tx.owe(());
    assert!(matches!(tx.record(owed).await, Err(Fault::Broken(_))));
    assert!(journal.partitions(cn()).await.unwrap().is_empty());
}

pub(crate) async fn a_dropped_partition_is_gone_and_the_log_still_has_it(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let (old, new) = (partition(0, "visits"), partition(1, "visits"));
    let record = collect(&journal, person, events(&old, 1, "old")).await.unwrap();
    collect(&journal, person, events(&new, 2, "new")).await.unwrap();
    assert_eq!(journal.log_index(record).await.unwrap(), None);
    journal.drop_partition(cn(), &old, T0).await.unwrap();
    assert_eq!(journal.partitions(cn()).await.unwrap(), std::slice::from_ref(&new));
    let tx = permit(&journal, person, using(service())).await;
    let count = async |place: &Partition, tag| {
        tx.events((place, &[tag; 16]), None, (9, 9)).await.unwrap().len()
    };
    assert_eq!((count(&old, 1).await, count(&new, 2).await), (0, 1));
    assert!(matches!(journal.log_index(record).await, Err(Fault::NotFound)));
    assert_eq!(journal.sequence(T0).await.unwrap(), 0, "it was brought in before");
    // The same day may be written to again.
    collect(&journal, person, events(&old, 1, "again")).await.unwrap();
    assert_eq!((count(&old, 1).await, count(&new, 2).await), (1, 1));
    assert_eq!(journal.sequence(T0).await.unwrap(), 1);
}

/// Of a day that was dropped halfway, what is left is found, and goes.
pub(crate) async fn a_day_that_is_left_in_part_is_dropped_with_the_rest(store: &Postgres) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let (old, new) = (partition(0, "visits"), partition(1, "visits"));
    collect(&journal, person, events(&old, 1, "old")).await.unwrap();
    collect(&journal, person, events(&new, 2, "new")).await.unwrap();
    let client = client(store.name()).await;
    let left = async || {
        let text = "SELECT CAST(CAST(oid AS regclass) AS TEXT) FROM pg_class \
             WHERE relkind = 'r' AND relname LIKE '%' || $1 ORDER BY relname";
        let rows = client.query(text, &[&format!("_{}", old.as_str())]).await.unwrap();
        rows.iter().map(|it| it.get::<_, String>(0)).collect::<Vec<_>>()
    };
    let tables = left().await;
    assert_eq!(tables.len(), 4, "{tables:?}");
    for table in &tables[..3] {
        client.batch_execute(&format!("DROP TABLE {table}")).await.unwrap();
        assert_eq!(journal.partitions(cn()).await.unwrap(), [old.clone(), new.clone()]);
    }
    journal.drop_partition(cn(), &old, T0).await.unwrap();
    assert_eq!(left().await, Vec::<String>::new());
    assert_eq!(journal.partitions(cn()).await.unwrap(), [new]);
    // The same day may be written to again.
    collect(&journal, person, events(&old, 1, "again")).await.unwrap();
    assert_eq!(left().await.len(), 4);
}
