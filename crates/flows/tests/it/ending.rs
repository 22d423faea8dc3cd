//! The end of the service, from the plan to the signed report, with the clock moved through all of it.

use flows::cessation::{self, Plan};
use flows::consent::Who;
use flows::messages::push;
use flows::security::AddStaff;
use flows::{PersonId, Stop};

use super::pushes::Service;
use super::support::{DAY, World, refused};

async fn staff(world: &World, role: &str) -> String {
    let ask = AddStaff { name: format!("A {role}"), roles: vec![role.to_owned()] };
    flows::security::add_staff(&world.flows, ask, world.now).await.unwrap().id
}

/// Planned and counted, announced by one, approved by another.
pub(crate) async fn announced(world: &World, plan: Plan) -> (cessation::Seen, String) {
    let engineer = staff(world, "engineer").await;
    let officer = staff(world, "officer").await;
    let planned = cessation::plan(&world.flows, plan, &engineer, world.now).await.unwrap();
    world.work().await;
    cessation::announce(&world.flows, &planned.id, &engineer).await.unwrap();
    let seen = cessation::approve(&world.flows, &planned.id, &officer, world.now).await.unwrap();
    (seen, officer)
}

async fn subscribed(world: &World, person: PersonId, service: &Service) {
    world.flows.outbound().allow_private();
    let ask = service.subscription();
    push::subscribe(&world.flows, person, ask, world.now).await.unwrap().into_inner();
}

async fn pushed(world: &World) -> usize {
    push::deliver(&world.flows, world.now).await.unwrap()
}

