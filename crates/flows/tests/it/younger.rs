//! What a new version means for the young and their guardians: ages that change, and who is told.

use decide::Signals;
use flows::change;
use flows::consent::Who;
use flows::{PersonId, Stop};

use crate::changing::{EARLIEST, UNTIL, publish, second as widened};
use crate::guardians::{GUARDIAN, agreed, decide, guard, me, token};
use crate::of_age::{entering, minor};
use crate::retention::second;
use crate::support::{DAY, World, refused};

const AGES: &str = "ask_below      = 18\nguardian_below = { cn = 14, eu = 16 }";

async fn with_ages(world: &mut World, ages: &str) {
    change::publish(&world.flows, &second(&[(AGES, ages)]), world.now).await.unwrap();
    world.come(UNTIL).await;
    assert_eq!(world.flows.book().version(), 2);
    // Doing it again changes nothing.
    world.work().await;
}

/// The mail to an address that says something; mails of one instant come in any order.
async fn mailed(world: &World, (to, says): (&str, &str)) -> String {
    let mails = world.mails().await;
    let plain = mails.iter().map(|it| it.replace("=\r\n", "").replace("=3D", "="));
    let mut own = plain.filter(|it| it.contains(&format!("To: {to}")) && it.contains(says));
    let found = own.next().unwrap();
    assert_eq!(own.next(), None, "once");
    found
}

async fn held(world: &World, person: PersonId) -> Vec<String> {
    let data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    data.into_inner().data.into_iter().map(|it| it.category).collect()
}

#[tokio::test]
async fn who_is_a_child_under_a_new_version_waits_and_keeps_what_is_held_until_a_guardian_answers()
{
    let mut world = World::new().await;
    let person = minor(&mut world, "cn", "2011-06-01").await;
    world.choose(Who::Known(person), &[("improve", "given")]).await;
    let before = held(&world, person).await;
    with_ages(&mut world, "ask_below      = 18\nguardian_below = { cn = 16, eu = 16 }").await;
    let seen = me(&world, person).await;
    assert_eq!((seen.age.as_str(), seen.state.as_str()), ("child", "awaiting-guardian"));
    assert_eq!(held(&world, person).await, before, "nothing is lost while it waits");
    let (reason, _) = refused(world.uses(person, "service", &["email"]).await);
    assert_eq!(reason, "guardian-missing");
    let letter = mailed(&world, ("teen@example.com", "A guardian has to agree")).await;
    assert!(letter.contains("/me/guardian"), "{letter}");

    // A guardian agrees, and everything goes on; what rested on a yes does not.
    let email = Some(flows::Plain::from(GUARDIAN));
    let ask = flows::minors::Invite { email, language: "en".to_owned() };
    let _asked = flows::minors::invite(&world.flows, person, ask, world.now).await.unwrap();
    world.later(1_000);
    let link = token(&world).await;
    assert_eq!(decide(&mut world, &link, "agree").await.state, "agreed");
    let seen = me(&world, person).await;
    assert_eq!((seen.age.as_str(), seen.state.as_str()), ("child-agreed", "active"));
    assert!(world.uses(person, "service", &["email"]).await.is_ok());
    // Sixteen on 1 June 2027.
    world.later(161 * DAY);
    world.work().await;
    assert_eq!(me(&world, person).await.age, "minor-agreed");
    mailed(&world, (GUARDIAN, "Your child decides now")).await;
}

#[tokio::test]
async fn a_child_under_a_new_version_goes_where_no_guardian_comes() {
    let mut world = World::new().await;
    let person = minor(&mut world, "cn", "2011-06-01").await;
    with_ages(&mut world, "ask_below      = 18\nguardian_below = { cn = 16, eu = 16 }").await;
    world.later(31 * DAY);
    world.work().await;
    let gone = flows::account::me(&world.flows, person, None, world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)));
}

#[tokio::test]
async fn who_was_of_age_may_be_a_minor_under_a_new_version() {
    let mut world = World::new().await;
    let person = minor(&mut world, "cn", "2008-02-01").await;
    let (elder, _) = world.person("elder@example.com").await;
    assert_eq!(me(&world, person).await.age, "adult");
    world.choose(Who::Known(person), &[("advertise", "given")]).await;
    with_ages(&mut world, "ask_below      = 20\nguardian_below = { cn = 14, eu = 16 }").await;
    assert_eq!(
        (me(&world, person).await.age, me(&world, elder).await.age),
        ("minor".into(), "adult".into())
    );
    refused(world.uses(person, "advertise", &["email"]).await);
    mailed(&world, ("teen@example.com", "Other rules for your age")).await;
    // Twenty on 1 February 2028.
    world.later(410 * DAY);
    world.work().await;
    let seen = me(&world, person).await;
    assert_eq!((seen.age.as_str(), seen.asked_anew), ("adult", true));
}

#[tokio::test]
async fn who_was_a_minor_may_be_of_age_under_a_new_version() {
    let mut world = World::new().await;
    let person = minor(&mut world, "cn", "2009-02-01").await;
    assert_eq!(me(&world, person).await.age, "minor");
    with_ages(&mut world, "ask_below      = 16\nguardian_below = { cn = 14, eu = 16 }").await;
    let seen = me(&world, person).await;
    assert_eq!((seen.age.as_str(), seen.asked_anew), ("adult", true));
    mailed(&world, ("teen@example.com", "You are of age")).await;
}

