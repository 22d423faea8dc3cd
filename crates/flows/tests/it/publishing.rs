//! Publishing: not before the notice that was promised, by two people, in a round that survives crashes;
//! and trying a draft on what was recorded.

use decide::Timestamp;
use flows::change::{self, Approval, Draft};
use flows::consent::Who;
use flows::{Flows, PersonId, Stop};

use crate::changing::{EARLIEST, UNTIL, publish, second};
use crate::support::{DAY, World, settings, starter};

#[tokio::test]
async fn a_day_before_the_promised_notice_is_refused_with_the_earliest() {
    let world = World::new().await;
    let early = change::publish(&world.flows, &second("2026-12-22", &[]), world.now).await;
    let Err(Stop::NotNow(say)) = early else { panic!("published: {early:?}") };
    assert!(say.contains("the earliest day is `effective = 2026-12-23`"), "{say}");
    let draft = second(EARLIEST, &[]);
    let dry = change::plan(&world.flows, &draft, world.now).await.unwrap();
    assert_eq!(flows::notice::versions(&world.flows).await.unwrap().len(), 1);
    assert!(dry.render().contains("purpose.support.uses"), "{}", dry.render());
    publish(&world, &draft).await;
    let again = change::publish(&world.flows, &draft, world.now).await;
    let Err(Stop::NotNow(say)) = again else { panic!("published twice: {again:?}") };
    assert!(say.contains("write `version = 3`"), "{say}");
    // The page says the day that holds.
    let versions = flows::notice::versions(&world.flows).await.unwrap();
    assert_eq!(versions[1].1.header.effective.to_string(), EARLIEST);
    let faulty = second(EARLIEST, &[("[category.email]", "[categorie.email]")]);
    let faulty = change::plan(&world.flows, &faulty, world.now).await;
    assert!(matches!(faulty, Err(Stop::Invalid { .. })), "{faulty:?}");
}

#[tokio::test]
async fn a_folder_with_a_newer_version_goes_the_same_way_at_the_start() {
    let World { flows, now, dir, .. } = World::new().await;
    drop(flows);
    let early = second("2026-12-01", &[]);
    let mut folder = early.folder.clone();
    let text = folder.files.get_mut("policy.md").unwrap();
    *text = text.replace("effective  = 2026-12-23", "effective  = 2026-12-01");
    let fault = Flows::open(settings(dir.path()), &folder, now).await.unwrap_err().to_string();
    assert!(fault.contains("the earliest day is `effective = 2026-12-23`"), "{fault}");
    let text = folder.files.get_mut("policy.md").unwrap();
    *text = text.replace("effective  = 2026-12-01", "effective  = 2026-12-23");
    let flows = Flows::open(settings(dir.path()), &folder, now).await.unwrap();
    assert_eq!(flows.book().version(), 1);
    let notices = change::notices(&flows).await.unwrap();
    assert_eq!((notices[0].id.as_str(), notices[0].state.as_str()), ("notice/2", "telling"));
}

#[tokio::test]
async fn a_widening_takes_two_people() {
    let mut world = World::new().await;
    world.person("ada@example.org").await;
    let draft = second(EARLIEST, &[]);
    let waits = change::propose(&world.flows, &draft, "officer-1", world.now).await.unwrap();
    let Approval::Waits(_, hash) = waits else { panic!("published: {waits:?}") };
    assert_eq!(flows::notice::versions(&world.flows).await.unwrap().len(), 1);
    let read = (2, hash.as_str());
    let same = change::approve(&world.flows, read, "officer-1", world.now).await;
    assert!(matches!(same, Err(Stop::NotNow(_))), "{same:?}");
    change::approve(&world.flows, read, "officer-2", world.now).await.unwrap();
    let again = change::approve(&world.flows, read, "officer-2", world.now).await;
    assert!(matches!(again, Err(Stop::NotNow(_))), "{again:?}");
    assert!(change::proposals(&world.flows).await.unwrap().is_empty());
    world.come(1_000).await;
    let notices = change::notices(&world.flows).await.unwrap();
    let [notice] = notices.as_slice() else { panic!("{notices:?}") };
    assert_eq!((notice.state.as_str(), notice.told, notice.asked), ("waiting", 1, 0));
    world.come(UNTIL).await;
    let notices = change::notices(&world.flows).await.unwrap();
    assert_eq!((notices[0].state.as_str(), notices[0].failed), ("done", 0));
}

