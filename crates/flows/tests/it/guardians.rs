//! Guardians: asked by a link, reached by a code, heard; and what they may do, and may not.

use flows::account::{Me, Register, Registered};
use flows::consent::Who;
use flows::minors::{Answer, Answered, Invite, Invited, LinkSeen};
use flows::{Acting, PersonId, Plain, Secret, Stop};

use crate::support::{DAY, World, refused};

pub(crate) const GUARDIAN: &str = "mother.planted@example.org";
const BORN: &str = "1980-03-04";

/// Somebody below the legal age, who names a guardian.
pub(crate) async fn child(world: &mut World, born: &str) -> Registered {
    let form = Register {
        birth_date: Some(Plain::from(born)),
        data: vec![("guardian-contact".to_owned(), Plain::from(GUARDIAN))],
        ..World::form("kid@example.com")
    };
    let registered = world.register(form).await.unwrap();
    world.later(1_000);
    registered
}

/// What stands in the newest link that was mailed.
pub(crate) async fn token(world: &World) -> Secret {
    let mails = world.mails().await;
    let mut plain = mails.iter().rev().map(|it| it.replace("=\r\n", "").replace("=3D", "="));
    let newest = plain.find(|it| it.contains("/privacy/guardian/")).unwrap();
    let rest = newest.split("/privacy/guardian/").nth(1).unwrap();
    Secret::given(rest.split('?').next().unwrap())
}

fn says(decision: &str, code: Option<&str>) -> Answer {
    Answer {
        decision: decision.to_owned(),
        birth_date: Some(Plain::from(BORN)),
        code: code.map(Secret::given),
        label: "Firefox, phone".to_owned(),
        ..Answer::default()
    }
}

async fn answer(world: &World, token: &Secret, ask: Answer) -> Result<Answered, Stop> {
    let done = flows::minors::answer(&world.flows, token, ask, world.now).await;
    done.map(flows::Recorded::into_inner)
}

async fn look(world: &World, token: &Secret) -> Result<LinkSeen, Stop> {
    let done = flows::minors::look(&world.flows, token, world.now).await;
    done.map(flows::Recorded::into_inner)
}

/// Opens the link, proves the address, and says so.
pub(crate) async fn decide(world: &mut World, token: &Secret, decision: &str) -> Answered {
    let sent = answer(world, token, says("code", None)).await.unwrap();
    assert_eq!((sent.state.as_str(), sent.sent.as_deref()), ("reached", Some("code")));
    world.later(1_000);
    let code = world.code().await;
    answer(world, token, says(decision, Some(&code))).await.unwrap()
}

pub(crate) async fn me(world: &World, person: PersonId) -> Me {
    flows::account::me(&world.flows, person, None, world.now).await.unwrap().into_inner()
}

pub(crate) fn id(registered: &Registered) -> PersonId {
    PersonId::parse(&registered.id).unwrap()
}

/// Who acts with a session.
pub(crate) async fn guard(world: &World, session: &Secret) -> Option<Acting> {
    flows::minors::guard(&world.flows, session, world.now).await.unwrap()
}

pub(crate) async fn agreed(world: &mut World) -> (PersonId, Secret) {
    let kid = child(world, "2015-01-01").await;
    let token = token(world).await;
    let done = decide(world, &token, "agree").await;
    world.later(1_000);
    (id(&kid), done.session.unwrap())
}

async fn invite(world: &World, person: PersonId, email: Option<&str>) -> Result<Invited, Stop> {
    let ask = Invite { email: email.map(Plain::from), language: "en".to_owned() };
    let done = flows::minors::invite(&world.flows, person, ask, world.now).await;
    done.map(flows::Recorded::into_inner)
}

#[tokio::test]
async fn a_guardian_reads_proves_and_agrees() {
    let mut world = World::new().await;
    let kid = child(&mut world, "2015-01-01").await;
    let person = id(&kid);
    assert_eq!(kid.state, "awaiting-guardian");
    let data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    let held: Vec<String> = data.into_inner().data.into_iter().map(|it| it.category).collect();
    assert_eq!(held, ["email", "guardian-contact"], "what reaches the guardian, and no more");
    refused(world.uses(person, "service", &["email"]).await);
    let token = token(&world).await;

    // A look changes nothing: mail scanners follow links.
    let seen = look(&world, &token).await.unwrap();
    assert_eq!((seen.state.as_str(), seen.child.as_str()), ("invited", "k…@example.com"));
    assert_eq!(seen.sent_to.as_deref(), Some("m…@example.org"));
    assert_eq!(seen.version, 1);
    assert_eq!(me(&world, person).await.guardian.unwrap().state, "invited");

    let done = decide(&mut world, &token, "agree").await;
    assert_eq!(done.state, "agreed");
    let seen = me(&world, person).await;
    assert_eq!((seen.age.as_str(), seen.state.as_str()), ("child-agreed", "unverified"));
    assert_eq!(seen.guardian.unwrap().state, "agreed");
    assert!(world.uses(person, "service", &["email"]).await.is_ok());
    // The child's own address is proved as usual.
    assert!(world.mails().await.iter().any(|it| it.contains("Your guardian has agreed")));
    let session = done.session.unwrap();
    assert!(guard(&world, &session).await.unwrap().is_guardian());
    // The link is used up.
    let again = answer(&world, &token, says("refuse", None)).await;
    assert!(matches!(again, Err(Stop::NotNow(_))));
    assert!(matches!(look(&world, &token).await, Err(Stop::NotNow(_))));
    assert!(!world.holds(GUARDIAN), "no guardian's address in clear");
    assert!(!world.holds(BORN), "nor a day of birth");
}

