//! Writing to us: the form and the interface, the desk, mail that comes in, and the public figures.

use flows::Secret;
use flows::messages::Desk;
use serde_json::{Value, json};

use crate::described::Checked;
use crate::support::{Actor, Answer, World};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const READ: (&str, &str) = ("accept", "text/html");
const SECRET: &str = "a-secret-of-the-mail-server";
const TEXT: &str = "My planted-mixer hums";

fn world() -> World {
    let desk = Desk {
        managers: vec!["boss@example.com".to_owned()],
        secret: Some(Secret::given(SECRET)),
        ..Desk::default()
    };
    World::with(server::Settings { desk, ..server::Settings::default() })
}

fn message(kind: &str) -> Value {
    json!({
        "text": TEXT, "reply_to": "mei@example.com", "kind": kind, "region": "eu", "language": "en",
    })
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap().to_owned()
}

fn submit(actor: &mut Actor, path: &str, body: &str) -> Answer {
    actor.call("POST", path, &[FORM, READ], body)
}

/// The mark that a form carries.
fn mark(page: &str) -> String {
    let after = page.split("name=\"shown\" value=\"").nth(1).unwrap();
    after.split('"').next().unwrap().to_owned()
}

#[test]
fn a_message_is_left_answered_and_counted() {
    let world = world();
    let left = world.anon().post("/v1/messages", &message("message")).expect(201);
    let id = text(&left, "id");
    assert!(id.starts_with("msg_eu_"), "{id}");
    let mut support = world.staff(&["support"]);
    let queue = support.get("/v1/messages").expect(200);
    assert_eq!(queue["messages"][0]["id"], id.as_str());
    assert_eq!(queue["messages"][0]["due"], left["reply_due"]);
    assert!(!queue.to_string().contains("planted") && !queue.to_string().contains("mei@"));
    let seen = support.get(&format!("/v1/messages/{id}")).expect(200);
    assert_eq!(seen["said"][0]["text"], TEXT);
    support.post(&format!("/v1/messages/{id}/assign"), &json!({})).expect(200);
    support.post(&format!("/v1/messages/{id}/note"), &json!({ "text": "known" })).expect(200);
    let done = support.post(&format!("/v1/messages/{id}/reply"), &json!({ "text": "Oil it." }));
    assert_eq!(done.expect(200)["state"], "answered");
    let mails = world.mails();
    assert!(mails.iter().any(|it| it.contains("To: mei@example.com") && it.contains("Oil it.")));
    let figures = world.anon().get("/privacy/service.json").expect(200);
    assert_eq!(figures["messages"]["last_30_days"]["in_time"], 1);
    assert_eq!(figures["messages"]["last_12_months"]["share"], 1_000);
    let reason = json!({ "reason": "answered" });
    support.post(&format!("/v1/messages/{id}/close"), &reason).expect(200);
    support.get(&format!("/v1/messages/{id}")).expect(409);
    let closed = support.get("/v1/messages?done=true").expect(200);
    assert_eq!(closed["messages"][0]["state"], "closed");
}

#[test]
fn the_desk_is_for_support_and_officers() {
    let world = world();
    let left = world.anon().post("/v1/messages", &message("complaint")).expect(201);
    let id = text(&left, "id");
    let one = format!("/v1/messages/{id}");
    world.anon().get("/v1/messages").expect(401);
    world.anon().get(&one).expect(401);
    let (mut person, _) = world.person("wei@example.com");
    person.get(&one).expect(401);
    person.get(&format!("/v1/me/messages/{id}")).expect(404);
    let mut engineer = world.staff(&["engineer"]);
    engineer.get("/v1/messages").expect(403);
    engineer.get(&one).expect(403);
    let reason = json!({ "outcome": "upheld", "text": "You are right." });
    engineer.post(&format!("{one}/outcome"), &reason).expect(403);
    let mut officer = world.staff(&["officer"]);
    assert_eq!(officer.post(&format!("{one}/outcome"), &reason).expect(200)["state"], "answered");
}

#[test]
fn time_that_runs_out_is_told_to_a_manager() {
    let world = world();
    let left = world.anon().post("/v1/messages", &message("message")).expect(201);
    let id = text(&left, "id");
    world.advance("21h");
    let mut support = world.staff(&["support"]);
    assert_eq!(support.get("/v1/messages").expect(200)["messages"][0]["state"], "escalated");
    let mails = world.mails();
    let told: Vec<_> = mails.iter().filter(|it| it.contains("To: boss@example.com")).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains(&id) && !told[0].contains("mei@example.com"));
    world.advance("4h");
    let mut support = world.staff(&["support"]);
    let queue = support.get("/v1/messages").expect(200);
    assert_eq!(queue["messages"][0]["overdue"], true);
    let figures = world.anon().get("/privacy/service.json").expect(200);
    assert_eq!(figures["messages"]["last_30_days"]["share"], 0);
    let page = world.anon().call("GET", "/privacy/service?language=en", &[READ], "").body;
    assert!(page.contains("0.0 %") && page.contains("Last 12 months"), "{page}");
    let zh = world.anon().call("GET", "/privacy/service?language=zh", &[READ], "").body;
    assert!(zh.contains("按时比例"), "{zh}");
}

