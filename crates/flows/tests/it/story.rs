//! The thin line: register, verify, use, refuse, consent, withdraw, correct, export, close, erase.

use decide::Signals;
use flows::consent::Who;
use flows::rights::Page;
use flows::{Plain, Stop};

use crate::support::{DAY, World, refused};

#[tokio::test]
async fn from_registration_to_erasure() {
    let mut world = World::new().await;
    let registered = world.register(World::form("Wei.Planted@example.com")).await.unwrap();
    assert_eq!(registered.state, "unverified");
    world.later(1_000);
    let code = world.code().await;
    let signed = world.verify(&registered.id, &code).await.unwrap();
    assert_eq!((signed.state.as_str(), &signed.id), ("active", &registered.id));
    let person = flows::PersonId::parse(&signed.id).unwrap();

    // Permitted for the service, refused for advertising: there is no yes.
    let used = world.uses(person, "service", &["email", "name", "password"]).await.unwrap();
    assert_eq!(used.values.get("email"), Some("wei.planted@example.com"));
    assert_eq!(used.values.get("name"), Some("Wei Planted"));
    assert_eq!(used.values.get("password"), None);
    assert_eq!(used.refused.len(), 1, "a password is for signing in alone");
    let (reason, clauses) = refused(world.uses(person, "advertise", &["email"]).await);
    assert_eq!(reason, "not-consented");
    assert_eq!(clauses, ["use-advertise"]);

    // A yes counts at once, and so does taking it back.
    world.choose(Who::Known(person), &[("advertise", "given")]).await;
    assert!(world.uses(person, "advertise", &["email"]).await.is_ok());
    world.choose(Who::Known(person), &[("advertise", "refused")]).await;
    let (reason, _) = refused(world.uses(person, "advertise", &["email"]).await);
    assert_eq!(reason, "withdrawn");

    // The person sees each use with its clause.
    let page = Page { cursor: None, proof: true };
    let seen = flows::rights::uses(&world.flows, person, &page, world.now).await.unwrap();
    let seen = seen.into_inner().uses;
    let by_app: Vec<_> = seen.iter().filter(|it| it.by == "app").collect();
    assert_eq!(by_app.len(), 4, "{seen:?}");
    assert!(by_app.iter().all(|it| it.act == "use" && !it.clauses.is_empty()), "{by_app:?}");
    assert_eq!(by_app.last().unwrap().purpose.as_deref(), Some("service"));
    assert_eq!(by_app.last().unwrap().answer, "part");

    // Corrects, exports.
    let name = ("name", Plain::from("Wei Corrected"), None);
    let _done = flows::rights::correct(&world.flows, person, name, world.now).await.unwrap();
    let data =
        flows::rights::data(&world.flows, person, "zh", world.now).await.unwrap().into_inner();
    let held = data.data.iter().find(|it| it.category == "name").unwrap();
    assert_eq!(held.value.as_deref(), Some("Wei Corrected"));
    assert_eq!((held.title.as_str(), held.source.as_str()), ("姓名", "registration"));
    let password = data.data.iter().find(|it| it.category == "password").unwrap();
    assert_eq!(password.value, None);
    let export = flows::rights::export(&world.flows, person, "en", world.now).await.unwrap();
    let export = export.into_inner().0;
    assert_eq!(export.pointer("/account/state").unwrap(), "active");
    assert!(export.to_string().contains("wei.planted@example.com"));
    assert!(!export.to_string().contains("argon2"));

    // Closes: refused at once, gone after the window, and the session with it.
    let session = Some(&signed.session);
    let closing = flows::account::close(&world.flows, person, (session, None), world.now).await;
    let closing = closing.unwrap().into_inner();
    assert_eq!(closing.effective_at, flows::when(world.now.plus_millis(7 * DAY)));
    let (reason, _) = refused(world.uses(person, "service", &["email"]).await);
    assert_eq!(reason, "closing");
    assert!(world.mails().await.iter().any(|it| it.contains("Your account is being closed")));
    world.later(7 * DAY);
    world.work().await;
    assert!(matches!(world.uses(person, "service", &["email"]).await, Err(Stop::Gone)));
    let who = flows::account::who(&world.flows, &signed.session, world.now).await.unwrap();
    assert_eq!(who, None, "the session is dead");
    let mails = world.mails().await;
    assert!(mails.last().unwrap().contains("Your data has been erased"));
    for planted in ["wei.planted@example.com", "Wei Planted", "Wei Corrected", "13800138000"] {
        assert!(!world.holds(planted), "{planted}");
    }
    world.flows.sequence(world.now).await.unwrap();
    let vkey = journal::log::Vkey::parse(world.flows.log_key()).unwrap();
    let log = world.dir.path().join("copied");
    world.flows.copy_log(&log).await.unwrap();
    let report = journal::log::verify(&log, &journal::log::Elsewhere::default(), &vkey).unwrap();
    assert!(report.checkpoint.size > 15);
}

#[tokio::test]
async fn changing_one_s_mind_keeps_everything() {
    let mut world = World::new().await;
    let (person, session) = world.person("wei@example.com").await;
    let ask = (Some(&session), None);
    let closing = flows::account::close(&world.flows, person, ask, world.now).await.unwrap();
    let request = decide::id::RequestId::parse(&closing.into_inner().request).unwrap();
    world.later(1_000);
    let mails = world.mails().await;
    let mail = unfolded(mails.last().unwrap());
    let token: String = mail.split("token=").nth(1).unwrap().chars().take(43).collect();
    let cancel = |token: &str| flows::account::Cancel {
        person,
        request,
        token: Some(flows::Secret::given(token)),
    };
    let wrong = flows::account::cancel(&world.flows, cancel("no"), world.now).await;
    assert!(matches!(wrong, Err(Stop::Wrong)));
    let _done = flows::account::cancel(&world.flows, cancel(&token), world.now).await.unwrap();
    world.later(8 * DAY);
    world.work().await;
    let used = world.uses(person, "service", &["email"]).await.unwrap();
    assert_eq!(used.values.get("email"), Some("wei@example.com"));
    let again = flows::account::cancel(&world.flows, cancel(&token), world.now).await;
    assert!(again.is_err(), "a link works once");
}

/// Quoted-printable, as far as these mails use it.
fn unfolded(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=3D", "=")
}

#[tokio::test]
async fn what_is_due_goes() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let put = flows::collection::Put {
        person,
        category: "support-messages".to_owned(),
        value: Plain::from("the oven hums"),
        source: "staff".to_owned(),
        purpose: None,
        idempotency: None,
    };
    let done = flows::collection::put(&world.flows, &world.app, put, world.now).await.unwrap();
    assert_eq!(done.into_inner().due.as_deref(), Some("2028-11-22T14:00:01Z"));
    world.later(731 * DAY);
    let (reason, _) = refused(world.uses(person, "support", &["support-messages"]).await);
    assert_eq!(reason, "expired", "refused from the instant, swept or not");
    world.work().await;
    let data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    assert!(data.into_inner().data.iter().all(|it| it.category != "support-messages"));
}

#[tokio::test]
async fn a_browser_s_signal_is_a_no() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let ask = world.answer(
        Who::Known(person),
        &[("advertise", "given"), ("improve", "given")],
        Signals::new(true, false),
    );
    flows::consent::choose(&world.flows, ask, world.now).await.unwrap();
    let (reason, _) = refused(world.uses(person, "advertise", &["email"]).await);
    assert_eq!(reason, "withdrawn", "the signal counted when the answer came");
    assert!(world.uses(person, "improve", &["language"]).await.is_ok(), "expressly, for this one");
}
