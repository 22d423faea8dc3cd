//! A write-ahead log that is torn anywhere: what is there is whole, and what was acknowledged
//! before the tear is there.

use std::sync::Arc;

use decide::*;
use journal::*;

use crate::world::*;

/// Where the log of people ended when a version was acknowledged.
async fn grow(journal: &Journal, wal: &std::path::Path) -> (PersonId, Vec<u64>) {
    let length = || std::fs::metadata(wal).unwrap().len();
    let person = somebody(journal).await;
    let mut ends = vec![length()];
    for round in 0..12_u8 {
        let text = format!("value {round} ").repeat(usize::from(round) * 40);
        let writes = vec![
            value(email(), &text, Some(blind(round, true))),
            Write::Session {
                hash: [round; 32],
                expires: at(60),
                label: String::new(),
                role: Role::Person,
            },
        ];
        write(journal, person, writes).await.unwrap().into_inner();
        ends.push(length());
    }
    (person, ends)
}

pub(crate) async fn a_torn_log_leaves_whole_outcomes(store: &impl Store) {
    let journal = store.open().await;
    let wal = folder(&store.config()).join("cn/people.db-wal");
    let (person, ends) = grow(&journal, &wal).await;
    let whole = *ends.last().unwrap();
    for cut in (0..60).map(|it| whole * it / 60).chain(ends.iter().copied()) {
        let copied = store.dir().join(format!("torn-{cut}"));
        copy(folder(&store.config()), &copied);
        let torn = copied.join("cn/people.db-wal");
        std::fs::OpenOptions::new().write(true).open(torn).unwrap().set_len(cut).unwrap();
        // What other processes knew of the log is gone with them.
        std::fs::remove_file(copied.join("cn/people.db-shm")).unwrap();
        let outside = store.dir().join(format!("outside-{cut}"));
        let other =
            Journal::open(config(copied, vec![outside]), Arc::new(Xor), signer()).await.unwrap();
        let acknowledged = ends.iter().filter(|it| **it <= cut).count();
        check(&other, person, acknowledged).await;
    }
}

/// Facts, values, sessions and records tell of the same number of outcomes, and of enough.
async fn check(journal: &Journal, person: PersonId, acknowledged: usize) {
    let tx = match journal.begin(person, ALL).await {
        Ok(tx) => tx,
        Err(fault) => {
            assert!(matches!(fault, Fault::NotFound));
            assert_eq!(acknowledged, 0);
            return;
        }
    };
    let version = usize::try_from(tx.version()).unwrap();
    assert!(version >= acknowledged);
    let tx = tx.judge(&rules(), exercise(Right::Access), app(), T0).unwrap();
    assert_eq!(tx.records(None, 99).await.unwrap().len(), version);
    assert_eq!(tx.sessions().await.unwrap().len(), version - 1);
    assert_eq!(tx.sealed(email()).is_some(), version > 1);
    let last = u8::try_from(version.saturating_sub(2)).unwrap();
    let found = journal.find(cn(), email(), &blind(last, true)).await.unwrap();
    assert_eq!(found, (version > 1).then_some(person));
}
