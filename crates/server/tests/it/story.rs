//! One person's way, as the interface has it.

use std::io::{Cursor, Read as _};

use flows::security::{Elsewhere, Key, verify_log};
use serde_json::{Value, json};

use crate::support::{World, a_use};

#[test]
fn register_use_consent_withdraw_close_and_be_gone() {
    let mut world = World::new();
    let (mut person, id) = world.person("ada.planted@example.org");
    let mut app = world.app(&["service", "advertise"]);

    let used = app.post("/v1/use", &a_use(&id, "service")).expect(200);
    assert_eq!(used["values"]["email"], "ada.planted@example.org");
    assert!(used["record"].as_str().unwrap().starts_with("rec_cn_"));

    let refused = app.post("/v1/use", &a_use(&id, "advertise"));
    let problem = refused.expect(403);
    assert!(problem["type"].as_str().unwrap().ends_with("/refused"));
    assert!(problem["clauses"].as_array().unwrap().contains(&json!("use-advertise")));
    assert!(!problem["remedy"].as_str().unwrap().is_empty());
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));

    answer(&mut person, "given");
    app.post("/v1/use", &a_use(&id, "advertise")).expect(200);
    answer(&mut person, "refused");
    app.post("/v1/use", &a_use(&id, "advertise")).expect(403);

    let closing = person.delete("/v1/me").expect(202);
    assert!(closing["request"].as_str().unwrap().starts_with("req_cn_"));
    app.post("/v1/use", &a_use(&id, "service")).expect(403);
    person.get("/v1/me").expect(200);

    world.advance("800h");
    app.post("/v1/use", &a_use(&id, "service")).expect(410);
    person.get("/v1/me").expect(401);
    world.stop();
    let keys = world.dir.path().join("root.key");
    let outside = Elsewhere::read(&[world.dir.path().join("checkpoints")]).unwrap();
    let report = verify_log(&world.data().join("log"), &Key::File(&keys), &outside).unwrap();
    assert!(report.checkpoint.size > 5);
}

fn answer(person: &mut crate::support::Actor, word: &str) {
    let shown = person.get("/v1/consent?language=en").expect(200);
    let body = json!({
        "choices": { "advertise": word }, "text_hash": shown["text_hash"], "language": "en",
    });
    let receipt = person.put("/v1/consent", &body).expect(200);
    assert_eq!(receipt["pii_processing"][0]["event"]["state"], word);
}

#[test]
fn a_closing_is_taken_back_with_the_link_in_the_mail() {
    let world = World::new();
    let (mut person, id) = world.person("ada@example.org");
    let closing = person.delete("/v1/me").expect(202);
    let request = closing["request"].as_str().unwrap();
    let mails = world.mails();
    let token = mails.iter().rev().find_map(|it| it.split("token=").nth(1)).unwrap();
    let token: String =
        token.chars().take_while(|it| it.is_ascii_alphanumeric() || "-_".contains(*it)).collect();
    let path = format!("/v1/me/requests/{request}/cancel");
    let wrong = json!({ "person": id, "token": "guessed" });
    world.anon().post(&path, &wrong).expect(401);
    world.anon().post(&path, &json!({ "person": id, "token": token })).expect(200);
    assert_eq!(person.get("/v1/me").expect(200)["state"], "active");
    let mut app = world.app(&["service"]);
    world.advance("800h");
    app.post("/v1/use", &a_use(&id, "service")).expect(200);
}

