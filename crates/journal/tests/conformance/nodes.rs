//! Several nodes over one database: what one acknowledged counts on every other, what only one may do
//! is done once, and who was held up does no harm.

use decide::*;
use journal::log::{Elsewhere, verify};
use journal::*;

use crate::shared::*;
use crate::world::*;

/// A withdrawal that one node acknowledged is in force for whatever begins on another after it, and
/// what was read before it is decided again.
pub(crate) async fn what_one_acknowledged_counts_on_the_other(store: &Postgres) {
    let (here, there) = (store.open().await, store.open().await);
    let person = somebody(&here).await;
    let yes = Write::Consent { given: Set::of(advertise()), refused: Set::EMPTY };
    write(&here, person, vec![yes]).await.unwrap().into_inner();
    let in_flight = permit(&there, person, using(advertise())).await;
    let no = Write::Consent { given: Set::EMPTY, refused: Set::of(advertise()) };
    write(&here, person, vec![no]).await.unwrap().into_inner();
    let owed = in_flight.owe(());
    assert!(matches!(in_flight.record(owed).await, Err(Fault::Conflict)));
    let tx = there.begin(person, ALL).await.unwrap();
    assert!(tx.judge(&rules(), using(advertise()), app(), T0).is_err());
}

/// Uses and withdrawals of one person from two nodes at once: each use that was recorded saw the
/// version that stood.
pub(crate) async fn uses_and_changes_of_two_nodes_do_not_pass_each_other(store: &Postgres) {
    let (here, there) = (store.open().await, store.open().await);
    let person = somebody(&here).await;
    let uses = tokio::spawn(async move {
        let mut conflicts = 0_u32;
        for _ in 0..200 {
            let tx = permit(&there, person, using(service())).await;
            let owed = tx.owe(());
            match tx.record(owed).await {
                Ok(recorded) => recorded.into_inner(),
                Err(Fault::Conflict) => conflicts += 1,
                Err(fault) => panic!("{fault}"),
            }
        }
        conflicts
    });
    for round in 0..60 {
        let given = Set::from_bits(round % 4);
        let change = Write::Consent { given, refused: Set::EMPTY };
        write(&here, person, vec![change]).await.unwrap().into_inner();
    }
    let conflicts = usize::try_from(uses.await.unwrap()).unwrap();
    let tx = permit(&here, person, using(service())).await;
    assert_eq!(tx.records(None, 500).await.unwrap().len(), 1 + 60 + 200 - conflicts);
    assert_eq!(here.begin(person, ALL).await.unwrap().version(), 61);
}

pub(crate) async fn a_job_is_done_by_one_of_many(store: &Postgres) {
    let first = store.open().await;
    let mut all = Vec::new();
    for _ in 0..40 {
        let person = somebody(&first).await;
        let job = Write::Job { kind: JobKind::named("erase"), due: T0 };
        write(&first, person, vec![job]).await.unwrap().into_inner();
        all.push(person);
    }
    let nodes = [first, store.open().await, store.open().await, store.open().await];
    let claims = nodes.map(|node| {
        tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let claimed = node.scratch().claim_jobs(at(1), 3).await.unwrap();
                if claimed.is_empty() {
                    return mine;
                }
                mine.extend(claimed.into_iter().map(|it| it.person));
            }
        })
    });
    let mut claimed = Vec::new();
    for claim in claims {
        claimed.extend(claim.await.unwrap());
    }
    claimed.sort_unstable();
    all.sort_unstable();
    assert_eq!(claimed, all);
}

/// Two that bring entries in at once: each entry stands in the log once, and the log verifies.
pub(crate) async fn of_two_sequencers_one_comes_too_late(store: &Postgres) {
    let nodes = [store.open().await, store.open().await, store.open().await];
    let person = somebody(&nodes[0]).await;
    let works = nodes.clone().map(|node| {
        tokio::spawn(async move {
            for round in 0..40 {
                let writes = if round % 4 == 0 { vec![Write::EndSessions] } else { vec![] };
                write(&node, person, writes).await.unwrap().into_inner();
                node.sequence(T0).await.unwrap();
            }
        })
    });
    for work in works {
        work.await.unwrap();
    }
    nodes[0].sequence(T0).await.unwrap();
    let tx = permit(&nodes[1], person, using(service())).await;
    let records = tx.records(None, 500).await.unwrap();
    let mut places: Vec<u64> = records.iter().map(|it| it.log_index.unwrap()).collect();
    places.sort_unstable();
    assert_eq!(places, (0..121).collect::<Vec<_>>());
    let outside = Elsewhere::read(&store.config().outside).unwrap();
    let log = store.dir().join("log");
    nodes[2].copy_log(&log).await.unwrap();
    let report = verify(&log, &outside, signer().vkey()).unwrap();
    assert_eq!(report.checkpoint.size, 121);
}

