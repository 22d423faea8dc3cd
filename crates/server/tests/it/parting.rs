//! Who still has to hear of an end, what counts as having heard, and who is not forgotten before they
//! were answered; over HTTP.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flows::Secret;
use flows::rights::System;
use serde_json::{Value, json};

use crate::requests::{busy, json_of};
use crate::support::World;
use crate::transfers::{REPAIR, recipient};

const SECRET: &str = "a-secret-of-both-sides-0123456789";

/// What somebody got while it was agreed to, they have when it is not agreed to any more.
#[test]
fn a_recipient_under_an_agreement_that_ended_is_told_to_erase() {
    let world = World::new();
    let (mut ada, id) = world.person("ada@example.org");
    let (mut never, _) = world.person("eve@example.org");
    let mine = format!("/v1/me/transfers/{REPAIR}");
    let shown = ada.get("/v1/me/transfers").expect(200);
    let hash = &shown["transfers"][0]["text_hash"];
    let yes = json!({ "choice": "given", "text_hash": hash, "language": "en" });
    ada.put(&mine, &yes).expect(200);
    let mut service = recipient(&world);
    let asked = json!({ "person": id, "transfer": REPAIR, "categories": ["name"] });
    let sent = world.app(&["support"]).post("/v1/transfers", &asked).expect(201);
    let fetched = format!("/v1/partner/transfers/{}", sent["id"].as_str().unwrap());
    assert!(service.post(&fetched, &Value::Null).expect(200)["values"]["name"].is_string());
    ada.put(&mine, &json!({ "choice": "refused" })).expect(200);
    world.settle();
    let mut told = || {
        let open = service.get("/v1/partner/deletions").expect(200)["deletions"].clone();
        for item in open.as_array().unwrap() {
            let done = format!("/v1/partner/deletions/{}/done", item["delivery"].as_str().unwrap());
            service.post(&done, &json!({ "done": true })).expect(200);
        }
        open
    };
    let withdrawn = told();
    assert_eq!(withdrawn[0]["erase"], json!(false), "taken back, and not closed: {withdrawn}");

    let closing = ada.delete("/v1/me").expect(202);
    never.delete("/v1/me").expect(202);
    world.advance("800h");
    world.settle();
    let follow = json_of(closing["follow"].as_str().unwrap(), "request");
    let shown = world.anon().get(&follow).expect(200);
    assert_eq!(shown["state"], "working", "the recipient has not answered: {shown}");
    let erase = told();
    assert_eq!(erase.as_array().unwrap().len(), 1, "who had nothing of somebody hears nothing");
    assert_eq!((&erase[0]["person"], &erase[0]["erase"]), (&json!(id), &json!(true)));
    world.settle();
    assert_eq!(world.anon().get(&follow).expect(200)["state"], "done");
}

/// What a connected system was sent: the value of a header, and the body.
fn header(sent: &str, name: &str) -> String {
    let found = sent.lines().find_map(|it| it.strip_prefix(&format!("{name}: ")));
    found.unwrap_or_else(|| panic!("{name} in {sent}")).to_owned()
}

/// Both sides sign with one secret: what we sent, sent back to us, is no answer, nor is anything but
/// the words that say that this delivery is done.
#[test]
fn a_connected_system_says_that_it_is_done_in_words_of_its_own() {
    let world = World::new();
    let (url, hears) = busy();
    let system = System { id: "crm".to_owned(), url, secret: Secret::given(SECRET) };
    world.flows.connect(vec![system]).unwrap();
    let (mut ada, _) = world.person("ada@example.org");
    let closing = ada.delete("/v1/me").expect(202);
    let follow = json_of(closing["follow"].as_str().unwrap(), "request");
    world.advance("800h");
    world.settle();
    let sent = hears.recv().unwrap();
    let (delivery, stamp) = (header(&sent, "webhook-id"), header(&sent, "webhook-timestamp"));
    let ours = (header(&sent, "webhook-signature"), sent.split("\r\n\r\n").nth(1).unwrap());
    let path = format!("/v1/partner/deletions/{delivery}/done");
    let says = |signature: &str, body: &str| {
        let headers = [
            ("webhook-id", delivery.as_str()),
            ("webhook-timestamp", stamp.as_str()),
            ("webhook-signature", signature),
        ];
        world.anon().call("POST", &path, &headers, body)
    };
    let sign = |body: &str| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let tag = hmac::sign(&key, format!("{delivery}.{stamp}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(tag.as_ref()))
    };
    let signed = |body: &str| says(&sign(body), body);
    assert_eq!(sign(ours.1), ours.0, "it is signed as an answer is");
    says(&ours.0, ours.1).expect(401);
    let other = "del_cn_00000000000000000000000000000007";
    for body in [
        r#"{"done":true}"#.to_owned(),
        format!(r#"{{"done":false,"delivery":"{delivery}"}}"#),
        format!(r#"{{"done":true,"delivery":"{other}"}}"#),
        format!(r#"{{"done":true,"delivery":"{delivery}","erase":true}}"#),
        String::new(),
    ] {
        assert_eq!(signed(&body).status, 401, "{body}");
    }
    let done = format!(r#"{{"done":true,"delivery":"{delivery}"}}"#);
    says(&ours.0, &done).expect(401);
    let shown = world.anon().get(&follow).expect(200);
    assert_eq!(
        (&shown["state"], &shown["outstanding"][0]["to"]),
        (&json!("working"), &json!("crm"))
    );
    assert_eq!(signed(&done).expect(200)["done"], json!(true));
    assert_eq!(world.anon().get(&follow).expect(200)["state"], "done");
}

/// A stranger's address goes after a month; not while somebody has still to answer them.
#[test]
fn a_stranger_is_not_erased_while_a_request_of_theirs_is_open() {
    let world = World::new();
    let opens = |ask: Value| {
        let mut officer = world.staff(&["officer"]);
        let opened = officer.post("/v1/requests", &ask).expect(201);
        let path = format!("/v1/requests/{}", opened["id"].as_str().unwrap());
        officer.post(&format!("{path}/identify"), &json!({ "by": "documents" })).expect(200);
        (path, opened["person"].clone())
    };
    // Signed in anew each time: a session of staff does not last a day.
    let answers = |path: &str| {
        let mut officer = world.staff(&["officer"]);
        officer.post(&format!("{path}/answer"), &json!({})).expect(200);
    };
    let reads = |path: &str| world.staff(&["officer"]).get(path).expect(200);
    let (first, stranger) =
        opens(json!({ "right": "access", "address": "stranger@example.org", "region": "cn" }));
    answers(&first);
    world.advance("480h");
    let (second, _) = opens(json!({ "right": "access", "person": stranger, "text": "Still?" }));
    world.advance("288h");
    world.settle();
    let open = reads(&second);
    assert_eq!((&open["text"], open["state"] == "done"), (&json!("Still?"), false), "{open}");
    answers(&second);
    assert!(world.mails().last().unwrap().contains("stranger@example.org"));
    world.advance("768h");
    world.settle();
    let gone = reads(&second);
    assert_eq!((&gone["text"], &gone["said"]), (&Value::Null, &json!([])), "{gone}");
}
