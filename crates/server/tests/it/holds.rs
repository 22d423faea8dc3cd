//! Legal holds over HTTP: two officers, and what the person and an application see of it.

use serde_json::{Value, json};

use crate::described::Checked;
use crate::support::{Actor, World, a_use};

fn ask(person: &str) -> Value {
    json!({
        "person": person,
        "categories": ["phone"],
        "ground": "a court ordered it",
        "reference": "(2026) Foshan 42",
        "authority": "Foshan Court",
        "until": "2030-01-01T00:00:00Z",
    })
}

#[test]
fn two_officers_hold_and_one_lifts() {
    let world = World::new();
    let (mut person, id) = world.person("wei@example.com");
    let mut app = world.app(&["service"]);
    let (mut one, mut two) = (world.staff(&["officer"]), world.staff(&["officer"]));
    let held = one.post("/v1/holds", &ask(&id)).expect(201);
    assert_eq!(held["state"], "asked");
    let path = format!("/v1/holds/{}", held["id"].as_str().unwrap());
    let (approve, lift) = (format!("{path}/approve"), format!("{path}/lift"));
    one.post(&approve, &json!({})).expect(409);
    assert_eq!(two.post(&approve, &json!({})).expect(200)["state"], "held");

    let phone = json!({ "person": id, "purpose": "service", "categories": ["phone"] });
    let refused = app.post("/v1/use", &phone).expect(403);
    assert_eq!((&refused["reason"], &refused["clauses"][0]), (&json!("held"), &json!("retain")));
    assert!(app.post("/v1/use", &a_use(&id, "service")).expect(200)["values"].is_object());
    let data = person.get("/v1/me/data").expect(200);
    let rows = data["data"].as_array().unwrap();
    let row = rows.iter().find(|it| it["category"] == "phone").unwrap();
    assert_eq!(row["hold"]["ground"], "a court ordered it");
    assert_eq!(row["hold"]["until"], "2030-01-01T00:00:00Z");
    person.delete("/v1/me/data/phone").expect(403);
    let page = person.call("GET", "/me", &[("accept", "text/html")], "");
    assert!(page.body.contains("Held for a legal reason") && page.body.contains("a court ordered"));

    let listed = two.get("/v1/holds").expect(200);
    assert_eq!(listed["holds"][0]["authority"], "Foshan Court");
    assert_eq!(two.get(&path).expect(200)["person"], id.as_str());
    assert_eq!(one.post(&lift, &json!({})).expect(200)["state"], "lifted");
    one.post(&lift, &json!({})).expect(409);
    app.post("/v1/use", &phone).expect(200);
    assert_eq!(two.get("/v1/holds?done=true").expect(200)["holds"][0]["state"], "lifted");
}

#[test]
fn holds_are_for_officers() {
    let world = World::new();
    let (mut person, id) = world.person("wei@example.com");
    world.anon().get("/v1/holds").expect(401);
    person.post("/v1/holds", &ask(&id)).expect(401);
    world.staff(&["support"]).get("/v1/holds").expect(403);
    world.staff(&["support"]).post("/v1/holds", &ask(&id)).expect(403);
    let mut auditor = world.staff(&["auditor"]);
    auditor.get("/v1/holds").expect(200);
    auditor.post("/v1/holds", &ask(&id)).expect(403);
    let mut officer = world.staff(&["officer"]);
    officer.get("/v1/holds/hold_cn_00").expect(422);
    officer.get(&format!("/v1/holds/hold_cn_{}", "0".repeat(32))).expect(404);
    let wrong = json!({ "until": "tomorrow" });
    let mut asked = ask(&id);
    asked["until"] = wrong["until"].clone();
    officer.post("/v1/holds", &asked).expect(422);
}

/// Every address of holds, held against its description.
pub(crate) fn described(world: &World, (checked, person): (&mut Checked, &mut (Actor, String))) {
    let (none, path) = (Value::Null, "/v1/holds");
    let (mut one, mut two) = (world.staff(&["officer"]), world.staff(&["officer"]));
    checked.call(&mut one, ("get", path), path, &none);
    for verb in ["refuse", "lift"] {
        let held = checked.call(&mut one, ("post", path), path, &ask(&person.1));
        let this = format!("{path}/{}", held["id"].as_str().unwrap());
        if verb == "lift" {
            let approve = format!("{this}/approve");
            checked.call(&mut two, ("post", "/v1/holds/{id}/approve"), &approve, &none);
            checked.call(&mut person.0, ("get", "/v1/me/data"), "/v1/me/data", &none);
        }
        checked.call(&mut one, ("get", "/v1/holds/{id}"), &this, &none);
        checked.call(&mut one, ("get", path), path, &none);
        let described = format!("/v1/holds/{{id}}/{verb}");
        checked.call(&mut two, ("post", &described), &format!("{this}/{verb}"), &none);
    }
    let left = "/v1/retention/anonymous";
    checked.call(&mut two, ("get", left), left, &none);
}
