//! Requests: what is done at once, what staff answers, and what the person is told.

use decide::Timestamp;
use flows::rights::{
    Answer, Ask, Identify, Open, Opened, Reading, RequestSeen, answer, ask, extend, follow,
    identify, open, prove, read, refuse, request, requests, take_back,
};
use flows::security::By;
use flows::{PersonId, Plain, RequestId, Secret, Stop};

use crate::support::{DAY, World};

pub(crate) const OFFICER: &str = "sta_officer";

pub(crate) async fn asks(world: &World, person: PersonId, ask_for: Ask) -> RequestSeen {
    ask(&world.flows, person, ask_for, world.now).await.unwrap().into_inner()
}

fn wish(right: &str) -> Ask {
    Ask { right: right.to_owned(), ..Ask::default() }
}

fn id(seen: &str) -> RequestId {
    RequestId::parse(seen).unwrap()
}

/// The secret of the link under which a request is followed.
pub(crate) fn token(follow: &str) -> Secret {
    Secret::given(follow.split("token=").nth(1).unwrap())
}

async fn opens(world: &World, ask: Open) -> Opened {
    open(&world.flows, By::Staff(OFFICER), ask, world.now).await.unwrap().into_inner()
}

async fn identifies(world: &World, request: &str, how: Identify) -> Result<Opened, Stop> {
    let done = identify(&world.flows, OFFICER, (id(request), how), world.now).await;
    done.map(flows::Recorded::into_inner)
}

async fn answers(world: &World, request: &str, given: Answer) -> Result<Opened, Stop> {
    let done = answer(&world.flows, OFFICER, (id(request), given), world.now).await;
    done.map(flows::Recorded::into_inner)
}

fn in_words(text: &str) -> Answer {
    Answer { text: Some(Plain::from(text)), ..Answer::default() }
}

fn not_now<T: std::fmt::Debug>(done: Result<T, Stop>) -> String {
    match done {
        Err(Stop::NotNow(say)) => say,
        other => panic!("not now, but {other:?}"),
    }
}

/// The newest mail, with the breaks of its encoding taken out.
async fn newest(world: &World) -> String {
    let mails = world.mails().await;
    mails.last().unwrap().replace("=\r\n", "").replace("=3D", "=")
}

/// What can be done at once is done at once, and each request ends with an answer in writing.
#[tokio::test]
async fn every_right_can_be_asked_for() {
    let mut world = World::new().await;
    let (person, session) = world.person("wei@example.com").await;
    let seen = asks(&world, person, wish("access")).await;
    assert_eq!((seen.state.as_str(), seen.see.as_deref()), ("done", Some("/v1/me/data")));
    assert!(seen.answer.unwrap().contains("privacy centre"));
    assert_eq!(asks(&world, person, wish("export")).await.see.unwrap(), "/v1/me/export");

    let gone = Ask { categories: vec!["phone".into(), "address".into()], ..wish("delete") };
    let seen = asks(&world, person, gone).await;
    let said = seen.answer.unwrap();
    assert_eq!(seen.state, "done");
    assert!(said.contains("Deleted: Phone") && said.contains("Not held: "), "{said}");

    let advertise = Some("advertise".to_owned());
    let seen = asks(&world, person, Ask { purpose: advertise.clone(), ..wish("withdraw") }).await;
    assert_eq!(seen.state, "done");
    let seen = asks(&world, person, Ask { purpose: advertise, ..wish("object") }).await;
    assert_eq!(seen.state, "done");
    assert_eq!(asks(&world, person, wish("restrict")).await.state, "done");
    assert_eq!(asks(&world, person, Ask { lift: true, ..wish("restrict") }).await.state, "done");

    let wrong = ask(&world.flows, person, wish("correct"), world.now).await;
    assert!(matches!(wrong, Err(Stop::Invalid { field, .. }) if field == "text"));
    let text = Some(Plain::from("My name is written with another character."));
    let seen = asks(&world, person, Ask { text, ..wish("correct") }).await;
    assert_eq!(seen.state, "received");
    assert!(newest(&world).await.contains("We have your request"));
    let held = Ask { categories: vec!["email".to_owned()], ..wish("delete") };
    let seen = asks(&world, person, held).await;
    assert_eq!(seen.state, "received", "an account needs its address: somebody looks at it");

    let closing = asks(&world, person, Ask { session: Some(session), ..wish("close-account") });
    let closing = closing.await;
    assert_eq!((closing.right.as_str(), closing.state.as_str()), ("close-account", "waiting"));
    let all = requests(&world.flows, person, None, world.now).await.unwrap().into_inner();
    assert_eq!(all.requests.len(), 10);
    let first = all.requests.last().unwrap();
    let whole = request(&world.flows, person, id(&first.id), world.now).await.unwrap().into_inner();
    assert_eq!(whole.said.len(), 1, "the answer stands with it");
}

