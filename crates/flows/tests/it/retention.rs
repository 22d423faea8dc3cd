//! Retention: dates follow the policy, nothing is kept longer in silence, and a month without a worker
//! is caught up with.

use std::collections::BTreeSet;

use decide::{Signals, Timestamp};
use flows::change::{self, Draft};
use flows::consent::{Answered, Who};
use flows::{PersonId, Plain, Stop};

use crate::support::{DAY, World, starter};

/// The starter policy as version 2, from the first day that the notice leaves.
pub(crate) fn second(edits: &[(&str, &str)]) -> Draft {
    let mut folder = starter();
    let text = folder.files.get_mut("policy.md").unwrap();
    let usual = [
        ("version    = 1", "version    = 2"),
        ("updated    = 2026-10-01", "updated    = 2026-11-22"),
        ("effective  = 2026-10-15", "effective  = 2026-12-23"),
    ];
    for (from, to) in usual.iter().chain(edits) {
        assert!(text.contains(from), "`{from}` is not in the starter policy");
        *text = text.replacen(from, to, 1);
    }
    Draft { folder, effective: Some("2026-12-23".parse().unwrap()) }
}

const KEPT: &str = "[keep.support-messages]\nafter = \"collected\"\nfor   = \"2 years\"";
const SHORTER: &str = "[keep.support-messages]\nafter = \"collected\"\nfor   = \"1 year\"";
const LONGER: &str = "[keep.support-messages]\nafter = \"collected\"\nfor   = \"3 years\"";
/// From the beginning of the world to that day in Shanghai.
const UNTIL: i64 = 30 * DAY + 2 * 3_600_000;

async fn put(world: &World, person: PersonId, category: &str, purpose: &str, value: &str) {
    let ask = flows::collection::Put {
        person,
        category: category.to_owned(),
        value: Plain::from(value),
        source: "staff".to_owned(),
        purpose: Some(purpose.to_owned()),
        idempotency: None,
    };
    let _done = flows::collection::put(&world.flows, &world.app, ask, world.now).await.unwrap();
}

async fn due(world: &World, person: PersonId, category: &str) -> Option<String> {
    let data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    let data = data.into_inner().data;
    data.into_iter().find(|it| it.category == category).and_then(|it| it.due)
}

async fn in_force(world: &World) {
    flows::notice::refresh(&world.flows, world.now).await.unwrap();
    assert_eq!(world.flows.book().version(), 2);
}

#[tokio::test]
async fn a_shorter_time_counts_at_once() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    put(&world, person, "support-messages", "support", "the oven is loud").await;
    let of = |years: i16| {
        let at = jiff::Timestamp::from_millisecond(world.now.millis()).unwrap();
        let zoned = at.to_zoned(jiff::tz::TimeZone::get("Asia/Shanghai").unwrap());
        let then = zoned.checked_add(jiff::Span::new().years(years)).unwrap().timestamp();
        flows::when(Timestamp::from_millis(then.as_millisecond()))
    };
    let (one, two) = (of(1), of(2));
    assert_eq!(due(&world, person, "support-messages").await.as_ref(), Some(&two));
    change::publish(&world.flows, &second(&[(KEPT, SHORTER)]), world.now).await.unwrap();
    world.work().await;
    assert_eq!(due(&world, person, "support-messages").await.as_ref(), Some(&two), "not yet");
    world.later(UNTIL);
    in_force(&world).await;
    world.work().await;
    assert_eq!(due(&world, person, "support-messages").await.as_ref(), Some(&one));
    // And it goes then.
    world.later(336 * DAY);
    world.work().await;
    assert_eq!(due(&world, person, "support-messages").await, None);
}

