//! Somebody without an account asks for a right, by an address that is theirs.

use flows::rights::{Answer, Open, answer, ask_by_address, follow, prove};
use flows::{Plain, RequestId, Secret, Stop};

use crate::requests::OFFICER;
use crate::support::{DAY, World};

const STRANGER: &str = "planted.stranger@example.org";

fn asks(right: &str, address: &str) -> Open {
    Open {
        right: right.to_owned(),
        address: Some(Plain::from(address)),
        region: Some("cn".to_owned()),
        language: "en".to_owned(),
        ..Open::default()
    }
}

/// The newest mail to an address.
async fn mailed(world: &World, to: &str) -> String {
    let mails = world.mails().await;
    let plain = mails.iter().rev().map(|it| it.replace("=\r\n", "").replace("=3D", "="));
    plain.into_iter().find(|it| it.contains(&format!("To: {to}"))).unwrap()
}

/// The request, the secret of its link and the code, as a mail has them.
async fn sent(world: &World, to: &str) -> (RequestId, Secret, Secret) {
    let mail = mailed(world, to).await;
    let part = |after: &str, stop: &[char]| {
        mail.split(after).nth(1).unwrap().split(stop).next().unwrap().to_owned()
    };
    let request = RequestId::parse(&part("request=", &['&'])).unwrap();
    let token = Secret::given(part("token=", &['\r', '\n', ' ']));
    (request, token, Secret::given(part("Your code is ", &['\r', '\n'])))
}

#[tokio::test]
async fn a_stranger_asks_proves_the_address_and_is_answered() {
    let mut world = World::new().await;
    ask_by_address(&world.flows, asks("access", STRANGER), world.now).await.unwrap();
    assert_eq!(world.mails().await.len(), 1, "one mail, with the code");
    let (request, token, code) = sent(&world, STRANGER).await;
    let seen = follow(&world.flows, (request, &token)).await.unwrap();
    assert!(seen.code && seen.open);
    let given = Answer { text: Some(Plain::from("Yes")), ..Answer::default() };
    let early = answer(&world.flows, OFFICER, (request, given), world.now).await;
    assert!(matches!(early, Err(Stop::NotNow(_))), "nobody knows yet who asks");
    world.later(1_000);
    let wrong = prove(&world.flows, (request, &token), Secret::given("000000"), world.now).await;
    assert!(matches!(wrong, Err(Stop::Wrong)));
    let _proved = prove(&world.flows, (request, &token), code, world.now).await.unwrap();
    world.later(1_000);
    let mail = mailed(&world, STRANGER).await;
    assert!(mail.contains(&request.to_string()) && !mail.contains("Your code"), "{mail}");
    // It stays beyond the time for the code, and the desk answers it.
    world.later(8 * DAY);
    world.work().await;
    assert!(follow(&world.flows, (request, &token)).await.unwrap().open);
    let done = answer(&world.flows, OFFICER, (request, Answer::default()), world.now).await;
    assert_eq!(done.unwrap().into_inner().state, "done");
}

#[tokio::test]
async fn of_whoever_does_not_prove_the_address_nothing_stays() {
    let mut world = World::new().await;
    let ask = Open { text: Some(Plain::from("Planted-Wish")), ..asks("delete", STRANGER) };
    ask_by_address(&world.flows, ask, world.now).await.unwrap();
    let (request, token, _) = sent(&world, STRANGER).await;
    world.later(7 * DAY + 1_000);
    world.work().await;
    world.work().await;
    let seen = follow(&world.flows, (request, &token)).await;
    assert!(seen.is_err() || !seen.unwrap().open);
    let owner = flows::rights::read(&world.flows, OFFICER, request, world.now).await;
    assert!(
        !matches!(owner, Ok(flows::rights::Reading::Whole(_))),
        "the stranger went with the request"
    );
    for planted in [STRANGER, "Planted-Wish"] {
        assert!(!world.holds(planted), "{planted}");
    }
}

#[tokio::test]
async fn nobody_learns_whether_an_address_has_an_account() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    world.later(1_000);
    // Whatever stands in its way, the answer is the same.
    let ask =
        flows::rights::Ask { right: "close-account".to_owned(), ..flows::rights::Ask::default() };
    for address in ["wei@example.com", STRANGER] {
        ask_by_address(&world.flows, asks("access", address), world.now).await.unwrap();
    }
    let (request, token, code) = sent(&world, "wei@example.com").await;
    let _proved = prove(&world.flows, (request, &token), code, world.now).await.unwrap();
    let own = flows::rights::requests(&world.flows, person, None, world.now).await.unwrap();
    assert_eq!(own.into_inner().requests.len(), 1, "it is the account's request");
    let _closed = flows::rights::ask(&world.flows, person, ask, world.now).await.unwrap();
    for address in ["wei@example.com", STRANGER] {
        ask_by_address(&world.flows, asks("withdraw", address), world.now).await.unwrap();
    }
    let wrong = ask_by_address(&world.flows, asks("access", "no address"), world.now).await;
    assert!(matches!(wrong, Err(Stop::Invalid { field, .. }) if field == "address"));
    let object = ask_by_address(&world.flows, asks("object", STRANGER), world.now).await;
    assert!(matches!(object, Err(Stop::Invalid { field, .. }) if field == "purpose"));
}
