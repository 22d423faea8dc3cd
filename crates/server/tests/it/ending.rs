//! The end of the service, and messages to browsers, as outside programs meet them.

use serde_json::json;

use crate::described::Checked;
use crate::support::{Actor, World, form};

/// A browser as RFC 8291 has it in its example.
const POINT: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";
const READ: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

fn page(actor: &mut Actor, path: &str) -> String {
    actor.call("GET", path, &[READ], "").body
}

#[test]
#[expect(clippy::cognitive_complexity, reason = "a story, told in what must hold")]
fn an_end_takes_two_members_of_staff_and_stops_collecting_on_its_day() {
    let world = World::new();
    let (_, person) = world.person("wei@example.com");
    let mut engineer = world.staff(&["engineer"]);
    let planned = engineer.post("/v1/cessation", &json!({})).expect(201);
    assert_eq!(planned["state"], "planned");
    world.settle();
    let seen = engineer.get("/v1/cessation/1").expect(200);
    assert_eq!(
        (seen["counted"].clone(), seen["reach"]["cn"]["mail"].clone()),
        (json!(true), json!(1))
    );
    assert!(
        world.mails().iter().all(|it| !it.contains("We end the service")),
        "a plan tells nobody"
    );
    assert!(!page(&mut world.anon(), "/privacy").contains("We end our service"));
    assert_eq!(
        engineer.post("/v1/cessation/1/announce", &json!({})).expect(200)["state"],
        "proposed"
    );
    engineer.post("/v1/cessation/1/approve", &json!({})).expect(409);
    world.staff(&["support"]).post("/v1/cessation/1/approve", &json!({})).expect(403);
    let mut officer = world.staff(&["officer"]);
    let seen = officer.post("/v1/cessation/1/approve", &json!({})).expect(200);
    assert_eq!(
        (seen["state"].clone(), seen["dates"]["fixed"].clone()),
        (json!("announced"), json!(true))
    );
    assert!(world.mails().iter().any(|it| it.contains("We end the service")));

    // Every page says so, and the banner's script is told.
    for (path, words) in [
        ("/privacy", "We end our service on"),
        ("/sign-in", "Take my data with me"),
        ("/privacy?language=zh", "带走我的数据"),
    ] {
        assert!(page(&mut world.anon(), path).contains(words), "{path}");
    }
    let consent = world.anon().get("/v1/consent").expect(200);
    assert!(consent["endings"][0]["title"].as_str().unwrap().contains("We end our service"));
    assert_eq!(consent["answered"], false);
    world.anon().post("/v1/people", &form("late@example.com")).expect(201);

    world.advance("745h");
    let refused = world.anon().post("/v1/people", &form("later@example.com")).expect(403);
    assert_eq!(
        (refused["reason"].clone(), refused["clauses"][0].clone()),
        (json!("ceased"), json!("cease"))
    );
    let mut app = world.app(&["service"]);
    let ask =
        json!({ "person": person, "act": "collect", "purpose": "service", "categories": ["name"] });
    let asked = app.post("/v1/decide", &ask).expect(200);
    assert_eq!(
        (asked["permit"].clone(), asked["clauses"][0].clone()),
        (json!("none"), json!("cease"))
    );
    let put = json!({ "value": "Wei", "source": "staff" });
    let refused = app.put(&format!("/v1/people/{person}/data/name"), &put).expect(403);
    assert_eq!(refused["clauses"][0], "cease");
    let consent = world.anon().get("/v1/consent").expect(200);
    assert_eq!((consent["answered"].clone(), consent["events"].clone()), (json!(true), json!({})));
    let yes = json!({ "choices": { "improve": "given" }, "text_hash": consent["text_hash"], "language": "en" });
    world.anon().put("/v1/consent", &yes).expect(409);
    assert!(page(&mut world.anon(), "/privacy").contains("We ended our service on"));

    everything_goes(&world, (&mut app, &person));
}

/// When the time to export is over everything goes, and the report is signed.
fn everything_goes(world: &World, (app, person): (&mut Actor, &str)) {
    for wait in ["745h", "1m", "1m", "1m"] {
        world.advance(wait);
    }
    let mut auditor = world.staff(&["auditor"]);
    assert_eq!(auditor.get("/v1/cessation/1").expect(200)["state"], "closed");
    let all = auditor.get("/v1/cessation").expect(200);
    assert_eq!(all["endings"].as_array().unwrap().len(), 1);
    let report = auditor.get("/v1/cessation/1/report");
    assert_eq!(report.status, 200);
    let key = world.flows.log_key();
    flows::cessation::check_report(report.body.as_bytes(), Some(key)).unwrap();
    app.post("/v1/use", &crate::support::a_use(person, "service")).expect(410);
    let mut officer = world.staff(&["officer"]);
    officer.post("/v1/cessation/1/cancel", &json!({})).expect(409);
    assert!(page(&mut world.anon(), "/privacy").contains("Everything that we held was deleted"));
}