#[test]
fn the_form_works_without_a_script_and_tells_programs_from_people() {
    let world = world();
    let mut anon = world.anon();
    let page = anon.call("GET", "/privacy/contact?language=en", &[READ], "").body;
    assert!(page.contains("24 hours") && !page.contains("<script"), "{page}");
    let mark = mark(&page);
    let body = format!(
        "kind=complaint&region=eu&reply_to=mei%40example.com&shown={mark}&text=planted-form+hums"
    );
    let quick = submit(&mut anon, "/privacy/contact?language=en", &body);
    assert_eq!(quick.status, 422);
    assert!(quick.body.contains("planted-form hums"), "what was typed stays");
    world.advance("1m");
    let honey = submit(&mut anon, "/privacy/contact?language=en", &format!("{body}&website=x"));
    assert_eq!(honey.status, 200);
    let mut support = world.staff(&["support"]);
    let queue = support.get("/v1/messages").expect(200);
    assert!(queue["messages"].as_array().unwrap().is_empty(), "and nothing was kept");

    let sent = submit(&mut anon, "/privacy/contact?language=en", &body);
    assert_eq!(sent.status, 200, "{}", sent.body);
    assert!(sent.body.contains("msg_eu_"), "{}", sent.body);
    let twice = submit(&mut anon, "/privacy/contact?language=en", &body);
    assert_eq!((twice.status, twice.body == sent.body), (200, true), "sent twice is sent once");
    let queue = support.get("/v1/messages").expect(200);
    assert_eq!(queue["messages"].as_array().unwrap().len(), 1);
    assert_eq!(queue["messages"][0]["kind"], "complaint");
    let forged = body.replace(&mark, "1.2.3");
    assert_eq!(submit(&mut anon, "/privacy/contact?language=en", &forged).status, 422);
    let nowhere = body.replace("mei%40example.com", "");
    assert_eq!(submit(&mut anon, "/privacy/contact?language=en", &nowhere).status, 422);
    let zh = anon.call("GET", "/privacy/contact?language=zh", &[READ], "").body;
    assert!(zh.contains("给我们留言"), "{zh}");
    let elsewhere = [FORM, READ, ("origin", "https://evil.example")];
    assert_eq!(anon.call("POST", "/privacy/contact", &elsewhere, &body).status, 403);
}

#[test]
fn a_person_sees_their_conversations_and_writes_on() {
    let world = world();
    let (mut person, _) = world.person("wei@example.com");
    let left = person.post("/v1/messages", &json!({ "text": TEXT })).expect(201);
    let id = text(&left, "id");
    assert!(id.starts_with("msg_cn_"), "the region is the person's");
    let mut support = world.staff(&["support"]);
    support.post(&format!("/v1/messages/{id}/reply"), &json!({ "text": "Oil it." })).expect(200);
    let list = person.get("/v1/me/messages").expect(200);
    assert_eq!(list["messages"][0]["state"], "answered");
    let page = person.call("GET", &format!("/me/messages/{id}?language=en"), &[READ], "").body;
    assert!(page.contains(TEXT) && page.contains("Oil it."), "{page}");
    let path = format!("/me/messages/{id}?language=en");
    assert_eq!(submit(&mut person, &path, "text=It+hums+on").status, 303);
    let one = person.get(&format!("/v1/me/messages/{id}")).expect(200);
    assert_eq!(
        (one["state"].as_str(), one["said"].as_array().unwrap().len()),
        (Some("received"), 3)
    );
    let all = person.call("GET", "/me/messages?language=zh", &[READ], "").body;
    assert!(all.contains("等待处理"), "{all}");
    let centre = person.call("GET", "/me?language=en", &[READ], "").body;
    assert!(centre.contains("/me/messages"), "the privacy centre leads there");
    let (mut other, _) = world.person("lin@example.com");
    other.get(&format!("/v1/me/messages/{id}")).expect(404);
    assert_eq!(other.call("GET", &path, &[READ], "").status, 404);
    assert_eq!(world.anon().call("GET", &path, &[READ], "").status, 401);
}

