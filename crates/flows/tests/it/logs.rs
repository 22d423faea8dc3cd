//! Log information and its time: it goes a day at a time, and a shorter time counts for what is stored.

use decide::Signals;
use flows::PersonId;
use flows::change;
use flows::consent::Who;

use crate::retention::second;
use crate::support::{DAY, World};

/// How long a category is kept, in other words.
fn keeps(category: &str, period: &str) -> (String, String) {
    let keep = |period| format!("[keep.{category}]\nafter = \"collected\"\nfor   = \"{period}\"");
    (keep("6 months"), keep(period))
}

/// What a person is shown that is held, and how long it is kept.
async fn views(world: &World, person: PersonId) -> Vec<(usize, String)> {
    let data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    data.into_inner().events.iter().map(|it| (it.count, it.kept.clone())).collect()
}

/// The files in which log information lies.
fn days(world: &World) -> usize {
    let all = world.files();
    let named = |it: &std::path::PathBuf| it.to_string_lossy().contains("events");
    all.keys().filter(|it| named(it) && it.extension().is_some_and(|it| it == "db")).count()
}

async fn in_force(world: &mut World, changed: &[&str], period: &str) {
    let edits: Vec<_> = changed.iter().map(|it| keeps(it, period)).collect();
    let edits: Vec<_> = edits.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    change::publish(&world.flows, &second(&edits), world.now).await.unwrap();
    world.come(31 * DAY).await;
    assert_eq!(world.flows.book().version(), 2);
}

#[tokio::test]
async fn a_shorter_time_reaches_log_information_that_is_stored() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    world.choose(Who::Known(person), &[("improve", "given")]).await;
    world.send(Some(person), "/oven", Signals::default()).await;
    assert_eq!(views(&world, person).await, [(1, "6 months".to_owned())]);
    assert_eq!(days(&world), 1, "{:?}", world.files().keys());
    in_force(&mut world, &["device"], "60 days").await;
    assert_eq!(views(&world, person).await, [(1, "60 days".to_owned())]);
    // Past its time it is not shown, although its day is not over yet.
    world.later(29 * DAY);
    assert_eq!(views(&world, person).await, []);
    assert_eq!(days(&world), 1);
    // And it goes with its day.
    world.later(DAY);
    world.work().await;
    assert_eq!(days(&world), 0);
}

#[tokio::test]
async fn a_longer_time_is_for_log_information_that_comes_in_under_it() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    world.choose(Who::Known(person), &[("improve", "given")]).await;
    world.send(Some(person), "/oven", Signals::default()).await;
    in_force(&mut world, &["page-views", "clicks", "device", "ip"], "2 years").await;
    assert_eq!(views(&world, person).await, [(1, "6 months".to_owned())]);
    world.later(152 * DAY);
    world.work().await;
    assert_eq!((views(&world, person).await, days(&world)), (vec![], 0));
}