#[tokio::test]
async fn a_child_who_proved_the_address_first_is_active_at_once() {
    let mut world = World::new().await;
    let kid = child(&mut world, "2015-01-01").await;
    let mails = world.mails().await;
    let code = mails.iter().find_map(|it| it.split("Your code is ").nth(1)).unwrap();
    let signed = world.verify(&kid.id, code.get(..6).unwrap()).await.unwrap();
    assert_eq!(signed.state, "awaiting-guardian");
    let token = token(&world).await;
    world.later(1_000);
    decide(&mut world, &token, "agree").await;
    assert_eq!(me(&world, id(&kid)).await.state, "active");
    world.later(31 * DAY);
    world.work().await;
    assert_eq!(me(&world, id(&kid)).await.state, "active", "nothing lapses any more");
}

#[tokio::test]
async fn a_guardian_who_refuses_has_everything_deleted_at_once() {
    let mut world = World::new().await;
    let kid = child(&mut world, "2015-01-01").await;
    let token = token(&world).await;
    assert_eq!(decide(&mut world, &token, "refuse").await.state, "refused");
    let gone = flows::account::me(&world.flows, id(&kid), None, world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)));
    // The link says no more of the child than any that never was.
    assert!(matches!(look(&world, &token).await, Err(Stop::NotFound)));
    assert!(matches!(answer(&world, &token, says("agree", None)).await, Err(Stop::NotFound)));
}

#[tokio::test]
async fn a_child_whose_guardian_refuses_is_written_to_for_the_last_time() {
    let mut world = World::new().await;
    let kid = child(&mut world, "2015-01-01").await;
    let mails = world.mails().await;
    let code = mails.iter().find_map(|it| it.split("Your code is ").nth(1)).unwrap();
    world.verify(&kid.id, code.get(..6).unwrap()).await.unwrap();
    let token = token(&world).await;
    world.later(1_000);
    assert_eq!(decide(&mut world, &token, "refuse").await.state, "refused");
    world.work().await;
    world.later(1_000);
    world.work().await;
    let last = world.mails().await.pop().unwrap();
    assert!(last.contains("To: kid@example.com") && last.contains("rased"), "{last}");
}

#[tokio::test]
async fn a_link_that_nobody_answers_lapses_with_the_child_s_account() {
    let mut world = World::new().await;
    let kid = child(&mut world, "2015-01-01").await;
    let token = token(&world).await;
    world.later(30 * DAY);
    assert!(matches!(look(&world, &token).await, Err(Stop::NotNow(_))), "its time is over");
    assert!(matches!(answer(&world, &token, says("code", None)).await, Err(Stop::NotNow(_))));
    world.work().await;
    let gone = flows::account::me(&world.flows, id(&kid), None, world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)));
    assert!(matches!(look(&world, &token).await, Err(Stop::NotFound)));
}

#[tokio::test]
async fn a_guardian_is_of_age_and_nobody_is_their_own() {
    let mut world = World::new().await;
    let own = Register {
        birth_date: Some(Plain::from("2015-01-01")),
        data: vec![("guardian-contact".to_owned(), Plain::from("Kid@Example.com"))],
        ..World::form("kid@example.com")
    };
    let Err(Stop::Invalid { field, .. }) = world.register(own).await else { panic!() };
    assert_eq!(field, "data.guardian-contact");
    let adult = Register {
        data: vec![("guardian-contact".to_owned(), Plain::from(GUARDIAN))],
        ..World::form("ada@example.com")
    };
    let Err(Stop::Invalid { field, .. }) = world.register(adult).await else { panic!() };
    assert_eq!(field, "data.guardian-contact", "nobody else is asked for one");
    child(&mut world, "2015-01-01").await;
    let token = token(&world).await;
    let young = Answer { birth_date: Some(Plain::from("2010-01-01")), ..says("agree", None) };
    let Err(Stop::Invalid { field, .. }) = answer(&world, &token, young).await else { panic!() };
    assert_eq!(field, "birth_date");
    let none = Answer { birth_date: None, ..says("agree", None) };
    let Err(Stop::Invalid { field, .. }) = answer(&world, &token, none).await else { panic!() };
    assert_eq!(field, "birth_date", "there is no agreement without it");
    let other = Answer { accept: Some(7), ..says("agree", None) };
    let Err(Stop::Invalid { field, .. }) = answer(&world, &token, other).await else { panic!() };
    assert_eq!(field, "accept.version");
}