/// A contested correction: taken up, answered, and told to the person.
#[tokio::test]
async fn staff_answers_what_needs_somebody() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let text = Some(Plain::from("My name is Wei Corrected."));
    let seen = asks(&world, person, Ask { text, ..wish("correct") }).await;
    let looked = flows::queue::Look { kinds: &flows::queue::REQUESTS, done: false, cursor: None };
    let queue = flows::queue::look(&world.flows, &looked, world.now).await.unwrap();
    assert_eq!(queue.cases.len(), 1);
    let read_it = read(&world.flows, OFFICER, id(&seen.id), world.now).await.unwrap();
    let Reading::Whole(recorded) = read_it else { panic!("nobody is erased") };
    let whole = recorded.into_inner();
    assert_eq!(whole.text.as_deref(), Some("My name is Wei Corrected."));
    assert_eq!(whole.request.identity.as_deref(), Some("session"));
    let values = vec![("name".to_owned(), Plain::from("Wei Corrected"))];
    world.later(1_000);
    let done = answers(&world, &seen.id, Answer { values, ..in_words("Of course.") }).await;
    assert_eq!(done.unwrap().state, "done");
    let used = world.uses(person, "service", &["name"]).await.unwrap();
    assert_eq!(used.values.get("name"), Some("Wei Corrected"));
    let mail = newest(&world).await;
    assert!(mail.contains("Of course.") && mail.contains(&seen.id), "{mail}");
    let said = request(&world.flows, person, id(&seen.id), world.now).await.unwrap().into_inner();
    assert!(said.said.iter().any(|it| it.kind == "out" && it.author == OFFICER));
    let again = answers(&world, &seen.id, in_words("Again.")).await;
    assert!(not_now(again).contains("`done`"));
}

/// Somebody wrote in: nothing is done before a code came back from the known address.
#[tokio::test]
async fn identity_is_checked_first() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let ask = Open {
        right: "access".to_owned(),
        address: Some(Plain::from("Wei@Example.com")),
        text: Some(Plain::from("What do you hold about me?")),
        ..Open::default()
    };
    let opened = opens(&world, ask).await;
    assert_eq!(opened.person, person.to_string(), "found by the exact address");
    assert_eq!((opened.state.as_str(), opened.identity), ("received", None));
    let early = answers(&world, &opened.id, in_words("Here it is.")).await;
    assert!(not_now(early).contains("not known who asks"));
    assert!(not_now(identifies(&world, &opened.id, Identify::Take).await).contains("code"));

    let waiting = identifies(&world, &opened.id, Identify::Code).await.unwrap();
    assert_eq!(waiting.state, "waiting");
    let code = world.code().await;
    let wrong = Identify::Told(Secret::given("000000"));
    if code != "000000" {
        assert!(matches!(identifies(&world, &opened.id, wrong).await, Err(Stop::Wrong)));
    }
    let link = flows::rights::link(&world.flows, id(&opened.id)).unwrap();
    let (whose, given) = ((id(&opened.id), &token(&link)), Secret::given(code.clone()));
    let proved = prove(&world.flows, whose, given, world.now).await.unwrap().into_inner();
    assert_eq!((proved.state.as_str(), proved.identity.as_deref()), ("working", Some("code")));
    let once = prove(&world.flows, whose, Secret::given(code), world.now).await;
    assert!(matches!(once, Err(Stop::Wrong)), "a code counts once");
    world.later(1_000);
    let done = answers(&world, &opened.id, Answer::default()).await.unwrap();
    assert_eq!((done.state.as_str(), done.open), ("done", false));
    let mail = newest(&world).await;
    assert!(mail.contains("Wei Planted") && mail.contains("wei@example.com"), "{mail}");
    assert!(!mail.contains("argon2"), "nobody is shown the hash of a password");
}

/// Documents are seen and not kept; who saw them stands with the request.
#[tokio::test]
async fn documents_are_seen_and_not_kept() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let ask = Open { right: "restrict".into(), person: Some(person), ..Open::default() };
    let opened = opens(&world, ask).await;
    let seen = identifies(&world, &opened.id, Identify::Documents).await.unwrap();
    assert_eq!(
        (seen.identity.as_deref(), seen.identity_by.as_deref()),
        (Some("documents"), Some(OFFICER))
    );
    assert_eq!(answers(&world, &opened.id, Answer::default()).await.unwrap().state, "done");
    crate::support::refused(world.uses(person, "service", &["email"]).await);
}

