//! Backups by themselves, kept as long as the policy promises; and going back to one, after which
//! everything counts that was said since.

#[path = "backups/begun.rs"]
mod begun;

use std::path::PathBuf;

use flows::consent::Who;
use flows::retention::hold::{self, Place};
use flows::security::{
    AddKey, Archiving, GoBack, NotRestored, Plan, archive, archived, back_up_now, backup_seen,
    backups, backups_settled, plan_backups, restore, ship_changes,
};
use flows::{AskerKind, Database, Flows, PersonId, Settings, Stop};
use policy::Duration;

use crate::support::{DAY, START, World, settings, starter};

fn here(world: &World) -> Settings {
    let root = world.dir.path();
    Settings { checkpoints: vec![root.join("checkpoints")], ..settings(root) }
}

fn plan(world: &World) -> Plan {
    let at = |name: &str| world.dir.path().join(name);
    Plan { to: at("backups"), every: None, keep: None, changes: Some(at("changes")), archive: None }
}

/// A world that writes its changes down outside, and makes backups.
async fn backed_up() -> World {
    let World { flows, dir, .. } = World::new().await;
    drop(flows);
    std::fs::remove_dir_all(dir.path().join("data")).unwrap();
    let now = decide::Timestamp::from_millis(START);
    let root = dir.path();
    let settings = Settings { checkpoints: vec![root.join("checkpoints")], ..settings(root) };
    let flows = Flows::open(settings, &starter(), now).await.unwrap();
    ship_changes(&flows, &dir.path().join("changes")).await.unwrap();
    let purposes = ["service", "advertise"].map(str::to_owned).to_vec();
    let ask = AddKey { kind: AskerKind::App, name: "shop".to_owned(), purposes, source: None };
    let key = flows::security::add_key(&flows, ask, now).await.unwrap();
    let app = flows::security::caller(&flows, &key.secret).await.unwrap().unwrap();
    let world = World { flows, now, dir, app };
    plan_backups(&world.flows, plan(&world), world.now).await.unwrap();
    world
}

async fn work(world: &World) {
    world.work().await;
    backups_settled(&world.flows).await;
}

fn made(world: &World) -> Vec<PathBuf> {
    let found = backups(&world.dir.path().join("backups")).unwrap();
    found.into_iter().map(|it| it.path).collect()
}

async fn consents(world: &World, person: PersonId, said: &str) {
    world.choose(Who::Known(person), &[("advertise", said)]).await;
}

/// The data folder is lost, and a backup comes in its place.
async fn lost(world: World, from: PathBuf) -> World {
    let World { flows, now, dir, app } = world;
    flows.close(now).await.unwrap();
    drop(flows);
    let root = dir.path();
    std::fs::rename(root.join("data"), root.join("lost")).unwrap();
    let ask = GoBack {
        from,
        changes: vec![root.join("changes")],
        to: Database::Folder(root.join("data")),
        keys: root.join("keys"),
        checkpoints: vec![root.join("checkpoints")],
    };
    restore(ask, now).await.unwrap();
    let settings = Settings { checkpoints: vec![root.join("checkpoints")], ..settings(root) };
    let flows = Flows::open(settings, &starter(), now).await.unwrap();
    ship_changes(&flows, &root.join("changes")).await.unwrap();
    World { flows, now, dir, app }
}

#[tokio::test]
async fn they_are_made_when_they_are_due_and_go_when_their_time_is_over() {
    let mut world = backed_up().await;
    work(&world).await;
    assert_eq!(made(&world).len(), 1, "the first at once");
    work(&world).await;
    assert_eq!(made(&world).len(), 1);
    world.later(DAY - 1);
    work(&world).await;
    assert_eq!(made(&world).len(), 1, "not before it is due");
    world.later(1);
    work(&world).await;
    assert_eq!(made(&world).len(), 2);
    let seen = back_up_now(&world.flows, world.now).await.unwrap();
    assert_eq!(seen.state, "waiting");
    world.later(1_000);
    work(&world).await;
    assert_eq!(made(&world).len(), 3, "one more, asked for");
    let first = made(&world)[0].clone();
    for _ in 0..29 {
        world.later(DAY);
        work(&world).await;
    }
    assert!(!first.exists(), "kept for thirty days and no longer");
    assert!(made(&world).len() > 28);
    let seen = backup_seen(&world.flows).await.unwrap();
    assert!(seen.last.is_some() && seen.next.is_some());
}

