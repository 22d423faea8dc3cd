//! Registering is one outcome, whoever hangs up in between; and what becomes of an address that
//! nobody proves.

use std::future::{Future, poll_fn};
use std::task::Poll;

use flows::account::{Register, Registered, Verify};
use flows::consent::{Answered, Who};
use flows::rights::Page;
use flows::{Idempotency, PersonId, Secret, Stop};

use crate::support::{DAY, START, World, key};

/// Drops the work where it waits for the `n`th time, as a client does that hangs up.
async fn cut<T>(work: impl Future<Output = T>, n: usize) -> Option<T> {
    let mut work = Box::pin(work);
    let mut left = n;
    poll_fn(|cx| match work.as_mut().poll(cx) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

fn id(text: &str) -> PersonId {
    PersonId::parse(text).unwrap()
}

async fn held(world: &World, person: PersonId) -> Vec<String> {
    let data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    data.into_inner().data.into_iter().map(|it| it.category).collect()
}

async fn register(world: &World, email: &str) -> Registered {
    world.register(World::form(email)).await.unwrap()
}

/// Registers, verifies in a browser that agreed to something, and answers who is left over.
async fn verify_in(world: &World, ask: Registered, browser: PersonId, waits: usize) -> bool {
    let ask = Verify {
        person: id(&ask.id),
        channel: "email".to_owned(),
        code: Secret::given(world.code().await),
        label: "Firefox, computer".to_owned(),
        browser: Some(browser),
    };
    cut(flows::account::verify(&world.flows, ask, world.now), waits).await.is_some()
}

async fn visitor(world: &World) -> (PersonId, Secret) {
    let Answered::Known(recorded) = world.choose(Who::Nobody, &[("improve", "given")]).await else {
        panic!("a yes is on the record");
    };
    let session = recorded.into_inner().browser.unwrap();
    let person = flows::account::who(&world.flows, &session, world.now).await.unwrap().unwrap();
    (person, session)
}

#[tokio::test]
async fn a_registration_is_one_record_with_each_purpose_and_its_clauses() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let uses = flows::rights::uses(&world.flows, person, &Page::default(), world.now).await;
    let uses = uses.unwrap().into_inner().uses;
    let collected: Vec<_> = uses.iter().filter(|it| it.act == "collect").collect();
    let purposes: Vec<_> = collected.iter().map(|it| it.purpose.as_deref().unwrap()).collect();
    assert_eq!(purposes, ["authenticate", "service"]);
    assert_eq!(collected[0].record, collected[1].record, "one outcome");
    let all: Vec<_> = collected.iter().flat_map(|it| &it.categories).collect();
    for category in ["email", "password", "name", "phone", "birth-date", "language"] {
        assert!(all.iter().any(|it| *it == category), "{category}");
    }
    assert!(collected.iter().all(|it| !it.clauses.is_empty() && it.answer == "permit"));
    assert_ne!(collected[0].clauses, collected[1].clauses);
}

#[tokio::test]
async fn whoever_hangs_up_has_registered_wholly_or_not_at_all() {
    for waits in 0.. {
        let mut world = World::new().await;
        let ask = World::form("wei@example.com");
        let done = cut(flows::account::register(&world.flows, ask, world.now), waits).await;
        // Whoever is there has all of it; whoever is not can register.
        let again = register(&world, "wei@example.com").await;
        world.later(1_000);
        let mails = world.mails().await;
        let there = mails.iter().any(|it| it.contains("You already have an account"));
        if !there {
            assert_eq!(mails.len(), 1);
            world.verify(&again.id, &world.code().await).await.unwrap();
        }
        let found = flows::purpose::Find {
            category: "email".to_owned(),
            value: flows::Plain::from("wei@example.com"),
            purpose: "service".to_owned(),
            region: None,
        };
        let found = flows::purpose::find(&world.flows, &world.app, found, world.now).await.unwrap();
        let mut held = held(&world, id(&found.people[0])).await;
        held.sort();
        let all = ["birth-date", "email", "language", "name", "password", "phone"];
        assert_eq!(held, all, "after {waits} waits");
        if done.is_some() {
            assert!(there && waits > 0);
            break;
        }
    }
}

#[tokio::test]
async fn whoever_hangs_up_is_verified_and_the_browser_s_answers_follow() {
    for waits in 0.. {
        let mut world = World::new().await;
        let (browser, session) = visitor(&world).await;
        let registered = register(&world, "wei@example.com").await;
        let person = id(&registered.id);
        world.later(1_000);
        let done = verify_in(&world, registered, browser, waits).await;
        world.work().await;
        let me =
            flows::account::me(&world.flows, person, None, world.now).await.unwrap().into_inner();
        let known = flows::account::who(&world.flows, &session, world.now).await.unwrap();
        let consents =
            flows::rights::consents(&world.flows, person, None, world.now).await.unwrap();
        let given = consents.into_inner().0.to_string().contains(r#""state":"given""#);
        if me.state == "active" {
            assert!(given, "after {waits} waits");
            assert_eq!(known, None, "the browser's own person is gone");
            assert!(!world.holds(&browser.to_string()));
        } else {
            assert_eq!((known, given), (Some(browser), false), "after {waits} waits");
        }
        if done {
            assert_eq!(me.state, "active");
            break;
        }
    }
}

#[tokio::test]
async fn an_address_that_nobody_proves_is_erased_after_a_week() {
    let mut world = World::new().await;
    let stranger = register(&world, "wei@example.com").await;
    world.later(1_000);
    let (proved, _) = world.person("ada@example.com").await;
    world.now = decide::Timestamp::from_millis(START + 7 * DAY - 1);
    world.work().await;
    assert!(world.uses(id(&stranger.id), "service", &["email"]).await.is_ok());
    world.later(1);
    world.work().await;
    let gone = world.uses(id(&stranger.id), "service", &["email"]).await;
    assert!(matches!(gone, Err(Stop::Gone)));
    assert!(world.uses(proved, "service", &["email"]).await.is_ok(), "who proved theirs stays");
    let again = register(&world, "wei@example.com").await;
    world.later(1_000);
    let code = world.code().await;
    assert_eq!(world.verify(&again.id, &code).await.unwrap().state, "active");
    world.later(8 * DAY);
    world.work().await;
    assert!(world.uses(id(&again.id), "service", &["email"]).await.is_ok());
}

#[tokio::test]
async fn a_child_to_whom_no_guardian_comes_is_erased_after_thirty_days() {
    let mut world = World::new().await;
    let form = Register {
        birth_date: Some(flows::Plain::from("2015-01-01")),
        ..World::form("kid@example.com")
    };
    let kid = world.register(form).await.unwrap();
    world.later(1_000);
    world.verify(&kid.id, &world.code().await).await.unwrap();
    world.later(29 * DAY);
    world.work().await;
    assert!(flows::account::me(&world.flows, id(&kid.id), None, world.now).await.is_ok());
    world.later(DAY);
    world.work().await;
    let gone = flows::account::me(&world.flows, id(&kid.id), None, world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)));
}

#[tokio::test]
async fn the_age_is_asked_first() {
    let world = World::new().await;
    let form = Register { birth_date: None, ..World::form("wei@example.com") };
    let Err(Stop::Invalid { field, say }) = world.register(form).await else { panic!() };
    assert_eq!(field, "birth_date");
    assert_eq!(say, "the age is asked first; give the day of birth");
}

#[tokio::test]
async fn a_key_counts_for_one_request_and_its_answer_goes_with_the_person() {
    let world = World::new().await;
    let with =
        |email: &str, once: Idempotency| Register { idempotency: Some(once), ..World::form(email) };
    let first = world.register(with("wei@example.com", key("one"))).await.unwrap();
    let other = Idempotency::new("test", "one", [b"POST", b"/", b"another body"]);
    let Err(Stop::Invalid { field, .. }) = world.register(with("ada@example.com", other)).await
    else {
        panic!("another request is not answered what the first was")
    };
    assert_eq!(field, "Idempotency-Key");
    assert_eq!(world.mails().await.len(), 1, "nor is it done");
    assert!(world.holds(&first.id), "the answer is kept in clear");
    flows::retention::erase_now(&world.flows, id(&first.id), world.now).await.unwrap();
    assert!(!world.holds(&first.id));
}
