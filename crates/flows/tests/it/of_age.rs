//! Coming of age: on the day, by region; the guardian's rights end and the person is asked anew.

use decide::Timestamp;
use flows::account::{Me, Register};
use flows::consent::Who;
use flows::{PersonId, Plain, Stop};

use crate::guardians::{GUARDIAN, child, decide, guard, token};
use crate::support::{DAY, World, refused};

async fn me(world: &World, person: PersonId) -> Me {
    flows::account::me(&world.flows, person, None, world.now).await.unwrap().into_inner()
}

fn at(text: &str) -> Timestamp {
    flows::instant(text).unwrap()
}

/// Goes to an instant, and does what is due there.
async fn go(world: &mut World, text: &str) {
    world.now = at(text);
    world.work().await;
}

pub(crate) async fn minor(world: &mut World, region: &str, born: &str) -> PersonId {
    let form = Register {
        birth_date: Some(Plain::from(born)),
        region: region.to_owned(),
        ..World::form("teen@example.com")
    };
    let registered = world.register(form).await.unwrap();
    world.later(1_000);
    let code = world.code().await;
    world.verify(&registered.id, &code).await.unwrap();
    PersonId::parse(&registered.id).unwrap()
}

#[tokio::test]
async fn at_the_legal_age_the_guardian_s_rights_end_and_the_person_is_asked_anew() {
    let mut world = World::new().await;
    // Fourteen on 1 January 2027, in mainland China.
    let kid = child(&mut world, "2013-01-01").await;
    let person = PersonId::parse(&kid.id).unwrap();
    let code = world.mails().await;
    let code = code
        .iter()
        .find_map(|it| it.split("Your code is ").nth(1))
        .unwrap()
        .get(..6)
        .unwrap()
        .to_owned();
    world.verify(&kid.id, &code).await.unwrap();
    let token = token(&world).await;
    world.later(1_000);
    let session = decide(&mut world, &token, "agree").await.session.unwrap();
    let guardian = guard(&world, &session).await.unwrap();
    world.choose(Who::Guardian(guardian), &[("improve", "given"), ("survey", "refused")]).await;
    assert!(world.uses(person, "service", &["email"]).await.is_ok());

    // A session lasts for two weeks: the guardian comes in again.
    go(&mut world, "2026-12-30T12:00:00Z").await;
    assert!(guard(&world, &session).await.is_none());
    flows::minors::send_guardian_code(&world.flows, entering(), world.now).await.unwrap();
    let code = Some(flows::Secret::given(world.code().await));
    let enter = flows::minors::Enter { code, ..entering() };
    let entered = flows::minors::enter(&world.flows, enter, world.now).await.unwrap();
    let session = entered.into_inner().session;
    go(&mut world, "2026-12-31T15:59:59Z").await;
    assert_eq!(me(&world, person).await.age, "child-agreed", "a second to midnight in Shanghai");
    assert!(guard(&world, &session).await.is_some());
    go(&mut world, "2026-12-31T16:00:00Z").await;
    let seen = me(&world, person).await;
    assert_eq!((seen.age.as_str(), seen.state.as_str()), ("minor-agreed", "active"));
    assert!(seen.asked_anew);
    assert!(guard(&world, &session).await.is_none(), "the guardian's session is over");
    let mails = world.mails().await;
    assert!(mails.iter().any(|it| it.contains("You decide yourself now")));
    let data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    assert!(data.into_inner().data.iter().all(|it| it.category != "guardian-contact"));
    flows::minors::send_guardian_code(&world.flows, entering(), world.now).await.unwrap();
    assert_eq!(world.mails().await.len(), mails.len(), "no way in again");

    // Unanswered, it stops; answered by the person, it goes on.
    let shown = flows::rights::consents(&world.flows, person, None, world.now).await.unwrap();
    let shown = shown.into_inner().0;
    let state = |id: &str| {
        let all = shown["choices"].as_array().unwrap();
        all.iter().find(|it| it["purpose"] == id).unwrap()["state"].clone()
    };
    assert_eq!((state("improve"), state("survey")), ("not asked".into(), "refused".into()));
    world.choose(Who::Known(person), &[("improve", "given")]).await;
    assert!(!me(&world, person).await.asked_anew);

    // Full age, four years on, although no day of birth was ever kept.
    go(&mut world, "2030-12-31T15:59:59Z").await;
    assert_eq!(me(&world, person).await.age, "minor-agreed");
    go(&mut world, "2030-12-31T16:00:00Z").await;
    let seen = me(&world, person).await;
    assert_eq!(seen.age, "adult");
    assert!(seen.asked_anew && seen.guardian.is_none());
    assert!(world.mails().await.iter().any(|it| it.contains("You are of age")));
}