/// The time that the law gives runs from receipt, also while it is not known who asks.
#[tokio::test]
async fn time_runs_while_identity_is_checked() {
    let mut world = World::new().await;
    for (address, region) in [("wei@example.cn", "cn"), ("eve@example.eu", "eu")] {
        let person = world.moved_to(address, region).await;
        let ask = Open { right: "access".into(), person: Some(person), ..Open::default() };
        let opened = opens(&world, ask).await;
        world.later(9 * DAY);
        let waiting = identifies(&world, &opened.id, Identify::Code).await.unwrap();
        assert_eq!((waiting.state.as_str(), &waiting.due), ("waiting", &opened.due), "{region}");
        world.later(9 * DAY);
        let known = identifies(&world, &opened.id, Identify::Documents).await.unwrap();
        assert_eq!((known.state.as_str(), &known.due), ("working", &opened.due), "{region}");
    }
}

/// Mistake 14: a duplicate request approved without the identity check of the first.
#[tokio::test]
async fn a_duplicate_has_an_identity_check_of_its_own() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let ask = || Open {
        right: "delete".into(),
        person: Some(person),
        categories: vec!["phone".into()],
        ..Open::default()
    };
    let first = opens(&world, ask()).await;
    identifies(&world, &first.id, Identify::Documents).await.unwrap();
    let second = opens(&world, ask()).await;
    assert_eq!(second.duplicate_of.as_ref(), Some(&first.id), "linked");
    assert_eq!(second.identity, None, "and not known by the first");
    let early = answers(&world, &second.id, Answer::default()).await;
    assert!(not_now(early).contains("not known who asks"));
    assert_eq!(answers(&world, &first.id, Answer::default()).await.unwrap().state, "done");
    let early = answers(&world, &second.id, Answer::default()).await;
    assert!(not_now(early).contains("not known who asks"), "also when the first is done");
}

/// Nobody takes longer but inside the first period, once, where the policy lets it, and with a reason.
#[tokio::test]
async fn an_extension_has_a_reason_and_comes_in_time() {
    let mut world = World::new().await;
    let eu = flows::account::Register {
        region: "eu".to_owned(),
        phone: None,
        ..World::form("ada@example.com")
    };
    let registered = world.register(eu).await.unwrap();
    world.later(1_000);
    let code = world.code().await;
    let person = PersonId::parse(&world.verify(&registered.id, &code).await.unwrap().id).unwrap();
    let text = || Some(Plain::from("All of it, please, with the reasons."));
    let seen = asks(&world, person, Ask { text: text(), ..wish("access") }).await;
    assert!(seen.due.starts_with("2026-12-22"), "one calendar month: {}", seen.due);
    let extends = async |world: &World, request: &str, why: &str| {
        let done = extend(&world.flows, OFFICER, (id(request), Plain::from(why)), world.now).await;
        done.map(flows::Recorded::into_inner)
    };
    assert!(matches!(extends(&world, &seen.id, " ").await, Err(Stop::Invalid { .. })));
    world.later(1_000);
    let longer = extends(&world, &seen.id, "Your records lie in several archives.").await.unwrap();
    assert!(longer.due.starts_with("2027-02-22"), "plus two months: {}", longer.due);
    assert_eq!(longer.extended_from.as_ref(), Some(&seen.due));
    let mail = newest(&world).await;
    assert!(mail.contains("several archives"), "{mail}");
    assert!(not_now(extends(&world, &seen.id, "Again.").await).contains("only once"));

    let late = asks(&world, person, Ask { text: text(), ..wish("export") }).await;
    world.later(31 * DAY);
    assert!(not_now(extends(&world, &late.id, "Too late.").await).contains("first period is over"));
    let (other, _) = world.person("wei@example.com").await;
    let seen = asks(&world, other, Ask { text: text(), ..wish("access") }).await;
    assert!(
        not_now(extends(&world, &seen.id, "Busy.").await).contains("nobody take longer in `cn`")
    );
}

