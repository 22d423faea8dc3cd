//! What does not fit is named, with the form that is wanted, and nothing of it is stored: times of events,
//! and languages.

use serde_json::{Value, json};

use crate::support::{Actor, Answer, World, form};

/// A browser that agreed to being counted.
fn known(world: &World) -> Actor {
    let mut browser = world.anon();
    let shown = browser.get("/v1/consent?language=en").expect(200);
    let choices = json!({ "improve": "given" });
    let hash = &shown["text_hash"];
    let given = json!({ "choices": choices, "text_hash": hash, "language": "en" });
    browser.put("/v1/consent", &given).expect(200);
    browser
}

fn names(answer: &Answer, field: &str, say: &str) {
    let problem = answer.expect(422);
    assert_eq!(problem["field"], field, "{problem}");
    assert!(problem["detail"].as_str().unwrap().contains(say), "{problem}");
}

#[test]
fn an_event_whose_time_is_none_is_refused_with_its_whole_batch() {
    let world = World::new();
    let mut browser = known(&world);
    let event = |at: Value| json!({ "type": "page-view", "at": at, "path": "/" });
    let good = json!("2026-11-22T10:00:00Z");
    for at in ["yesterday", "", "2026-11-22", "2026-02-30T10:00:00Z", "1763805600"] {
        let batch = json!([event(good.clone()), event(json!(at)), event(json!("never"))]);
        names(&browser.post("/v1/events", &batch), "1.at", "`2026-11-22T10:00:00Z`");
    }
    // A number is no text: that is another shape, as of any other field.
    browser.post("/v1/events", &json!([event(json!(1_763_805_600))])).expect(422);
    let events = |browser: &mut Actor| browser.get("/v1/me/export").expect(200)["events"].clone();
    assert!(events(&mut browser).as_array().is_none_or(Vec::is_empty));
    // With another zone, a fraction, or none at all it is one.
    let zone = json!("2026-11-22T18:00:00.25+08:00");
    let batch = json!([event(good), event(zone), event(Value::Null), { "type": "page-view" }]);
    assert_eq!(browser.post("/v1/events", &batch).expect(200)["accepted"], 4);
    assert_eq!(events(&mut browser).as_array().unwrap().len(), 4);
}

#[test]
fn a_language_that_the_policy_does_not_have_is_refused_with_those_that_it_has() {
    let world = World::new();
    let mut anon = world.anon();
    let mut body = form("bob@example.org");
    for wrong in ["xx", "", "english", "en,zh"] {
        body["language"] = json!(wrong);
        names(&anon.post("/v1/people", &body), "language", "`en`, `zh`");
    }
    assert!(world.mails().is_empty());
    let shown = anon.get("/v1/consent?language=en").expect(200);
    let choices = json!({ "improve": "given" });
    let hash = &shown["text_hash"];
    let given =
        |language: &str| json!({ "choices": choices, "text_hash": hash, "language": language });
    names(&anon.put("/v1/consent", &given("xx")), "language", "`en`, `zh`");
    assert_eq!(anon.put("/v1/consent", &given("en-GB")).expect(200)["language"], "en");
    let mut message = json!({ "text": "Hello?", "reply_to": "bob@example.org", "language": "xx" });
    names(&anon.post("/v1/messages", &message), "language", "`en`, `zh`");
    message["language"] = json!("zh");
    anon.post("/v1/messages", &message).expect(201);
    let mut opened = json!({ "right": "access", "address": "bob@example.org", "region": "cn" });
    opened["language"] = json!("xx");
    let mut officer = world.staff(&["officer"]);
    names(&officer.post("/v1/requests", &opened), "language", "`en`, `zh`");
    // Whoever has an account says in which one they are written to.
    let (mut ada, _) = world.person("ada@example.org");
    names(&ada.put("/v1/me/data/language", &json!({ "value": "xx" })), "value", "`en`, `zh`");
    ada.put("/v1/me/data/language", &json!({ "value": "zh-CN" })).expect(200);
    let data = ada.get("/v1/me/data").expect(200);
    let data = data["data"].as_array().unwrap();
    assert!(data.iter().any(|it| it["category"] == "language" && it["value"] == "zh"), "{data:?}");
}

#[test]
fn a_page_falls_back_as_the_browser_prefers() {
    let world = World::new();
    let mut anon = world.anon();
    let mut speaks = |path: &str, accepted: &str| {
        let page = anon.call("GET", path, &[("accept-language", accepted)], "").body;
        let rest = page.split("<html lang=\"").nth(1).unwrap();
        rest.split('"').next().unwrap().to_owned()
    };
    for path in ["/privacy", "/sign-in", "/console/sign-in"] {
        assert_eq!(speaks(path, "fr-FR,fr;q=0.9,zh;q=0.8,en;q=0.7"), "zh", "{path}");
        assert_eq!(speaks(path, "fr;q=0.9,en-GB;q=0.2"), "en", "{path}");
        assert_eq!(speaks(&format!("{path}?language=en"), "zh-CN"), "en", "{path}");
        assert_eq!(speaks(&format!("{path}?language=xx"), "zh-CN"), "zh", "{path}");
        assert_eq!(speaks(&format!("{path}?language=xx"), ""), "en", "{path}");
    }
    let shown = anon.call("GET", "/v1/consent", &[("accept-language", "fr, zh;q=0.5")], "");
    assert_eq!(shown.expect(200)["language"], "zh");
}