/// Does the jobs that are due while no backup can be made.
async fn refused(world: &World) {
    let log = world.dir.path().join("data/log");
    let away = world.dir.path().join("away");
    std::fs::rename(&log, &away).unwrap();
    flows::retention::work(&world.flows, world.now).await.unwrap();
    backups_settled(&world.flows).await;
    std::fs::rename(&away, &log).unwrap();
}

#[tokio::test]
async fn old_ones_go_whether_or_not_a_new_one_can_be_made() {
    let mut world = backed_up().await;
    work(&world).await;
    let first = made(&world)[0].clone();
    world.later(30 * DAY - 1);
    refused(&world).await;
    assert_eq!(backup_seen(&world.flows).await.unwrap().state, "failed");
    assert_eq!(made(&world), [first], "its time is not over");
    // It is tried again by itself, and again without success.
    world.later(1);
    for _ in 0..3 {
        refused(&world).await;
        world.later(10 * 60_000);
    }
    assert!(made(&world).is_empty(), "promised to be gone, it is gone");
    let seen = backup_seen(&world.flows).await.unwrap();
    assert_eq!(seen.state, "failed");
    work(&world).await;
    assert_eq!(made(&world).len(), 1, "and once it can be made it is");
    let seen = backup_seen(&world.flows).await.unwrap();
    assert_eq!((seen.state.as_str(), seen.next.is_some()), ("waiting", true));
    work(&world).await;
    world.later(60 * 60_000);
    work(&world).await;
    assert_eq!(made(&world).len(), 1, "one, and no other before it is due");
}

#[tokio::test]
async fn what_the_policy_in_force_promises_counts_at_once() {
    let mut world = backed_up().await;
    let shorter = crate::retention::second(&[(
        "every = \"24 hours\"\nkeep  = \"30 days\"",
        "every = \"6 hours\"\nkeep  = \"7 days\"",
    )]);
    flows::change::publish(&world.flows, &shorter, world.now).await.unwrap();
    work(&world).await;
    world.later(15 * DAY);
    work(&world).await;
    // An hour before the other version.
    world.later(15 * DAY + 3_600_000);
    work(&world).await;
    assert_eq!(made(&world).len(), 2, "the first is over by either");
    world.later(3_600_000);
    flows::notice::refresh(&world.flows, world.now).await.unwrap();
    assert_eq!(world.flows.book().version(), 2);
    work(&world).await;
    work(&world).await;
    assert_eq!(made(&world).len(), 1, "kept for seven days from now on");
    world.later(6 * 3_600_000);
    work(&world).await;
    assert_eq!(made(&world).len(), 2, "every six hours");
    let seen = backup_seen(&world.flows).await.unwrap();
    assert_eq!(seen.next, Some(flows::when(world.now.plus_millis(6 * 3_600_000))));
}

#[tokio::test]
async fn less_than_the_policy_promises_is_refused() {
    let world = World::new().await;
    for (every, keep, field) in
        [(Some("2 days"), None, "backup-every"), (None, Some("31 days"), "backup-keep")]
    {
        let read = |it: Option<&str>| it.map(|it| Duration::parse(it).unwrap());
        let plan = Plan { every: read(every), keep: read(keep), ..plan(&world) };
        let refused = plan_backups(&world.flows, plan, world.now).await;
        assert!(matches!(refused, Err(Stop::Invalid { field: it, .. }) if it == field));
    }
    let none = back_up_now(&world.flows, world.now).await;
    assert!(matches!(none, Err(Stop::NotNow(_))), "{none:?}");
}