pub(crate) fn entering() -> flows::minors::Enter {
    flows::minors::Enter {
        contact: Plain::from(GUARDIAN),
        region: None,
        code: None,
        language: "en".to_owned(),
        label: String::new(),
    }
}

#[tokio::test]
async fn full_age_begins_on_the_day_in_the_zone_of_the_region() {
    for (region, eve, day) in [
        ("cn", "2028-05-16T15:59:59Z", "2028-05-16T16:00:00Z"),
        ("eu", "2028-05-16T21:59:59Z", "2028-05-16T22:00:00Z"),
    ] {
        let mut world = World::new().await;
        let person = minor(&mut world, region, "2010-05-17").await;
        world.choose(Who::Known(person), &[("advertise", "given")]).await;
        go(&mut world, eve).await;
        assert_eq!(me(&world, person).await.age, "minor", "{region}");
        go(&mut world, day).await;
        let seen = me(&world, person).await;
        assert_eq!((seen.age.as_str(), seen.asked_anew), ("adult", true), "{region}");
        // What was said below age does not begin to count by itself.
        let reason = refused(world.uses(person, "advertise", &["email"]).await).0;
        assert_eq!(reason, "not-consented");
        world.choose(Who::Known(person), &[("advertise", "given")]).await;
        assert!(world.uses(person, "advertise", &["email"]).await.is_ok(), "{region}");
    }
}

#[tokio::test]
async fn who_was_born_on_29_february_comes_of_age_on_1_march() {
    let mut world = World::new().await;
    // Eighteen in 2030, which has no such day.
    let person = minor(&mut world, "cn", "2012-02-29").await;
    go(&mut world, "2030-02-28T15:59:59Z").await;
    assert_eq!(me(&world, person).await.age, "minor");
    go(&mut world, "2030-02-28T16:00:00Z").await;
    assert_eq!(me(&world, person).await.age, "adult");
}

#[tokio::test]
async fn another_day_of_birth_is_another_day_of_coming_of_age() {
    let mut world = World::new().await;
    let person = minor(&mut world, "cn", "2010-05-17").await;
    let born = ("birth-date", Plain::from("2011-05-17"), None);
    let _done = flows::rights::correct(&world.flows, person, born, world.now).await.unwrap();
    go(&mut world, "2028-05-17T00:00:00Z").await;
    assert_eq!(me(&world, person).await.age, "minor");
    go(&mut world, "2029-05-17T00:00:00Z").await;
    assert_eq!(me(&world, person).await.age, "adult");
    let born = ("birth-date", Plain::from("1990-05-17"), None);
    let _done = flows::rights::correct(&world.flows, person, born, world.now).await.unwrap();
}

#[tokio::test]
async fn a_child_that_comes_of_legal_age_while_waiting_waits_no_longer() {
    let mut world = World::new().await;
    // Fourteen in ten days.
    let kid = child(&mut world, "2012-12-02").await;
    let person = PersonId::parse(&kid.id).unwrap();
    world.later(10 * DAY);
    world.work().await;
    let seen = me(&world, person).await;
    assert_eq!((seen.age.as_str(), seen.state.as_str()), ("minor", "unverified"));
    // The guardian may still agree.
    let token = token(&world).await;
    assert_eq!(decide(&mut world, &token, "agree").await.state, "agreed");
    assert_eq!(me(&world, person).await.age, "minor-agreed");
    // The child's own address is still to be proved, as of anybody.
    world.later(8 * DAY);
    world.work().await;
    let gone = flows::account::me(&world.flows, person, None, world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)));
}