#[test]
fn mail_comes_in_with_the_secret_and_goes_into_its_conversation() {
    let world = world();
    let left = world.anon().post("/v1/messages", &message("message")).expect(201);
    let id = text(&left, "id");
    let ours = world.mails().pop().unwrap();
    let header = ours.lines().find(|it| it.to_lowercase().starts_with("message-id:")).unwrap();
    let (_, answered) = header.split_once(':').unwrap();
    let raw = format!(
        "From: mei@example.com\r\nSubject: Re: [{id}] hello\r\nIn-Reply-To: {answered}\r\n\r\n\
         It is the planted-40.\r\n"
    );
    let kind = ("content-type", "message/rfc822");
    let mut anon = world.anon();
    assert_eq!(anon.call("POST", "/v1/mail", &[kind], &raw).status, 401);
    let wrong = ("authorization", "Bearer another-secret-of-the-mail");
    assert_eq!(anon.call("POST", "/v1/mail", &[kind, wrong], &raw).status, 401);
    let bearer = format!("Bearer {SECRET}");
    let right = ("authorization", bearer.as_str());
    let came = anon.call("POST", "/v1/mail", &[kind, right], &raw).expect(200);
    assert_eq!(came["came"], "added");
    let again = anon.call("POST", "/v1/mail", &[kind, right], &raw).expect(200);
    assert_eq!(again["came"], "before");
    let guessed =
        raw.replacen(answered, &format!(" <{}.{}.{id}@x>", "0".repeat(32), "1".repeat(32)), 1);
    let forged = anon.call("POST", "/v1/mail", &[kind, right], &guessed).expect(200);
    assert_eq!(forged["came"], "new", "whoever only knows the number begins a conversation");
    assert_eq!(anon.call("POST", "/v1/mail", &[kind, right], "no mail").status, 422);
    let long = format!("From: a@example.com\r\n\r\n{}", "x".repeat(1024 * 1024));
    assert_eq!(anon.call("POST", "/v1/mail", &[kind, right], &long).status, 413);
    let mut support = world.staff(&["support"]);
    let seen = support.get(&format!("/v1/messages/{id}")).expect(200);
    assert_eq!(seen["said"].as_array().unwrap().len(), 2);
}

#[test]
fn who_writes_too_often_is_told_when_to_come_again() {
    let world = world();
    let mut anon = world.anon();
    let mut answers = (0..30).map(|_| anon.post("/v1/messages", &message("message")));
    let stopped = answers.find(|it| it.status == 429).unwrap();
    assert!(stopped.header("retry-after").is_some());
    let long = json!({ "text": "x".repeat(20_000), "reply_to": "b@example.com" });
    world.advance("2m");
    anon.post("/v1/messages", &long).expect(422);
    anon.post("/v1/messages", &json!({ "text": "who?" })).expect(422);
}

/// Nothing that anybody wrote or was written stands in the folder of data in the clear.
#[test]
fn nothing_of_a_conversation_lies_open_on_disk() {
    let mut world = world();
    let left = world.anon().post("/v1/messages", &message("message")).expect(201);
    let id = text(&left, "id");
    let mut support = world.staff(&["support"]);
    support
        .post(&format!("/v1/messages/{id}/note"), &json!({ "text": "planted-note" }))
        .expect(200);
    support
        .post(&format!("/v1/messages/{id}/reply"), &json!({ "text": "planted-answer" }))
        .expect(200);
    world.settle();
    world.stop();
    for needle in ["planted-", "mei@example.com"] {
        assert!(!holds(&world.data(), needle), "{needle}");
    }
}

fn holds(folder: &std::path::Path, needle: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, needle);
        }
        let bytes = std::fs::read(&path).unwrap();
        bytes.windows(needle.len()).any(|it| it == needle.as_bytes())
    })
}

/// Each answer has the shape that is described.
pub(crate) fn described(world: &World, (checked, person): (&mut Checked, &mut Actor)) {
    let none = Value::Null;
    let mut anon = world.anon();
    let desk = ("get", "/v1/messages");
    let one = "/v1/messages/{id}";
    checked.call(&mut anon, ("get", "/privacy/service.json"), "/privacy/service.json", &none);
    checked.call(&mut anon, ("post", "/v1/mail"), "/v1/mail", &none);
    let left =
        checked.call(&mut anon, ("post", "/v1/messages"), "/v1/messages", &message("complaint"));
    let id = text(&left, "id");
    let mut support = world.staff(&["support"]);
    checked.call(&mut support, desk, "/v1/messages?kind=complaint", &none);
    checked.call(&mut support, ("get", one), &format!("/v1/messages/{id}"), &none);
    for (verb, body) in [
        ("assign", json!({})),
        ("note", json!({ "text": "known" })),
        ("reply", json!({ "text": "We look into it." })),
        ("outcome", json!({ "outcome": "partly", "text": "In part." })),
        ("close", json!({ "reason": "answered" })),
    ] {
        let path = format!("{one}/{verb}");
        checked.call(&mut support, ("post", &path), &format!("/v1/messages/{id}/{verb}"), &body);
    }
    let own = person.post("/v1/messages", &json!({ "text": TEXT })).expect(201);
    let path = format!("/v1/messages/{}/complaint", text(&own, "id"));
    checked.call(&mut support, ("post", "/v1/messages/{id}/complaint"), &path, &none);
    let own = format!("/v1/me/messages/{}", text(&own, "id"));
    checked.call(person, ("get", "/v1/me/messages"), "/v1/me/messages", &none);
    checked.call(person, ("get", "/v1/me/messages/{id}"), &own, &none);
    let more = json!({ "text": "and more" });
    checked.call(person, ("post", "/v1/me/messages/{id}"), &own, &more);
}