/// The child proves its own address, by the first code that was sent.
async fn proved(world: &mut World, child: PersonId) {
    let mails = world.mails().await;
    let code = mails.iter().find_map(|it| it.split("Your code is ").nth(1)).unwrap();
    let code = code.get(..6).unwrap().to_owned();
    world.verify(&child.to_string(), &code).await.unwrap();
}

#[tokio::test]
async fn a_guardian_hears_of_a_change_and_answers_for_the_child() {
    let mut world = World::new().await;
    let (person, session) = agreed(&mut world).await;
    proved(&mut world, person).await;
    let guardian = guard(&world, &session).await.unwrap();
    world.choose(Who::Guardian(guardian), &[("survey", "given")]).await;
    let uses = "uses   = [\"email\", \"language\", \"survey-answers\"]";
    let more = "uses   = [\"email\", \"phone\", \"language\", \"survey-answers\"]";
    publish(&world, &widened(EARLIEST, &[(uses, more)])).await;
    world.come(1_000).await;
    let letter = mailed(&world, (GUARDIAN, "Our privacy policy changes on")).await;
    assert!(
        letter.contains("You get this as the guardian of k…@example.com")
            || letter.contains("You get this as the guardian of k=E2=80=A6@example.com"),
        "{letter}"
    );
    assert!(letter.contains("/privacy/child/changes/2"), "{letter}");
    let own = mailed(&world, ("kid@example.com", "Our privacy policy changes on")).await;
    assert!(own.contains("we ask your guardian anew"), "{own}");
    assert!(!own.contains("/privacy/changes/2"), "{own}");
    // The child sees what is asked, and that a guardian answers it.
    let at = ("sign-in", "en");
    let shown = change::greet(&world.flows, person, at, world.now).await.unwrap();
    let shown = shown.unwrap().into_inner();
    assert_eq!(shown.answered_by, "guardian");
    let guardian = guard(&world, &session).await.unwrap();
    let asked = change::greet(&world.flows, guardian, at, world.now).await.unwrap();
    let asked = asked.unwrap().into_inner();
    assert_eq!(asked.ask.iter().map(|it| it.id.as_str()).collect::<Vec<_>>(), ["survey"]);
    let usual = world.answer(Who::Guardian(guardian), &[("survey", "given")], Signals::default());
    let answer = flows::consent::Choose { text_hash: asked.text_hash, ..usual };
    flows::consent::choose(&world.flows, answer, world.now).await.map(drop).unwrap();
    world.come(UNTIL).await;
    assert_eq!(world.adopted(person).await, 2);
}

#[tokio::test]
async fn a_guardian_hears_of_an_ending() {
    let mut world = World::new().await;
    let (person, _) = agreed(&mut world).await;
    proved(&mut world, person).await;
    crate::ending::announced(&world, flows::cessation::Plan::default()).await;
    world.work().await;
    let letter = mailed(&world, (GUARDIAN, "We end the service of")).await;
    assert!(letter.contains("/privacy/child"), "{letter}");
}

/// A policy says who may ask for a right.
#[tokio::test]
async fn a_right_is_asked_for_by_whom_the_policy_names() {
    let mut world = World::new().await;
    let (person, session) = agreed(&mut world).await;
    proved(&mut world, person).await;
    let edits = [
        ("[right.delete]\n", "[right.delete]\nwho       = [\"person\"]\n"),
        ("[right.restrict]\n", "[right.restrict]\nwho    = [\"guardian\"]\n"),
    ];
    change::publish(&world.flows, &second(&edits), world.now).await.unwrap();
    world.come(UNTIL).await;
    flows::minors::send_guardian_code(&world.flows, entering(), world.now).await.unwrap();
    let code = Some(flows::Secret::given(world.code().await));
    let enter = flows::minors::Enter { code, ..entering() };
    let entered = flows::minors::enter(&world.flows, enter, world.now).await.unwrap();
    assert!(guard(&world, &session).await.is_none(), "a session lasts for two weeks");
    let guardian = guard(&world, &entered.into_inner().session).await.unwrap();
    let wish = |right: &str| flows::rights::Ask {
        right: right.to_owned(),
        text: Some(flows::Plain::from("please")),
        ..flows::rights::Ask::default()
    };
    let said = flows::rights::ask(&world.flows, guardian, wish("delete"), world.now).await;
    assert!(matches!(said, Err(Stop::NotNow(say)) if say.contains("`rights`")));
    let deleted = flows::rights::delete(&world.flows, guardian, "language", world.now).await;
    assert!(matches!(deleted, Err(Stop::NotNow(_))));
    let said = flows::rights::ask(&world.flows, person, wish("restrict"), world.now).await;
    assert!(matches!(said, Err(Stop::NotNow(_))));
    let _asked = flows::rights::ask(&world.flows, person, wish("delete"), world.now).await.unwrap();
    let done = flows::rights::ask(&world.flows, guardian, wish("restrict"), world.now).await;
    let _done = done.unwrap();
}
