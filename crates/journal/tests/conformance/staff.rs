//! Members of staff, their sessions, and steps that count once.

use journal::*;

use crate::world::*;

fn row(id: &str, seconds: i64) -> StaffRow {
    StaffRow {
        id: id.to_owned(),
        title: "Lin".to_owned(),
        roles: "officer,support".to_owned(),
        password: "$argon2id$…".to_owned(),
        totp: sealed("a secret"),
        step: 0,
        made: at(seconds),
        ended: None,
    }
}

fn session(seed: u8, staff: &str, seconds: i64) -> StaffSession {
    StaffSession {
        hash: [seed; 32],
        staff: staff.to_owned(),
        begun: at(seconds),
        expires: at(seconds + 100),
    }
}

pub(crate) async fn staff_are_added_listed_and_ended(store: &impl Store) {
    {
        let journal = store.open().await;
        let installation = journal.installation();
        installation.add_staff(row("stf_b", 0)).await.unwrap();
        installation.add_staff(row("stf_a", 1)).await.unwrap();
        let again = installation.add_staff(row("stf_a", 2)).await;
        assert!(matches!(again, Err(Fault::Conflict)));
    }
    let journal = store.open().await;
    let installation = journal.installation();
    assert_eq!(installation.staff("stf_a").await.unwrap(), Some(row("stf_a", 1)));
    assert_eq!(installation.staff("stf_c").await.unwrap(), None);
    assert_eq!(installation.all_staff().await.unwrap(), [row("stf_b", 0), row("stf_a", 1)]);
    installation.begin_staff_session(session(1, "stf_a", 2), 5).await.unwrap();
    installation.end_staff("stf_a", at(3)).await.unwrap();
    assert_eq!(installation.staff_session(&[1; 32], at(4)).await.unwrap(), None);
    let left = installation.staff("stf_a").await.unwrap().unwrap();
    assert_eq!((left.ended, left.password.as_str()), (Some(at(3)), ""));
    assert!(left.totp.as_bytes().is_empty(), "what was secret goes");
    assert!(matches!(installation.end_staff("stf_a", at(5)).await, Err(Fault::NotFound)));
    let again = installation.begin_staff_session(session(2, "stf_a", 6), 9).await;
    assert!(matches!(again, Err(Fault::Conflict)), "who left begins no session");
}

pub(crate) async fn a_step_begins_one_session(store: &impl Store) {
    let journal = store.open().await;
    let installation = journal.installation();
    installation.add_staff(row("stf_a", 0)).await.unwrap();
    installation.begin_staff_session(session(1, "stf_a", 1), 7).await.unwrap();
    for (seed, step) in [(2, 7), (3, 6)] {
        let again = installation.begin_staff_session(session(seed, "stf_a", 2), step).await;
        assert!(matches!(again, Err(Fault::Conflict)), "{step}");
        assert_eq!(installation.staff_session(&[seed; 32], at(2)).await.unwrap(), None);
    }
    installation.begin_staff_session(session(4, "stf_a", 3), 8).await.unwrap();
    let nobody = installation.begin_staff_session(session(5, "stf_x", 3), 8).await;
    assert!(matches!(nobody, Err(Fault::Conflict)));
}

pub(crate) async fn a_staff_session_ends_unless_it_is_used(store: &impl Store) {
    let journal = store.open().await;
    let installation = journal.installation();
    installation.add_staff(row("stf_a", 0)).await.unwrap();
    installation.begin_staff_session(session(1, "stf_a", 0), 1).await.unwrap();
    let (found, whose) = installation.staff_session(&[1; 32], at(99)).await.unwrap().unwrap();
    assert_eq!((found, whose.id.as_str()), (session(1, "stf_a", 0), "stf_a"));
    assert_eq!(installation.staff_session(&[1; 32], at(100)).await.unwrap(), None);
    installation.extend_staff_session(&[1; 32], at(200)).await.unwrap();
    assert!(installation.staff_session(&[1; 32], at(199)).await.unwrap().is_some());
    installation.extend_staff_session(&[1; 32], at(150)).await.unwrap();
    assert!(installation.staff_session(&[1; 32], at(199)).await.unwrap().is_some(), "never sooner");
    installation.end_staff_session(&[1; 32]).await.unwrap();
    assert_eq!(installation.staff_session(&[1; 32], at(1)).await.unwrap(), None);
    installation.extend_staff_session(&[1; 32], at(900)).await.unwrap();
    assert_eq!(installation.staff_session(&[1; 32], at(1)).await.unwrap(), None);
}

pub(crate) async fn another_password_ends_every_session_but_one(store: &impl Store) {
    let journal = store.open().await;
    let installation = journal.installation();
    installation.add_staff(row("stf_a", 0)).await.unwrap();
    installation.add_staff(row("stf_b", 0)).await.unwrap();
    for (seed, step) in [(1, 1), (2, 2)] {
        installation.begin_staff_session(session(seed, "stf_a", 0), step).await.unwrap();
    }
    installation.begin_staff_session(session(3, "stf_b", 0), 1).await.unwrap();
    installation.staff_password("stf_a", "another", &[2; 32]).await.unwrap();
    let stands =
        async |seed: u8| installation.staff_session(&[seed; 32], at(1)).await.unwrap().is_some();
    assert_eq!((stands(1).await, stands(2).await, stands(3).await), (false, true, true));
    assert_eq!(installation.staff("stf_a").await.unwrap().unwrap().password, "another");
    let nobody = installation.staff_password("stf_x", "another", &[2; 32]).await;
    assert!(matches!(nobody, Err(Fault::NotFound)));
}

pub(crate) async fn wrong_tries_are_counted_at_once(store: &impl Store) {
    {
        let journal = store.open().await;
        for seconds in [0, 1, 100] {
            journal.installation().staff_tried("stf_a", at(seconds)).await.unwrap();
        }
        journal.installation().staff_tried("stf_b", at(0)).await.unwrap();
    }
    let journal = store.open().await;
    let installation = journal.installation();
    let day = -24 * 3_600;
    assert_eq!(installation.staff_tries("stf_a", at(day), at(100)).await.unwrap(), 3);
    assert_eq!(installation.staff_tries("stf_a", at(80), at(200)).await.unwrap(), 1);
}
