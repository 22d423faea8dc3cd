//! Accounts: codes, passwords, idempotency, age, and what nobody is told.

use decide::RegionCode;
use flows::account::SignIn;
use flows::consent::Who;
use flows::{Plain, Secret, Stop};

use crate::support::{World, key, refused, settings, starter};

fn sign_in(email: &str) -> SignIn {
    SignIn {
        email: Plain::from(email),
        region: None,
        password: None,
        code: None,
        label: "Firefox, computer".to_owned(),
        language: "en".to_owned(),
    }
}

#[tokio::test]
async fn an_address_that_is_known_gets_the_usual_answer() {
    let mut world = World::new().await;
    let first = world.register(World::form("wei@example.com")).await.unwrap();
    world.later(1_000);
    let second = world.register(World::form("wei@example.com")).await.unwrap();
    assert_ne!(first.id, second.id);
    assert_eq!(first.state, second.state);
    assert_eq!(first.id.len(), second.id.len());
    let mails = world.mails().await;
    assert!(mails.iter().any(|it| it.contains("You already have an account")));
    // The id is nobody's, and a code for it is as wrong as any.
    let code = world.code().await;
    assert!(matches!(world.verify(&second.id, &code).await, Err(Stop::Wrong)));
    assert!(world.verify(&first.id, &code).await.is_ok());
}

#[tokio::test]
async fn a_code_is_tried_five_times_and_for_ten_minutes() {
    let mut world = World::new().await;
    let registered = world.register(World::form("wei@example.com")).await.unwrap();
    let code = world.code().await;
    let other = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        assert!(matches!(world.verify(&registered.id, other).await, Err(Stop::Wrong)));
    }
    assert!(matches!(world.verify(&registered.id, &code).await, Err(Stop::Wrong)), "used up");
    world.later(1_000);
    flows::account::send_code(&world.flows, sign_in("wei@example.com"), world.now).await.unwrap();
    let code = world.code().await;
    world.later(10 * 60_000);
    assert!(matches!(world.verify(&registered.id, &code).await, Err(Stop::Wrong)), "too old");
}

#[tokio::test]
async fn signing_in_by_password_and_by_code() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let with = |password: &str| SignIn {
        password: Some(Plain::from(password)),
        ..sign_in("Wei@Example.com")
    };
    let done =
        flows::account::sign_in(&world.flows, with("correct horse battery"), world.now).await;
    assert_eq!(done.unwrap().into_inner().id, person.to_string());
    let done = flows::account::sign_in(&world.flows, with("wrong horse battery"), world.now).await;
    assert!(matches!(done, Err(Stop::Wrong)));
    let nobody = SignIn { email: Plain::from("no@example.com"), ..with("correct horse battery") };
    let done = flows::account::sign_in(&world.flows, nobody, world.now).await;
    assert!(matches!(done, Err(Stop::Wrong)));
    world.later(1_000);
    flows::account::send_code(&world.flows, sign_in("wei@example.com"), world.now).await.unwrap();
    let code = Some(Secret::given(world.code().await));
    let by_code = SignIn { code: code.clone(), ..sign_in("wei@example.com") };
    assert!(flows::account::sign_in(&world.flows, by_code, world.now).await.is_ok());
    let again = SignIn { code, ..sign_in("wei@example.com") };
    let done = flows::account::sign_in(&world.flows, again, world.now).await;
    assert!(matches!(done, Err(Stop::Wrong)), "a code works once");
    let nobody = sign_in("no@example.com");
    flows::account::send_code(&world.flows, nobody, world.now).await.unwrap();
}

#[tokio::test]
async fn whoever_proves_the_address_is_rid_of_a_stranger_s_password() {
    let mut world = World::new().await;
    let stranger = world.register(World::form("wei@example.com")).await.unwrap();
    world.later(1_000);
    flows::account::send_code(&world.flows, sign_in("wei@example.com"), world.now).await.unwrap();
    let code = Some(Secret::given(world.code().await));
    let owner = SignIn { code, ..sign_in("wei@example.com") };
    let signed = flows::account::sign_in(&world.flows, owner, world.now).await.unwrap();
    assert_eq!(signed.into_inner().id, stranger.id);
    let password = Some(Plain::from("correct horse battery"));
    let with = SignIn { password, ..sign_in("wei@example.com") };
    let done = flows::account::sign_in(&world.flows, with, world.now).await;
    assert!(matches!(done, Err(Stop::Wrong)));
}

#[tokio::test]
async fn an_unverified_account_serves_what_a_contract_needs_and_no_more() {
    let world = World::new().await;
    let registered = world.register(World::form("wei@example.com")).await.unwrap();
    let person = flows::PersonId::parse(&registered.id).unwrap();
    assert!(world.uses(person, "service", &["email"]).await.is_ok());
    let (reason, _) = refused(world.uses(person, "improve", &["language"]).await);
    assert_eq!(reason, "unverified");
}

