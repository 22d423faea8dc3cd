//! Mistakes that others made, one test each; the numbers are those of the list in the design.

use decide::Signals;
use flows::Stop;
use flows::consent::{Answered, Who};

use crate::support::{DAY, World, refused};

/// 7: two gates that disagree, so that a person who withdrew is still served on another path.
#[tokio::test]
async fn a_withdrawal_counts_on_every_path() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    world.choose(Who::Known(person), &[("advertise", "given")]).await;
    world.choose(Who::Known(person), &[("advertise", "refused")]).await;
    refused(world.uses(person, "advertise", &["email"]).await);
    let ask = flows::purpose::Ask {
        person,
        act: "use".to_owned(),
        purpose: "advertise".to_owned(),
        categories: vec!["email".to_owned()],
        recipient: None,
        form: None,
        to_region: None,
        source: None,
    };
    let said = flows::purpose::ask(&world.flows, &world.app, ask, world.now).await.unwrap();
    assert_eq!(said.into_inner().permit, "none");
    let find = flows::purpose::Find {
        category: "email".to_owned(),
        value: flows::Plain::from("wei@example.com"),
        purpose: "advertise".to_owned(),
        region: None,
    };
    let found = flows::purpose::find(&world.flows, &world.app, find, world.now).await.unwrap();
    assert!(found.people.is_empty());
    let uses = vec![flows::purpose::Use {
        person,
        purpose: "advertise".to_owned(),
        categories: vec!["email".to_owned()],
    }];
    for done in flows::purpose::use_many(&world.flows, &world.app, uses, world.now).await {
        refused(done);
    }
}

/// 8: an identifier created in order to remember that someone refused identifiers.
#[tokio::test]
async fn a_refusal_leaves_no_identifier() {
    let world = World::new().await;
    let choices = [("improve", "refused"), ("advertise", "refused")];
    let Answered::Nobody(receipt) = world.choose(Who::Nobody, &choices).await else { panic!() };
    let receipt = receipt.0;
    assert_eq!(receipt.get("record_id"), None);
    assert_eq!(receipt.get("pii_principal_id"), None);
    let Answered::Nobody(again) = world.choose(Who::Nobody, &choices).await else { panic!() };
    assert_eq!(receipt, again.0, "the same for everybody");
}

/// 9: a refusal turned into consent by a reload or a regional default.
#[tokio::test]
async fn a_refusal_survives_being_shown_again() {
    let mut world = World::new().await;
    let book = world.flows.book();
    let shown = flows::consent::show(&book, ("en", Signals::default()), true, world.now).unwrap();
    assert!(shown.answered && shown.choices.values().all(|it| it == "refused"));
    let shown = flows::consent::show(&book, ("en", Signals::default()), false, world.now).unwrap();
    assert!(!shown.answered && shown.choices.is_empty(), "no answer is no answer");
    let (person, _) = world.person("wei@example.com").await;
    let all: Vec<(String, _)> = book.choices(person.region());
    let no: Vec<(&str, &str)> = all.iter().map(|(id, _)| (id.as_str(), "refused")).collect();
    world.choose(Who::Known(person), &no).await;
    for _ in 0..2 {
        let signals = ("en", Signals::default());
        let shown = flows::consent::Shown::to(&world.flows, person, signals, world.now).await;
        let shown = shown.unwrap().into_inner();
        assert!(shown.answered && shown.choices.values().all(|it| it == "refused"));
    }
}

/// 12: an erased person acting through an old session.
#[tokio::test]
async fn an_erased_person_has_no_session() {
    let mut world = World::new().await;
    let (person, session) = world.person("wei@example.com").await;
    let ask = (Some(&session), None);
    let _closing = flows::account::close(&world.flows, person, ask, world.now).await.unwrap();
    let who = flows::account::who(&world.flows, &session, world.now).await.unwrap();
    assert_eq!(who, Some(person), "in the window one can still change one's mind");
    world.later(7 * DAY);
    world.work().await;
    assert_eq!(flows::account::who(&world.flows, &session, world.now).await.unwrap(), None);
    let me = flows::account::me(&world.flows, person, Some(&session), world.now).await;
    assert!(matches!(me, Err(Stop::Gone)));
    // The address is free again, and nothing of the old account comes with it.
    let (anew, _) = world.person("wei@example.com").await;
    assert_ne!(anew, person);
}

/// 13: records with time stamps in the future that escape deletion by time.
#[tokio::test]
async fn an_event_of_tomorrow_is_an_event_of_now() {
    let world = World::new().await;
    let Answered::Known(recorded) = world.choose(Who::Nobody, &[("improve", "given")]).await else {
        panic!()
    };
    let session = recorded.into_inner().browser.unwrap();
    let person = flows::account::who(&world.flows, &session, world.now).await.unwrap().unwrap();
    let at = "2099-01-01T00:00:00Z";
    let event = serde_json::json!({ "type": "page-view", "at": at, "path": "/" });
    let _judged = world.send_all(Some(person), &[event], Signals::default()).await;
    let export = flows::rights::export(&world.flows, person, "en", world.now).await.unwrap();
    let export = export.into_inner().0;
    assert_eq!(export.pointer("/events/0/at").unwrap(), &flows::when(world.now));
}

/// 16: an export of nothing that is empty instead of saying that nothing is held.
#[tokio::test]
async fn an_export_of_nothing_says_so() {
    let world = World::new().await;
    let Answered::Known(recorded) = world.choose(Who::Nobody, &[("improve", "given")]).await else {
        panic!()
    };
    let session = recorded.into_inner().browser.unwrap();
    let person = flows::account::who(&world.flows, &session, world.now).await.unwrap().unwrap();
    let export = flows::rights::export(&world.flows, person, "en", world.now).await.unwrap();
    let export = export.into_inner().0;
    assert!(export["nothing"].as_str().unwrap().contains("nothing is held"));
    let data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    assert!(data.into_inner().nothing.is_some());
}
