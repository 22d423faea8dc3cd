//! The exact bodies of answers that say no.

use serde_json::json;

use crate::support::{Answer, World, a_use, form};

/// A snapshot of status and body, without what differs from run to run.
#[track_caller]
fn shown(name: &str, answer: &Answer) {
    assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{name}");
    insta::assert_snapshot!(name, answer.shown());
}

#[test]
fn who_has_no_credentials_is_told_which() {
    let world = World::new();
    let mut anon = world.anon();
    let any = a_use("per_cn_00000000000000000000000000000000", "service");
    shown("no-key", &anon.post("/v1/use", &any));
    anon.key = Some("kept_app_guessed".to_owned());
    shown("wrong-key", &anon.post("/v1/use", &any));
    shown("no-session", &world.anon().get("/v1/me"));
    shown("nothing-there", &world.anon().get("/v1/nothing"));
    shown("wrong-method", &world.anon().get("/v1/use"));
}

#[test]
fn a_use_is_refused_by_clause() {
    let world = World::new();
    let (mut person, id) = world.person("ada@example.org");
    let mut app = world.app(&["service", "advertise"]);
    shown("advertise-without-consent", &app.post("/v1/use", &a_use(&id, "advertise")));
    shown("a-purpose-of-other-keys", &app.post("/v1/use", &a_use(&id, "support")));
    shown("a-purpose-that-is-none", &app.post("/v1/use", &a_use(&id, "resell")));
    let nobody = "per_cn_00000000000000000000000000000000";
    shown("nobody", &app.post("/v1/use", &a_use(nobody, "service")));
    shown("no-id", &app.post("/v1/use", &a_use("ada@example.org", "service")));
    let part = json!({ "person": id, "purpose": "service", "categories": ["email", "interests"] });
    insta::assert_snapshot!("partly-permitted", app.post("/v1/use", &part).shown());
    let ask =
        json!({ "person": id, "act": "use", "purpose": "advertise", "categories": ["email"] });
    insta::assert_snapshot!("asked", app.post("/v1/decide", &ask).shown());
    person.delete("/v1/me").expect(202);
    shown("closing", &app.post("/v1/use", &a_use(&id, "service")));
    world.advance("800h");
    shown("gone", &app.post("/v1/use", &a_use(&id, "service")));
}

#[test]
fn a_batch_says_of_each_what_came_of_it() {
    let world = World::new();
    let (_, id) = world.person("ada@example.org");
    let mut app = world.app(&["service", "advertise"]);
    let items = json!({ "items": [
        a_use(&id, "service"), a_use("nobody", "service"), a_use(&id, "advertise"),
    ]});
    insta::assert_snapshot!("batch", app.post("/v1/use/batch", &items).shown());
}

#[test]
fn a_registration_says_what_does_not_fit() {
    let world = World::new();
    let mut anon = world.anon();
    let mut with = |change: fn(&mut serde_json::Value)| {
        let mut body = form("ada@example.org");
        change(&mut body);
        anon.post("/v1/people", &body)
    };
    shown("no-email", &with(|it| it["email"] = json!("ada")));
    shown("another-version", &with(|it| it["accept"]["version"] = json!(7)));
    shown("another-region", &with(|it| it["region"] = json!("mars")));
    shown("a-day-that-is-none", &with(|it| it["birth_date"] = json!("31.12.1990")));
    shown("not-asked-for", &with(|it| it["data"]["interests"] = json!("trains")));
    shown("another-shape", &with(|it| it["email"] = json!(["ada@example.org"])));
    shown("a-field-too-many", &with(|it| it["admin"] = json!(true)));
    shown("not-json", &anon.call("POST", "/v1/people", &[("content-type", "text/plain")], "{}"));
    shown("half-json", &anon.call("POST", "/v1/people", &[], "{\"email\":"));
}

#[test]
fn a_code_and_an_answer_that_do_not_fit() {
    let world = World::new();
    let mut anon = world.anon();
    let registered = anon.post("/v1/people", &form("ada@example.org")).expect(201);
    let id = registered["id"].as_str().unwrap();
    let code = json!({ "channel": "email", "code": "000000" });
    shown("wrong-code", &anon.post(&format!("/v1/people/{id}/verify"), &code));
    let stale = json!({ "choices": { "improve": "given" }, "text_hash": "old", "language": "en" });
    shown("stale", &anon.put("/v1/consent", &stale));
    let banner = anon.get("/v1/consent?language=en").expect(200);
    let hash = &banner["text_hash"];
    let service =
        json!({ "choices": { "service": "refused" }, "text_hash": hash, "language": "en" });
    shown("no-consent-to-give", &anon.put("/v1/consent", &service));
}