#[tokio::test]
async fn a_wrong_code_is_bounded_and_locks_nobody_else_out() {
    let mut world = World::new().await;
    let kid = child(&mut world, "2015-01-01").await;
    let own = world.mails().await;
    let own = own
        .iter()
        .find_map(|it| it.split("Your code is ").nth(1))
        .unwrap()
        .get(..6)
        .unwrap()
        .to_owned();
    let token = token(&world).await;
    answer(&world, &token, says("code", None)).await.unwrap();
    world.later(1_000);
    let code = world.code().await;
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let tried = answer(&world, &token, says("agree", Some(wrong))).await;
        assert!(matches!(tried, Err(Stop::Wrong)));
    }
    let right = answer(&world, &token, says("agree", Some(&code))).await;
    assert!(matches!(right, Err(Stop::Wrong)), "used up");
    // The child's own code is another, counted by itself.
    assert!(world.verify(&kid.id, &own).await.is_ok());
    for _ in 0..4 {
        answer(&world, &token, says("code", None)).await.unwrap();
    }
    assert!(matches!(answer(&world, &token, says("code", None)).await, Err(Stop::NotNow(_))));
    world.later(3_600_000);
    assert_eq!(decide(&mut world, &token, "agree").await.state, "agreed");
}

#[tokio::test]
async fn a_minor_sends_the_link_and_the_account_works_meanwhile() {
    let mut world = World::new().await;
    let form =
        Register { birth_date: Some(Plain::from("2010-01-01")), ..World::form("teen@example.com") };
    let registered = world.register(form).await.unwrap();
    world.later(1_000);
    let code = world.code().await;
    world.verify(&registered.id, &code).await.unwrap();
    let person = id(&registered);
    assert!(world.uses(person, "service", &["email"]).await.is_ok(), "asked for, not waited for");
    world.choose(Who::Known(person), &[("improve", "given"), ("measure", "given")]).await;
    assert_eq!(refused(world.uses(person, "improve", &["language"]).await).0, "guardian-missing");

    let first = invite(&world, person, None).await.unwrap();
    let link = first.link.unwrap();
    let token = |link: &str| {
        let rest = link.split("/privacy/guardian/").nth(1).unwrap();
        Secret::given(rest.split('?').next().unwrap())
    };
    let handed = token(&link);
    assert_eq!(look(&world, &handed).await.unwrap().sent_to, None);
    let Err(Stop::Invalid { field, .. }) = answer(&world, &handed, says("code", None)).await else {
        panic!("where to is not known")
    };
    assert_eq!(field, "email");
    let with = |email: &str| Answer { email: Some(Plain::from(email)), ..says("code", None) };
    let Err(Stop::Invalid { .. }) = answer(&world, &handed, with("teen@example.com")).await else {
        panic!("nobody is their own guardian")
    };
    answer(&world, &handed, with(GUARDIAN)).await.unwrap();

    // A new link: the one before opens nothing any more, and after the decision none does.
    let second = token(&invite(&world, person, None).await.unwrap().link.unwrap());
    assert!(matches!(look(&world, &handed).await, Err(Stop::NotFound)));
    world.later(1_000);
    answer(&world, &second, with(GUARDIAN)).await.unwrap();
    world.later(1_000);
    let code = world.code().await;
    let done = answer(&world, &second, says("agree", Some(&code))).await.unwrap();
    assert_eq!(done.state, "agreed");
    assert!(matches!(answer(&world, &second, with(GUARDIAN)).await, Err(Stop::NotNow(_))));
    assert!(matches!(answer(&world, &handed, with(GUARDIAN)).await, Err(Stop::NotFound)));
    assert!(matches!(invite(&world, person, None).await, Err(Stop::NotNow(_))));

    // What was the minor's own choice counts from now on; advertising does not, whatever is agreed to.
    assert_eq!(me(&world, person).await.age, "minor-agreed");
    assert!(world.uses(person, "improve", &["language"]).await.is_ok());
    world.choose(Who::Known(person), &[("advertise", "given")]).await;
    assert_eq!(refused(world.uses(person, "advertise", &["email"]).await).0, "minor");
}

#[tokio::test]
async fn a_minor_whose_guardian_does_not_answer_goes_on_without() {
    let mut world = World::new().await;
    let form =
        Register { birth_date: Some(Plain::from("2010-01-01")), ..World::form("teen@example.com") };
    let registered = world.register(form).await.unwrap();
    world.later(1_000);
    let code = world.code().await;
    world.verify(&registered.id, &code).await.unwrap();
    let person = id(&registered);
    for _ in 0..5 {
        world.later(1_000);
        invite(&world, person, Some(GUARDIAN)).await.unwrap();
    }
    let sixth = invite(&world, person, Some(GUARDIAN)).await;
    assert!(matches!(sixth, Err(Stop::NotNow(_))), "bounded by the day");
    world.later(30 * DAY);
    world.work().await;
    let seen = me(&world, person).await;
    assert_eq!((seen.state.as_str(), seen.age.as_str()), ("active", "minor"));
    assert_eq!(seen.guardian.unwrap().state, "none");
    let data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    assert!(data.into_inner().data.iter().all(|it| it.category != "guardian-contact"));
    assert!(invite(&world, person, Some(GUARDIAN)).await.is_ok(), "and may ask again");
}
