//! What was begun after a backup comes to its end also when the backup is all that is left: others are
//! told, a closing can be taken back, and nobody waits for ever.

use flows::account::{Cancel, Me};
use flows::rights::{Ask, certificate, follow, verify_certificate};
use flows::security::Elsewhere;
use flows::{PersonId, Plain, RequestId, Secret, Stop};

use super::{backed_up, lost, made, work};
use crate::requests::{asks, token};
use crate::support::{DAY, World};
use crate::telling::Fake;

const HOUR: i64 = 3_600_000;

async fn closes(world: &World, person: PersonId) -> (RequestId, Secret) {
    let ask = Ask { right: "close-account".to_owned(), ..Ask::default() };
    let seen = asks(world, person, ask).await;
    (RequestId::parse(&seen.id).unwrap(), token(&seen.follow.unwrap()))
}

async fn me(world: &World, person: PersonId) -> Result<Me, Stop> {
    let seen = flows::account::me(&world.flows, person, None, world.now).await;
    seen.map(flows::Recorded::into_inner)
}

/// The certificate of a request holds by itself.
async fn attests(world: &World, (request, link): (RequestId, &Secret)) {
    let proof = certificate(&world.flows, (request, link), world.now).await.unwrap();
    let text = serde_json::to_string(&proof).unwrap();
    verify_certificate(&text, None, &Elsewhere::default()).unwrap();
}

#[tokio::test]
async fn who_was_not_told_of_an_erasure_since_is_told() {
    let mut world = backed_up().await;
    let crm = Fake::start(500, "");
    world.flows.connect(vec![crm.system("crm")]).unwrap();
    let (person, _) = world.person("wei@example.com").await;
    world.flows.sequence(world.now).await.unwrap();
    work(&world).await;
    let backup = made(&world).pop().unwrap();

    // One who was there, and one who came and went since.
    world.later(1_000);
    let (other, _) = world.person("mei@example.com").await;
    let (request, link) = closes(&world, person).await;
    for gone in [person, other] {
        flows::retention::erase_now(&world.flows, gone, world.now).await.unwrap();
    }
    world.work().await;
    world.flows.sequence(world.now).await.unwrap();
    let tried = crm.heard();
    assert!(tried.len() >= 2, "it was down");

    let mut world = lost(world, backup).await;
    world.flows.connect(vec![crm.system("crm")]).unwrap();
    assert!(matches!(me(&world, person).await, Err(Stop::Gone)));
    assert!(matches!(me(&world, other).await, Err(Stop::Gone)));
    let shown = follow(&world.flows, (request, &link)).await.unwrap();
    assert_eq!((shown.request.state.as_str(), shown.outstanding.len()), ("working", 1));
    attests(&world, (request, &link)).await;
    world.later(HOUR);
    world.work().await;
    let again = crm.heard();
    assert!(again.len() > tried.len(), "it is tried again");
    assert!(again.iter().all(|it| tried.iter().any(|old| old["delivery"] == it["delivery"])));
    let shown = follow(&world.flows, (request, &link)).await.unwrap();
    assert_eq!(shown.request.state, "working", "it is down still");
    crm.says(200, r#"{"done":true}"#);
    world.later(7 * HOUR);
    world.work().await;
    let shown = follow(&world.flows, (request, &link)).await.unwrap();
    assert_eq!((shown.request.state.as_str(), shown.outstanding.len()), ("done", 0));
    let told = crm.heard().len();
    world.later(2 * DAY);
    world.work().await;
    assert_eq!(crm.heard().len(), told, "nobody is told again");
    assert!(matches!(me(&world, person).await, Err(Stop::Gone)));
}

#[tokio::test]
async fn a_closing_since_is_taken_back_by_its_link_or_ends_on_its_day() {
    let mut world = backed_up().await;
    let (back, _) = world.person("back@example.com").await;
    let (gone, _) = world.person("gone@example.com").await;
    world.flows.sequence(world.now).await.unwrap();
    work(&world).await;
    let backup = made(&world).pop().unwrap();
    world.later(1_000);
    let (request, link) = closes(&world, gone).await;
    world.mails().await;
    let (taken_back, _) = closes(&world, back).await;
    let mails = world.mails().await.join("\n").replace("=\r\n", "").replace("=3D", "=");
    let secret = mails.split("/privacy/cancel?").find(|it| it.contains(&taken_back.to_string()));
    let secret: String = secret.unwrap().split("token=").nth(1).unwrap().chars().take(43).collect();
    world.flows.sequence(world.now).await.unwrap();

    let mut world = lost(world, backup).await;
    world.work().await;
    assert_eq!(me(&world, back).await.unwrap().state, "closing");
    let cancel = |token: &str| Cancel {
        person: back,
        request: taken_back,
        token: Some(Secret::given(token)),
    };
    let wrong = flows::account::cancel(&world.flows, cancel("another"), world.now).await;
    assert!(matches!(wrong, Err(Stop::Wrong)));
    let done = flows::account::cancel(&world.flows, cancel(&secret), world.now).await;
    let _done = done.unwrap();
    assert_eq!(me(&world, back).await.unwrap().state, "active");
    let shown = follow(&world.flows, (request, &link)).await.unwrap();
    assert_eq!(shown.request.state, "waiting");
    world.later(7 * DAY);
    world.work().await;
    assert!(matches!(me(&world, gone).await, Err(Stop::Gone)));
    assert_eq!(me(&world, back).await.unwrap().state, "active");
    attests(&world, (request, &link)).await;
    world.work().await;
    let last = world.mails().await.pop().unwrap();
    assert!(last.contains("To: gone@example.com") && last.contains("rased"), "{last}");
}

#[tokio::test]
async fn who_waits_for_a_guardian_since_waits_as_long_as_was_said() {
    let mut world = backed_up().await;
    let (person, _) = world.person("kid@example.com").await;
    world.flows.sequence(world.now).await.unwrap();
    work(&world).await;
    let backup = made(&world).pop().unwrap();
    world.later(1_000);
    let born = ("birth-date", Plain::from("2015-01-01"), None);
    let _child = flows::rights::correct(&world.flows, person, born, world.now).await.unwrap();
    world.flows.sequence(world.now).await.unwrap();
    let mut world = lost(world, backup).await;
    assert_eq!(me(&world, person).await.unwrap().state, "awaiting-guardian");
    world.later(29 * DAY);
    world.work().await;
    assert_eq!(me(&world, person).await.unwrap().state, "awaiting-guardian");
    world.later(2 * DAY);
    world.work().await;
    assert!(matches!(me(&world, person).await, Err(Stop::Gone)), "no guardian came");
}