#[tokio::test]
async fn what_is_agreed_to_is_what_was_read() {
    let World { flows, now, .. } = &World::new().await;
    let reads = async || change::proposals(flows).await.unwrap().remove(0).draft_hash;
    let hands = async |draft: &Draft| {
        change::propose(flows, draft, "officer-1", *now).await.unwrap();
        reads().await
    };
    let read = hands(&second(EARLIEST, &[])).await;
    let whole = change::handed_in(flows, 2, *now).await.unwrap();
    assert_eq!(whole.waiting.draft_hash, read);
    assert!(whole.planned.unwrap().widens());
    // A word, a day, a calendar: each makes another draft.
    let word =
        second(EARLIEST, &[("Write to {{ contact.email }}", "Do write to {{ contact.email }}")]);
    let day = second("2027-02-01", &[]);
    let mut calendar = second(EARLIEST, &[]);
    let days = calendar.folder.files.iter_mut().find(|it| it.0.starts_with("holidays/")).unwrap();
    days.1.push_str("# another\n");
    for other in [&word, &day, &calendar] {
        let swapped = hands(other).await;
        assert_ne!(swapped, read);
        let old = change::approve(flows, (2, &read), "officer-2", *now).await;
        let Err(Stop::NotNow(say)) = old else { panic!("published: {old:?}") };
        assert!(say.contains("read that one again"), "{say}");
    }
    assert_eq!(hands(&second(EARLIEST, &[])).await, read, "the same again is the same");
    assert_eq!(flows::notice::versions(flows).await.unwrap().len(), 1);
    change::approve(flows, (2, &read), "officer-2", *now).await.unwrap();
    assert!(matches!(change::handed_in(flows, 2, *now).await, Err(Stop::NotFound)));
}

#[tokio::test]
async fn what_was_read_against_another_version_is_read_again() {
    let World { flows, now, .. } = &World::new().await;
    let number = |draft: &mut Draft, version: &str| {
        let text = draft.folder.files.get_mut("policy.md").unwrap();
        *text = text.replacen("version    = 2", version, 1);
    };
    let mut third = second(EARLIEST, &[]);
    number(&mut third, "version    = 3");
    change::propose(flows, &third, "officer-1", *now).await.unwrap();
    let read = change::proposals(flows).await.unwrap().remove(0).draft_hash;
    let mut between = Draft { folder: starter(), effective: None };
    let text = between.folder.files.get_mut("policy.md").unwrap();
    *text = text.replacen("version    = 1", "version    = 2", 1);
    change::publish(flows, &between, *now).await.unwrap();
    let stale = change::approve(flows, (3, &read), "officer-2", *now).await;
    assert!(matches!(stale, Err(Stop::NotNow(_))), "{stale:?}");
    let read = change::proposals(flows).await.unwrap().remove(0).draft_hash;
    change::approve(flows, (3, &read), "officer-2", *now).await.unwrap();
    // What a later version came before waits no longer.
    let late = change::approve(flows, (2, &read), "officer-2", *now).await;
    assert!(matches!(late, Err(Stop::NotFound)), "{late:?}");
}

