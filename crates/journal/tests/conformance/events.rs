//! Log information.

use decide::PersonId;
use journal::*;

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
    }
}

async fn collect(journal: &Journal, person: PersonId, write: Write) -> Result<RecordId, Fault> {
    let mut tx = permit(journal, person, crate::world::collect()).await;
    tx.stage(write);
    let owed = tx.owe(());
    Ok(tx.record(owed).await?.record_id())
}

pub(crate) async fn events_are_found_by_their_tag(store: &impl Store) {
    let journal = store.open();
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
    let read = async |tags: &[(Partition, [u8; 16])], n| {
        let blocks = tx.events(tags, n).await.unwrap();
        blocks.into_iter().map(|it| xor(it.sealed.as_bytes())).collect::<Vec<_>>()
    };
    let tags = [(today.clone(), [1; 16]), (tomorrow.clone(), [3; 16])];
    assert_eq!(read(&tags, 9).await, [b"a", b"c", b"d"]);
    assert_eq!(read(&tags, 2).await, [b"a", b"c"]);
    assert!(read(&[(tomorrow.clone(), [1; 16])], 9).await.is_empty());
    assert!(read(&[(partition(9, "visits"), [1; 16])], 9).await.is_empty());
    assert_eq!(journal.partitions(cn()).unwrap(), [today, tomorrow]);
    assert!(journal.partitions(eu()).unwrap().is_empty());
    assert_eq!(tx.records(None, 9).await.unwrap().len(), 1, "theirs lie with the events");
}

pub(crate) async fn counts_stand_beside_the_blocks(store: &impl Store) {
    let journal = store.open();
    let person = somebody(&journal).await;
    let place = partition(0, "visits");
    for _ in 0..3 {
        collect(&journal, person, events(&place, 1, "x")).await.unwrap();
    }
    let counts = journal.scratch().event_counts(cn(), &place).unwrap();
    let plain: Vec<_> = counts.iter().map(|it| (it.kind.as_str(), it.hour, it.count)).collect();
    assert_eq!(plain, [("click", T0, 6), ("view", T0, 3)]);
}

pub(crate) async fn events_are_recorded_by_themselves(store: &impl Store) {
    let journal = store.open();
    let person = somebody(&journal).await;
    let mut tx = permit(&journal, person, crate::world::collect()).await;
    tx.stage(events(&partition(0, "visits"), 1, "x"));
    tx.stage(Write::EndSessions);
    let owed = tx.owe(());
    assert!(matches!(tx.record(owed).await, Err(Fault::Broken(_))));
    assert!(journal.partitions(cn()).unwrap().is_empty());
}

pub(crate) async fn a_dropped_partition_is_gone_and_the_log_still_has_it(store: &impl Store) {
    let journal = store.open();
    let person = somebody(&journal).await;
    let (old, new) = (partition(0, "visits"), partition(1, "visits"));
    let record = collect(&journal, person, events(&old, 1, "old")).await.unwrap();
    collect(&journal, person, events(&new, 2, "new")).await.unwrap();
    assert_eq!(journal.log_index(record).unwrap(), None);
    journal.drop_partition(cn(), &old, T0).await.unwrap();
    assert_eq!(journal.partitions(cn()).unwrap(), std::slice::from_ref(&new));
    let tx = permit(&journal, person, using(service())).await;
    let tags = [(old.clone(), [1; 16]), (new, [2; 16])];
    assert_eq!(tx.events(&tags, 9).await.unwrap().len(), 1);
    assert!(matches!(journal.log_index(record), Err(Fault::NotFound)));
    assert_eq!(journal.sequence(T0).await.unwrap(), 0, "it was brought in before");
    // The same day may be written to again.
    collect(&journal, person, events(&old, 1, "again")).await.unwrap();
    assert_eq!(tx.events(&tags, 9).await.unwrap().len(), 2);
    assert_eq!(journal.sequence(T0).await.unwrap(), 1);
}