/// While one holds the lease, another brings nothing in; let go, it does at once.
pub(crate) async fn a_lease_is_kept_and_handed_on(store: &Postgres) {
    let mut databases = store.databases().clone();
    databases.lease_millis = 600_000;
    let open = async || {
        let database = Database::Shared(Box::new(databases.clone()));
        let config = Config { database, ..store.config() };
        Journal::open(config, std::sync::Arc::new(Xor), signer()).await.unwrap()
    };
    let (here, there) = (open().await, open().await);
    let person = somebody(&here).await;
    assert_eq!(here.sequence(T0).await.unwrap(), 1);
    write(&there, person, vec![]).await.unwrap().into_inner();
    assert_eq!(there.sequence(T0).await.unwrap(), 0, "it is the other's");
    here.close(T0).await.unwrap();
    write(&there, person, vec![]).await.unwrap().into_inner();
    assert_eq!(there.sequence(T0).await.unwrap(), 1, "the other brought the first in as it left");
}

/// Entries in the log whose records do not know it, as a crash leaves them.
pub(crate) async fn what_a_crash_left_unmarked_is_found_again(store: &Postgres) {
    let journal = store.open().await;
    let (person, abroad) = (somebody(&journal).await, somebody_in(&journal, eu()).await);
    journal.sequence(T0).await.unwrap();
    for person in [person, abroad, person] {
        write(&journal, person, vec![]).await.unwrap().into_inner();
    }
    assert_eq!(journal.sequence(T0).await.unwrap(), 3);
    let undo = "UPDATE kept.log_head SET marked = 2; \
         UPDATE kept_cn.records SET log_index = NULL WHERE log_index >= 2; \
         UPDATE kept_eu.records SET log_index = NULL WHERE log_index >= 2";
    client(store.name()).await.batch_execute(undo).await.unwrap();
    write(&journal, person, vec![]).await.unwrap().into_inner();
    let other = store.open().await;
    assert_eq!(other.sequence(T0).await.unwrap(), 1, "nothing is in the log twice");
    for (person, count) in [(person, 4), (abroad, 2)] {
        let tx = permit(&other, person, using(service())).await;
        let records = tx.records(None, 500).await.unwrap();
        assert_eq!(records.iter().filter(|it| it.log_index.is_some()).count(), count);
    }
}

pub(crate) async fn a_log_that_was_shortened_is_refused(store: &Postgres) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    journal.sequence(T0).await.unwrap();
    let head = "CREATE TABLE stolen AS SELECT * FROM kept.log_head";
    let client = client(store.name()).await;
    client.batch_execute(head).await.unwrap();
    for _ in 0..3 {
        write(&journal, person, vec![]).await.unwrap().into_inner();
    }
    journal.sequence(T0).await.unwrap();
    drop(journal);
    let shorten = "DELETE FROM kept.log_head; INSERT INTO kept.log_head SELECT * FROM stolen";
    client.batch_execute(shorten).await.unwrap();
    let refused = store.try_open().await.unwrap_err();
    assert!(matches!(refused, OpenFault::Log(_)), "{refused}");
}

pub(crate) async fn a_newer_schema_is_refused(store: &Postgres) {
    drop(store.open().await);
    let later = "INSERT INTO kept_cn.refinery_schema_history (version, name, applied_on, checksum) \
         SELECT 99, 'later', applied_on, checksum FROM kept_cn.refinery_schema_history LIMIT 1";
    client(store.name()).await.batch_execute(later).await.unwrap();
    match store.try_open().await {
        Err(OpenFault::Newer { found: 99, .. }) => {}
        other => panic!("{other:?}"),
    }
}

/// A schema to which a newer program has added, and which lets this one serve beside it; until one
/// comes that does not.
pub(crate) async fn a_newer_schema_that_lets_us_in_is_served(store: &Postgres) {
    let before = store.open().await;
    let client = client(store.name()).await;
    let added = "ALTER TABLE kept_cn.people ADD COLUMN note TEXT; \
         CREATE TABLE kept_cn.notes (note TEXT)";
    client.batch_execute(added).await.unwrap();
    let applied = async |version: u32, name: &str| {
        let text = format!(
            "INSERT INTO kept_cn.refinery_schema_history (version, name, applied_on, checksum) \
             SELECT {version}, '{name}', applied_on, checksum \
             FROM kept_cn.refinery_schema_history LIMIT 1"
        );
        client.batch_execute(&text).await.unwrap();
    };
    applied(98, "notes__from_1").await;
    for journal in [before, store.open().await] {
        let person = somebody(&journal).await;
        write(&journal, person, vec![]).await.unwrap().into_inner();
        assert_eq!(journal.begin(person, ALL).await.unwrap().version(), 1);
    }
    applied(99, "notes_alone__from_98").await;
    match store.try_open().await {
        Err(OpenFault::Newer { found: 99, .. }) => {}
        other => panic!("{other:?}"),
    }
}

