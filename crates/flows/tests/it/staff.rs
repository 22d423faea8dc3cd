//! Staff: a password and a second factor, always both; a code counts once; who left is out.

use flows::limit::{DAY_MILLIS, STAFF_IDLE_MILLIS, STAFF_SESSION_MILLIS, STAFF_TRIES_DAY_MAX};
use flows::security::{
    AddStaff, Member, Role, StaffAdded, StaffSignIn, add_staff, change_staff_password, end_staff,
    member, sign_in_staff, sign_out_staff, staff,
};
use flows::{Plain, Secret, Stop};

use crate::support::World;

const STEP: i64 = 30_000;

async fn joins(world: &World, roles: &[&str]) -> StaffAdded {
    let roles = roles.iter().map(|it| (*it).to_owned()).collect();
    let ask = AddStaff { name: "Lin".to_owned(), roles };
    add_staff(&world.flows, ask, world.now).await.unwrap()
}

async fn with(world: &World, id: &str, (password, code): (&str, &str)) -> Option<(Member, Secret)> {
    let ask = StaffSignIn {
        id: id.to_owned(),
        password: Plain::from(password),
        code: Secret::given(code),
    };
    match sign_in_staff(&world.flows, ask, world.now).await {
        Ok(done) => Some(done),
        Err(Stop::Wrong) => None,
        Err(other) => panic!("{other:?}"),
    }
}

async fn signs_in(world: &World, who: &StaffAdded) -> Option<(Member, Secret)> {
    let code = who.code(world.now);
    with(world, &who.id, (who.password.as_str(), code.as_str())).await
}

#[tokio::test]
async fn both_factors_are_needed_and_a_code_counts_once() {
    let mut world = World::new().await;
    let lin = joins(&world, &["officer", "support"]).await;
    assert!(lin.id.starts_with("stf_") && lin.url.as_str().contains(&lin.id));
    let code = lin.code(world.now);
    let (password, code) = (lin.password.as_str(), code.as_str());
    assert!(with(&world, &lin.id, (password, "000000")).await.is_none());
    assert!(with(&world, &lin.id, ("not the password", code)).await.is_none());
    assert!(with(&world, "stf_00000000", (password, code)).await.is_none());
    let (lin_in, session) = with(&world, &lin.id, (password, code)).await.unwrap();
    assert_eq!(lin_in.roles(), ["officer", "support"]);
    assert!(lin_in.has(Role::Officer) && !lin_in.has(Role::Auditor));
    assert!(with(&world, &lin.id, (password, code)).await.is_none(), "the same code again");
    world.later(STEP);
    assert!(with(&world, &lin.id, (password, code)).await.is_none(), "nor a step later");
    assert!(signs_in(&world, &lin).await.is_some());
    let found = member(&world.flows, &session, world.now).await.unwrap();
    assert_eq!(found, Some(lin_in), "another session leaves the first as it is");
    assert!(!world.holds(password), "the password is nowhere on the disk");
}

#[tokio::test]
async fn a_code_of_the_step_before_a_used_one_is_refused() {
    let mut world = World::new().await;
    let lin = joins(&world, &["support"]).await;
    let before = lin.code(world.now);
    world.later(STEP);
    assert!(signs_in(&world, &lin).await.is_some());
    let replayed = with(&world, &lin.id, (lin.password.as_str(), before.as_str())).await;
    assert!(replayed.is_none());
}

#[tokio::test]
async fn tries_are_bounded_over_restarts() {
    let mut world = World::new().await;
    let lin = joins(&world, &["support"]).await;
    let code = lin.code(world.now);
    for _ in 0..=STAFF_TRIES_DAY_MAX {
        assert!(with(&world, &lin.id, ("a guess of somebody", code.as_str())).await.is_none());
    }
    assert!(signs_in(&world, &lin).await.is_some(), "whoever knows no password locks nobody out");
    world.later(STEP);
    for _ in 0..STAFF_TRIES_DAY_MAX {
        assert!(with(&world, &lin.id, (lin.password.as_str(), "000000")).await.is_none());
    }
    assert!(signs_in(&world, &lin).await.is_none(), "not even the right one");
    world = world.reopen().await;
    assert!(signs_in(&world, &lin).await.is_none(), "nor after a restart");
    world.later(DAY_MILLIS + 60_000);
    assert!(signs_in(&world, &lin).await.is_some(), "a day later");
}

