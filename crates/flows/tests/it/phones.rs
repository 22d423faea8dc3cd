//! Codes to phones: bounded, and sealed until they leave; a guardian who is reached by one.

use std::path::PathBuf;

use flows::account::{Register, send_phone_code, verify_phone};
use flows::messages::text::{Texts, Way, deliver};
use flows::minors::{Answer, Enter, Invite};
use flows::rights::{Held, correct};
use flows::{PersonId, Plain, Secret, Stop};

use crate::guardians::{guard, id};
use crate::support::{DAY, World};

pub(crate) const SECRET: &str = "a-secret-of-both-sides-0123456789";
/// The number that every form of the world names.
pub(crate) const NUMBER: &str = "+8613800138000";
pub(crate) const OTHERS: &str = "+8613900139000";
const GUARDIANS: &str = "+8613700137000";

/// A world whose texts are files.
async fn world() -> World {
    let world = World::new().await;
    let way = Some(Way::Folder(world.dir.path().join("text")));
    world.flows.text_by(Texts { way, ..Texts::default() }).unwrap();
    world
}

/// Every text there is, oldest first, once what is due is done and delivered.
async fn texts(world: &World) -> Vec<String> {
    world.work().await;
    deliver(&world.flows, world.now).await.unwrap();
    let mut files: Vec<PathBuf> = match std::fs::read_dir(world.dir.path().join("text")) {
        Ok(entries) => entries.map(|it| it.unwrap().path()).collect(),
        Err(_) => Vec::new(),
    };
    files.sort();
    files.iter().map(|it| std::fs::read_to_string(it).unwrap()).collect()
}

/// The six digits in a text.
pub(crate) fn code_in(text: &str) -> String {
    let mut words = text.split(|it: char| !it.is_ascii_digit());
    words.rfind(|it| it.len() == 6).unwrap().to_owned()
}

async fn code(world: &World) -> String {
    code_in(texts(world).await.last().unwrap())
}

fn other_than(code: &str) -> Secret {
    Secret::given(if code == "000000" { "000001" } else { "000000" })
}

async fn phone(world: &World, person: PersonId) -> Option<Held> {
    let data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    data.into_inner().data.iter().find(|it| it.category == "phone").cloned()
}

async fn verified(world: &World, person: PersonId) -> Option<bool> {
    phone(world, person).await.unwrap().verified
}

pub(crate) async fn proves(world: &World, person: PersonId, code: &str) -> Result<(), Stop> {
    let code = Secret::given(code);
    verify_phone(&world.flows, (person, &code), world.now).await.map(drop)
}

async fn asks(world: &World, person: PersonId) -> Result<(), Stop> {
    send_phone_code(&world.flows, person, world.now).await.map(drop)
}

#[tokio::test]
async fn a_number_is_proved_by_a_code_and_signs_nobody_in() {
    let mut world = world().await;
    let registered = world.register(World::form("wei@example.com")).await.unwrap();
    let person = id(&registered);
    assert!(texts(&world).await.is_empty(), "no text before somebody proved the address");
    assert!(matches!(asks(&world, person).await, Err(Stop::NotNow(_))));
    world.later(1_000);
    let by_mail = world.code().await;
    world.verify(&registered.id, &by_mail).await.unwrap();
    assert_eq!(verified(&world, person).await, Some(false));
    let sent = texts(&world).await;
    assert_eq!(sent.len(), 1);
    assert!(sent[0].starts_with(&format!("To: {NUMBER}\n")), "{}", sent[0]);
    let code = code_in(&sent[0]);
    let wrong = other_than(&code);
    let tried = verify_phone(&world.flows, (person, &wrong), world.now).await;
    assert!(matches!(tried, Err(Stop::Wrong)));
    // The code of the phone proves no address.
    assert!(matches!(world.verify(&registered.id, &code).await, Err(Stop::Wrong)));
    proves(&world, person, &code).await.unwrap();
    assert_eq!(verified(&world, person).await, Some(true));
    assert!(matches!(proves(&world, person, &code).await, Err(Stop::Wrong)), "once");
    assert!(matches!(asks(&world, person).await, Err(Stop::NotNow(_))), "it is proved");
    assert!(!world.holds(NUMBER) && !world.holds("13800138000"), "sealed, in the outbox too");
    let world = world.reopen().await;
    let way = Some(Way::Folder(world.dir.path().join("text")));
    world.flows.text_by(Texts { way, ..Texts::default() }).unwrap();
    assert_eq!(verified(&world, person).await, Some(true));
}

