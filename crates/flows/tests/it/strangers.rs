//! What somebody tries who would get round the rules: nothing comes of it, and nothing is told.

use flows::account::{Cancel, Register, SignIn};
use flows::consent::{Answered, Who};
use flows::{Idempotency, PersonId, Plain, RequestId, Secret, Stop};

use crate::support::{World, refused};

fn cancel(person: PersonId, request: RequestId, token: Option<&str>) -> Cancel {
    Cancel { person, request, token: token.map(Secret::given) }
}

async fn close(world: &World, person: PersonId) -> RequestId {
    let closing = flows::account::close(&world.flows, person, (None, None), world.now).await;
    RequestId::parse(&closing.unwrap().into_inner().request).unwrap()
}

async fn state(world: &World, person: PersonId) -> String {
    flows::account::me(&world.flows, person, None, world.now).await.unwrap().into_inner().state
}

#[tokio::test]
async fn what_has_a_field_of_its_own_does_not_come_in_beside_it() {
    let world = World::new().await;
    let beside = [
        ("email", "victim@example.com"),
        ("birth-date", "2018-01-01"),
        ("phone", "+86 138 0013 8001"),
        ("language", "zh"),
    ];
    for (id, given) in beside {
        let mut form = World::form("wei@example.com");
        form.data.push((id.to_owned(), Plain::from(given)));
        let stop = world.register(form).await;
        let Err(Stop::Invalid { field, .. }) = stop else { panic!("{stop:?}") };
        assert_eq!(field, format!("data.{id}"));
    }
    assert!(world.register(World::form("victim@example.com")).await.is_ok(), "nobody has it");
}

#[tokio::test]
async fn a_browser_takes_no_address_and_no_password() {
    let mut world = World::new().await;
    let Answered::Known(recorded) = world.choose(Who::Nobody, &[("improve", "given")]).await else {
        panic!()
    };
    let session = recorded.into_inner().browser.unwrap();
    let browser = flows::account::who(&world.flows, &session, world.now).await.unwrap().unwrap();
    let given = [
        ("email", "wei@example.com"),
        ("password", "correct horse battery"),
        ("birth-date", "1990-05-17"),
    ];
    for (id, value) in given {
        let what = (id, Plain::from(value), None);
        let stop = flows::rights::correct(&world.flows, browser, what, world.now).await;
        assert!(matches!(stop, Err(Stop::NotNow(_))), "{id}: {stop:?}");
    }
    let used = world.uses(browser, "service", &["email"]).await.unwrap();
    assert_eq!(used.values.get("email"), None);
    world.person("wei@example.com").await;
}

#[tokio::test]
async fn a_child_that_waits_stores_nothing() {
    let world = World::new().await;
    let mut form = World::form("kid@example.com");
    form.birth_date = Some(Plain::from("2015-01-01"));
    let kid = PersonId::parse(&world.register(form).await.unwrap().id).unwrap();
    for (id, value) in [("birth-date", "1990-05-17"), ("phone", "+86 138 0013 8000")] {
        let what = (id, Plain::from(value), None);
        let stop = flows::rights::correct(&world.flows, kid, what, world.now).await;
        refused(stop.map(drop));
    }
    let me = flows::account::me(&world.flows, kid, None, world.now).await.unwrap().into_inner();
    assert_eq!((me.state.as_str(), me.age.as_str()), ("awaiting-guardian", "child"));
}

#[tokio::test]
async fn changing_one_s_mind_gives_back_the_state_before() {
    let mut world = World::new().await;
    let mut form = World::form("kid@example.com");
    form.birth_date = Some(Plain::from("2015-01-01"));
    let kid = PersonId::parse(&world.register(form).await.unwrap().id).unwrap();
    let fresh = world.register(World::form("wei@example.com")).await.unwrap();
    let fresh = PersonId::parse(&fresh.id).unwrap();
    world.later(1_000);
    let (restricted, _) = world.person("li@example.com").await;
    let ask = flows::rights::Ask { right: "restrict".to_owned(), ..flows::rights::Ask::default() };
    let _done = flows::rights::ask(&world.flows, restricted, ask, world.now).await.unwrap();
    for (person, before) in
        [(kid, "awaiting-guardian"), (fresh, "unverified"), (restricted, "restricted")]
    {
        let request = close(&world, person).await;
        assert_eq!(state(&world, person).await, "closing");
        let ask = cancel(person, request, None);
        let _done = flows::account::cancel(&world.flows, ask, world.now).await.unwrap();
        assert_eq!(state(&world, person).await, before);
    }
}

#[tokio::test]
async fn taking_a_closing_back_tries_no_code_and_tells_nobody_apart() {
    let mut world = World::new().await;
    let there = world.register(World::form("wei@example.com")).await.unwrap();
    world.later(1_000);
    let code = world.code().await;
    // The id that somebody is given whose address has an account is nobody's.
    let nobody = world.register(World::form("wei@example.com")).await.unwrap();
    let person = PersonId::parse(&there.id).unwrap();
    world.later(1_000);
    let (other, _) = world.person("li@example.com").await;
    let other = close(&world, other).await;
    for id in [&there.id, &nobody.id] {
        for token in [code.as_str(), "guessed"] {
            let ask = cancel(PersonId::parse(id).unwrap(), other, Some(token));
            let stop = flows::account::cancel(&world.flows, ask, world.now).await;
            assert!(matches!(stop, Err(Stop::Wrong)), "{stop:?}");
        }
    }
    assert!(world.verify(&person.to_string(), &code).await.is_ok(), "and no try was used up");
}

#[tokio::test]
async fn an_idempotency_key_tells_nobody_what_another_was_answered() {
    let world = World::new().await;
    let under = |email: &str, key: &str| Register {
        idempotency: Some(Idempotency::new("register", key, [b"POST", b"/", email.as_bytes()])),
        ..World::form(email)
    };
    let first = world.register(under("wei@example.com", "one")).await.unwrap();
    let other = world.register(under("li@example.com", "one")).await;
    match other {
        Ok(registered) => assert_ne!(registered.id, first.id),
        Err(Stop::Replayed { body, .. }) => panic!("{body}"),
        Err(_) => {}
    }
    // Whether there was an account or not, the same key answers the same again.
    for email in ["wei@example.com", "new@example.com"] {
        let once = world.register(under(email, email)).await.unwrap();
        let stop = world.register(under(email, email)).await;
        let Err(Stop::Replayed { body, .. }) = stop else { panic!("{stop:?}") };
        assert_eq!(body, serde_json::to_string(&once).unwrap());
    }
}

#[tokio::test]
async fn an_address_that_is_restricted_or_leaving_does_not_move() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let what = || ("email", Plain::from("li@example.com"), None);
    let _done = flows::rights::correct(&world.flows, person, what(), world.now).await.unwrap();
    world.work().await;
    world.later(1_000);
    let code = world.code().await;
    close(&world, person).await;
    assert!(world.verify(&person.to_string(), &code).await.is_err());
    let stop = flows::rights::correct(&world.flows, person, what(), world.now).await;
    assert!(matches!(stop, Err(Stop::NotNow(_))));
    let ask = SignIn {
        email: Plain::from("li@example.com"),
        region: None,
        password: Some(Plain::from("correct horse battery")),
        code: None,
        label: String::new(),
        language: "en".to_owned(),
    };
    assert!(matches!(
        flows::account::sign_in(&world.flows, ask, world.now).await,
        Err(Stop::Wrong)
    ));
}
