//! Anonymising: what goes leaves a count behind that leads back to nobody.

use flows::retention::{Counted, anonymous};
use flows::{PersonId, Plain};

use crate::support::{DAY, World, settings, starter};

const BIRTH: &str = "[keep.birth-date]\nafter = \"account-closed\"\nfor   = \"7 days\"";
const MESSAGES: &str = "[keep.support-messages]\nafter = \"collected\"\nfor   = \"2 years\"";

/// A world whose policy counts birth dates by their decade, and that there were messages.
async fn world() -> World {
    let world = World::new().await;
    let World { flows, now, dir, app } = world;
    drop(flows);
    std::fs::remove_dir_all(dir.path().join("data")).unwrap();
    let mut folder = starter();
    let text = folder.files.get_mut("policy.md").unwrap();
    for (from, more) in [
        (BIRTH, "then = \"anonymise\"\nby = \"generalise\"\nto = \"decade\"\nmin_group = 5"),
        (MESSAGES, "then = \"anonymise\"\nby = \"aggregate\"\nmin_group = 5"),
    ] {
        assert!(text.contains(from), "`{from}` is not in the starter policy");
        *text = text.replacen(from, &format!("{from}\n{more}"), 1);
    }
    let flows = flows::Flows::open(settings(dir.path()), &folder, now).await.unwrap();
    let world = World { flows, now, dir, app };
    let purposes = ["service", "support"].map(str::to_owned).to_vec();
    let ask = flows::security::AddKey {
        kind: flows::AskerKind::App,
        name: "shop".to_owned(),
        purposes,
        source: None,
    };
    let key = flows::security::add_key(&world.flows, ask, world.now).await.unwrap();
    let app = flows::security::caller(&world.flows, &key.secret).await.unwrap().unwrap();
    World { app, ..world }
}

async fn born(world: &mut World, n: usize, day: &str) -> PersonId {
    let form = World::form(&format!("born-{n}@example.com"));
    let form = flows::account::Register { birth_date: Some(Plain::from(day)), ..form };
    let registered = world.register(form).await.unwrap();
    world.later(1_000);
    let code = world.code().await;
    let signed = world.verify(&registered.id, &code).await.unwrap();
    PersonId::parse(&signed.id).unwrap()
}

async fn close(world: &mut World, person: PersonId) {
    let asking = (None, None);
    let _closing = flows::account::close(&world.flows, person, asking, world.now).await.unwrap();
    world.later(8 * DAY);
    world.work().await;
}

fn group(group: &str, count: u64) -> Counted {
    let (region, category) = ("cn".to_owned(), "birth-date".to_owned());
    Counted { region, category, group: group.to_owned(), count }
}

#[tokio::test]
async fn what_is_anonymised_leads_back_to_nobody() {
    let mut world = world().await;
    let mut people = Vec::new();
    for n in 0..6 {
        let day = if n == 0 { "1961-03-04" } else { "1990-05-17" };
        people.push(born(&mut world, n, day).await);
    }
    // Until enough came together nothing is written: not when, not which, not that there was one.
    for person in people.iter().take(4) {
        close(&mut world, *person).await;
        assert_eq!(anonymous(&world.flows).await.unwrap(), []);
        assert!(!world.holds("anonymous/"), "a single one would tell whose it was");
    }
    close(&mut world, people[4]).await;
    // Five at once; neither decade is read by itself, because both are too small.
    assert_eq!(anonymous(&world.flows).await.unwrap(), [group("other", 5)]);
    assert!(world.holds("anonymous/cn/birth-date/1990s"));
    close(&mut world, people[5]).await;
    for n in 6..10 {
        let person = born(&mut world, n, "1992-01-01").await;
        close(&mut world, person).await;
    }
    let seen = anonymous(&world.flows).await.unwrap();
    assert_eq!(seen, [group("1990s", 9)], "and the one alone is in no group that is read");
    // Nothing stands beside a count: no day, no person, no instant.
    assert!(!world.holds("1990-05") && !world.holds("1961-03") && !world.holds("1992-01"));
    for person in &people {
        let id = person.bits().to_be_bytes();
        let beside = |it: &Vec<u8>| {
            let near = |from: usize| {
                let around = it.get(from.saturating_sub(200)..(from + 200).min(it.len()));
                around.is_some_and(|it| it.windows(10).any(|it| it == b"anonymous/"))
            };
            it.windows(16).enumerate().any(|(at, it)| it == id && near(at))
        };
        assert!(!world.files().values().any(beside), "an id beside a count");
    }
}

#[tokio::test]
async fn the_sweep_counts_what_it_deletes() {
    let mut world = world().await;
    for n in 0..5 {
        let person = born(&mut world, n, "1990-05-17").await;
        let ask = flows::collection::Put {
            person,
            category: "support-messages".to_owned(),
            value: Plain::from("the oven is loud"),
            source: "staff".to_owned(),
            purpose: Some("support".to_owned()),
            idempotency: None,
        };
        let _done = flows::collection::put(&world.flows, &world.app, ask, world.now).await.unwrap();
    }
    assert_eq!(anonymous(&world.flows).await.unwrap(), []);
    world.later(2 * 366 * DAY);
    world.work().await;
    let (region, category) = ("cn".to_owned(), "support-messages".to_owned());
    let one = Counted { region, category, group: String::new(), count: 5 };
    assert_eq!(anonymous(&world.flows).await.unwrap(), [one]);
}
