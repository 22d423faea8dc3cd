//! Addresses and passwords that change: what waits until it is proved, what nobody is told, and who is
//! told afterwards.

use flows::account::SignIn;
use flows::{PersonId, Plain, Secret, Stop};

use crate::support::{START, World};

async fn wants(world: &World, person: PersonId, address: &str) -> Result<serde_json::Value, Stop> {
    let what = ("email", Plain::from(address), None);
    let done = flows::rights::correct(&world.flows, person, what, world.now).await;
    done.map(|it| it.into_inner().0)
}

async fn held(world: &World, person: PersonId) -> (String, Vec<String>) {
    let data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    let data = data.into_inner();
    let email = data.data.iter().find(|it| it.category == "email").unwrap().value.clone();
    (email.unwrap(), data.waiting.into_iter().map(|it| it.value).collect())
}

fn sign_in(email: &str, password: &str) -> SignIn {
    SignIn {
        email: Plain::from(email),
        region: None,
        password: Some(Plain::from(password)),
        code: None,
        label: "Firefox, computer".to_owned(),
        language: "en".to_owned(),
    }
}

fn to<'a>(mails: &'a [String], address: &str) -> Vec<&'a String> {
    mails.iter().filter(|it| it.contains(&format!("To: {address}"))).collect()
}

#[tokio::test]
async fn a_new_address_waits_until_it_is_proved() {
    let mut world = World::new().await;
    let (person, session) = world.person("wei@example.com").await;
    world.later(1_000);
    let same = wants(&world, person, "WEI@example.com").await.unwrap();
    assert_eq!(same.get("waiting_until"), None, "the same address");
    let said = wants(&world, person, "li@example.com").await.unwrap();
    assert_eq!(said["waiting_until"], "2026-11-22T14:10:02Z");
    assert_eq!(world.now.millis(), START + 2_000);
    let waits = vec!["li@example.com".to_owned()];
    assert_eq!(held(&world, person).await, ("wei@example.com".to_owned(), waits));
    let used = world.uses(person, "service", &["email"]).await.unwrap();
    assert_eq!(used.values.get("email"), Some("wei@example.com"), "the old one is in force");
    assert!(!world.holds("li@example.com"));

    world.work().await;
    world.later(1_000);
    let mails = world.mails().await;
    assert!(mails.last().unwrap().contains("To: li@example.com"));
    assert_eq!(to(&mails, "wei@example.com").len(), 1, "the old one was not told anything yet");
    let code = world.code().await;
    // The code stands for the new address: nobody signs in to the old one with it.
    let old = SignIn {
        password: None,
        code: Some(Secret::given(&code)),
        ..sign_in("wei@example.com", "")
    };
    let stop = flows::account::sign_in(&world.flows, old, world.now).await;
    assert!(matches!(stop, Err(Stop::Wrong)));
    let signed = world.verify(&person.to_string(), &code).await.unwrap();
    assert_eq!(signed.state, "active");
    assert_eq!(held(&world, person).await, ("li@example.com".to_owned(), Vec::new()));

    // Whoever was signed in is not any more, and the old address says how to object.
    let who = async |it: &Secret| flows::account::who(&world.flows, it, world.now).await.unwrap();
    assert_eq!((who(&session).await, who(&signed.session).await), (None, Some(person)));
    world.later(1_000);
    let mails = world.mails().await;
    let told = to(&mails, "wei@example.com");
    assert!(told.last().unwrap().contains("Your address was changed"));
    assert!(told.last().unwrap().contains("object"));
    let ask = sign_in("wei@example.com", "correct horse battery");
    assert!(matches!(
        flows::account::sign_in(&world.flows, ask, world.now).await,
        Err(Stop::Wrong)
    ));
    let ask = sign_in("li@example.com", "correct horse battery");
    assert!(flows::account::sign_in(&world.flows, ask, world.now).await.is_ok());
}

#[tokio::test]
async fn whether_a_new_address_has_an_account_is_not_told() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let (owner, _) = world.person("li@example.com").await;
    world.later(3_600_000);
    let taken = wants(&world, person, "li@example.com").await.unwrap();
    assert_eq!(held(&world, person).await.1, ["li@example.com"]);
    let before = world.mails().await.len();
    world.work().await;
    world.later(1_000);
    let mails = world.mails().await;
    assert_eq!(mails.len(), before + 1);
    assert!(mails.last().unwrap().contains("To: li@example.com"));
    assert!(mails.last().unwrap().contains("You already have an account"));
    assert!(!mails.last().unwrap().contains("Your code is"));
    world.later(-1_000);
    let free = wants(&world, person, "no@example.com").await.unwrap();
    assert_eq!(taken, free);
    assert_eq!(held(&world, owner).await, ("li@example.com".to_owned(), Vec::new()));
}

#[tokio::test]
async fn the_last_new_address_counts_and_only_its_code() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    wants(&world, person, "mine@example.com").await.unwrap();
    world.work().await;
    world.later(1_000);
    let mine = world.code().await;
    wants(&world, person, "victim@example.com").await.unwrap();
    assert!(matches!(world.verify(&person.to_string(), &mine).await, Err(Stop::Wrong)));
    world.work().await;
    assert!(matches!(world.verify(&person.to_string(), &mine).await, Err(Stop::Wrong)));
    assert_eq!(held(&world, person).await.0, "wei@example.com");
    world.later(10 * 60_000);
    assert!(held(&world, person).await.1.is_empty(), "what nobody proves goes");
}

#[tokio::test]
async fn somebody_who_is_quicker_with_an_address_keeps_it() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    wants(&world, person, "li@example.com").await.unwrap();
    world.work().await;
    world.later(1_000);
    let code = world.code().await;
    let (quicker, _) = world.person("li@example.com").await;
    assert!(matches!(world.verify(&person.to_string(), &code).await, Err(Stop::Taken)));
    assert_eq!(held(&world, person).await.0, "wei@example.com");
    assert_eq!(held(&world, quicker).await.0, "li@example.com");
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_is_told() {
    let mut world = World::new().await;
    let (person, session) = world.person("wei@example.com").await;
    world.later(1_000);
    let what = ("password", Plain::from("another horse battery"), None);
    let _done = flows::rights::correct(&world.flows, person, what, world.now).await.unwrap();
    assert_eq!(flows::account::who(&world.flows, &session, world.now).await.unwrap(), None);
    world.work().await;
    let mails = world.mails().await;
    assert!(mails.last().unwrap().contains("Your password was changed"));
    assert!(mails.last().unwrap().contains("To: wei@example.com"));
    let old = sign_in("wei@example.com", "correct horse battery");
    assert!(matches!(
        flows::account::sign_in(&world.flows, old, world.now).await,
        Err(Stop::Wrong)
    ));
    let new = sign_in("wei@example.com", "another horse battery");
    assert!(flows::account::sign_in(&world.flows, new, world.now).await.is_ok());
}