#[tokio::test]
async fn without_a_way_nothing_changes() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    world.work().await;
    assert_eq!(deliver(&world.flows, world.now).await.unwrap(), 0);
    assert_eq!(verified(&world, person).await, None);
    assert!(matches!(asks(&world, person).await, Err(Stop::NotNow(_))));
    assert!(!flows::minors::by_phone(&world.flows));
}

#[tokio::test]
async fn a_corrected_number_is_proved_anew_and_an_old_code_proves_it_not() {
    let mut world = world().await;
    let (person, _) = world.person("wei@example.com").await;
    let old = code(&world).await;
    world.later(1_000);
    let given = ("phone", Plain::from(OTHERS), None);
    drop(correct(&world.flows, person, given, world.now).await.unwrap());
    assert!(matches!(proves(&world, person, &old).await, Err(Stop::Wrong)));
    let sent = texts(&world).await;
    assert!(sent.last().unwrap().starts_with(&format!("To: {OTHERS}\n")));
    proves(&world, person, &code_in(sent.last().unwrap())).await.unwrap();
    assert_eq!(verified(&world, person).await, Some(true));
    world.later(1_000);
    let given = ("phone", Plain::from(NUMBER), None);
    drop(correct(&world.flows, person, given, world.now).await.unwrap());
    assert_eq!(verified(&world, person).await, Some(false), "another number is not proved");
}

#[tokio::test]
async fn texts_are_bounded_by_person_by_number_and_by_country() {
    let mut world = world().await;
    let (one, _) = world.person("one@example.com").await;
    assert_eq!(texts(&world).await.len(), 1);
    for _ in 1..flows::limit::TEXTS_OF_ONE_DAY_MAX {
        world.later(1_000);
        asks(&world, one).await.unwrap();
    }
    let Err(Stop::Full { seconds }) = asks(&world, one).await else { panic!("too many") };
    assert!((86_000..=86_400).contains(&seconds), "{seconds}");
    // Others with the same number share what that number may get.
    let (two, _) = world.person("two@example.com").await;
    world.work().await;
    for _ in 1..flows::limit::TEXTS_OF_ONE_DAY_MAX {
        world.later(1_000);
        asks(&world, two).await.unwrap();
    }
    let (three, _) = world.person("three@example.com").await;
    let before = texts(&world).await.len();
    assert_eq!(before, usize::try_from(flows::limit::TEXTS_OF_NUMBER_DAY_MAX).unwrap());
    assert!(matches!(asks(&world, three).await, Err(Stop::Full { .. })), "the number is full");
    world.later(DAY);
    asks(&world, three).await.unwrap();
    assert_eq!(texts(&world).await.len(), before + 1);

    let way = Some(Way::Folder(world.dir.path().join("text")));
    world.flows.text_by(Texts { way, countries: vec!["+49".to_owned()] }).unwrap();
    assert!(matches!(asks(&world, two).await, Err(Stop::Invalid { .. })));
}

#[tokio::test]
async fn wrong_codes_are_counted_and_a_code_wears_out() {
    let mut world = world().await;
    let (person, _) = world.person("wei@example.com").await;
    let code = code(&world).await;
    for _ in 0..flows::limit::CODE_TRIES_MAX {
        let wrong = other_than(&code);
        let tried = verify_phone(&world.flows, (person, &wrong), world.now).await;
        assert!(matches!(tried, Err(Stop::Wrong)));
    }
    assert!(matches!(proves(&world, person, &code).await, Err(Stop::Wrong)), "worn out");
    assert_eq!(verified(&world, person).await, Some(false));
}

#[tokio::test]
async fn what_is_wrong_with_a_way_is_said() {
    let world = World::new().await;
    let gateway = |url: &str, secret: &str| Texts {
        way: Some(Way::Gateway { url: url.to_owned(), secret: Secret::given(secret) }),
        ..Texts::default()
    };
    let bad = |texts| matches!(world.flows.text_by(texts), Err(Stop::Invalid { .. }));
    assert!(bad(gateway("http://sms.example.com/", SECRET)));
    assert!(bad(gateway("https://sms.example.com/", "short")));
    assert!(bad(Texts { way: None, countries: vec!["cn".to_owned()] }));
    assert!(!world.flows.texts());
    world.flows.text_by(gateway("https://sms.example.com/", SECRET)).unwrap();
    assert!(world.flows.texts());
}

