//! Bounds of bodies, counts and rates, and writes that are repeated.

use serde_json::json;

use crate::support::{World, a_use, form};

#[test]
fn a_body_too_large_is_413() {
    let world = World::new();
    let mut anon = world.anon();
    let large = format!("{{\"email\":\"{}\"}}", "a".repeat(1024 * 1024));
    let announced = anon.call("POST", "/v1/people", &[], &large);
    assert_eq!(announced.status, 413, "{}", announced.body);
    assert_eq!(announced.header("content-type"), Some("application/problem+json"));
}

#[test]
fn an_address_that_cannot_be_read_is_a_problem_like_every_other() {
    let world = World::new();
    let (mut person, id) = world.person("ada@example.org");
    let mut app = world.app(&["service"]);
    let key = format!("/v1/people/{id}/data/%FF");
    let answers = [
        person.delete("/v1/me/data/%FF"),
        person.delete("/v1/me/sessions/%FF"),
        person.get("/v1/me/requests/%FF"),
        app.put(&key, &json!({ "value": "Ada", "source": "staff" })),
        world.anon().get("/tile/%FF"),
        world.anon().get("/privacy/versions/%FF"),
    ];
    for answer in answers {
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert_eq!(answer.expect(400)["type"], "/problems/malformed");
    }
}

#[test]
fn too_many_at_once_is_422() {
    let world = World::new();
    let (_, id) = world.person("ada@example.org");
    let mut app = world.app(&["service"]);
    let items: Vec<_> = (0..1_001).map(|_| a_use(&id, "service")).collect();
    app.post("/v1/use/batch", &json!({ "items": items })).expect(422);
    let full = app.post("/v1/use/batch", &json!({ "items": &items[..1_000] })).expect(200);
    assert_eq!(full["results"].as_array().unwrap().len(), 1_000);
    let events: Vec<_> = (0..1_001).map(|_| json!({ "type": "page-view" })).collect();
    world.anon().post("/v1/events", &json!(events)).expect(422);
}

#[test]
fn a_day_full_of_events_is_429_until_the_next() {
    let world = World::new();
    let (mut person, _) = world.person("ada@example.org");
    let shown = person.get("/v1/consent?language=en").expect(200);
    let answer = json!({
        "choices": { "improve": "given" }, "text_hash": shown["text_hash"], "language": "en",
    });
    person.put("/v1/consent", &answer).expect(200);
    let event = json!({ "type": "page-view", "path": "/oven".repeat(80) });
    let mut sent = 0;
    let stopped = loop {
        let answer = person.post("/v1/events", &json!(vec![&event; 450]));
        if answer.status == 429 {
            break answer;
        }
        assert_eq!(answer.expect(200)["accepted"], 450);
        sent += 450;
        assert!(sent < 45_000, "there is no end to it");
    };
    let seconds: i64 = stopped.header("retry-after").unwrap().parse().unwrap();
    assert_eq!(seconds, 86_400 - world.clock.now().millis().div_euclid(1_000).rem_euclid(86_400));
    let (mut counted, mut path) = (0, "/v1/me/data".to_owned());
    loop {
        let page = person.get(&path).expect(200);
        counted += page["events"][0]["count"].as_u64().unwrap();
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/me/data?cursor={next}");
    }
    assert_eq!(counted, sent, "nothing of what was stopped, and all of the rest");
    person.get("/v1/me/data?cursor=nothing").expect(422);
    world.advance(&format!("{seconds}s"));
    person.post("/v1/events", &json!([event])).expect(200);
}

#[test]
fn too_many_batches_of_one_browser_are_429() {
    let world = World::new();
    let (mut person, _) = world.person("ada@example.org");
    let left = 60_000 - world.clock.now().millis().rem_euclid(60_000);
    world.advance(&format!("{left}ms"));
    for _ in 0..server::limit::EVENTS_OF_ONE_MAX {
        person.post("/v1/events", &json!([])).expect(200);
    }
    person.post("/v1/events", &json!([])).expect(429);
    world.anon().post("/v1/events", &json!([])).expect(200);
}

#[test]
fn too_many_in_a_minute_is_429() {
    let world = World::new();
    let mut anon = world.anon();
    // From the beginning of a window, so that the count is of one window.
    let left = 60_000 - world.clock.now().millis().rem_euclid(60_000);
    world.advance(&format!("{left}ms"));
    let guess = json!({ "email": "no address", "password": "guess" });
    for n in 0..server::limit::SIGN_IN_MAX {
        let another = json!({ "email": format!("no address {n}"), "password": "guess" });
        anon.post("/v1/session", &another).expect(422);
    }
    let stopped = anon.post("/v1/session", &guess);
    stopped.expect(429);
    let seconds: u64 = stopped.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds));
    world.advance("60s");
    anon.post("/v1/session", &guess).expect(422);
}

