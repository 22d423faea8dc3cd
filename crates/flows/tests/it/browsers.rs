//! Browsers: refusing, agreeing, being counted; and what is left of it afterwards.

use decide::Signals;
use flows::account::Verify;
use flows::consent::{Answered, Token, Who};
use flows::{PersonId, Secret, Stop};

use crate::elsewhere::with_more;
use crate::support::{DAY, World};

async fn visitor(world: &World) -> PersonId {
    let Answered::Known(recorded) = world.choose(Who::Nobody, &[("improve", "given")]).await else {
        panic!("a yes is on the record");
    };
    let receipted = recorded.into_inner();
    let session = receipted.browser.unwrap();
    flows::account::who(&world.flows, &session, world.now).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_receipt_has_the_fields_of_its_specification() {
    let world = World::new().await;
    let choices = [("improve", "given"), ("advertise", "refused")];
    let Answered::Known(recorded) = world.choose(Who::Nobody, &choices).await else { panic!() };
    let receipt = recorded.into_inner().receipt.0;
    for field in [
        "schema_version",
        "record_id",
        "pii_principal_id",
        "privacy_notice",
        "language",
        "pii_controllers",
        "pii_processing",
        "jurisdiction",
    ] {
        assert!(receipt.get(field).is_some(), "{field}");
    }
    let purpose = receipt.pointer("/pii_processing/0").unwrap();
    for field in ["purpose", "purpose_type", "lawful_basis", "personal_data", "storage", "event"] {
        assert!(purpose.get(field).is_some(), "{field}");
    }
    assert_eq!(purpose.pointer("/event/state").unwrap(), "given");
    assert_eq!(receipt.pointer("/pii_processing/1/event/state").unwrap(), "refused");
}

#[tokio::test]
async fn an_old_text_is_not_agreed_to() {
    let world = World::new().await;
    let mut ask = world.answer(Who::Nobody, &[("improve", "given")], Signals::default());
    ask.text_hash = "sha256:00".to_owned();
    let done = flows::consent::choose(&world.flows, ask, world.now).await;
    assert!(matches!(done, Err(Stop::Stale)));
}

#[tokio::test]
async fn events_are_scrubbed_and_seen_by_their_person_alone() {
    let world = World::new().await;
    let person = visitor(&world).await;
    let path = "/ovens/4242?email=wei.planted@example.com#x";
    let judged = world.send(Some(person), path, Signals::default()).await;
    assert_eq!(judged.recorded.len(), 1);
    let export = flows::rights::export(&world.flows, person, "en", world.now).await.unwrap();
    let export = export.into_inner().0;
    let event = export.pointer("/events/0").unwrap();
    assert_eq!(event["path"], "/ovens/:id");
    assert_eq!(event["device"], "Firefox, computer");
    assert_eq!(event.get("ip"), None, "this purpose does not hold the address");
    assert!(!world.holds("/ovens/") && !world.holds("wei.planted"));
    let data =
        flows::rights::data(&world.flows, person, "en", world.now).await.unwrap().into_inner();
    assert_eq!((data.events[0].kind.as_str(), data.events[0].count), ("page-view", 1));
}

#[tokio::test]
async fn events_are_refused_without_a_yes_with_a_signal_and_after_a_withdrawal() {
    let world = World::new().await;
    let judged = world.send(None, "/", Signals::default()).await;
    assert!(judged.recorded.is_empty());
    assert_eq!(judged.refused[0].clauses, ["use-improve"]);
    let person = visitor(&world).await;
    assert_eq!(world.send(Some(person), "/", Signals::default()).await.refused, []);
    world.choose(Who::Known(person), &[("improve", "refused")]).await;
    let judged = world.send(Some(person), "/", Signals::default()).await;
    assert_eq!(judged.refused[0].clauses.first().map(String::as_str), Some("use-improve"));
}

#[tokio::test]
async fn log_information_goes_with_the_key_and_with_its_day() {
    let mut world = World::new().await;
    let person = visitor(&world).await;
    let _judged = world.send(Some(person), "/", Signals::default()).await;
    let other = visitor(&world).await;
    let _judged = world.send(Some(other), "/", Signals::default()).await;
    // A browser's own person goes at once.
    let closing =
        flows::account::close(&world.flows, person, (None, None), world.now).await.unwrap();
    assert_eq!(closing.into_inner().effective_at, flows::when(world.now));
    world.work().await;
    let gone = flows::rights::data(&world.flows, person, "en", world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)));
    let data = flows::rights::data(&world.flows, other, "en", world.now).await.unwrap();
    assert_eq!(data.into_inner().events.len(), 1);
    // A registered day of events is dropped when its time is over; the browser is forgotten before.
    world.later(190 * DAY);
    world.work().await;
    let gone = flows::rights::data(&world.flows, other, "en", world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)), "after 180 days nobody knows the browser");
}

#[tokio::test]
async fn who_registers_keeps_the_answers_of_the_browser() {
    let mut world = World::new().await;
    let browser = visitor(&world).await;
    let registered = world.register(World::form("wei@example.com")).await.unwrap();
    world.later(1_000);
    let person = PersonId::parse(&registered.id).unwrap();
    let ask = Verify {
        person,
        channel: "email".to_owned(),
        code: Secret::given(world.code().await),
        label: "Firefox, computer".to_owned(),
        browser: Some(browser),
    };
    let _signed = flows::account::verify(&world.flows, ask, world.now).await.unwrap();
    assert!(world.uses(person, "improve", &["language"]).await.is_ok());
    let gone = flows::rights::data(&world.flows, browser, "en", world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)));
}

/// What the policy says of a cookie is how long it lasts, in the browser and in the store.
#[tokio::test]
async fn a_cookie_lasts_as_long_as_the_policy_says() {
    let mut world = with_more(|text| {
        let more = text.replace("\"180 days\"", "\"366 days\"");
        more.replacen("lifetime  = \"14 days\"", "lifetime  = \"2 days\"", 1)
    })
    .await;
    let (book, now) = (world.flows.book(), world.now);
    let days = |token: Token| token.lasts(&book, now).map(|it| it / DAY);
    assert_eq!((days(Token::Refusal), days(Token::Browser)), (Some(366), Some(366)));
    assert_eq!((days(Token::Session), days(Token::Guardian)), (Some(2), Some(14)));
    let shown = flows::consent::show(&book, ("en", Signals::default()), false, now).unwrap();
    assert_eq!(shown.refusal_days, 366);
    let person = visitor(&world).await;
    let (_, session) = world.person("wei@example.com").await;
    world.later(DAY);
    assert!(flows::account::who(&world.flows, &session, world.now).await.unwrap().is_some());
    world.later(DAY);
    let after = flows::account::who(&world.flows, &session, world.now).await.unwrap();
    assert!(after.is_none(), "the store forgets it with the browser");
    world.later(200 * DAY);
    world.work().await;
    let english = ("en", Signals::default());
    let still = flows::consent::Shown::to(&world.flows, person, english, world.now).await.unwrap();
    assert_eq!(still.into_inner().choices["improve"], "given", "known for a year here");
}
