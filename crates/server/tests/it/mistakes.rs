//! Mistakes that others made, each by its number on the page of laws.

use serde_json::{Value, json};

use crate::support::{Actor, World, a_use, form};

fn answer(browser: &mut Actor, word: &str) -> crate::support::Answer {
    let shown = browser.get("/v1/consent?language=en").expect(200);
    let purposes = shown["purposes"].as_array().unwrap().iter();
    let choices: serde_json::Map<String, Value> =
        purposes.map(|it| (it["id"].as_str().unwrap().to_owned(), word.into())).collect();
    let body = json!({ "choices": choices, "text_hash": shown["text_hash"], "language": "en" });
    browser.put("/v1/consent", &body)
}

fn events(browser: &mut Actor) -> Value {
    let batch = json!([{ "type": "page-view", "at": "2026-11-22T10:00:00Z", "path": "/" }]);
    browser.post("/v1/events", &batch).expect(200)
}

/// 7: two gates that disagree.
#[test]
fn after_a_withdrawal_every_way_says_no() {
    let world = World::new();
    let (mut person, id) = world.person("ada@example.org");
    let mut app = world.app(&["advertise"]);
    answer(&mut person, "given").expect(200);
    app.post("/v1/use", &a_use(&id, "advertise")).expect(200);
    answer(&mut person, "refused").expect(200);
    app.post("/v1/use", &a_use(&id, "advertise")).expect(403);
    let batch =
        app.post("/v1/use/batch", &json!({ "items": [a_use(&id, "advertise")] })).expect(200);
    assert_eq!(batch["results"][0]["status"], 403);
    let ask =
        json!({ "person": id, "act": "use", "purpose": "advertise", "categories": ["email"] });
    assert_eq!(app.post("/v1/decide", &ask).expect(200)["permit"], "none");
    let find = json!({ "category": "email", "value": "ada@example.org", "purpose": "advertise" });
    let found = app.post("/v1/people/find", &find).json();
    assert_ne!(found["people"], json!([id]));
}

/// 8: an identifier, in order to remember that somebody refused identifiers.
#[test]
fn a_refusal_leaves_no_identifier() {
    let world = World::new();
    let (mut one, mut other) = (world.anon(), world.anon());
    let (first, second) = (answer(&mut one, "refused"), answer(&mut other, "refused"));
    let cookie = ["kept=refused; Path=/; Max-Age=15552000; SameSite=Lax; HttpOnly"];
    assert_eq!(first.set_cookies(), cookie);
    assert_eq!(second.set_cookies(), cookie);
    let receipt = first.expect(200);
    assert!(receipt.get("record_id").is_none() && receipt.get("pii_principal_id").is_none());
    assert!(!first.body.contains("per_cn_"));
    for name in ["etag", "last-modified", "kept-record"] {
        assert_eq!(first.header(name), None);
    }
    // An idempotency key would be one: it is not stored either.
    let mut third = world.anon();
    let shown = third.get("/v1/consent?language=en").expect(200);
    let body = json!({
        "choices": { "improve": "refused" }, "text_hash": shown["text_hash"], "language": "en",
    });
    let key = [("idempotency-key", "the-same")];
    let again = third.call("PUT", "/v1/consent", &key, &body.to_string());
    assert_eq!(again.set_cookies(), cookie);
}

/// 9: a refusal that a reload turns into a yes; closing the banner counted as yes.
#[test]
fn a_refusal_survives_and_silence_is_no_yes() {
    let world = World::new();
    let mut silent = world.anon();
    let shown = silent.get("/v1/consent?language=en").expect(200);
    assert_eq!((&shown["answered"], &shown["choices"]), (&json!(false), &json!({})));
    assert_eq!(events(&mut silent)["accepted"], 0);
    assert!(silent.cookies.is_empty(), "looking at the banner leaves nothing");

    let mut refusing = world.anon();
    answer(&mut refusing, "refused").expect(200);
    for _ in 0..2 {
        let shown = refusing.get("/v1/consent?language=en").expect(200);
        assert_eq!(shown["answered"], true);
        assert!(shown["choices"].as_object().unwrap().values().all(|it| it == "refused"));
        let sent = events(&mut refusing);
        assert_eq!(sent["accepted"], 0);
        assert!(!sent["refused"][0]["clauses"].as_array().unwrap().is_empty());
    }
    assert_eq!(refusing.cookies, [("kept".to_owned(), "refused".to_owned())]);
}

/// A browser's signal counts, whatever the page sends.
#[test]
fn a_signal_is_a_no() {
    let world = World::new();
    let mut browser = world.anon();
    let shown = browser.get("/v1/consent?language=en").expect(200);
    let body = json!({
        "choices": { "advertise": "given" }, "text_hash": shown["text_hash"], "language": "en",
    });
    let gpc = [("sec-gpc", "1")];
    let receipt = browser.call("PUT", "/v1/consent", &gpc, &body.to_string());
    assert_eq!(receipt.expect(200)["pii_processing"][0]["event"]["state"], "refused");
    let with = browser.call("GET", "/v1/consent?language=en", &gpc, "").expect(200);
    assert_eq!(with["signals"]["gpc"], true);
}