/// Works, and is cut off again and again, each time a little later.
async fn interrupted(world: &mut World) {
    for polls in [1, 5, 20, 50, 100, 200, 400, 800, 1_600, 3_200] {
        let work = flows::retention::work(&world.flows, world.now);
        let mut left = polls;
        let cut = std::future::poll_fn(|context| {
            left -= 1;
            context.waker().wake_by_ref();
            if left == 0 { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        });
        tokio::select! {
            biased;
            done = work => drop(done.unwrap()),
            () = cut => {}
        }
        // What was claimed is free again.
        world.later(61_000);
    }
}

fn stopped<T: std::fmt::Debug>(done: Result<T, Stop>) -> String {
    match done {
        Err(Stop::NotNow(say) | Stop::Invalid { say, .. }) => say,
        other => panic!("stopped, not {other:?}"),
    }
}

#[tokio::test]
async fn an_end_is_told_to_everybody_and_carried_out() {
    let mut world = World::new().await;
    let (with_push, _) = world.person("wei@example.com").await;
    let service = Service::start(7).await;
    subscribed(&world, with_push, &service).await;
    world.person("li@example.com").await;
    world.register(World::form("nobody@example.com")).await.unwrap();
    let browser = world.choose(Who::Nobody, &[("improve", "given")]).await;
    drop(browser);

    let (seen, officer) = announced(&world, Plan::default()).await;
    assert_eq!(seen.state, "announced");
    let here = seen.reach["cn"];
    assert_eq!((here.people, here.mail, here.push, here.site_only), (4, 2, 1, 2));
    assert!(seen.dates.as_ref().unwrap().fixed);
    world.work().await;
    let before = world.mails().await;
    let told: Vec<_> = before.iter().filter(|it| it.contains("We end the service of")).collect();
    assert_eq!(told.len(), 2, "whoever proved an address, and nobody else");
    assert!(told.iter().all(|it| !it.contains("nobody@example.com")));
    assert_eq!(pushed(&world).await, 1);
    let key = push::key(&world.flows).unwrap();
    let shown = service.shown(&key);
    assert!(shown[0]["title"].as_str().unwrap().starts_with("We end the service of"), "{shown:?}");
    assert!(shown[0]["url"].as_str().unwrap().ends_with("/privacy"));

    // Until the end everything works; a week before it people are reminded.
    world.register(World::form("late@example.com")).await.unwrap();
    world.later(24 * DAY);
    world.work().await;
    assert!(world.mails().await.iter().any(|it| it.contains("A reminder: the service of")));

    // From the end on nothing is collected, whoever asks; what is held is still used and taken along.
    world.later(7 * DAY);
    let late = refused(world.register(World::form("later@example.com")).await);
    assert_eq!(late.1.first().map(String::as_str), Some("cease"), "{late:?}");
    assert_eq!(late.0, "ceased");
    let asked = crate::messages::message("Where is my money?");
    crate::messages::leave(&world, asked).await.expect("whoever writes is still heard");
    world.work().await;
    assert!(world.mails().await.iter().any(|it| it.contains("We have ended the service of")));
    let events = world.send(Some(with_push), "/", decide::Signals::default()).await;
    let accepted = events.recorded.into_iter().map(|it| it.into_inner().accepted).sum::<usize>();
    assert_eq!(accepted, 0);
    world.uses(with_push, "service", &["email"]).await.unwrap();
    flows::rights::export(&world.flows, with_push, "en", world.now).await.unwrap().into_inner();
    let seen = cessation::one(&world.flows, "1").await.unwrap();
    assert_eq!(seen.state, "ended");

    // The deletion, with a crash in its middle.
    world.later(31 * DAY);
    let mails = world.mails().await.len();
    interrupted(&mut world).await;
    world.work().await;
    let mut world = world.reopen().await;
    let say = stopped(cessation::cancel(&world.flows, "1", &officer, world.now).await);
    assert!(say.contains("cannot `cancel`"), "{say}");
    interrupted(&mut world).await;
    for _ in 0..4 {
        world.later(20_000);
        world.work().await;
    }
    let seen = cessation::one(&world.flows, "1").await.unwrap();
    assert_eq!(seen.state, "closed", "{seen:?}");
    assert!(matches!(world.uses(with_push, "service", &["email"]).await, Err(Stop::Gone)));
    assert!(world.mails().await.len() > mails, "a last mail with the certificate");
    for planted in ["wei@example.com", "li@example.com", "Wei Planted", "127.0.0.1"] {
        assert!(!world.holds(planted), "{planted}");
    }

    let report = seen.report.unwrap();
    let checked = cessation::check_report(report.as_bytes(), Some(world.flows.log_key())).unwrap();
    let text: serde_json::Value = serde_json::from_str(&checked.text).unwrap();
    assert_eq!(text["deleted"]["cn"]["values"]["email"], 2, "{text}");
    assert_eq!(text["told"]["announced"]["cn"]["mail"], 2);
    assert!(checked.size > 0);
    let forged = report.replace("\"email\": 2", "\"email\": 1");
    assert!(cessation::check_report(forged.as_bytes(), None).is_err());
    // It stays ended.
    refused(world.register(World::form("again@example.com")).await);
}

#[tokio::test]
async fn an_end_takes_two_people_and_the_notice_that_is_promised() {
    let world = World::new().await;
    let support = staff(&world, "support").await;
    let engineer = staff(&world, "engineer").await;
    let officer = staff(&world, "officer").await;
    let (flows, now) = (&world.flows, world.now);
    let soon = Plan { product: None, ends: Some(now.plus_millis(29 * DAY)) };
    assert!(
        stopped(cessation::plan(flows, soon.clone(), "stf_nobody", now).await)
            .contains("no member of staff")
    );
    let planned = cessation::plan(flows, soon, &support, now).await.unwrap();
    assert_eq!((planned.state.as_str(), planned.counted), ("planned", false));
    assert!(stopped(cessation::announce(flows, &planned.id, &support).await).contains("counted"));
    world.work().await;
    assert!(
        stopped(cessation::plan(flows, Plan::default(), &support, now).await).contains("number 1")
    );
    cessation::announce(flows, &planned.id, &support).await.unwrap();
    for (by, why) in [
        (&support, "another member of staff"),
        (&engineer, "an officer"),
        (&officer, "at the earliest"),
    ] {
        let say = stopped(cessation::approve(flows, &planned.id, by, now).await);
        assert!(say.contains(why), "{say}");
    }
    // Nobody was told anything.
    cessation::cancel(flows, &planned.id, &support, now).await.unwrap();
    world.work().await;
    assert!(world.mails().await.is_empty());
    let no = Plan { product: Some("updates".to_owned()), ends: None };
    assert!(stopped(cessation::plan(flows, no, &support, now).await).contains("[product.ID]"));
}

#[tokio::test]
async fn an_end_that_is_called_off_is_told_too_and_collecting_goes_on() {
    let mut world = World::new().await;
    world.person("wei@example.com").await;
    let (seen, officer) = announced(&world, Plan::default()).await;
    world.work().await;
    world.later(40 * DAY);
    world.work().await;
    refused(world.register(World::form("late@example.com")).await);
    cessation::cancel(&world.flows, &seen.id, &officer, world.now).await.unwrap();
    world.register(World::form("late@example.com")).await.unwrap();
    world.work().await;
    assert!(world.mails().await.iter().any(|it| it.contains("We do not end the service of")));
    world.later(60 * DAY);
    world.work().await;
    assert_eq!(cessation::one(&world.flows, &seen.id).await.unwrap().state, "cancelled");
    // Another end is another one: everybody is told anew.
    let (again, _) = announced(&world, Plan::default()).await;
    assert_eq!((again.id.as_str(), again.state.as_str()), ("2", "announced"));
    let before = world.mails().await.len();
    world.work().await;
    assert!(world.mails().await.len() > before);
}

#[tokio::test]
async fn nobody_is_told_twice_however_often_it_is_interrupted() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let service = Service::start(9).await;
    subscribed(&world, person, &service).await;
    for n in 0..5 {
        world.person(&format!("p{n}@example.com")).await;
    }
    let (seen, _) = announced(&world, Plan::default()).await;
    interrupted(&mut world).await;
    world.work().await;
    let told = world.mails().await;
    let told = told.iter().filter(|it| it.contains("We end the service of")).count();
    assert_eq!(told, 6);
    assert_eq!((pushed(&world).await, service.topics()), (1, (1, 1)));
    let told = &cessation::one(&world.flows, &seen.id).await.unwrap().told["announced"]["cn"];
    assert_eq!((told.people, told.mail, told.push), (6, 6, 1), "counted once too");
}

