//! What crosses a border: asked about by itself, sent, fetched, taken back, and carried to a new
//! account; over the interface and on the page.

use flows::AskerKind;
use flows::security::AddKey;
use serde_json::{Value, json};

use crate::described::Checked;
use crate::support::{Actor, World, form};

pub(crate) const REPAIR: &str = "cn-eu-service";

pub(crate) fn recipient(world: &World) -> Actor {
    let ask = AddKey {
        kind: AskerKind::Partner,
        name: "eu-service".to_owned(),
        purposes: Vec::new(),
        source: Some("reseller".to_owned()),
    };
    let added = flows::security::add_key(&world.flows, ask, world.clock.now());
    let added = world.runtime.block_on(added).unwrap();
    let mut partner = world.anon();
    partner.key = Some(added.secret.as_str().to_owned());
    partner
}

fn there(world: &World, email: &str) -> (Actor, String) {
    let mut person = world.anon();
    let mut body = form(email);
    body["region"] = json!("eu");
    body["data"] = json!({ "password": "another horse battery" });
    let registered = person.post("/v1/people", &body).expect(201);
    let id = registered["id"].as_str().unwrap().to_owned();
    let code = json!({ "channel": "email", "code": world.code() });
    person.post(&format!("/v1/people/{id}/verify"), &code).expect(200);
    (person, id)
}

/// Every address of this noun, held against its description.
pub(crate) fn described(world: &World, (checked, person): (&mut Checked, &mut (Actor, String))) {
    let (none, mine) = (Value::Null, "/v1/me/transfers");
    let one = "/v1/me/transfers/{id}";
    let path = format!("/v1/me/transfers/{REPAIR}");
    let shown = checked.call(&mut person.0, ("get", mine), mine, &none);
    let asked = json!({ "person": person.1, "transfer": REPAIR, "categories": ["name"] });
    let mut officer = world.staff(&["officer"]);
    let all = "/v1/transfers";
    let refused = checked.call(&mut officer, ("post", all), all, &asked);
    assert!(refused["clauses"].as_array().unwrap().contains(&json!("transfer")), "{refused}");
    let hash = &shown["transfers"][0]["text_hash"];
    let yes = json!({ "choice": "given", "text_hash": hash, "language": "en" });
    checked.call(&mut person.0, ("put", one), &path, &yes);
    let sent = checked.call(&mut officer, ("post", all), all, &asked);
    let id = sent["id"].as_str().unwrap();
    checked.call(&mut officer, ("get", all), all, &none);
    checked.call(&mut officer, ("get", "/v1/transfers/{id}"), &format!("{all}/{id}"), &none);
    let mut partner = recipient(world);
    let waits = "/v1/partner/transfers";
    let listed = checked.call(&mut partner, ("get", waits), waits, &none);
    assert_eq!(listed["transfers"][0]["id"], id);
    let fetch = ("post", "/v1/partner/transfers/{id}");
    let got = checked.call(&mut partner, fetch, &format!("{waits}/{id}"), &none);
    assert!(got["values"]["name"].is_string(), "{got}");
    let (mut other, to) = there(world, "ada.there@example.org");
    let token = "/v1/me/transfers/token";
    let token = checked.call(&mut other, ("post", token), token, &none)["token"].clone();
    let carry = ("post", "/v1/me/transfers/{id}/carry");
    let body = json!({ "to": to, "token": token });
    let carried = checked.call(&mut person.0, carry, &format!("{path}/carry"), &body);
    assert_eq!(carried["carried"], json!(["name"]));
    checked.call(&mut person.0, ("put", one), &path, &json!({ "choice": "refused" }));
}

#[test]
fn only_the_consent_of_its_own_lets_anything_cross() {
    let world = World::new();
    let (mut person, id) = world.person("ada@example.org");
    let path = format!("/v1/me/transfers/{REPAIR}");
    let asked = json!({ "person": id, "transfer": REPAIR });
    let mut app = world.app(&["support"]);
    let no = app.post("/v1/transfers", &asked).expect(403);
    assert!(no["clauses"].as_array().unwrap().contains(&json!("transfer")), "{no}");
    world.app(&["service"]).post("/v1/transfers", &asked).expect(403);
    world.staff(&["support"]).post("/v1/transfers", &asked).expect(403);
    world.anon().post("/v1/transfers", &asked).expect(401);
    let stale = json!({ "choice": "given", "text_hash": "sha256:00", "language": "en" });
    person.put(&path, &stale).expect(409);
    let (_, to) = there(&world, "ada.there@example.org");
    let body = json!({ "to": to, "token": "kept_move_guessed" });
    let guessed = person.post(&format!("{path}/carry"), &body);
    assert!((400..500).contains(&guessed.status), "{}", guessed.status);
    let shown = person.get("/v1/me/transfers?language=zh").expect(200);
    let hash = &shown["transfers"][0]["text_hash"];
    let yes = json!({ "choice": "given", "text_hash": hash, "language": "zh" });
    person.put(&path, &yes).expect(200);
    app.post("/v1/transfers", &asked).expect(201);
    person.put(&path, &json!({ "choice": "refused" })).expect(200);
    app.post("/v1/transfers", &asked).expect(403);
}

/// The page tells the four things before it asks, in both languages, without a script.
#[test]
fn the_page_tells_the_four_things_and_takes_a_no_as_easily() {
    let world = World::new();
    let (mut person, _) = world.person("ada@example.org");
    let centre = person.get("/me?language=en").body;
    assert!(centre.contains("/me/transfers"), "linked from the centre");
    let page = person.get("/me/transfers?language=en").body;
    for said in [
        "Help and support",
        "Our service centre in Europe",
        "service-eu@example.com",
        "What protects it",
        "What could go wrong",
        "European Union",
        "I agree to this transfer",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(person.get("/me/transfers?language=zh").body.contains("我同意这一传输"));
    let hash = page.split("name=\"text_hash\" value=\"").nth(1).unwrap();
    let hash = hash.split('"').next().unwrap().replace(':', "%3A");
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let yes = format!("transfer={REPAIR}&choice=given&text_hash={hash}");
    let done = person.call("POST", "/me/transfers?language=en", &form, &yes);
    assert_eq!(done.status, 303, "{}", done.body);
    let page = person.get("/me/transfers?language=en").body;
    assert!(page.contains("You agreed") && page.contains("Take my consent back"));
    let (mut other, _) = there(&world, "ada.there@example.org");
    let given = other.call("POST", "/me/transfers/token?language=en", &form, "").body;
    let token = given.split("id=\"token\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let carry = format!("/me/transfers/{REPAIR}/carry?language=en");
    let carried = person.call("POST", &carry, &form, &format!("token={token}"));
    assert_eq!(carried.status, 200, "{}", carried.body);
    assert!(carried.body.contains("Your new account has now"), "{}", carried.body);
    assert!(carried.body.contains("the new account has a value of its own"));
    let no = format!("transfer={REPAIR}&choice=refused&text_hash={hash}");
    let done = person.call("POST", "/me/transfers?language=en", &form, &no);
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(person.get("/me/transfers?language=en").body.contains("Not agreed: nothing is sent"));
}