/// A refusal says why, where to complain, and who supervises us.
#[tokio::test]
async fn a_refusal_has_a_reason_and_a_way_to_complain() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let text = Some(Plain::from("Delete what you have of somebody else."));
    let seen = asks(&world, person, Ask { text, ..wish("delete") }).await;
    world.later(1_000);
    let refuses = async |world: &World, why: &str| {
        let done = refuse(&world.flows, OFFICER, (id(&seen.id), Plain::from(why)), world.now).await;
        done.map(flows::Recorded::into_inner)
    };
    assert!(matches!(refuses(&world, "").await, Err(Stop::Invalid { .. })));
    assert_eq!(refuses(&world, "It is not about you.").await.unwrap().state, "refused");
    let mail = newest(&world).await;
    assert!(mail.contains("It is not about you.") && mail.contains("complain"), "{mail}");
    assert!(mail.contains("Cyberspace Administration"), "{mail}");
    let taken = take_back(&world.flows, person, id(&seen.id), world.now).await;
    assert!(not_now(taken).contains("not open any more"));
}

/// Mistake 16, and people without an account: a stranger is answered that nothing is held.
#[tokio::test]
async fn a_stranger_is_told_that_nothing_is_held() {
    let mut world = World::new().await;
    let ask = Open {
        right: "access".to_owned(),
        address: Some(Plain::from("stranger@example.org")),
        language: "zh".to_owned(),
        text: Some(Plain::from("您持有我的哪些信息？")),
        ..Open::default()
    };
    let opened = opens(&world, ask).await;
    let first = world.mails().await.pop().unwrap();
    assert!(first.contains("To: stranger@example.org"), "told at once that it came: {first}");
    identifies(&world, &opened.id, Identify::Code).await.unwrap();
    let mails = world.mails().await;
    assert!(mails.last().unwrap().contains("stranger@example.org"));
    identifies(&world, &opened.id, Identify::Documents).await.unwrap();
    let done = answers(&world, &opened.id, Answer::default()).await.unwrap();
    assert_eq!(done.state, "done");
    let person = PersonId::parse(&opened.person).unwrap();
    let whole = request(&world.flows, person, id(&opened.id), world.now).await.unwrap();
    let said = whole.into_inner().said;
    let text = &said.last().unwrap().text;
    assert!(text.contains("未持有"), "{text}");
    // Whoever registers with that address later finds it free.
    assert!(world.person("stranger@example.org").await.0 != person);
    world.later(31 * DAY);
    world.work().await;
    let gone = request(&world.flows, person, id(&opened.id), world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)), "a stranger is not kept");
}

/// A third of the time before the deadline the desk is reminded, once.
#[tokio::test]
async fn the_desk_is_reminded_before_the_deadline() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let text = Some(Plain::from("Why do you hold this?"));
    let seen = asks(&world, person, Ask { text, ..wish("access") }).await;
    let due = flows::instant(&seen.due).unwrap();
    let days = |before: i64| Timestamp::from_millis(due.millis() - before * DAY);
    world.now = days(4);
    world.work().await;
    let before = world.mails().await.len();
    world.now = days(2);
    world.work().await;
    let mails = world.mails().await;
    assert_eq!(mails.len(), before + 1);
    assert!(mails.iter().any(|it| it.contains("A request has to be answered soon")));
    world.work().await;
    assert_eq!(world.mails().await.len(), before + 1, "once");
    world.now = days(-1);
    let looked = flows::queue::Look { kinds: &flows::queue::REQUESTS, done: false, cursor: None };
    let queue = flows::queue::look(&world.flows, &looked, world.now).await.unwrap();
    assert!(queue.cases[0].overdue);
}

/// Whoever has the link follows a request and takes it back; nobody else does.
#[tokio::test]
async fn a_request_is_followed_by_its_link() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let text = Some(Plain::from("Why do you hold this?"));
    let seen = asks(&world, person, Ask { text, ..wish("access") }).await;
    let link = token(seen.follow.as_ref().unwrap());
    let shown = follow(&world.flows, (id(&seen.id), &link)).await.unwrap();
    assert!(shown.open && shown.cancel && !shown.certificate);
    let other = flows::rights::link(&world.flows, RequestId::new(person.region(), 7)).unwrap();
    for wrong in [Secret::given("guessed"), token(&other)] {
        let seen = follow(&world.flows, (id(&seen.id), &wrong)).await;
        assert!(matches!(seen, Err(Stop::Wrong)));
    }
    let whose = (id(&seen.id), &link);
    let _back = flows::rights::take_back_by_link(&world.flows, whose, world.now).await.unwrap();
    assert_eq!(follow(&world.flows, whose).await.unwrap().request.state, "cancelled");
}
