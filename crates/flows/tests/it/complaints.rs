//! A message that turns out to be a complaint.

use flows::Stop;
use flows::messages::{Leave, desk};

use crate::messages::{decide_it, id, leave, managed, message, queue, service};
use crate::support::{DAY, World};

const TEXT: &str = "My oven still tells you where I am.";

/// What comes by mail is a message until somebody has read it.
#[tokio::test]
async fn a_message_that_is_a_complaint_becomes_one_with_the_clock_from_when_it_came() {
    let mut world = World::new().await;
    managed(&world);
    let left =
        leave(&world, Leave { region: Some("eu".to_owned()), ..message(TEXT) }).await.unwrap();
    assert_eq!(left.reply_due, "2026-11-23T14:00:00Z");
    world.later(3 * 3_600_000);
    let (now, staff) = (world.now, "ops");
    let done = desk::complaint(&world.flows, staff, id(&left), now).await.unwrap();
    assert_eq!(done.into_inner().state, "assigned");
    let row = queue(&world).await.into_iter().find(|it| it.id == left.id).unwrap();
    assert_eq!((row.kind.as_str(), row.due.as_str()), ("complaint", "2026-12-22T14:00:00Z"));
    assert_eq!(row.assigned, staff);
    let mails = world.mails().await;
    let told = mails.last().unwrap().replace("=\r\n", "");
    assert!(told.contains("2026-12-22 15:00 CET"), "{told}");
    assert!(told.contains("References: <"), "{told}");
    let twice = desk::complaint(&world.flows, staff, id(&left), world.now).await;
    assert!(matches!(twice, Err(Stop::NotNow(_))));
    // No clock of messages runs any more; that of complaints does.
    world.later(2 * DAY);
    world.work().await;
    assert!(queue(&world).await.iter().all(|it| it.state == "assigned"));
    world.later(5 * DAY);
    world.work().await;
    assert!(queue(&world).await.iter().all(|it| it.state == "escalated"));
    assert_eq!(decide_it(&world, id(&left), "upheld").await.unwrap().state, "answered");
    assert_eq!(service(&world).await.complaints.last_30_days.in_time, 1);
}
