//! Jobs, mail, counters.

use decide::*;
use journal::{limit, *};

use crate::world::*;

const ERASE: JobKind = JobKind::named("erase");
const REMIND: JobKind = JobKind::named("remind");

pub(crate) async fn a_job_is_claimed_once_until_its_lease_runs_out(store: &impl Store) {
    let journal = store.open().await;
    let (first, second) = (somebody(&journal).await, somebody_in(&journal, eu()).await);
    let writes =
        vec![Write::Job { kind: ERASE, due: at(10) }, Write::Job { kind: REMIND, due: at(500) }];
    write(&journal, first, writes).await.unwrap().into_inner();
    let writes = vec![Write::Job { kind: ERASE, due: at(5) }];
    write(&journal, second, writes).await.unwrap().into_inner();
    let scratch = journal.scratch();
    assert!(scratch.claim_jobs(at(4), 9).await.unwrap().is_empty());
    let claimed = scratch.claim_jobs(at(10), 9).await.unwrap();
    let job = |person, due, attempts| JobRow { person, kind: ERASE, due: at(due), attempts };
    assert_eq!(claimed, [job(second, 5, 1), job(first, 10, 1)]);
    assert!(scratch.claim_jobs(at(11), 9).await.unwrap().is_empty(), "leased");
    scratch.job_done(second, &ERASE).await.unwrap();
    let lease = limit::LEASE_MILLIS / 1_000;
    assert_eq!(scratch.claim_jobs(at(10 + lease), 9).await.unwrap(), [job(first, 10, 2)]);
    scratch.job_later(first, &ERASE, at(200)).await.unwrap();
    assert!(scratch.claim_jobs(at(199), 9).await.unwrap().is_empty());
    assert_eq!(scratch.claim_jobs(at(200), 1).await.unwrap(), [job(first, 10, 3)]);
}

pub(crate) async fn who_claimed_a_job_that_was_renewed_does_not_end_the_new_one(
    store: &impl Store,
) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let put = async |due| {
        let job = vec![Write::Job { kind: REMIND, due: at(due) }];
        write(&journal, person, job).await.unwrap().into_inner();
    };
    let scratch = journal.scratch();
    let claim = async |now| scratch.claim_jobs(at(now), 9).await.unwrap().pop();
    put(10).await;
    let old = claim(10).await.unwrap();
    // Another takes its place while the first one is under way.
    put(11).await;
    scratch.claim_done(&old).await.unwrap();
    scratch.claim_later(&old, at(9_000)).await.unwrap();
    let new = claim(12).await.unwrap();
    assert_eq!((new.due, new.attempts), (at(11), 1));
    // Its lease runs out, and somebody else has it.
    let lease = limit::LEASE_MILLIS / 1_000;
    let again = claim(12 + lease).await.unwrap();
    scratch.claim_done(&new).await.unwrap();
    scratch.claim_later(&new, at(0)).await.unwrap();
    assert_eq!(claim(13 + lease).await, None, "leased");
    scratch.claim_later(&again, at(20 + lease)).await.unwrap();
    let last = claim(20 + lease).await.unwrap();
    assert_eq!(last.attempts, 3);
    scratch.claim_done(&last).await.unwrap();
    assert_eq!(claim(9_999).await, None);
}

pub(crate) async fn a_job_is_done_with_its_effects(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let job = Write::Job { kind: ERASE, due: at(10) };
    write(&journal, person, vec![job]).await.unwrap().into_inner();
    // Another of its kind takes its place.
    let sooner = Write::Job { kind: ERASE, due: at(5) };
    write(&journal, person, vec![sooner]).await.unwrap().into_inner();
    let claimed = journal.scratch().claim_jobs(at(20), 9).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].due, at(5));
    let writes = vec![Write::DropJob(ERASE), Write::Account(Account::Closed)];
    write(&journal, person, writes).await.unwrap().into_inner();
    assert!(journal.scratch().claim_jobs(at(900), 9).await.unwrap().is_empty());
}

fn mail(cause: &str, text: &str, seconds: i64) -> Write {
    Write::Mail {
        cause: cause.to_owned(),
        sealed: sealed(text),
        key: MailKey::Person,
        not_before: at(seconds),
    }
}

pub(crate) async fn a_mail_is_claimed_delayed_and_done(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    write(&journal, person, vec![mail("code-1", "text", 5)]).await.unwrap().into_inner();
    let scratch = journal.scratch();
    assert!(scratch.claim_mail(at(4), 9).await.unwrap().is_empty());
    let claimed = scratch.claim_mail(at(5), 9).await.unwrap();
    let row = |attempts| MailRow {
        person,
        cause: "code-1".to_owned(),
        sealed: sealed("text"),
        key: MailKey::Person,
        created: T0,
        attempts,
    };
    assert_eq!(claimed, [row(1)]);
    assert!(scratch.claim_mail(at(6), 9).await.unwrap().is_empty(), "leased");
    scratch.mail_later(person, "code-1", at(30)).await.unwrap();
    assert!(scratch.claim_mail(at(29), 9).await.unwrap().is_empty());
    assert_eq!(scratch.claim_mail(at(30), 9).await.unwrap(), [row(2)]);
    scratch.mail_done(person, "code-1").await.unwrap();
    assert!(scratch.claim_mail(at(900), 9).await.unwrap().is_empty());
}

pub(crate) async fn a_cause_is_mailed_once(store: &impl Store) {
    let journal = store.open().await;
    let person = somebody(&journal).await;
    let writes = vec![mail("code-1", "first", 0), mail("code-1", "second", 0)];
    write(&journal, person, writes).await.unwrap().into_inner();
    let claimed = journal.scratch().claim_mail(at(1), 9).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!(claimed[0].sealed, sealed("first"));
}

pub(crate) async fn counters_add_up(store: &impl Store) {
    let journal = store.open().await;
    let scratch = journal.scratch();
    scratch.count("knocks", at(0));
    scratch.count("knocks", at(1));
    scratch.count("others", at(1));
    let counted = async |from, until| scratch.counted("knocks", at(from), at(until)).await.unwrap();
    assert_eq!(counted(-60, 60).await, 2, "in memory");
    journal.sequence(T0).await.unwrap();
    assert_eq!(counted(-60, 60).await, 2, "written down");
    scratch.count("knocks", at(2));
    scratch.count("knocks", at(600));
    assert_eq!(counted(-60, 60).await, 3);
    assert_eq!(counted(-60, 900).await, 4);
    journal.sequence(T0).await.unwrap();
    assert_eq!(counted(-60, 60).await, 3);
    assert_eq!(counted(-60, 900).await, 4);
    assert_eq!(counted(900, 1_800).await, 0);
}