#[test]
fn a_person_sees_corrects_deletes_and_takes_along() {
    let world = World::new();
    let (mut person, id) = world.person("ada@example.org");
    let mut app = world.app(&["service", "support"]);
    app.post("/v1/use", &a_use(&id, "service")).expect(200);
    world.settle();

    let data = person.get("/v1/me/data?language=en").expect(200);
    let email = data["data"].as_array().unwrap().iter().find(|it| it["category"] == "email");
    let email = email.unwrap();
    assert_eq!(email["value"], "ada@example.org");
    assert!(!email["purposes"].as_array().unwrap().is_empty());

    let list = person.get("/v1/me/uses?proof=1").expect(200);
    let used = list["uses"].as_array().unwrap().iter().find(|it| it["by"] == "app").unwrap();
    assert_eq!(used["purpose"], "service");
    assert!(used["clauses"].as_array().unwrap().contains(&json!("use-service")));
    assert!(used["log_index"].is_u64());
    assert!(used["proof"]["blind"].is_string());

    person.put("/v1/me/data/name", &json!({ "value": "Ada Corrected" })).expect(200);
    person.delete("/v1/me/data/phone").expect(200);
    let taken = person.get("/v1/me/export?format=json");
    assert!(taken.body.contains("Ada Corrected") && !taken.body.contains("Wei Planted"));
    assert!(!taken.body.contains("13800138000"));
    assert!(taken.header("content-disposition").unwrap().starts_with("attachment"));
    person.get("/v1/me/export?format=csv").expect(422);
    assert_eq!(person.get("/v1/me/disclosures").expect(200)["disclosures"], json!([]));
}