#[test]
fn too_many_for_one_account_are_429_wherever_they_come_from() {
    let world = World::new();
    let mut anon = world.anon();
    let left = 60_000 - world.clock.now().millis().rem_euclid(60_000);
    world.advance(&format!("{left}ms"));
    for _ in 0..server::limit::SIGN_IN_FOR_MAX {
        anon.post("/v1/session", &json!({ "email": "ada", "password": "guess" })).expect(422);
    }
    anon.post("/v1/session", &json!({ "email": " ADA ", "password": "guess" })).expect(429);
    anon.post("/v1/session", &json!({ "email": "eve", "password": "guess" })).expect(422);
}

#[test]
fn a_write_that_is_repeated_is_done_once() {
    let world = World::new();
    let mut anon = world.anon();
    let key = [("idempotency-key", "5f0c6a52-one")];
    let body = form("ada@example.org").to_string();
    let first = anon.call("POST", "/v1/people", &key, &body);
    let second = anon.call("POST", "/v1/people", &key, &body);
    assert_eq!((first.status, &first.body), (201, &second.body));
    assert_eq!(second.status, 201);
    assert_eq!(world.mails().len(), 1);

    let id = first.json()["id"].as_str().unwrap().to_owned();
    let mut app = world.app(&["service"]);
    let put = format!("/v1/people/{id}/data/name");
    let code = json!({ "channel": "email", "code": world.code() });
    anon.post(&format!("/v1/people/{id}/verify"), &code).expect(200);
    let body = json!({ "value": "First", "source": "registration" }).to_string();
    app.call("PUT", &put, &key, &body).expect(200);
    let other = json!({ "value": "Second", "source": "registration" }).to_string();
    app.call("PUT", &put, &[("idempotency-key", "another")], &other).expect(200);
    app.call("PUT", &put, &key, &body).expect(200);
    let used = json!({ "person": id, "purpose": "service", "categories": ["name"] });
    assert_eq!(app.post("/v1/use", &used).expect(200)["values"]["name"], "Second");

    let close = anon.call("DELETE", "/v1/me", &key, "");
    let again = anon.call("DELETE", "/v1/me", &key, "");
    assert_eq!(close.expect(202)["request"], again.expect(202)["request"]);
    let long = "k".repeat(200);
    anon.call("DELETE", "/v1/me", &[("idempotency-key", &long)], "").expect(422);
}

#[test]
fn a_key_that_comes_with_another_request_is_422() {
    let world = World::new();
    let mut anon = world.anon();
    let key = [("idempotency-key", "5f0c6a52-one")];
    let post = |anon: &mut crate::support::Actor, email: &str| {
        anon.call("POST", "/v1/people", &key, &form(email).to_string())
    };
    let id = post(&mut anon, "ada@example.org").expect(201)["id"].as_str().unwrap().to_owned();
    let reused = post(&mut anon, "eve@example.org");
    let problem = reused.expect(422);
    assert_eq!(problem["field"], "Idempotency-Key");
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains("came with another request before"), "{detail}");
    assert_eq!(post(&mut anon, "ada@example.org").expect(201)["id"], json!(id), "as before");
    assert_eq!(world.mails().len(), 1, "nothing was done for the other request");

    let mut app = world.app(&["service"]);
    let put = format!("/v1/people/{id}/data/name");
    let value = |name: &str| json!({ "value": name, "source": "registration" }).to_string();
    app.call("PUT", &put, &key, &value("First")).expect(200);
    assert_eq!(
        app.call("PUT", &put, &key, &value("Other")).expect(422)["field"],
        "Idempotency-Key"
    );
    app.call("PUT", &put, &key, &value("First")).expect(200);
    let used = json!({ "person": id, "purpose": "service", "categories": ["name"] });
    assert_eq!(app.post("/v1/use", &used).expect(200)["values"]["name"], "First");
}

#[test]
fn a_test_clock_moves_forward_and_not_too_far() {
    let world = World::new();
    for wrong in ["-1h", "soon", "", "1000000000h"] {
        world.anon().post("/v1/test/clock", &json!({ "advance": wrong })).expect(422);
    }
}