#[tokio::test]
async fn a_browser_that_is_gone_is_forgotten_and_a_busy_service_is_asked_again() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let (busy, gone) = (Service::start(3).await, Service::start(4).await);
    subscribed(&world, person, &busy).await;
    subscribed(&world, person, &gone).await;
    busy.answers(503);
    gone.answers(410);
    announced(&world, Plan::default()).await;
    world.work().await;
    assert_eq!(pushed(&world).await, 0);
    assert_eq!(pushed(&world).await, 0, "it waits");
    busy.answers(201);
    world.later(3_600_000);
    assert_eq!(pushed(&world).await, 1, "once to the one, never again to the other");
    assert_eq!((busy.topics(), gone.topics()), ((2, 1), (1, 1)), "one message, tried twice");
    // The one that is gone was taken out, on the record; the other is still there.
    let taken =
        push::unsubscribe(&world.flows, person, &gone.subscription().endpoint, world.now).await;
    assert!(matches!(taken, Err(Stop::NotFound)));
    let left =
        push::unsubscribe(&world.flows, person, &busy.subscription().endpoint, world.now).await;
    assert_eq!(left.unwrap().into_inner().0.browsers, 0);
}

#[tokio::test]
async fn what_is_no_browser_is_not_written_to() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let service = Service::start(5).await;
    let private = push::subscribe(&world.flows, person, service.subscription(), world.now).await;
    assert!(stopped(private).contains("https://"));
    let mut odd = service.subscription();
    odd.endpoint = "https://push.example.com/1".into();
    odd.auth = "AAAA".into();
    assert!(
        stopped(push::subscribe(&world.flows, person, odd, world.now).await).contains("p256dh")
    );
}