#[tokio::test]
async fn nothing_is_kept_longer_in_silence() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    put(&world, person, "support-messages", "support", "the oven is loud").await;
    let before = due(&world, person, "support-messages").await;
    // Nobody is told while no worker runs.
    change::publish(&world.flows, &second(&[(KEPT, LONGER)]), world.now).await.unwrap();
    world.later(UNTIL);
    in_force(&world).await;
    world.work().await;
    assert_eq!(due(&world, person, "support-messages").await, before, "told, and the notice runs");
    world.later(31 * DAY);
    world.work().await;
    let after = due(&world, person, "support-messages").await;
    assert!(after > before, "told, and the notice is over: {after:?}");
}

/// Whether the texts of a conversation that a person sees are there.
async fn said(world: &World, person: PersonId, left: &flows::messages::Left) -> usize {
    let id = crate::messages::id(left);
    let seen = flows::messages::one(&world.flows, person, id, world.now).await;
    seen.unwrap().into_inner().said.len()
}

#[tokio::test]
async fn a_shorter_time_reaches_what_was_written_before() {
    use crate::messages::{id, leave, message, of};
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let mut all = Vec::new();
    // More than one batch.
    for n in 0..8 {
        all.push(leave(&world, of(person, &format!("Planted-Oven {n}"))).await.unwrap());
    }
    let strangers = leave(&world, message("Planted-Mixer")).await.unwrap();
    let stranger = flows::messages::desk::owner(&world.flows, id(&strangers)).await.unwrap();
    change::publish(&world.flows, &second(&[(KEPT, SHORTER)]), world.now).await.unwrap();
    world.later(UNTIL);
    in_force(&world).await;
    world.work().await;
    world.later(334 * DAY);
    world.work().await;
    for left in &all {
        assert_eq!(said(&world, person, left).await, 1, "not before its day");
    }
    world.later(2 * DAY);
    // The clock alone: it is not only hidden, it goes.
    world.work().await;
    world.work().await;
    for left in &all {
        assert_eq!(said(&world, person, left).await, 0);
    }
    let gone = flows::rights::data(&world.flows, stranger, "en", world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)), "who had no account goes with the last text");
}

#[tokio::test]
async fn a_longer_time_reaches_texts_once_it_counts_for_the_person() {
    use crate::messages::{leave, of};
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let left = leave(&world, of(person, "Planted-Oven")).await.unwrap();
    change::publish(&world.flows, &second(&[(KEPT, LONGER)]), world.now).await.unwrap();
    world.later(UNTIL);
    in_force(&world).await;
    world.work().await;
    world.later(31 * DAY);
    world.work().await;
    world.later(675 * DAY);
    world.work().await;
    world.work().await;
    assert_eq!(said(&world, person, &left).await, 1, "told, and the notice is over");
    world.later(366 * DAY);
    world.work().await;
    assert_eq!(said(&world, person, &left).await, 0);
}

#[tokio::test]
async fn texts_are_not_kept_longer_in_silence() {
    use crate::messages::{leave, of};
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let mine = leave(&world, of(person, "Planted-Oven")).await.unwrap();
    // Nobody is told while no worker runs.
    change::publish(&world.flows, &second(&[(KEPT, LONGER)]), world.now).await.unwrap();
    world.later(730 * DAY);
    in_force(&world).await;
    world.work().await;
    assert_eq!(said(&world, person, &mine).await, 1);
    world.later(2 * DAY);
    assert_eq!(said(&world, person, &mine).await, 0, "told, and the notice runs");
    world.work().await;
    world.work().await;
    world.later(60 * DAY);
    world.work().await;
    assert_eq!(said(&world, person, &mine).await, 0, "what is gone does not come back");
}

