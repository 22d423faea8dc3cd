//! Plenty: what must hold however much there is.

use decide::Signals;
use flows::collection::{Batch, Events, Judged};
use flows::consent::{Answered, Who};
use flows::purpose::{Find, Use};
use flows::rights::{Ask, Piece};
use flows::{PersonId, Plain, Stop};
use serde_json::Value;

use crate::support::{DAY, World};

async fn visitor(world: &World) -> PersonId {
    let Answered::Known(recorded) = world.choose(Who::Nobody, &[("improve", "given")]).await else {
        panic!("a yes is on the record");
    };
    let session = recorded.into_inner().browser.unwrap();
    flows::account::who(&world.flows, &session, world.now).await.unwrap().unwrap()
}

/// A batch of so many events, each of about 500 bytes.
async fn batch(world: &World, person: PersonId, events: usize) -> Result<Judged, Stop> {
    let path = "/oven".repeat(80);
    let event = serde_json::json!({ "type": "page-view", "path": path, "language": "en" });
    let json = serde_json::json!(vec![event; events]).to_string();
    let ask = Events {
        who: Some(person),
        batch: Batch::read(world.flows.book(), json.as_bytes()).unwrap(),
        signals: Signals::default(),
        address: None,
        browser: "",
    };
    flows::collection::events(&world.flows, ask, world.now).await
}

async fn use_often(world: &World, person: PersonId, times: usize) {
    let one =
        Use { person, purpose: "improve".to_owned(), categories: vec!["language".to_owned()] };
    let items = vec![one; times];
    let done = flows::purpose::use_many(&world.flows, &world.app, items, world.now).await;
    assert!(done.iter().all(Result::is_ok));
}

/// Every piece of an export.
async fn pieces(world: &World, person: PersonId, bytes: usize) -> Vec<Value> {
    let mut piece = Piece { bytes, ..Piece::first("en") };
    let mut all = Vec::new();
    loop {
        let done = flows::rights::export_piece(&world.flows, person, &piece, world.now).await;
        let export = done.unwrap().into_inner().0;
        piece.cursor = export.get("next").map(|it| it.as_str().unwrap().to_owned());
        assert_eq!(export["complete"], piece.cursor.is_none());
        all.push(export);
        if piece.cursor.is_none() {
            return all;
        }
    }
}

fn sum(pieces: &[Value], part: &str) -> usize {
    pieces.iter().map(|it| it[part].as_array().unwrap().len()).sum()
}

#[tokio::test]
async fn an_export_is_everything() {
    let world = World::new().await;
    let person = visitor(&world).await;
    let (blocks, uses) = (501, 5_001);
    for n in 0..blocks {
        let judged = world.send(Some(person), &format!("/shelf-{n}x"), Signals::default()).await;
        assert_eq!(judged.recorded.len(), 1);
    }
    use_often(&world, person, uses).await;
    let whole = pieces(&world, person, flows::limit::EXPORT_BYTES_MAX).await;
    assert_eq!((whole.len(), sum(&whole, "events")), (1, blocks));
    assert_eq!(whole[0].pointer("/events/0/path").unwrap(), "/shelf-500x", "newest first");
    let by_app = |it: &&Value| it["by"] == "app";
    assert_eq!(whole[0]["uses"].as_array().unwrap().iter().filter(by_app).count(), uses);
    assert_eq!(sum(&whole, "receipts"), 1);

    // In pieces it is the same, each record and each event once, but for the exports themselves.
    let parts = pieces(&world, person, 256 * 1024).await;
    assert!(parts.len() > 3, "{}", parts.len());
    assert_eq!((sum(&parts, "events"), sum(&parts, "receipts")), (blocks, 1));
    let all = |part: &str, of: &str| {
        let rows = parts.iter().flat_map(|it| it[part].as_array().unwrap().iter());
        rows.map(|it| it[of].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut records = all("uses", "record");
    let count = records.len();
    records.sort();
    records.dedup();
    assert_eq!((records.len(), count), (sum(&whole, "uses") + 1, sum(&whole, "uses") + 1));
    let mut paths = all("events", "path");
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), blocks);
    let wrong = Piece { cursor: Some("uses.nothing".to_owned()), ..Piece::first("en") };
    let wrong = flows::rights::export_piece(&world.flows, person, &wrong, world.now).await;
    assert!(matches!(wrong, Err(Stop::Invalid { .. })));
}

