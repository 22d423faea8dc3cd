//! Legal holds: two people place one, it closes what it covers to every use, and nothing deletes it
//! until it ends.

use decide::Signals;
use decide::id::HoldId;
use flows::consent::{Answered, Who};
use flows::purpose::Find;
use flows::queue::Asked;
use flows::retention::hold::{self, Line, Place};
use flows::{PersonId, Plain, Stop};

use crate::support::{DAY, World, refused};

fn ask(world: &World, person: PersonId, of: &[&str], days: i64) -> Place {
    Place {
        person,
        categories: of.iter().map(|it| (*it).to_owned()).collect(),
        ground: "a court ordered it".to_owned(),
        reference: "(2026) Foshan 42, Planted v. Example".to_owned(),
        authority: "Foshan Court".to_owned(),
        until: world.now.plus_millis(days * DAY),
        idempotency: None,
    }
}

async fn asked(world: &World, person: PersonId, of: &[&str], days: i64) -> HoldId {
    let ask = ask(world, person, of, days);
    let done = hold::place(&world.flows, "stf_one", &ask, world.now).await.unwrap().into_inner();
    assert_eq!(done.state, "asked");
    HoldId::parse(&done.id).unwrap()
}

async fn held(world: &World, person: PersonId, of: &[&str], days: i64) -> HoldId {
    let id = asked(world, person, of, days).await;
    let done = hold::approve(&world.flows, "stf_two", id, world.now).await.unwrap().into_inner();
    assert_eq!(done.state, "held");
    id
}

async fn line(world: &World, id: HoldId) -> Line {
    hold::one(&world.flows, id).await.unwrap()
}

/// A value that goes by itself, from an application.
async fn put(world: &World, person: PersonId, category: &str, value: &str) {
    let ask = flows::collection::Put {
        person,
        category: category.to_owned(),
        value: Plain::from(value),
        source: "staff".to_owned(),
        purpose: Some("support".to_owned()),
        idempotency: None,
    };
    let _done = flows::collection::put(&world.flows, &world.app, ask, world.now).await.unwrap();
}

async fn data(world: &World, person: PersonId) -> Vec<flows::rights::Held> {
    flows::rights::data(&world.flows, person, "en", world.now).await.unwrap().into_inner().data
}

#[tokio::test]
async fn it_takes_two_and_says_why_and_until_when() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    for (field, wrong) in [
        ("ground", Place { ground: " ".to_owned(), ..ask(&world, person, &["phone"], 9) }),
        ("authority", Place { authority: String::new(), ..ask(&world, person, &["phone"], 9) }),
        ("until", ask(&world, person, &["phone"], 0)),
        ("until", ask(&world, person, &["phone"], 4_000)),
        ("categories", ask(&world, person, &[], 9)),
        ("categories", ask(&world, person, &["purchase"], 9)),
    ] {
        let done = hold::place(&world.flows, "stf_one", &wrong, world.now).await;
        assert!(matches!(done, Err(Stop::Invalid { field: it, .. }) if it == field), "{field}");
    }
    let id = asked(&world, person, &["phone"], 90).await;
    assert!(world.uses(person, "service", &["phone"]).await.is_ok(), "one alone holds nothing");
    let alone = hold::approve(&world.flows, "stf_one", id, world.now).await;
    assert!(matches!(alone, Err(Stop::NotNow(say)) if say.contains("another member")));
    let done = hold::approve(&world.flows, "stf_two", id, world.now).await.unwrap().into_inner();
    assert_eq!(done.state, "held");
    let again = hold::approve(&world.flows, "stf_three", id, world.now).await;
    assert!(matches!(again, Err(Stop::NotNow(_))));
    let over = ask(&world, person, &["phone"], 9);
    let over = hold::place(&world.flows, "stf_one", &over, world.now).await;
    assert!(matches!(over, Err(Stop::NotNow(say)) if say.contains("phone")));

    let lines = hold::holds(&world.flows, &Asked::default()).await.unwrap();
    let [line] = lines.holds.as_slice() else { panic!("{lines:?}") };
    assert_eq!(
        (line.ground.as_str(), line.authority.as_str()),
        ("a court ordered it", "Foshan Court")
    );
    assert_eq!((line.asked_by.as_str(), line.approved_by.as_deref()), ("stf_one", Some("stf_two")));
    assert_eq!(line.person, person.to_string());
    assert!(!world.holds("Foshan Court") && !world.holds("Planted v."), "not in clear");
}