/// A browser that agreed is known, sees its own, and is forgotten when it wants.
#[test]
fn a_browser_that_agreed_has_its_rights() {
    let world = World::new();
    let mut browser = world.anon();
    let receipt = answer(&mut browser, "given");
    assert!(receipt.expect(200)["record_id"].is_string());
    assert_eq!(browser.cookies.len(), 1);
    assert_eq!(browser.cookies[0].0, "kept_browser");
    assert_eq!(events(&mut browser)["accepted"], 1);
    let held = browser.get("/v1/me/data").expect(200);
    assert_eq!(held["events"][0]["count"], 1);
    browser.delete("/v1/me").expect(202);
    world.settle();
    assert!(browser.cookies.is_empty());
}

/// Whoever registers in a browser that agreed keeps those answers, and the browser is forgotten.
#[test]
fn registering_carries_the_answers_over() {
    let world = World::new();
    let mut browser = world.anon();
    answer(&mut browser, "given").expect(200);
    let old = browser.clone();
    let id = browser.post("/v1/people", &form("ada@example.org")).expect(201)["id"].clone();
    let code = json!({ "channel": "email", "code": world.code() });
    let verify = format!("/v1/people/{}/verify", id.as_str().unwrap());
    browser.post(&verify, &code).expect(200);
    let names: Vec<&str> = browser.cookies.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["kept_session"]);
    let mut app = world.app(&["advertise"]);
    app.post("/v1/use", &a_use(id.as_str().unwrap(), "advertise")).expect(200);
    old.clone().get("/v1/me").expect(401);
}

/// 10: deleting by GET, which mail scanners follow.
#[test]
fn nothing_is_deleted_by_looking() {
    let world = World::new();
    let (mut person, _) = world.person("ada@example.org");
    let request = person.post("/v1/me/requests", &json!({ "right": "restrict" })).expect(201);
    let before = person.get("/v1/me/data").expect(200);
    let document = person.get("/openapi.json").expect(200);
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path
            .replace("{category}", "email")
            .replace("{id}", request["id"].as_str().unwrap())
            .replace("{version}", "1")
            .replace("{path}", "0/000");
        for method in ["GET", "HEAD"] {
            let answer = person.call(method, &path, &[], "");
            let looks = methods.get("get").is_some();
            assert!(answer.status < 500, "{method} {path}: {}", answer.body);
            assert_eq!(answer.status == 405, !looks, "{method} {path}: {}", answer.status);
        }
    }
    assert_eq!(person.get("/v1/me/data").expect(200)["data"], before["data"]);
    assert_eq!(person.get("/v1/me").expect(200)["state"], "restricted");
}

/// 11: short keys.
#[test]
fn keys_and_sessions_are_long_and_differ() {
    let world = World::new();
    let (one, other) = (world.app(&["service"]).key.unwrap(), world.app(&["service"]).key.unwrap());
    let (person, _) = world.person("ada@example.org");
    let session = &person.cookies[0].1;
    for secret in [&one, &other] {
        assert_eq!(secret.strip_prefix("kept_app_").unwrap().len(), 43, "256 bits");
    }
    assert_eq!(session.len(), 43, "256 bits");
    assert_ne!(one, other);
}

/// 12: an erased person acting through an old session.
#[test]
fn old_sessions_are_dead() {
    let world = World::new();
    let (mut person, id) = world.person("ada@example.org");
    let mut other = world.anon();
    let right = json!({ "email": "ada@example.org", "password": "correct horse battery" });
    other.post("/v1/session", &right).expect(200);
    let old = other.clone();
    person.delete("/v1/me").expect(202);
    old.clone().get("/v1/me").expect(401);
    world.advance("800h");
    for (method, path) in [
        ("GET", "/v1/me"),
        ("GET", "/v1/me/data"),
        ("GET", "/v1/me/uses"),
        ("GET", "/v1/me/export"),
        ("DELETE", "/v1/me"),
        ("DELETE", "/v1/session"),
    ] {
        assert_eq!(person.call(method, path, &[], "").status, 401, "{method} {path}");
    }
    other.post("/v1/session", &right).expect(401);
    let mut app = world.app(&["service"]);
    app.post("/v1/use", &a_use(&id, "service")).expect(410);
    let put = json!({ "value": "Back Again", "source": "registration" });
    app.put(&format!("/v1/people/{id}/data/name"), &put).expect(410);
}

/// 16: an export of nothing that is empty instead of saying so.
#[test]
fn an_export_of_nothing_says_so() {
    let world = World::new();
    let mut browser = world.anon();
    answer(&mut browser, "given").expect(200);
    let export = browser.get("/v1/me/export").expect(200);
    assert_eq!(export["data"], json!([]));
    assert!(!export["nothing"].as_str().unwrap().is_empty());
    let data = browser.get("/v1/me/data").expect(200);
    assert!(!data["nothing"].as_str().unwrap().is_empty());
}

/// Whoever asks for an account with an address that has one learns nothing.
#[test]
fn registering_twice_looks_like_once() {
    let world = World::new();
    let (_, id) = world.person("ada@example.org");
    let again = world.anon().post("/v1/people", &form("ada@example.org")).expect(201);
    assert_ne!(again["id"], id);
    assert_eq!(again["state"], "unverified");
    let told = world.mails().into_iter().filter(|it| it.contains("already")).count();
    assert_eq!(told, 1);
}