/// A minor who has a link to hand on.
async fn handed(world: &mut World) -> (PersonId, Secret) {
    let form = Register {
        birth_date: Some(Plain::from("2010-01-01")),
        data: Vec::new(),
        ..World::form("teen@example.com")
    };
    let teen = id(&world.register(form).await.unwrap());
    world.later(1_000);
    let ask = Invite { email: None, language: "en".to_owned() };
    let invited = flows::minors::invite(&world.flows, teen, ask, world.now).await.unwrap();
    let link = invited.into_inner().link.clone().unwrap();
    let token = link.split("/privacy/guardian/").nth(1).unwrap().split('?').next().unwrap();
    (teen, Secret::given(token))
}

fn says(phone: &str, code: Option<&str>) -> Answer {
    Answer {
        decision: "agree".to_owned(),
        birth_date: Some(Plain::from("1980-03-04")),
        phone: Some(Plain::from(phone)),
        code: code.map(Secret::given),
        ..Answer::default()
    }
}

async fn answers(world: &World, token: &Secret, ask: Answer) -> Result<Option<Secret>, Stop> {
    let done = flows::minors::answer(&world.flows, token, ask, world.now).await;
    done.map(|it| it.into_inner().session.clone())
}

#[tokio::test]
async fn a_guardian_is_reached_by_phone_and_comes_in_by_it() {
    let mut world = world().await;
    let (teen, token) = handed(&mut world).await;
    let seen = flows::minors::look(&world.flows, &token, world.now).await.unwrap();
    assert!(seen.into_inner().by_phone);
    let own = answers(&world, &token, says(NUMBER, None)).await;
    assert!(matches!(own, Err(Stop::Invalid { .. })), "nobody is their own guardian");
    assert!(answers(&world, &token, says(GUARDIANS, None)).await.unwrap().is_none());
    let sent = texts(&world).await;
    assert!(sent.last().unwrap().starts_with(&format!("To: {GUARDIANS}\n")));
    assert!(sent.last().unwrap().contains("t…@example.com"), "for which child");
    let by_text = code_in(sent.last().unwrap());
    world.later(1_000);
    let session = answers(&world, &token, says(GUARDIANS, Some(&by_text))).await.unwrap();
    assert!(guard(&world, &session.unwrap()).await.unwrap().is_guardian());
    let page = flows::rights::Page::default();
    let uses = flows::rights::uses(&world.flows, teen, &page, world.now).await.unwrap();
    let uses = serde_json::to_string(&uses.into_inner()).unwrap();
    assert!(!uses.contains(GUARDIANS));

    world.later(DAY);
    let enter = |code: Option<&str>| Enter {
        contact: Plain::from(GUARDIANS),
        region: None,
        code: code.map(Secret::given),
        language: "en".to_owned(),
        label: String::new(),
    };
    flows::minors::check_guardian(&world.flows, &enter(None)).unwrap();
    flows::minors::send_guardian_code(&world.flows, enter(None), world.now).await.unwrap();
    let code = code(&world).await;
    let entered = flows::minors::enter(&world.flows, enter(Some(&code)), world.now).await.unwrap();
    let session = entered.into_inner().session.clone();
    assert!(guard(&world, &session).await.unwrap().is_guardian());
    assert!(!world.holds(GUARDIANS) && !world.holds("13700137000"));
}

#[tokio::test]
async fn a_guardian_gives_a_number_only_where_codes_go_there_and_the_policy_lists_it() {
    let mut world = World::new().await;
    let (_, token) = handed(&mut world).await;
    let seen = flows::minors::look(&world.flows, &token, world.now).await.unwrap();
    assert!(!seen.into_inner().by_phone);
    let tried = answers(&world, &token, says(GUARDIANS, None)).await;
    assert!(matches!(tried, Err(Stop::NotNow(_))));

    let mut policy = crate::support::starter();
    let text = policy.files.get_mut("policy.md").unwrap();
    *text = text.replace("[\"email-code\", \"phone-code\"]", "[\"email-code\"]");
    let dir = tempfile::tempdir().unwrap();
    let settings = crate::support::settings(dir.path());
    let flows = flows::Flows::open(settings, &policy, world.now).await.unwrap();
    let way = Some(Way::Folder(dir.path().join("text")));
    flows.text_by(Texts { way, ..Texts::default() }).unwrap();
    assert!(flows.texts() && !flows::minors::by_phone(&flows));
}