#[tokio::test]
async fn a_draft_is_replayed_over_what_was_recorded() {
    let mut world = World::new().await;
    let (ada, _) = world.person("ada@example.org").await;
    let (bob, _) = world.person("bob@example.org").await;
    world.says(ada, "advertise", "given").await;
    for person in [ada, bob] {
        drop(world.uses(person, "support", &["email", "birth-date"]).await.unwrap());
        drop(world.uses(person, "advertise", &["phone"]).await);
    }
    let draft = second(EARLIEST, &[]);
    let since = Timestamp::from_millis(world.now.millis() - DAY);
    let done = change::replay(&world.flows, &draft.folder, since, world.now).await.unwrap();
    assert_eq!(done.people, 2);
    let lines: Vec<String> = done
        .lines
        .iter()
        .map(|it| {
            format!(
                "{} | {} | {} → {} | {}×{}",
                it.clause, it.act, it.before, it.after, it.requests, it.people
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            "use-support | use support | permit email → permit | 2×2",
            "use-advertise | use advertise | refuse → permit | 1×1",
        ]
    );
    let text = done.render();
    assert!(!text.contains("example.org") && !text.contains("per_"), "{text}");
    let same = change::replay(&world.flows, &starter(), since, world.now).await.unwrap();
    assert!(same.lines.is_empty(), "{:?}", same.lines);
    // What was looked at is on each person's record.
    let uses = flows::rights::uses(&world.flows, ada, &flows::rights::Page::default(), world.now)
        .await
        .unwrap();
    assert!(uses.into_inner().uses.iter().any(|it| it.by == "system" && it.name == "replay"));
}

#[tokio::test]
async fn a_round_goes_on_after_each_crash_and_comes_to_everybody_once() {
    let mut world = World::new().await;
    // More than one step of a round visits, and one in the region that comes last.
    for _ in 0..300 {
        world.choose(Who::Nobody, &[("improve", "given")]).await;
    }
    let mut form = World::form("eva@example.org");
    form.region = "eu".to_owned();
    let registered = world.register(form).await.unwrap();
    let code = world.code().await;
    let eva = world.verify(&registered.id, &code).await.unwrap();
    let eva = PersonId::parse(&eva.id).unwrap();
    let wider = [(
        "\"clicks\", \"device\", \"language\"]",
        "\"clicks\", \"device\", \"language\", \"ip\"]",
    )];
    let plan = publish(&world, &second(EARLIEST, &wider)).await;
    assert_eq!((plan.reach.people, plan.reach.told, plan.reach.asked), (301, 301, 300));
    for steps in [1, 3, 10, 30, 100, 300] {
        tokio::select! {
            biased;
            () = world.work() => {}
            () = yields(steps) => {}
        }
        // What was claimed is free again after a minute.
        world.later(61_000);
    }
    world.come(1_000).await;
    let notices = change::notices(&world.flows).await.unwrap();
    assert_eq!((notices[0].state.as_str(), notices[0].failed), ("waiting", 0));
    assert_eq!(world.letters().await.len(), 1);
    world.come(UNTIL + DAY).await;
    let notices = change::notices(&world.flows).await.unwrap();
    assert_eq!((notices[0].state.as_str(), notices[0].failed), ("done", 0));
    assert_eq!((world.letters().await.len(), world.adopted(eva).await), (1, 2));
}

/// Lets others go on so many times.
async fn yields(times: u32) {
    for _ in 0..times {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn whoever_was_leaving_when_it_came_is_told_when_they_stay() {
    let mut world = World::new().await;
    let (ada, _) = world.person("ada@example.org").await;
    let closing = flows::account::close(&world.flows, ada, (None, None), world.now).await.unwrap();
    let request = flows::RequestId::parse(&closing.into_inner().request).unwrap();
    publish(&world, &second(EARLIEST, &[])).await;
    world.come(1_000).await;
    assert!(world.letters().await.is_empty());
    let cancel = flows::account::Cancel { person: ada, request, token: None };
    drop(flows::account::cancel(&world.flows, cancel, world.now).await.unwrap());
    world.come(1_000).await;
    assert_eq!(world.letters().await.len(), 1);
    world.come(UNTIL + DAY).await;
    assert_eq!(world.adopted(ada).await, 2);
}

#[tokio::test]
async fn an_old_yes_of_a_browser_is_not_carried_to_what_was_widened() {
    let mut world = World::new().await;
    let done = world.choose(Who::Nobody, &[("improve", "given"), ("advertise", "given")]).await;
    let flows::consent::Answered::Known(recorded) = done else { panic!("a yes makes a person") };
    let secret = recorded.into_inner().browser.unwrap();
    let browser = flows::account::who(&world.flows, &secret, world.now).await.unwrap().unwrap();
    publish(&world, &second(EARLIEST, &[])).await;
    world.come(UNTIL + DAY).await;
    // Registered under version 2, in a browser that agreed under version 1.
    let mut form = World::form("ada@example.org");
    form.accept = 2;
    let registered = world.register(form).await.unwrap();
    let person = PersonId::parse(&registered.id).unwrap();
    flows::consent::carry(&world.flows, (browser, person), world.now).await.unwrap();
    let code = world.code().await;
    world.verify(&registered.id, &code).await.unwrap();
    let refused = crate::support::refused(world.uses(person, "advertise", &["phone"]).await);
    assert_eq!(refused.0, "not-consented");
    let consents = flows::rights::consents(&world.flows, person, None, world.now).await.unwrap();
    let choices = consents.into_inner().0["choices"].to_string();
    assert!(choices.contains(r#""purpose":"improve","state":"given""#), "{choices}");
}
