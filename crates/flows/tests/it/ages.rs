//! Ages that change: a child waits for a guardian, however it turns out to be one.

use flows::account::{Cancel, Me};
use flows::consent::Who;
use flows::{PersonId, Plain, RequestId, Stop};

use crate::support::{DAY, World, refused};

async fn born(world: &World, person: PersonId, day: &str) -> Result<serde_json::Value, Stop> {
    let what = ("birth-date", Plain::from(day), None);
    let done = flows::rights::correct(&world.flows, person, what, world.now).await;
    done.map(|it| it.into_inner().0)
}

async fn me(world: &World, person: PersonId) -> Me {
    flows::account::me(&world.flows, person, None, world.now).await.unwrap().into_inner()
}

async fn held(world: &World, person: PersonId) -> Vec<String> {
    let data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    data.into_inner().data.into_iter().map(|it| it.category).collect()
}

#[tokio::test]
async fn who_turns_out_to_be_a_child_waits_for_a_guardian() {
    let mut world = World::new().await;
    let (person, _) = world.person("kid@example.com").await;
    world.choose(Who::Known(person), &[("improve", "given"), ("advertise", "refused")]).await;
    let said = born(&world, person, "2015-01-01").await.unwrap();
    assert_eq!(said["state"], "awaiting-guardian");
    let seen = me(&world, person).await;
    assert_eq!((seen.state.as_str(), seen.age.as_str()), ("awaiting-guardian", "child"));
    assert_eq!(held(&world, person).await, ["email"], "as from registration");
    let (reason, _) = refused(world.uses(person, "service", &["email"]).await);
    assert_eq!(reason, "guardian-missing");
    let consents = flows::rights::consents(&world.flows, person, None, world.now).await.unwrap();
    let consents = consents.into_inner().0;
    let state = |id: &str| {
        let all = consents["choices"].as_array().unwrap();
        all.iter().find(|it| it["purpose"] == id).unwrap()["state"].clone()
    };
    assert_eq!((state("improve"), state("advertise")), ("not asked".into(), "refused".into()));
    // Nothing comes in while it waits, the day of birth neither.
    refused(born(&world, person, "1990-05-17").await);
    let what = ("name", Plain::from("Kid"), None);
    refused(flows::rights::correct(&world.flows, person, what, world.now).await.map(drop));
    world.later(31 * DAY);
    world.work().await;
    let gone = flows::account::me(&world.flows, person, None, world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)), "no guardian came");
}

#[tokio::test]
async fn a_correction_makes_a_minor_and_never_an_adult() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    born(&world, person, "2010-01-01").await.unwrap();
    let seen = me(&world, person).await;
    assert_eq!((seen.state.as_str(), seen.age.as_str()), ("active", "minor"));
    assert!(matches!(born(&world, person, "1990-05-17").await, Err(Stop::NotNow(_))));
    assert_eq!(me(&world, person).await.age, "minor");
}

#[tokio::test]
async fn a_child_that_takes_a_closing_back_waits_all_the_same() {
    let mut world = World::new().await;
    let (person, _) = world.person("kid@example.com").await;
    let closing = flows::account::close(&world.flows, person, (None, None), world.now).await;
    let request = RequestId::parse(&closing.unwrap().into_inner().request).unwrap();
    born(&world, person, "2015-01-01").await.unwrap();
    assert_eq!(me(&world, person).await.state, "closing");
    let cancel = Cancel { person, request, token: None };
    let _done = flows::account::cancel(&world.flows, cancel, world.now).await.unwrap();
    assert_eq!(me(&world, person).await.state, "awaiting-guardian");
}

#[tokio::test]
async fn an_application_that_says_that_it_is_a_child_is_heard() {
    let mut world = World::new().await;
    let (person, _) = world.person("kid@example.com").await;
    let ask = flows::collection::Put {
        person,
        category: "birth-date".to_owned(),
        value: Plain::from("2015-01-01"),
        source: "registration".to_owned(),
        purpose: Some("service".to_owned()),
        idempotency: None,
    };
    let done = flows::collection::put(&world.flows, &world.app, ask, world.now).await.unwrap();
    assert_eq!(done.into_inner().due, None);
    assert_eq!(me(&world, person).await.state, "awaiting-guardian");
    assert_eq!(held(&world, person).await, ["email"]);
}