#[tokio::test]
async fn a_child_waits_and_nothing_is_kept_but_the_address() {
    let mut world = World::new().await;
    let mut form = World::form("kid@example.com");
    form.birth_date = Some(Plain::from("2015-01-01"));
    let registered = world.register(form).await.unwrap();
    assert_eq!(registered.state, "awaiting-guardian");
    world.later(1_000);
    let code = world.code().await;
    assert_eq!(world.verify(&registered.id, &code).await.unwrap().state, "awaiting-guardian");
    let person = flows::PersonId::parse(&registered.id).unwrap();
    let data =
        flows::rights::data(&world.flows, person, "en", world.now).await.unwrap().into_inner();
    let held: Vec<&str> = data.data.iter().map(|it| it.category.as_str()).collect();
    assert_eq!(held, ["email"]);
    let (reason, clauses) = refused(world.uses(person, "service", &["email"]).await);
    assert_eq!((reason.as_str(), clauses[0].as_str()), ("guardian-missing", "minors"));
}

#[tokio::test]
async fn the_same_key_does_it_once() {
    let world = World::new().await;
    let form = || flows::account::Register {
        idempotency: Some(key("one")),
        ..World::form("wei@example.com")
    };
    let first = world.register(form()).await.unwrap();
    let Err(Stop::Replayed { status, body }) = world.register(form()).await else { panic!() };
    assert_eq!(status, 201);
    assert_eq!(body, serde_json::to_string(&first).unwrap());
    assert_eq!(world.mails().await.len(), 1, "no second code, no mail about an account");
}

#[tokio::test]
async fn what_does_not_fit_says_where() {
    let world = World::new().await;
    let field = |stop: Result<_, Stop>| match stop {
        Err(Stop::Invalid { field, .. }) => field,
        other => panic!("{other:?}"),
    };
    let bad = World::form("no address");
    assert_eq!(field(world.register(bad).await), "email");
    let bad = flows::account::Register { accept: 7, ..World::form("a@example.com") };
    assert_eq!(field(world.register(bad).await), "accept.version");
    let bad = flows::account::Register { region: "us".to_owned(), ..World::form("a@example.com") };
    assert_eq!(field(world.register(bad).await), "region");
    let mut bad = World::form("a@example.com");
    bad.data.push(("address".to_owned(), Plain::from("1 Road")));
    assert_eq!(field(world.register(bad).await), "data.address");
    let mut bad = World::form("a@example.com");
    bad.data = vec![("password".to_owned(), Plain::from("short"))];
    assert_eq!(field(world.register(bad).await), "password");
}

#[tokio::test]
async fn a_find_is_a_use() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let find = |value: &str| flows::purpose::Find {
        category: "email".to_owned(),
        value: Plain::from(value),
        purpose: "service".to_owned(),
        region: None,
    };
    let found = flows::purpose::find(&world.flows, &world.app, find(" WEI@example.com"), world.now);
    assert_eq!(found.await.unwrap().people, [person.to_string()]);
    let found = flows::purpose::find(&world.flows, &world.app, find("no@example.com"), world.now);
    assert!(found.await.unwrap().people.is_empty());
    let other = flows::purpose::Find { purpose: "protect".to_owned(), ..find("wei@example.com") };
    let stop = flows::purpose::find(&world.flows, &world.app, other, world.now).await;
    assert!(matches!(stop, Err(Stop::NotBound(_))));
    assert_eq!(person.region(), RegionCode::new("cn").unwrap());
}

#[tokio::test]
async fn a_version_is_stored_once_with_its_rules() {
    let world = World::new().await;
    let now = world.now;
    let dir = world.dir;
    drop(world.flows);
    let mut folder = starter();
    let text = folder.files.get_mut("policy.md").unwrap();
    *text = text.replace("for   = \"2 years\"", "for   = \"3 years\"");
    let stop = flows::Flows::open(settings(dir.path()), &folder, now).await.unwrap_err();
    assert!(stop.to_string().contains("raise `version`"), "{stop}");
    assert!(flows::Flows::open(settings(dir.path()), &starter(), now).await.is_ok());
}

#[tokio::test]
async fn a_restart_forgets_nothing() {
    let mut world = World::new().await;
    let (person, session) = world.person("wei@example.com").await;
    world.choose(Who::Known(person), &[("advertise", "given")]).await;
    world.work().await;
    let world = world.reopen().await;
    assert_eq!(flows::account::who(&world.flows, &session, world.now).await.unwrap(), Some(person));
    let used = world.uses(person, "advertise", &["email"]).await.unwrap();
    assert_eq!(used.values.get("email"), Some("wei@example.com"));
}