#[tokio::test]
async fn a_refused_or_forgotten_one_holds_nothing() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let id = asked(&world, person, &["phone"], 90).await;
    let done = hold::refuse(&world.flows, "stf_one", id, world.now).await.unwrap().into_inner();
    assert_eq!(done.state, "refused");
    let lift = hold::lift(&world.flows, "stf_two", id, world.now).await;
    assert!(matches!(lift, Err(Stop::NotNow(_))));
    let id = asked(&world, person, &["phone"], 2).await;
    world.later(2 * DAY);
    world.work().await;
    assert_eq!(line(&world, id).await.state, "lapsed");
    assert!(world.uses(person, "service", &["phone"]).await.is_ok());
}

#[tokio::test]
async fn what_is_held_is_used_for_nothing_and_the_person_sees_it() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let id = held(&world, person, &["phone"], 90).await;
    let (reason, clauses) = refused(world.uses(person, "service", &["phone"]).await);
    assert_eq!((reason.as_str(), clauses[0].as_str()), ("held", "retain"));
    let used = world.uses(person, "service", &["phone", "email"]).await.unwrap();
    assert_eq!((used.values.get("phone"), used.values.get("email").is_some()), (None, true));
    let find = Find {
        category: "phone".to_owned(),
        value: Plain::from("+86 138 0013 8000"),
        purpose: "service".to_owned(),
        region: None,
    };
    let found = flows::purpose::find(&world.flows, &world.app, find, world.now).await.unwrap();
    assert!(found.people.is_empty(), "nothing finds it");
    let (reason, _) =
        refused(flows::rights::delete(&world.flows, person, "phone", world.now).await);
    assert_eq!(reason, "held");
    let new = ("phone", Plain::from("+86 139 0013 9000"), None);
    let (reason, _) = refused(flows::rights::correct(&world.flows, person, new, world.now).await);
    assert_eq!(reason, "held");

    let data = data(&world, person).await;
    let phone = data.iter().find(|it| it.category == "phone").unwrap();
    let on = phone.hold.as_ref().unwrap();
    assert_eq!((on.ground.as_str(), on.clause.as_str()), ("a court ordered it", "retain"));
    assert_eq!(on.until, line(&world, id).await.until);
    assert!(phone.value.is_none() && data.iter().any(|it| it.hold.is_none() && it.value.is_some()));

    let done = hold::lift(&world.flows, "stf_one", id, world.now).await.unwrap();
    assert_eq!(done.state, "lifted");
    let used = world.uses(person, "service", &["phone"]).await.unwrap();
    assert_eq!(used.values.get("phone"), Some("+8613800138000"));
    let find = Find {
        category: "phone".to_owned(),
        value: Plain::from("+86 138 0013 8000"),
        purpose: "service".to_owned(),
        region: None,
    };
    let found = flows::purpose::find(&world.flows, &world.app, find, world.now).await.unwrap();
    assert_eq!(found.people, [person.to_string()], "found again");
    let gone = flows::rights::delete(&world.flows, person, "phone", world.now).await;
    assert!(gone.is_ok());
}

#[tokio::test]
async fn the_sweep_passes_over_what_is_held_and_takes_it_up_again() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    put(&world, person, "support-messages", "the oven is loud").await;
    let id = held(&world, person, &["support-messages"], 3 * 366).await;
    world.later(2 * 366 * DAY);
    world.work().await;
    let has =
        |data: &[flows::rights::Held]| data.iter().any(|it| it.category == "support-messages");
    assert!(has(&data(&world, person).await), "due, and held");
    world.work().await;
    hold::lift(&world.flows, "stf_two", id, world.now).await.unwrap();
    assert!(!has(&data(&world, person).await), "what is due goes with the hold");

    put(&world, person, "support-messages", "and hot").await;
    let id = held(&world, person, &["support-messages"], 5).await;
    world.later(5 * DAY);
    world.work().await;
    assert_eq!(line(&world, id).await.state, "ended");
    assert!(world.uses(person, "support", &["support-messages"]).await.is_ok(), "not due yet");
    world.later(2 * 366 * DAY);
    world.work().await;
    assert!(!has(&data(&world, person).await), "the sweep goes on");
}

