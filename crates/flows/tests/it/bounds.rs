//! Bounds on what is tried on one person, and mailed to them: kept over new codes and restarts.

use flows::account::SignIn;
use flows::limit::{
    CODE_MAILS_HOUR_MAX, CODE_TRIES_DAY_MAX, CODE_TRIES_MAX, NEW_ADDRESSES_HOUR_MAX,
    PASSWORD_TRIES_DAY_MAX,
};
use flows::rights::Page;
use flows::{Plain, Secret, Stop};

use crate::support::{DAY, World};

const HOUR: i64 = 3_600_000;

fn by(password: Option<&str>, code: Option<&str>) -> SignIn {
    SignIn {
        email: Plain::from("wei@example.com"),
        region: None,
        password: password.map(Plain::from),
        code: code.map(Secret::given),
        label: "Firefox, computer".to_owned(),
        language: "en".to_owned(),
    }
}

async fn signs_in(world: &World, ask: SignIn) -> bool {
    match flows::account::sign_in(&world.flows, ask, world.now).await {
        Ok(_) => true,
        Err(Stop::Wrong) => false,
        Err(other) => panic!("{other:?}"),
    }
}

async fn new_code(world: &mut World) -> String {
    world.later(HOUR);
    flows::account::send_code(&world.flows, by(None, None), world.now).await.unwrap();
    world.code().await
}

#[tokio::test]
async fn a_new_code_brings_no_new_tries() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    for _ in 0..CODE_TRIES_DAY_MAX / CODE_TRIES_MAX {
        let code = new_code(&mut world).await;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        for _ in 0..CODE_TRIES_MAX {
            assert!(!signs_in(&world, by(None, Some(wrong))).await);
        }
    }
    let code = new_code(&mut world).await;
    assert!(!signs_in(&world, by(None, Some(&code))).await, "not even the right one");
    assert!(matches!(world.verify(&person.to_string(), &code).await, Err(Stop::Wrong)));
    let mut world = world.reopen().await;
    assert!(!signs_in(&world, by(None, Some(&code))).await, "nor after a restart");
    // The link by which a closing is taken back cannot be guessed, and works.
    let closing = flows::account::close(&world.flows, person, (None, None), world.now).await;
    let closing = closing.unwrap().into_inner();
    world.later(1_000);
    let mails = world.mails().await.join("\n").replace("=\r\n", "").replace("=3D", "=");
    let token: String = mails.rsplit("token=").next().unwrap().chars().take(43).collect();
    let cancel = flows::account::Cancel {
        person,
        request: flows::RequestId::parse(&closing.request).unwrap(),
        token: Some(Secret::given(token)),
    };
    assert!(flows::account::cancel(&world.flows, cancel, world.now).await.is_ok());
    world.later(DAY);
    let code = new_code(&mut world).await;
    assert!(signs_in(&world, by(None, Some(&code))).await, "the next day");
}

#[tokio::test]
async fn codes_are_mailed_a_few_times_an_hour() {
    let mut world = World::new().await;
    world.register(World::form("wei@example.com")).await.unwrap();
    for _ in 0..2 * CODE_MAILS_HOUR_MAX {
        world.later(1_000);
        flows::account::send_code(&world.flows, by(None, None), world.now).await.unwrap();
        world.mails().await;
    }
    let most = usize::try_from(CODE_MAILS_HOUR_MAX).unwrap();
    assert_eq!(world.mails().await.len(), most, "with the one of the registration");
    let mut world = world.reopen().await;
    flows::account::send_code(&world.flows, by(None, None), world.now).await.unwrap();
    assert_eq!(world.mails().await.len(), most);
    let code = world.code().await;
    assert!(signs_in(&world, by(None, Some(&code))).await, "the last one stays good");
    world.later(HOUR);
    flows::account::send_code(&world.flows, by(None, None), world.now).await.unwrap();
    assert_eq!(world.mails().await.len(), most + 1);
}

#[tokio::test]
async fn the_owner_of_an_address_is_told_once_an_hour() {
    let mut world = World::new().await;
    world.person("wei@example.com").await;
    // Across the full hour too, and after the first was delivered.
    world.later(59 * 60_000);
    for _ in 0..4 {
        world.later(60_000);
        world.register(World::form("wei@example.com")).await.unwrap();
        world.mails().await;
    }
    let told = |mails: Vec<String>| {
        mails.iter().filter(|it| it.contains("You already have an account")).count()
    };
    assert_eq!(told(world.mails().await), 1);
    let mut world = world.reopen().await;
    world.register(World::form("wei@example.com")).await.unwrap();
    assert_eq!(told(world.mails().await), 1);
    world.later(HOUR);
    world.register(World::form("wei@example.com")).await.unwrap();
    assert_eq!(told(world.mails().await), 2);
}

#[tokio::test]
async fn new_addresses_are_tried_a_few_times_an_hour() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    for n in 0..NEW_ADDRESSES_HOUR_MAX {
        let what = ("email", Plain::from(format!("li{n}@example.com").as_str()), None);
        let done = flows::rights::correct(&world.flows, person, what, world.now).await;
        assert!(done.is_ok());
    }
    let what = ("email", Plain::from("li@example.com"), None);
    let stop = flows::rights::correct(&world.flows, person, what, world.now).await;
    assert!(matches!(stop, Err(Stop::NotNow(_))));
}

#[tokio::test]
async fn wrong_passwords_are_bounded_and_folded() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    for _ in 0..PASSWORD_TRIES_DAY_MAX {
        world.later(1);
        assert!(!signs_in(&world, by(Some("wrong horse battery"), None)).await);
    }
    let right = || by(Some("correct horse battery"), None);
    assert!(!signs_in(&world, right()).await, "not opened any more");
    let uses = flows::rights::uses(&world.flows, person, &Page::default(), world.now).await;
    let uses = uses.unwrap().into_inner().uses;
    let tries: Vec<u32> = uses.iter().filter(|it| it.in_vain).map(|it| it.times).collect();
    assert_eq!(tries, [PASSWORD_TRIES_DAY_MAX], "one line, and the last try left no record");
    assert!(uses.iter().all(|it| it.in_vain || it.times == 1));
    let code = new_code(&mut world).await;
    assert!(signs_in(&world, by(None, Some(&code))).await, "the code is the way in");
    world.later(DAY);
    assert!(signs_in(&world, right()).await);
}
