//! Records come into the public log, once, and stay provable.

use decide::PersonId;
use journal::log::{Elsewhere, Folder, Tiles as _, entry, verify, verify_record};
use journal::*;

use crate::world::*;

/// Record and blind, unsealed, and proved.
async fn proof_of(
    journal: &Journal,
    (record, person): (&SealedRecord, PersonId),
) -> (Vec<u8>, [u8; 32]) {
    let (text, blind) = text_of(record, person);
    let bundle = journal.prove(record.log_index.unwrap()).await.unwrap();
    verify_record(&bundle, signer().vkey(), &text, &blind).unwrap();
    assert!(verify_record(&bundle, signer().vkey(), b"another", &blind).is_err());
    (text, blind)
}

pub(crate) async fn entries_are_brought_in_once_and_proved(store: &impl Store) {
    let journal = store.open().await;
    let (first, second) = (somebody(&journal).await, somebody_in(&journal, eu()).await);
    for round in 0..6 {
        for person in [first, second] {
            let writes = if round % 3 == 0 { vec![Write::EndSessions] } else { vec![] };
            write(&journal, person, writes).await.unwrap().into_inner();
        }
        if round % 2 == 0 {
            assert!(journal.sequence(T0).await.unwrap() > 0);
        }
    }
    journal.sequence(T0).await.unwrap();
    assert_eq!(journal.sequence(T0).await.unwrap(), 0);
    let mut seen = std::collections::BTreeSet::new();
    for person in [first, second] {
        let tx = permit(&journal, person, using(service())).await;
        let records = tx.records(None, 500).await.unwrap();
        assert_eq!(records.len(), 7);
        for record in records {
            proof_of(&journal, (&record, person)).await;
            assert_eq!(journal.log_index(record.id).await.unwrap(), record.log_index);
            assert!(seen.insert(record.log_index.unwrap()));
        }
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), (0..14).collect::<Vec<_>>());
}

/// The log is ahead of the databases: a copy of these from before the last sequencing.
pub(crate) async fn a_crash_between_append_and_mark_is_recognised(store: &impl Store) {
    let config = store.config();
    let earlier = store.dir().join("earlier");
    let person = {
        let journal = store.open().await;
        let person = somebody(&journal).await;
        journal.sequence(T0).await.unwrap();
        for round in 0..9 {
            let writes = if round % 2 == 0 { vec![Write::EndSessions] } else { vec![] };
            write(&journal, person, writes).await.unwrap().into_inner();
        }
        let abroad = somebody_in(&journal, eu()).await;
        write(&journal, abroad, vec![]).await.unwrap().into_inner();
        for region in ["cn", "eu"] {
            copy(&folder(&config).join(region), &earlier.join(region));
        }
        assert_eq!(journal.sequence(T0).await.unwrap(), 11);
        person
    };
    // One file was marked, the others were not.
    std::fs::remove_dir_all(folder(&config).join("eu")).unwrap();
    copy(&earlier.join("eu"), &folder(&config).join("eu"));
    std::fs::remove_file(folder(&config).join("cn/records.db")).unwrap();
    for end in ["", "-wal", "-shm"] {
        let name = format!("cn/records.db{end}");
        std::fs::copy(earlier.join(&name), folder(&config).join(&name)).unwrap();
    }
    let journal = store.open().await;
    write(&journal, person, vec![]).await.unwrap().into_inner();
    assert_eq!(journal.sequence(T0).await.unwrap(), 1, "nothing is in the log twice");
    let tx = permit(&journal, person, using(service())).await;
    for record in tx.records(None, 500).await.unwrap() {
        proof_of(&journal, (&record, person)).await;
    }
}

pub(crate) async fn the_log_verifies_with_other_tools(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    for _ in 0..300 {
        write(&journal, person, vec![]).await.unwrap().into_inner();
    }
    assert_eq!(journal.sequence(T0).await.unwrap(), 301);
    let outside = Elsewhere::read(&store.config().outside).unwrap();
    let log = store.dir().join("log");
    journal.copy_log(&log).await.unwrap();
    verify(&log, &outside, signer().vkey()).unwrap();
    // The leaf in the tile is the hash that anybody with the record computes.
    let tx = permit(&journal, person, using(service())).await;
    let record = tx.records(None, 1).await.unwrap().remove(0);
    let (bytes, blind) = proof_of(&journal, (&record, person)).await;
    assert_eq!(record.log_index, Some(300));
    let tile = Folder::open(&log).tile("tile/entries/001.p/45").unwrap().unwrap();
    assert!(tile.ends_with(&entry(&bytes, &blind).0));
}