#[test]
fn an_end_is_for_members_of_staff() {
    let world = World::new();
    let (mut person, _) = world.person("wei@example.com");
    for actor in [&mut world.anon(), &mut person] {
        actor.get("/v1/cessation").expect(401);
        actor.post("/v1/cessation", &json!({})).expect(401);
    }
    world.staff(&["auditor"]).post("/v1/cessation", &json!({})).expect(403);
    let mut officer = world.staff(&["officer"]);
    officer.post("/v1/cessation", &json!({ "product": "updates" })).expect(422);
    officer.post("/v1/cessation", &json!({ "ends": "soon" })).expect(422);
    officer.get("/v1/cessation/7").expect(404);
    officer.get("/v1/cessation/7/report").expect(404);
}

#[test]
fn a_browser_is_written_to_by_its_own_word_and_forgotten_at_once() {
    let world = World::new();
    let (mut person, _) = world.person("wei@example.com");
    let key = world.anon().get("/v1/push/key").expect(200);
    assert_eq!(key["key"].as_str().unwrap().len(), 87, "an uncompressed point");
    let browser = |endpoint: &str| json!({ "endpoint": endpoint, "keys": { "p256dh": POINT, "auth": AUTH }, "expirationTime": null });
    let good = "https://push.example.com/send/1";
    world.anon().put("/v1/me/push", &browser(good)).expect(401);
    for endpoint in [
        "http://push.example.com/1",
        "https://127.0.0.1/1",
        "https://localhost/1",
        "https://[::1]/",
        "x",
    ] {
        let wrong = person.put("/v1/me/push", &browser(endpoint)).expect(422);
        assert!(wrong.to_string().contains("endpoint"), "{wrong}");
    }
    let odd = json!({ "endpoint": good, "keys": { "p256dh": "AAAA", "auth": AUTH } });
    person.put("/v1/me/push", &odd).expect(422);
    assert_eq!(person.put("/v1/me/push", &browser(good)).expect(200)["browsers"], 1);
    assert_eq!(
        person.put("/v1/me/push", &browser(good)).expect(200)["browsers"],
        1,
        "the same one"
    );
    // The person sees it like everything else that is held; a colleague's application does not.
    assert!(page(&mut person, "/me?language=en").contains("1 browser"));
    let shown = page(&mut person, "/me/push?language=en");
    assert!(shown.contains("Messages to this browser"), "{shown}");
    let answer = person.call("GET", "/me/push", &[READ], "");
    let policy = answer.header("content-security-policy").unwrap();
    assert!(
        policy.contains("script-src 'self'") && policy.contains("worker-src 'self'"),
        "{policy}"
    );
    assert!(page(&mut world.anon(), "/kept-sw.js").contains("showNotification"));
    let which = json!({ "endpoint": good }).to_string();
    let kind = ("content-type", "application/json");
    let gone = person.call("DELETE", "/v1/me/push", &[kind], &which).expect(200);
    assert_eq!(gone["browsers"], 0);
    person.call("DELETE", "/v1/me/push", &[kind], &which).expect(404);
    person.put("/v1/me/push", &browser(good)).expect(200);
    let off = person.call(
        "POST",
        "/me/push/off?language=en",
        &[("content-type", "application/x-www-form-urlencoded")],
        "",
    );
    assert_eq!(off.status, 303);
    assert!(!page(&mut person, "/me?language=en").contains("1 browser"));
}

/// Every call about endings and messages to browsers, held against its description.
pub(crate) fn described(world: &World, (checked, person): (&mut Checked, &mut Actor)) {
    let none = serde_json::Value::Null;
    let mut anon = world.anon();
    for path in ["/v1/push/key", "/kept-sw.js", "/kept-push.js"] {
        checked.call(&mut anon, ("get", path), path, &none);
    }
    let push = "/v1/me/push";
    let keys = json!({ "p256dh": POINT, "auth": AUTH });
    let browser = json!({ "endpoint": "https://push.example.com/send/1", "keys": keys });
    checked.call(person, ("put", push), push, &browser);
    let gone = json!({ "endpoint": "https://push.example.com/send/1" });
    checked.call(person, ("delete", push), push, &gone);
    let (mut one, mut two) = (world.staff(&["engineer"]), world.staff(&["officer"]));
    let all = "/v1/cessation";
    checked.call(&mut one, ("post", all), all, &json!({}));
    world.settle();
    checked.call(&mut one, ("get", all), all, &none);
    let this = "/v1/cessation/{id}";
    checked.call(&mut one, ("get", this), "/v1/cessation/1", &none);
    let steps = [(&mut one, "announce"), (&mut two, "approve")];
    for (actor, verb) in steps {
        let said = format!("{this}/{verb}");
        checked.call(actor, ("post", &said), &format!("/v1/cessation/1/{verb}"), &none);
    }
    let report = "/v1/cessation/{id}/report";
    checked.call(&mut two, ("get", report), "/v1/cessation/1/report", &none);
    let cancel = "/v1/cessation/{id}/cancel";
    checked.call(&mut two, ("post", cancel), "/v1/cessation/1/cancel", &none);
}