#[tokio::test]
async fn a_session_ends_with_the_working_day_and_sooner_when_nobody_uses_it() {
    let mut world = World::new().await;
    let lin = joins(&world, &["support"]).await;
    let (_, used) = signs_in(&world, &lin).await.unwrap();
    world.later(STEP);
    let (_, left) = signs_in(&world, &lin).await.unwrap();
    let seen = async |world: &World, it: &Secret| {
        member(&world.flows, it, world.now).await.unwrap().is_some()
    };
    let half = STAFF_IDLE_MILLIS / 2;
    let mut passed = 0;
    while passed + half < STAFF_SESSION_MILLIS - STEP {
        world.later(half);
        passed += half;
        assert!(seen(&world, &used).await, "after {passed}");
    }
    assert!(!seen(&world, &left).await, "nobody used it");
    world.later(half);
    assert!(!seen(&world, &used).await, "the day is over");
}

#[tokio::test]
async fn who_signs_out_or_leaves_is_out() {
    let mut world = World::new().await;
    let lin = joins(&world, &["officer"]).await;
    let (_, session) = signs_in(&world, &lin).await.unwrap();
    sign_out_staff(&world.flows, &session).await.unwrap();
    assert_eq!(member(&world.flows, &session, world.now).await.unwrap(), None);
    world.later(STEP);
    let (_, session) = signs_in(&world, &lin).await.unwrap();
    end_staff(&world.flows, &lin.id, world.now).await.unwrap();
    assert_eq!(member(&world.flows, &session, world.now).await.unwrap(), None);
    world.later(STEP);
    assert!(signs_in(&world, &lin).await.is_none());
    let all = staff(&world.flows).await.unwrap();
    assert!(all.iter().all(|it| it.ended && it.roles == ["officer"]));
    let again = end_staff(&world.flows, &lin.id, world.now).await;
    assert!(matches!(again, Err(Stop::NotFound)));
}

#[tokio::test]
async fn another_password_takes_the_one_before_and_ends_other_sessions() {
    let mut world = World::new().await;
    let lin = joins(&world, &["officer"]).await;
    let (_, other) = signs_in(&world, &lin).await.unwrap();
    world.later(STEP);
    let (_, own) = signs_in(&world, &lin).await.unwrap();
    let change = async |world: &World, old: &str, new: &str| {
        let both = (Plain::from(old), Plain::from(new));
        change_staff_password(&world.flows, &own, both, world.now).await
    };
    let wrong = change(&world, "not the password", "correct horse battery").await;
    assert!(matches!(wrong, Err(Stop::Wrong)));
    let short = change(&world, lin.password.as_str(), "short").await;
    assert!(matches!(short, Err(Stop::Invalid { .. })));
    change(&world, lin.password.as_str(), "correct horse battery").await.unwrap();
    assert_eq!(member(&world.flows, &other, world.now).await.unwrap(), None);
    assert!(member(&world.flows, &own, world.now).await.unwrap().is_some());
    world.later(STEP);
    assert!(signs_in(&world, &lin).await.is_none(), "the first password");
    let code = lin.code(world.now);
    assert!(with(&world, &lin.id, ("correct horse battery", code.as_str())).await.is_some());
}

#[tokio::test]
async fn a_role_that_is_none_is_named() {
    let world = World::new().await;
    for roles in [&["boss"][..], &[]] {
        let roles = roles.iter().map(|it| (*it).to_owned()).collect();
        let ask = AddStaff { name: "Lin".to_owned(), roles };
        let done = add_staff(&world.flows, ask, world.now).await;
        assert!(matches!(done, Err(Stop::Invalid { field, .. }) if field == "role"));
    }
}