#[tokio::test]
async fn everything_counts_that_was_said_since() {
    let mut world = backed_up().await;
    let (erased, _) = world.person("erased@example.com").await;
    let (withdrew, _) = world.person("withdrew@example.com").await;
    let (closing, _) = world.person("closing@example.com").await;
    let (same, _) = world.person("same@example.com").await;
    consents(&world, withdrew, "given").await;
    consents(&world, same, "given").await;
    assert!(world.uses(withdrew, "advertise", &["email"]).await.is_ok());
    world.flows.sequence(world.now).await.unwrap();
    work(&world).await;
    let backup = made(&world).pop().unwrap();

    world.later(1_000);
    consents(&world, withdrew, "refused").await;
    let _closing = flows::account::close(&world.flows, closing, (None, None), world.now).await;
    flows::retention::erase_now(&world.flows, erased, world.now).await.unwrap();
    world.work().await;

    let mut world = lost(world, backup).await;
    let gone = world.uses(erased, "service", &["email"]).await;
    assert!(matches!(gone, Err(Stop::Gone)), "{gone:?}");
    let refused = world.uses(withdrew, "advertise", &["email"]).await;
    assert!(matches!(refused, Err(Stop::Refused(_))), "{refused:?}");
    let refused = world.uses(closing, "service", &["email"]).await;
    assert!(matches!(refused, Err(Stop::Refused(_))), "{refused:?}");
    assert!(world.uses(same, "advertise", &["email"]).await.is_ok());
    world.work().await;
    let page = flows::rights::Page::default();
    let uses = flows::rights::uses(&world.flows, withdrew, &page, world.now).await.unwrap();
    let uses = serde_json::to_string(&uses.into_inner()).unwrap();
    assert!(uses.contains("restore"), "it is on the record: {uses}");
    // The time to change one's mind ends when it was said to.
    world.later(15 * DAY);
    world.work().await;
    let gone = world.uses(closing, "service", &["email"]).await;
    assert!(matches!(gone, Err(Stop::Gone)), "{gone:?}");
}

#[tokio::test]
async fn a_hold_since_holds_also_who_was_erased_after_it() {
    let mut world = backed_up().await;
    let (person, _) = world.person("held@example.com").await;
    let (other, _) = world.person("other@example.com").await;
    world.flows.sequence(world.now).await.unwrap();
    work(&world).await;
    let backup = made(&world).pop().unwrap();
    let mut ids = Vec::new();
    for person in [person, other] {
        let ask = Place {
            person,
            categories: vec!["phone".to_owned()],
            ground: "a court ordered it".to_owned(),
            reference: "(2026) Foshan 42".to_owned(),
            authority: "Foshan Court".to_owned(),
            until: world.now.plus_millis(90 * DAY),
            idempotency: None,
        };
        let done = hold::place(&world.flows, "stf_one", &ask, world.now).await.unwrap();
        let id = decide::id::HoldId::parse(&done.into_inner().id).unwrap();
        let _held = hold::approve(&world.flows, "stf_two", id, world.now).await.unwrap();
        ids.push(id);
    }
    world.later(1_000);
    flows::retention::erase_now(&world.flows, person, world.now).await.unwrap();
    world.work().await;
    let mut world = lost(world, backup).await;
    assert!(matches!(world.uses(person, "service", &["phone"]).await, Err(Stop::Gone)));
    let refused = world.uses(other, "service", &["phone"]).await;
    assert!(matches!(refused, Err(Stop::Refused(_))), "closed to every use: {refused:?}");
    for id in &ids {
        assert_eq!(hold::one(&world.flows, *id).await.unwrap().state, "held");
    }
    // And it ends on its day.
    world.later(91 * DAY);
    world.work().await;
    for id in ids {
        assert_ne!(hold::one(&world.flows, id).await.unwrap().state, "held");
    }
}