#[tokio::test]
async fn a_browser_is_known_for_a_time_after_its_last_choice() {
    let mut world = World::new().await;
    let Answered::Known(recorded) = world.choose(Who::Nobody, &[("improve", "given")]).await else {
        panic!("a yes is on the record");
    };
    let session = recorded.into_inner().browser.unwrap();
    let who =
        async |world: &World| flows::account::who(&world.flows, &session, world.now).await.unwrap();
    let person = who(&world).await.unwrap();
    world.send(Some(person), "/", Signals::default()).await;
    world.later(100 * DAY);
    world.choose(Who::Known(person), &[("advertise", "refused")]).await;
    world.later(100 * DAY);
    world.work().await;
    assert_eq!(who(&world).await, Some(person), "a choice renews it");
    world.later(79 * DAY);
    world.work().await;
    assert_eq!(who(&world).await, Some(person));
    world.later(DAY);
    world.work().await;
    assert_eq!(who(&world).await, None);
    let gone = flows::rights::data(&world.flows, person, "en", world.now).await;
    assert!(matches!(gone, Err(Stop::Gone)), "what it left goes by itself");
}

/// 13: records with time stamps in the future that escape deletion by time.
#[tokio::test]
async fn what_claims_to_be_of_the_future_goes_with_its_day() {
    let mut world = World::new().await;
    let Answered::Known(recorded) = world.choose(Who::Nobody, &[("improve", "given")]).await else {
        panic!("a yes is on the record");
    };
    let session = recorded.into_inner().browser.unwrap();
    let found = flows::account::who(&world.flows, &session, world.now).await.unwrap();
    let person = found.unwrap();
    let event =
        serde_json::json!({ "type": "page-view", "at": "2099-01-01T00:00:00Z", "path": "/" });
    let _judged = world.send_all(Some(person), &[event], Signals::default()).await;
    let kept = async |world: &World| {
        let data = flows::rights::data(&world.flows, person, "en", world.now).await;
        data.unwrap().into_inner().events.len()
    };
    // The browser stays known, because it goes on choosing.
    for _ in 0..2 {
        world.later(90 * DAY);
        world.choose(Who::Known(person), &[("improve", "given")]).await;
        world.work().await;
        assert_eq!(kept(&world).await, 1);
    }
    world.later(10 * DAY);
    world.work().await;
    assert_eq!(kept(&world).await, 0, "six months after it came, whatever it says of itself");
}

#[tokio::test]
async fn a_month_without_a_worker_is_caught_up_with() {
    let mut world = World::new().await;
    let mut people = Vec::new();
    // More than are claimed at once: visitors whose time is over, and people whose values are.
    for _ in 0..600 {
        let choices = [("improve", "given")];
        let Answered::Known(recorded) = world.choose(Who::Nobody, &choices).await else { panic!() };
        let session = recorded.into_inner().browser.unwrap();
        let found = flows::account::who(&world.flows, &session, world.now).await.unwrap();
        people.push(found.unwrap());
    }
    for person in &people {
        world.send(Some(*person), "/", Signals::default()).await;
    }
    world.later((180 + 31) * DAY);
    let gone = async |world: &World| {
        let mut gone = BTreeSet::new();
        for person in &people {
            match flows::rights::data(&world.flows, *person, "en", world.now).await {
                Err(Stop::Gone) => drop(gone.insert(*person)),
                Ok(recorded) => drop(recorded.into_inner()),
                Err(stop) => panic!("{stop:?}"),
            }
        }
        gone.len()
    };
    // Stopped in the middle: the work is dropped where it stands, as a crash would leave it.
    {
        let work = flows::retention::work(&world.flows, world.now);
        tokio::pin!(work);
        let mut polls = 0;
        std::future::poll_fn(|context| {
            polls += 1;
            let ready = work.as_mut().poll(context).is_ready();
            if ready || polls > 6 { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
        })
        .await;
    }
    let then = gone(&world).await;
    assert!(then < people.len(), "stopped too late");
    world = world.reopen().await;
    // What was claimed is free again when the lease is over.
    world.later(61_000);
    world.work().await;
    assert_eq!(gone(&world).await, people.len(), "{then} were gone before");
    assert!(
        flows::retention::work(&world.flows, world.now).await.unwrap().done == 0,
        "and no more"
    );
}
