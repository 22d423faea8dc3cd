use std::sync::Arc;

use decide::Timestamp;
use serde_json::{Value, json};

use super::{Around, kinds, read, write};
use crate::collection::batch::{Batch, Item};
use crate::minors::tests::book;

const NOW: Timestamp = Timestamp::from_millis(1_795_341_600_000);

fn around() -> Around {
    Around { device: "Firefox, computer".to_owned(), ip: "192.0.2.0/24".to_owned() }
}

/// The block of what was sent, without the events at some places.
fn block(sent: &Value, without: &[usize]) -> Vec<u8> {
    let json = sent.to_string();
    let batch = Batch::read(Arc::new(book()), json.as_bytes()).unwrap();
    let groups = batch.groups();
    let items = groups.iter().flat_map(|(_, items)| items.iter().copied());
    let kept: Vec<&Item> = items.filter(|it| !without.contains(&it.index)).collect();
    write(&around(), &batch, &kept, |it| it.at.unwrap_or(NOW)).to_vec()
}

fn opened(bytes: &[u8]) -> Option<Value> {
    read(bytes).map(Value::from)
}

/// The vector of `docs/formats/events.md`.
fn vector() -> Vec<u8> {
    let text = include_str!("../../../../../docs/formats/events.md");
    let hex: String = text.rsplit("```").nth(1).unwrap().split_whitespace().collect();
    let byte = |it: &[u8]| u8::from_str_radix(std::str::from_utf8(it).unwrap(), 16).unwrap();
    hex.as_bytes().chunks(2).map(byte).collect()
}

fn sent() -> Value {
    json!([
        {
            "type": "page-view", "at": "2026-11-22T10:00:00Z", "path": "/ovens",
            "language": "en", "referrer_host": "https://news.example/a", "other": "is not declared",
        },
        { "type": "click", "at": "2026-11-22T09:59:58.500Z", "path": "/ovens", "target": "button" },
    ])
}

#[test]
fn a_block_is_the_bytes_of_the_vector() {
    assert_eq!(block(&sent(), &[]), vector());
}

/// Counted by kind, as reading the whole of it would.
fn counted(bytes: &[u8]) -> Option<Vec<(String, usize)>> {
    read(bytes).map(|events| {
        events.iter().fold(Vec::new(), |mut all: Vec<(String, usize)>, event| {
            let kind = event["type"].as_str().unwrap_or("");
            match all.iter_mut().find(|(it, _)| it == kind) {
                Some((_, n)) => *n += 1,
                None => all.push((kind.to_owned(), 1)),
            }
            all
        })
    })
}

#[test]
fn what_is_counted_is_what_is_read() {
    let whole = vector();
    let both = [("page-view".to_owned(), 1), ("click".to_owned(), 1)];
    assert_eq!(kinds(&whole).unwrap(), both);
    let first = br#"{"device":"x","events":[{"type":"click"},{"type":"click"}]}"#;
    assert_eq!(kinds(first), counted(first));
    for end in 0..whole.len() {
        let cut = whole.get(..end).unwrap();
        assert!(read(cut).is_none() && kinds(cut).is_none(), "cut at {end}");
    }
}

#[test]
fn a_block_holds_what_was_kept() {
    let (device, ip) = ("Firefox, computer", "192.0.2.0/24");
    let view = json!({
        "type": "page-view", "at": "2026-11-22T10:00:00Z", "path": "/ovens", "language": "en",
        "referrer_host": "news.example", "device": device, "ip": ip,
    });
    let click = json!({
        "type": "click", "at": "2026-11-22T09:59:58.5Z", "path": "/ovens", "target": "button",
        "device": device, "ip": ip,
    });
    assert_eq!(opened(&vector()), Some(json!([view, click])));
    let bytes = block(&sent(), &[0]);
    assert_eq!(opened(&bytes), Some(json!([click])));
    let left = String::from_utf8_lossy(&bytes);
    assert!(left.contains("/ovens") && !left.contains("news.example"), "{left}");
}

#[test]
fn every_kind_of_value_comes_back() {
    let sent = json!([
        { "type": "click", "path": true, "target": false, "target_host": null },
        { "type": "click", "path": "", "target": 7, "target_host": "Ex\u{e4}mple.org" },
        { "type": "click", "path": ["/"], "target": 13_800_138, "target_host": { "a": [1] } },
        { "type": "click", "path": "/\"q\"", "target": "a\tb", "target_host": "" },
        { "type": "click" },
    ]);
    let events = read(&block(&sent, &[])).unwrap();
    let fields = |place: usize| {
        let mut event = events[place].clone();
        for name in ["type", "at", "device", "ip"] {
            assert!(event.remove(name).is_some());
        }
        Value::from(event)
    };
    assert_eq!(fields(0), json!({ "path": true, "target": false }));
    let second = json!({ "path": "/", "target": "7", "target_host": "xn--exmple-cua.org" });
    assert_eq!(fields(1), second);
    assert_eq!(fields(2), json!({ "target": ":id" }));
    assert_eq!(fields(3), json!({ "path": "/%22q%22", "target": "a b" }));
    assert_eq!(fields(4), json!({}));
}

#[test]
fn the_version_before_is_read() {
    let bytes = br#"{"v":1,"device":"Browser, computer","ip":"192.0.2.0/24","events":[
        {"type":"page-view","at":"2026-11-22T10:00:00Z","path":"/ovens"}]}"#;
    let event = json!({
        "type": "page-view", "at": "2026-11-22T10:00:00Z", "path": "/ovens",
        "device": "Browser, computer", "ip": "192.0.2.0/24",
    });
    assert_eq!(opened(bytes), Some(json!([event])));
    assert_eq!(opened(b"{\"v\":1,\"events\":[7]}"), None);
    assert_eq!(opened(b"{"), None);
}

#[test]
fn what_is_no_block_is_told() {
    let good = vector();
    let with = |place: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[place] = byte;
        bytes
    };
    let last = good.len() - 1;
    let bad: [Vec<u8>; 7] = [
        with(0, 1),
        with(0, 3),
        good[..last].to_vec(),
        [&good[..], &[0]].concat(),
        with(last, 0x0e),
        vec![2, 0, 0, 0, 0x80, 0x08],
        vec![2, 0, 0, 0x80, 0, 0, 0],
    ];
    for bytes in bad {
        assert_eq!(opened(&bytes), None, "{bytes:02x?}");
    }
    assert_eq!(opened(&[2, 0, 0, 0, 0]), Some(json!([])));
}

/// Whatever is cut off or turned, it is a block or it is none.
#[test]
fn no_bytes_break_the_reader() {
    let good = vector();
    for place in 0..good.len() {
        assert_eq!(opened(&good[..place]), None);
        for byte in 0..=255 {
            let mut bytes = good.clone();
            bytes[place] = byte;
            drop(opened(&bytes));
        }
    }
}