#[tokio::test]
async fn a_day_takes_so_much_of_one_browser() {
    let mut world = World::new().await;
    let person = visitor(&world).await;
    let wrong = batch(&world, person, 1_000).await;
    assert!(matches!(wrong, Err(Stop::Invalid { .. })), "together too long: {wrong:?}");
    let mut sent = 0;
    let seconds = loop {
        match batch(&world, person, 450).await {
            Ok(judged) => assert_eq!((judged.recorded.len(), judged.refused.len()), (1, 0)),
            Err(Stop::Full { seconds }) => break seconds,
            Err(stop) => panic!("{stop:?}"),
        }
        sent += 450;
        assert!(sent < 100_000, "there is no end to it");
    };
    assert_eq!(seconds, 10 * 3_600, "it is two in the afternoon");
    assert!(sent > 4_500, "{sent}");
    // Another browser is none the worse, and tomorrow there is room again.
    let other = visitor(&world).await;
    assert!(batch(&world, other, 450).await.is_ok());
    world.later(DAY);
    assert!(batch(&world, person, 450).await.is_ok());
    sent += 450;

    // What is held shows the newest first, and the rest after it.
    let mut data = flows::rights::data(&world.flows, person, "en", world.now).await.unwrap();
    let mut counted = 0;
    let mut pages = 0;
    loop {
        let page = data.into_inner();
        assert_eq!(page.nothing, None);
        counted += page.events.iter().map(|it| it.count).sum::<usize>();
        pages += 1;
        if pages == 1 {
            assert_eq!(page.events[0].newest, flows::when(world.now));
        }
        let Some(next) = page.next else { break };
        data = flows::rights::older_events(&world.flows, person, &next, world.now).await.unwrap();
    }
    assert_eq!((counted, pages > 1), (sent, true), "{pages} pages");
    assert_eq!(sum(&pieces(&world, person, 1 << 20).await, "events"), sent);
}

#[tokio::test]
async fn everybody_who_has_a_value_is_found() {
    let mut world = World::new().await;
    let (first, _) = world.person("wei@example.com").await;
    let (second, _) = world.person("mei@example.com").await;
    let find = async |world: &World, purpose: &str| {
        let ask = Find {
            category: "phone".to_owned(),
            value: Plain::from("+86 138 0013 8000"),
            purpose: purpose.to_owned(),
            region: None,
        };
        flows::purpose::find(&world.flows, &world.app, ask, world.now).await.unwrap().people
    };
    assert_eq!(find(&world, "service").await, [first.to_string(), second.to_string()]);
    let asking = flows::account::close(&world.flows, first, (None, None), world.now).await;
    let _closing = asking.unwrap().into_inner();
    assert_eq!(find(&world, "service").await, [second.to_string()], "a refusal hides one");
}

#[tokio::test]
async fn a_closing_is_found_behind_many_requests() {
    let mut world = World::new().await;
    let (person, session) = world.person("wei@example.com").await;
    let close = async |world: &World| {
        let asking = (Some(&session), None);
        flows::account::close(&world.flows, person, asking, world.now).await.unwrap().into_inner()
    };
    let closing = close(&world).await;
    for n in 0..510 {
        let ask = Ask {
            right: "object".to_owned(),
            purpose: Some("advertise".to_owned()),
            lift: n % 2 == 1,
            ..Ask::default()
        };
        let _done = flows::rights::ask(&world.flows, person, ask, world.now).await.unwrap();
    }
    assert_eq!(close(&world).await.request, closing.request, "it is the same one");
    let (mut cursor, mut ids): (Option<String>, Vec<String>) = (None, Vec::new());
    loop {
        let page =
            flows::rights::requests(&world.flows, person, cursor.as_deref(), world.now).await;
        let page = page.unwrap().into_inner();
        ids.extend(page.requests.into_iter().map(|it| it.id));
        let Some(next) = page.next else { break };
        cursor = Some(next);
    }
    assert_eq!((ids.len(), ids.last()), (511, Some(&closing.request)), "newest first");
    let export = flows::rights::export(&world.flows, person, "en", world.now).await.unwrap();
    assert_eq!(export.into_inner().0["requests"].as_array().unwrap().len(), 511);
    let request = flows::RequestId::parse(&closing.request).unwrap();
    let cancel = flows::account::Cancel { person, request, token: None };
    let _kept = flows::account::cancel(&world.flows, cancel, world.now).await.unwrap();
    assert!(world.uses(person, "service", &["email"]).await.is_ok());
}

#[tokio::test]
async fn receipts_are_found_however_much_was_done_since() {
    let world = World::new().await;
    let person = visitor(&world).await;
    use_often(&world, person, 600).await;
    let receipts = async |cursor: Option<&str>| {
        let page = flows::rights::consents(&world.flows, person, cursor, world.now).await;
        let page = page.unwrap().into_inner().0;
        let next = page.get("next").map(|it| it.as_str().unwrap().to_owned());
        (page["receipts"].as_array().unwrap().len(), next)
    };
    assert_eq!(receipts(None).await, (1, None), "uses push no receipt away");
    for n in 0..120 {
        let answer = if n % 2 == 0 { "refused" } else { "given" };
        world.choose(Who::Known(person), &[("improve", answer)]).await;
    }
    let (newest, next) = receipts(None).await;
    let (older, end) = receipts(next.as_deref()).await;
    assert_eq!((newest, older, end), (100, 21, None));
}
