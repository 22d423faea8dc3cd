//! What a guardian who agreed may do for the child, and may not; coming in again, and going.

use flows::consent::Who;
use flows::minors::Enter;
use flows::{Acting, Plain, Secret, Stop};

use crate::guardians::{GUARDIAN, agreed, guard, me};
use crate::support::World;

#[tokio::test]
async fn a_guardian_sees_corrects_chooses_and_closes() {
    let mut world = World::new().await;
    let (person, session) = agreed(&mut world).await;
    let guardian = guard(&world, &session).await.unwrap();
    assert_eq!(guardian.person(), person);
    // It is no session of the child.
    assert_eq!(flows::account::who(&world.flows, &session, world.now).await.unwrap(), None);

    let data = flows::rights::data(&world.flows, guardian, "en", world.now).await.unwrap();
    assert!(data.into_inner().data.iter().any(|it| it.category == "email"));
    let name = ("name", Plain::from("Kid"), None);
    let _done = flows::rights::correct(&world.flows, guardian, name, world.now).await.unwrap();
    for (what, value) in [("email", "other@example.com"), ("password", "correct horse battery")] {
        let change = (what, Plain::from(value), None);
        let stop = flows::rights::correct(&world.flows, guardian, change, world.now).await;
        assert!(matches!(stop, Err(Stop::NotNow(_))), "{what} is the child's own");
    }
    for who in [Acting::from(person), guardian] {
        let change = ("guardian-contact", Plain::from("kid2@example.com"), None);
        let stop = flows::rights::correct(&world.flows, who, change, world.now).await;
        assert!(matches!(stop, Err(Stop::NotNow(_))), "nobody lets themselves in as a guardian");
    }
    let _done = flows::rights::delete(&world.flows, guardian, "name", world.now).await.unwrap();

    // A yes is the guardian's to say, and never to advertising; a no is everybody's.
    let own = world.answer(Who::Known(person), &[("improve", "given")], decide::Signals::default());
    assert!(matches!(
        flows::consent::choose(&world.flows, own, world.now).await,
        Err(Stop::NotNow(_))
    ));
    let for_child = Who::Guardian(guardian);
    let never = world.answer(for_child, &[("advertise", "given")], decide::Signals::default());
    let stop = flows::consent::choose(&world.flows, never, world.now).await;
    assert!(matches!(stop, Err(Stop::Invalid { .. })));
    world.choose(for_child, &[("improve", "given")]).await;
    world.later(1_000);
    flows::account::send_code(&world.flows, sign_in(), world.now).await.unwrap();
    let code = Some(Secret::given(world.code().await));
    let with = flows::account::SignIn { code, ..sign_in() };
    let signed = flows::account::sign_in(&world.flows, with, world.now).await.unwrap();
    assert_eq!(signed.into_inner().state, "active");
    assert!(world.uses(person, "improve", &["email"]).await.is_err(), "not of that purpose");
    let page = flows::rights::Page::default();
    let uses = flows::rights::uses(&world.flows, guardian, &page, world.now);
    let uses = uses.await.unwrap().into_inner().uses;
    assert!(uses.iter().any(|it| it.by == "guardian" && it.name.starts_with("gua_cn_")));
    world.choose(Who::Known(person), &[("improve", "refused")]).await;

    let keeps = (Some(&session), None);
    let closing = flows::account::close(&world.flows, guardian, keeps, world.now).await.unwrap();
    let request = flows::RequestId::parse(&closing.into_inner().request).unwrap();
    assert_eq!(me(&world, person).await.state, "closing");
    let kept = (guardian, request);
    let _done = flows::account::cancel_for(&world.flows, kept, world.now).await.unwrap();
    assert_eq!(me(&world, person).await.state, "active");
}

fn sign_in() -> flows::account::SignIn {
    flows::account::SignIn {
        email: Plain::from("kid@example.com"),
        region: None,
        password: None,
        code: None,
        label: "Firefox, computer".to_owned(),
        language: "en".to_owned(),
    }
}

fn enter(email: &str) -> Enter {
    Enter {
        contact: Plain::from(email),
        region: None,
        code: None,
        language: "en".to_owned(),
        label: "Firefox, phone".to_owned(),
    }
}

#[tokio::test]
async fn a_guardian_comes_in_again_by_a_code_and_goes() {
    let mut world = World::new().await;
    let (person, first) = agreed(&mut world).await;
    flows::minors::send_guardian_code(&world.flows, enter(GUARDIAN), world.now).await.unwrap();
    let code = world.code().await;
    let other = if code == "000000" { "000001" } else { "000000" };
    let with = |email: &str, code: &str| Enter { code: Some(Secret::given(code)), ..enter(email) };
    let wrong = flows::minors::enter(&world.flows, with(GUARDIAN, other), world.now).await;
    assert!(matches!(wrong, Err(Stop::Wrong)));
    let stranger = with("nobody@example.com", &code);
    let wrong = flows::minors::enter(&world.flows, stranger, world.now).await;
    assert!(matches!(wrong, Err(Stop::Wrong)));
    let entered = flows::minors::enter(&world.flows, with(GUARDIAN, &code), world.now).await;
    let session = entered.unwrap().into_inner().session;
    let guardian = guard(&world, &session).await.unwrap();
    assert_eq!(guardian.person(), person);
    let mails = world.mails().await.len();
    flows::minors::send_guardian_code(&world.flows, enter("nobody@example.com"), world.now)
        .await
        .unwrap();
    assert_eq!(world.mails().await.len(), mails, "nobody is told, and nobody is written to");
    let _done = flows::minors::leave(&world.flows, guardian, &session, world.now).await.unwrap();
    assert!(guard(&world, &session).await.is_none());
    assert!(guard(&world, &first).await.is_some(), "one place at a time");
    // What the child does not see is a session of its own.
    flows::retention::erase_now(&world.flows, person, world.now).await.unwrap();
    assert!(guard(&world, &first).await.is_none());
}