/// The starter policy with a product that can end by itself.
async fn with_product() -> World {
    let world = World::new().await;
    let World { flows, now, dir, app } = world;
    drop(flows);
    let mut folder = super::support::starter();
    let mut put = |name: &str, before: &str, what: &str| {
        let text = folder.files.get_mut(name).unwrap();
        assert!(text.contains(before), "{before}");
        *text = text
            .replacen(before, &format!("{what}{before}"), 1)
            .replace("version    = 1\n", "version    = 2\n");
    };
    let product = "[product.surveys]\ntitle = \"Our panel\"\npurposes = [\"survey\"]\n\
                   categories = [\"survey-answers\"]\n\n";
    put("policy.md", "[cessation]\n", product);
    put("policy.zh.md", "purpose.survey ", "product.surveys = \"用户调查\"\n");
    let root = dir.path().to_owned();
    let now = now.plus_millis(1_000);
    let flows = flows::Flows::open(super::support::settings(&root), &folder, now).await.unwrap();
    // A new version counts from its day on.
    let now = now.plus_millis(60 * DAY);
    flows::notice::refresh(&flows, now).await.unwrap();
    World { flows, now, dir, app }
}

#[tokio::test]
async fn a_product_ends_alone() {
    let mut world = with_product().await;
    let form = |email: &str| flows::account::Register { accept: 2, ..World::form(email) };
    let registered = world.register(form("wei@example.com")).await.unwrap();
    world.later(1_000);
    let code = world.code().await;
    world.verify(&registered.id, &code).await.unwrap();
    let person = PersonId::parse(&registered.id).unwrap();
    world.choose(Who::Known(person), &[("survey", "given")]).await;
    let answers = ("survey-answers", "Planted answers".into(), None);
    flows::rights::correct(&world.flows, person, answers, world.now).await.unwrap().into_inner();
    // Somebody who took no part is not told of it.
    let other = world.register(form("li@example.com")).await.unwrap();
    world.later(1_000);
    let code = world.code().await;
    world.verify(&other.id, &code).await.unwrap();

    let plan = Plan { product: Some("surveys".to_owned()), ends: None };
    let (seen, _) = announced(&world, plan).await;
    assert_eq!(
        (seen.reach["cn"].people, seen.categories.as_slice()),
        (1, ["survey-answers".to_owned()].as_slice())
    );
    world.work().await;
    let told = world.mails().await;
    let told: Vec<_> = told.iter().filter(|it| it.contains("Our panel")).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("wei@example.com"));
    world.later(31 * DAY);
    world.work().await;
    drop(world.register(form("new@example.com")).await.unwrap());
    let more = ("survey-answers", "More".into(), None);
    let other = PersonId::parse(&other.id).unwrap();
    let more = flows::rights::correct(&world.flows, other, more, world.now).await;
    assert_eq!(refused(more).0, "ceased", "what is not held would be collected anew");
    world.later(31 * DAY);
    world.work().await;
    world.later(20_000);
    world.work().await;
    let seen = cessation::one(&world.flows, &seen.id).await.unwrap();
    assert_eq!(seen.state, "closed", "{seen:?}");
    assert!(!world.holds("Planted answers"));
    world.uses(person, "service", &["email"]).await.unwrap();
    let report = seen.report.unwrap();
    let checked = cessation::check_report(report.as_bytes(), None).unwrap();
    assert!(checked.text.contains("\"product\": \"surveys\""), "{}", checked.text);
    assert!(checked.text.contains("\"survey-answers\": 1"), "{}", checked.text);
}