/// A lease that lasts longer than any is given for is what a clock that stepped back leaves.
pub(crate) async fn a_lease_from_before_a_step_backwards_is_nobodys(store: &Postgres) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    assert_eq!(journal.sequence(T0).await.unwrap(), 1);
    write(&journal, person, vec![]).await.unwrap().into_inner();
    let client = client(store.name()).await;
    let held = async |until: &str| {
        let text = format!(
            "UPDATE kept.leases SET holder = '\\x00', expires = clock_timestamp() + '{until}'"
        );
        client.batch_execute(&text).await.unwrap();
    };
    held("30 seconds").await;
    assert_eq!(journal.sequence(T0).await.unwrap(), 0, "somebody holds it");
    held("1 hour").await;
    assert_eq!(journal.sequence(T0).await.unwrap(), 1, "nobody can hold it for so long");
}

/// Nodes that start together over an empty database: one migrates, all open.
pub(crate) async fn nodes_that_start_together_migrate_once(store: &Postgres) {
    let opened = tokio::join!(store.try_open(), store.try_open(), store.try_open());
    for journal in [opened.0, opened.1, opened.2] {
        somebody(&journal.unwrap()).await;
    }
}

pub(crate) async fn the_schema_can_be_spread_over_machines(store: &Postgres) {
    drop(store.open().await);
    for schema in ["kept_cn", "kept_eu"] {
        assert_eq!(misfits(store.databases(), schema).await.unwrap(), [""; 0]);
    }
    // The check sees what it is there for.
    let planted = "ALTER TABLE kept_cn.codes DROP CONSTRAINT codes_pkey; \
         ALTER TABLE kept_cn.codes ADD CONSTRAINT planted_key PRIMARY KEY (channel); \
         ALTER TABLE kept_cn.cases ADD CONSTRAINT planted_reference \
         FOREIGN KEY (person_id) REFERENCES kept_cn.people (person_id)";
    client(store.name()).await.batch_execute(planted).await.unwrap();
    let found = misfits(store.databases(), "kept_cn").await.unwrap();
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("planted_key") && found[1].contains("planted_reference"));
}

/// The table of keys is written anew, so that no page of it holds the destroyed key.
pub(crate) async fn a_destroyed_key_is_in_no_page_after_a_sweep(store: &Postgres) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let client = client(store.name()).await;
    let file = async || {
        let text = "SELECT pg_relation_filepath('kept_cn.person_keys')";
        client.batch_execute("CHECKPOINT").await.unwrap();
        let path: String = client.query_one(text, &[]).await.unwrap().get(0);
        let size = "SELECT pg_read_binary_file($1)";
        let bytes: Vec<u8> = client.query_one(size, &[&path]).await.unwrap().get(0);
        (path, bytes)
    };
    let wrapped = key_of(person);
    let holds = |bytes: &[u8]| bytes.windows(48).any(|it| it == &wrapped.as_bytes()[16..]);
    let (before, bytes) = file().await;
    assert!(holds(&bytes), "the test looks where the key was");
    write(&journal, person, vec![Write::Erase]).await.unwrap().into_inner();
    assert!(holds(&file().await.1), "the old row is in its page until the sweep");
    assert_eq!(journal.sweep(T0).await.unwrap().people, 1);
    let (after, bytes) = file().await;
    assert_ne!(before, after);
    assert!(!holds(&bytes));
}

/// What somebody may still see goes along when the table is written anew: then nobody was swept.
pub(crate) async fn a_long_transaction_holds_up_the_sweep(store: &Postgres) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let client = client(store.name()).await;
    client.batch_execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1").await.unwrap();
    write(&journal, person, vec![Write::Erase]).await.unwrap().into_inner();
    assert_eq!(journal.sweep(T0).await.unwrap().people, 0);
    client.batch_execute("COMMIT").await.unwrap();
    assert_eq!(journal.sweep(T0).await.unwrap().people, 1);
}

/// The database goes away and comes back: what was asked meanwhile fails as unreachable, and the same
/// handle serves again after.
pub(crate) async fn a_cut_connection_is_made_again(store: &Postgres) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let cut = format!(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = '{}' AND application_name = 'kept'",
        store.name()
    );
    let client = client("postgres").await;
    for _ in 0..5 {
        client.batch_execute(&cut).await.unwrap();
        let mut tries = 0_u32;
        while let Err(fault) = journal.begin(person, ALL).await.map(drop) {
            assert!(matches!(fault, Fault::Unreachable(_)), "{fault}");
            tries += 1;
            assert!(tries < 9, "every connection was cut once");
        }
    }
    write(&journal, person, vec![]).await.unwrap().into_inner();
}