/// The file of an archive.
fn unpacked(archive: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_person_takes_along_an_archive_with_tables() {
    let world = World::new();
    let (mut person, id) = world.person("ada@example.org");
    let mut app = world.app(&["service"]);
    app.post("/v1/use", &a_use(&id, "service")).expect(200);
    person.put("/v1/me/data/name", &json!({ "value": "=1+1, \"Ada\"" })).expect(200);

    let taken = person.get("/v1/me/export?format=zip&language=zh");
    taken.expect(200);
    assert_eq!(taken.header("content-type"), Some("application/zip"));
    let named = taken.header("content-disposition");
    assert_eq!(named, Some("attachment; filename=\"my-data.zip\""));
    assert_eq!(taken.header("cache-control"), Some("no-store"));

    let export: Value = serde_json::from_str(&unpacked(&taken.bytes, "data.json")).unwrap();
    assert_eq!(export["account"]["id"], json!(id));
    let data = unpacked(&taken.bytes, "data.csv");
    assert!(data.starts_with('\u{feff}'));
    assert!(data.contains("\"'=1+1, \"\"Ada\"\"\"") && data.contains("\"'+8613800138000\""));
    assert_eq!(data.lines().count(), export["data"].as_array().unwrap().len() + 1);
    assert!(!data.contains("argon2"));
    let uses = unpacked(&taken.bytes, "uses.csv");
    assert!(uses.contains("\"use-service\""));
    assert_eq!(uses.lines().count(), export["uses"].as_array().unwrap().len() + 1);
    assert!(unpacked(&taken.bytes, "readme.txt").contains("表格"));

    // It is on record like every other answer, and whoever is not signed in gets none.
    let uses = person.get("/v1/me/uses").expect(200);
    assert!(uses["uses"].as_array().unwrap().iter().any(|it| it["purpose"] == "export"));
    world.anon().get("/v1/me/export?format=zip").expect(401);
    let page = person.get("/me/export?language=zh");
    assert!(
        page.body.contains("href=\"/v1/me/export?language=zh&amp;format=zip\""),
        "{}",
        page.body
    );
}

#[test]
fn an_application_puts_and_finds() {
    let world = World::new();
    let (_, id) = world.person("ada@example.org");
    let mut app = world.app(&["service", "support", "software"]);
    let put = format!("/v1/people/{id}/data/name");
    let body = json!({ "value": "Ada L.", "source": "registration" });
    assert_eq!(app.put(&put, &body).expect(200)["category"], "name");
    let find = json!({ "category": "email", "value": "ADA@example.org", "purpose": "service" });
    assert_eq!(app.post("/v1/people/find", &find).expect(200)["people"], json!([id]));
    let nobody = json!({ "category": "email", "value": "eve@example.org", "purpose": "service" });
    assert_eq!(app.post("/v1/people/find", &nobody).expect(200)["people"], json!([]));
    let asked = json!({ "person": id, "act": "use", "purpose": "service", "categories": ["email", "name"] });
    let verdict = app.post("/v1/decide", &asked).expect(200);
    assert_eq!(verdict["permit"], "all");
}

#[test]
fn signing_in_by_password_and_by_code_and_out() {
    let world = World::new();
    let (mut first, _) = world.person("ada@example.org");
    let mut second = world.anon();
    let wrong = json!({ "email": "ada@example.org", "password": "wrong horse battery" });
    second.post("/v1/session", &wrong).expect(401);
    let right = json!({ "email": "ada@example.org", "password": "correct horse battery" });
    let answer = second.post("/v1/session", &right);
    answer.expect(200);
    let cookie = answer.set_cookies().join("\n");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");

    let mut third = world.anon();
    third.post("/v1/session", &json!({ "email": "ada@example.org" })).expect(202);
    world.anon().post("/v1/session", &json!({ "email": "nobody@example.org" })).expect(202);
    let code = world.code();
    let by_code = json!({ "email": "ada@example.org", "code": code });
    third.post("/v1/session", &by_code).expect(200);
    world.anon().post("/v1/session", &by_code).expect(401);

    let me = first.get("/v1/me").expect(200);
    assert_eq!(me["sessions"].as_array().unwrap().len(), 3);
    let other = me["sessions"].as_array().unwrap().iter().find(|it| it["current"] == false);
    let other = other.unwrap()["id"].as_str().unwrap().to_owned();
    first.delete(&format!("/v1/me/sessions/{other}")).expect(204);
    let old = first.clone();
    first.delete("/v1/session").expect(204);
    assert!(first.cookies.is_empty());
    old.clone().get("/v1/me").expect(401);
}

#[test]
fn restricting_stops_uses_until_it_is_lifted() {
    let world = World::new();
    let (mut person, id) = world.person("ada@example.org");
    let mut app = world.app(&["service"]);
    let asked = person.post("/v1/me/requests", &json!({ "right": "restrict" })).expect(201);
    let request = asked["id"].as_str().unwrap();
    app.post("/v1/use", &a_use(&id, "service")).expect(403);
    let seen = person.get(&format!("/v1/me/requests/{request}")).expect(200);
    assert_eq!(seen["right"], "restrict");
    assert_eq!(person.get("/v1/me/requests").expect(200)["requests"].as_array().unwrap().len(), 1);
    let lift = json!({ "right": "restrict", "lift": true });
    person.post("/v1/me/requests", &lift).expect(201);
    app.post("/v1/use", &a_use(&id, "service")).expect(200);
}

#[test]
fn whoever_restricted_or_leaves_still_comes_in() {
    let world = World::new();
    let (mut person, id) = world.person("ada@example.org");
    let password = json!({ "email": "ada@example.org", "password": "correct horse battery" });
    person.post("/v1/me/requests", &json!({ "right": "restrict" })).expect(201);
    world.anon().post("/v1/session", &password).expect(200);
    world.anon().post("/v1/session", &json!({ "email": "ada@example.org" })).expect(202);
    let code = json!({ "email": "ada@example.org", "code": world.code() });
    let mut restricted = world.anon();
    restricted.post("/v1/session", &code).expect(200);
    restricted.post("/v1/me/requests", &json!({ "right": "restrict", "lift": true })).expect(201);

    let closing = person.delete("/v1/me").expect(202);
    let mut leaving = world.anon();
    leaving.post("/v1/session", &password).expect(200);
    assert_eq!(leaving.get("/v1/me").expect(200)["state"], "closing");
    let cancel = format!("/v1/me/requests/{}/cancel", closing["request"].as_str().unwrap());
    leaving.call("POST", &cancel, &[], "").expect(200);
    let mut app = world.app(&["service"]);
    app.post("/v1/use", &a_use(&id, "service")).expect(200);
}