#[tokio::test]
async fn an_erasure_leaves_what_is_held_until_the_hold_ends() {
    let mut world = World::new().await;
    let (person, session) = world.person("wei@example.com").await;
    let id = held(&world, person, &["phone"], 60).await;
    let closing = flows::account::close(&world.flows, person, (Some(&session), None), world.now)
        .await
        .unwrap();
    let request = flows::RequestId::parse(&closing.into_inner().request).unwrap();
    let link = flows::rights::link(&world.flows, request).unwrap();
    let token = flows::Secret::given(link.split("token=").nth(1).unwrap());
    world.later(7 * DAY);
    world.work().await;
    let given = flows::rights::certificate(&world.flows, (request, &token), world.now).await;
    assert_eq!(given.unwrap().stated().unwrap().held, ["phone"], "the certificate says so");
    let me = flows::account::me(&world.flows, person, None, world.now).await;
    assert!(matches!(me, Err(Stop::Gone)));
    let line_then = line(&world, id).await;
    assert_eq!(
        (line_then.state.as_str(), line_then.ground.as_str()),
        ("held", "a court ordered it")
    );
    // The same person anew has nothing to do with it.
    let (anew, _) = world.person("wei@example.com").await;
    assert!(world.uses(anew, "service", &["phone"]).await.is_ok());
    world = world.reopen().await;
    world.later(60 * DAY);
    world.work().await;
    let over = line(&world, id).await;
    assert_eq!((over.state.as_str(), over.ground.as_str()), ("ended", ""));
    let lift = hold::lift(&world.flows, "stf_one", id, world.now).await;
    assert!(matches!(lift, Err(Stop::NotNow(_))));
}

#[tokio::test]
async fn log_information_is_copied_out_before_it_goes() {
    let mut world = World::new().await;
    let Answered::Known(recorded) = world.choose(Who::Nobody, &[("improve", "given")]).await else {
        panic!("a yes is on the record");
    };
    let session = recorded.into_inner().browser.unwrap();
    let found = flows::account::who(&world.flows, &session, world.now).await.unwrap();
    let person = found.unwrap();
    for n in 0..3 {
        world.send(Some(person), &format!("/shelf-{n}x"), Signals::default()).await;
    }
    let id = held(&world, person, &["page-views"], 400).await;
    world.later(DAY);
    world.send(Some(person), "/later", Signals::default()).await;
    world.work().await;
    assert_eq!(line(&world, id).await.copied, 0, "it lies where it lay");
    // The browser is forgotten after 180 days, the first day of log information shortly after.
    world.later(180 * DAY);
    world.work().await;
    assert_eq!(line(&world, id).await.copied, 4);
    let gone = flows::rights::data(&world.flows, person, "en", world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)), "{gone:?}");
    world.later(30 * DAY);
    world.work().await;
    assert_eq!(line(&world, id).await.copied, 4, "nothing is copied twice");
    world.later(200 * DAY);
    world.work().await;
    let over = line(&world, id).await;
    assert_eq!((over.state.as_str(), over.copied), ("ended", 0));
}

#[tokio::test]
async fn what_was_written_outlives_its_person_under_a_hold_and_goes_with_it() {
    let mut world = World::new().await;
    let (person, session) = world.person("wei@example.com").await;
    let mine = crate::messages::of(person, "the oven burned down");
    let left = crate::messages::leave(&world, mine).await.unwrap();
    let case = crate::messages::id(&left);
    crate::messages::reply(&world, case, "we are sorry").await.unwrap();
    let id = held(&world, person, &["support-messages"], 60).await;
    let over_phone = held(&world, person, &["phone"], 60).await;
    let closing = flows::account::close(&world.flows, person, (Some(&session), None), world.now)
        .await
        .unwrap();
    let request = flows::RequestId::parse(&closing.into_inner().request).unwrap();
    let link = flows::rights::link(&world.flows, request).unwrap();
    let token = flows::Secret::given(link.split("token=").nth(1).unwrap());
    world.later(7 * DAY);
    world.work().await;
    assert_eq!(line(&world, id).await.copied, 3, "where it is answered, and both pieces");
    assert_eq!(line(&world, over_phone).await.copied, 0, "another hold keeps none of it");
    let given = flows::rights::certificate(&world.flows, (request, &token), world.now).await;
    let held = given.unwrap().stated().unwrap().held;
    assert_eq!(held, ["phone", "support-messages"], "the certificate says so");
    assert!(!world.holds("the oven burned"), "sealed");
    let seen = crate::messages::read(&world, case).await;
    assert!(seen.is_err(), "closed to the desk");
    let mine = flows::messages::list(&world.flows, person, None, world.now).await;
    assert!(matches!(mine, Err(Stop::Gone)));
    world = world.reopen().await;
    world.work().await;
    assert_eq!(line(&world, id).await.copied, 3, "nothing is copied twice");
    hold::lift(&world.flows, "stf_one", id, world.now).await.unwrap();
    let over = line(&world, id).await;
    assert_eq!((over.state.as_str(), over.copied), ("lifted", 0), "destroyed with the hold");
}