#[tokio::test]
async fn without_the_list_or_with_one_that_is_too_short_nothing_is_restored() {
    let mut world = backed_up().await;
    let (person, _) = world.person("wei@example.com").await;
    world.flows.sequence(world.now).await.unwrap();
    work(&world).await;
    let backup = made(&world).pop().unwrap();
    flows::retention::erase_now(&world.flows, person, world.now).await.unwrap();
    world.flows.sequence(world.now).await.unwrap();
    let root = world.dir.path();
    let ask = GoBack {
        from: backup,
        changes: vec![root.join("changes")],
        to: Database::Folder(root.join("again")),
        keys: root.join("keys"),
        checkpoints: here(&world).checkpoints,
    };
    let none = GoBack { changes: vec![root.join("nothing")], ..ask.clone() };
    assert!(matches!(restore(none, world.now).await, Err(NotRestored::List(_))));
    std::fs::create_dir(root.join("empty")).unwrap();
    let empty = GoBack { changes: vec![root.join("empty")], ..ask.clone() };
    let said = restore(empty, world.now).await.unwrap_err().to_string();
    assert!(said.contains("is missing"), "{said}");
    // The last step is cut off, and then one in the middle is changed.
    let list = root.join("changes");
    let file = std::fs::read_dir(&list).unwrap().next().unwrap().unwrap().path();
    let bytes = std::fs::read(&file).unwrap();
    let write = |bytes: &[u8]| {
        use std::io::Write as _;
        std::fs::File::create(&file).unwrap().write_all(bytes).unwrap();
    };
    write(&bytes[..bytes.len() - 1]);
    let said = restore(ask.clone(), world.now).await.unwrap_err().to_string();
    assert!(said.contains("ends at"), "{said}");
    let mut torn = bytes.clone();
    torn[bytes.len() / 2] ^= 1;
    write(&torn);
    let said = restore(ask.clone(), world.now).await.unwrap_err().to_string();
    assert!(said.contains("was changed"), "{said}");
    assert!(!root.join("again").exists(), "nothing was begun");
    write(&bytes);
    restore(ask, world.now).await.unwrap();
}

#[tokio::test]
async fn what_is_left_of_closed_cases_moves_into_an_archive_that_names_nobody() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let closing = flows::account::close(&world.flows, person, (None, None), world.now).await;
    let _closing = closing.unwrap();
    let (other, _) = world.person("mei@example.com").await;
    let written = crate::messages::of(other, "Where is my oven?");
    let left = crate::messages::leave(&world, written).await.unwrap();
    crate::messages::reply(&world, crate::messages::id(&left), "On its way.").await.unwrap();
    world.later(8 * DAY);
    world.work().await;
    let to = world.dir.path().join("archive");
    let ask = Archiving {
        to: to.clone(),
        after: Duration::parse("30 days").unwrap(),
        keep: Duration::parse("60 days"),
    };
    let (cases, none) = archive(&world.flows, &ask, world.now).await.unwrap();
    assert!(cases == 0 && none.is_none(), "too young");
    // What was said goes in its time; then nothing but the frame is left.
    world.later(1_200 * DAY);
    world.work().await;
    let (cases, file) = archive(&world.flows, &ask, world.now).await.unwrap();
    assert_eq!(cases, 1);
    let keys = world.dir.path().join("keys");
    let shown = archived(&keys, &to).unwrap();
    let one = shown.first().unwrap();
    let said = "what the log attests of a closing stays for whoever has the link to it";
    assert_eq!((shown.len(), one.kind.as_str()), (1, "message"), "{said}");
    for who in [person, other] {
        let bits = format!("{:032x}", who.bits());
        assert!(!format!("{shown:?}").contains(&bits), "nobody is named");
    }
    let (again, _) = archive(&world.flows, &ask, world.now).await.unwrap();
    assert_eq!(again, 0, "once");
    world.later(61 * DAY);
    archive(&world.flows, &ask, world.now).await.unwrap();
    assert!(!file.unwrap().exists(), "kept for so long and no longer");
}

#[tokio::test]
async fn the_list_keeps_no_more_than_the_oldest_backup_needs() {
    let mut world = backed_up().await;
    let count =
        |world: &World| std::fs::read_dir(world.dir.path().join("changes")).unwrap().count();
    for n in 0..3 {
        // Each start begins a file of the list.
        world.flows.close(world.now).await.unwrap();
        let World { flows, now, dir, app } = world;
        drop(flows);
        let root = dir.path();
        let settings = Settings { checkpoints: vec![root.join("checkpoints")], ..settings(root) };
        let flows = Flows::open(settings, &starter(), now).await.unwrap();
        ship_changes(&flows, &root.join("changes")).await.unwrap();
        world = World { flows, now, dir, app };
        world.person(&format!("n{n}@example.com")).await;
        world.flows.sequence(world.now).await.unwrap();
    }
    assert!(count(&world) >= 3);
    plan_backups(&world.flows, plan(&world), world.now).await.unwrap();
    work(&world).await;
    assert!(count(&world) < 3, "what is in the backup is not needed");
    let backup = made(&world).pop().unwrap();
    world.person("later@example.com").await;
    world.flows.sequence(world.now).await.unwrap();
    lost(world, backup).await;
}
