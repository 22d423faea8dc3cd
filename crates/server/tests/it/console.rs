//! The console: signing in, roles, forms without scripts, and nothing from other sites.

use serde_json::json;

use crate::support::{Actor, Answer, World};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const READ: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

fn page(actor: &mut Actor, path: &str) -> Answer {
    actor.call("GET", path, &[READ], "")
}

fn send(actor: &mut Actor, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    let body = body.extend_pairs(fields).finish();
    actor.call("POST", path, &[FORM, READ], &body)
}

/// What a page says, without its tags.
fn text(answer: &Answer) -> String {
    let mut parts = answer.body.split('<').map(|it| it.split_once('>').map_or(it, |(_, it)| it));
    let first = parts.next().unwrap_or("").to_owned();
    parts.fold(first, |all, it| format!("{all} {it}"))
}

#[test]
fn a_stranger_is_asked_to_sign_in_and_comes_back_to_where_they_went() {
    let world = World::new();
    let mut anon = world.anon();
    let answer = page(&mut anon, "/console/messages?language=en");
    assert_eq!(answer.status, 303);
    let to = answer.header("location").unwrap().to_owned();
    assert!(to.starts_with("/console/sign-in"), "{to}");
    let form = page(&mut anon, &to);
    assert_eq!(form.status, 200);
    assert!(form.body.contains(r#"value="/console/messages""#), "{}", form.body);
    let lin = world.joins(&["support"]);
    let factors = world.factors(&lin);
    let field = |name: &str| factors[name].as_str().unwrap().to_owned();
    let (id, password, code) = (field("id"), field("password"), field("code"));
    let wrong =
        [("id", id.as_str()), ("password", "wrong"), ("code", &code), ("to", "/console/messages")];
    let answer = send(&mut anon, "/console/sign-in?language=en", &wrong);
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains(&id) && !answer.body.contains(&code), "{}", answer.body);
    let right = [
        ("id", id.as_str()),
        ("password", &password),
        ("code", &code),
        ("to", "/console/messages"),
    ];
    let answer = send(&mut anon, "/console/sign-in?language=en", &right);
    assert_eq!(answer.header("location"), Some("/console/messages?language=en"));
    assert_eq!(page(&mut anon, "/console/messages").status, 200);
    let answer = send(&mut anon, "/console/sign-out", &[]);
    assert_eq!(answer.status, 303);
    assert_eq!(page(&mut anon, "/console").status, 303);
}

#[test]
fn signing_in_leads_nowhere_else() {
    let world = World::new();
    for to in [
        "https://elsewhere.example",
        "//elsewhere.example",
        "/console\\x",
        "/me",
        "/console/sign-out",
    ] {
        let lin = world.joins(&["support"]);
        let factors = world.factors(&lin);
        let field = |name: &str| factors[name].as_str().unwrap().to_owned();
        let (id, password, code) = (field("id"), field("password"), field("code"));
        let right = [("id", id.as_str()), ("password", &password), ("code", &code), ("to", to)];
        let answer = send(&mut world.anon(), "/console/sign-in?language=en", &right);
        assert_eq!(answer.header("location"), Some("/console?language=en"), "{to}");
    }
}

#[test]
fn the_console_needs_no_script_and_lets_nothing_foreign_in() {
    let world = World::new();
    let mut staff = world.staff(&["officer", "support"]);
    let answer = page(&mut staff, "/console?language=en");
    assert_eq!(answer.status, 200);
    assert!(
        !answer.body.contains("<script") && !answer.body.contains(" style="),
        "{}",
        answer.body
    );
    let policy = answer.header("content-security-policy").unwrap();
    assert!(policy.contains("script-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let foreign = [FORM, READ, ("origin", "https://elsewhere.example")];
    let answer = staff.call("POST", "/console/sign-out", &foreign, "");
    assert_eq!(answer.status, 403);
    assert_eq!(page(&mut staff, "/console").status, 200, "still signed in");
    let zh = page(&mut staff, "/console?language=zh");
    assert!(text(&zh).contains("待办事项") && zh.body.contains(r#"<html lang="zh">"#));
}

#[test]
fn a_role_is_named_where_it_is_missing() {
    let world = World::new();
    let mut auditor = world.staff(&["auditor"]);
    assert_eq!(page(&mut auditor, "/console").status, 200);
    let answer = page(&mut auditor, "/console/messages?language=en");
    assert_eq!(answer.status, 403);
    assert!(text(&answer).contains("support or officer"), "{}", text(&answer));
    let answer = page(&mut auditor, "/console?language=en");
    assert!(!answer.body.contains("/console/messages?language=en\">Messages</a></li>"));
}

#[test]
fn a_person_who_is_signed_in_is_no_staff() {
    let world = World::new();
    let (mut person, _) = world.person("ada@example.org");
    assert_eq!(page(&mut person, "/console").status, 303);
}

#[test]
fn a_message_is_answered_at_the_console() {
    let world = World::new();
    let sent = world.anon().post(
        "/v1/messages",
        &json!({ "kind": "message", "text": "Where is my mixer?", "reply_to": "ada@example.org" }),
    );
    let id = sent.json()["id"].as_str().unwrap().to_owned();
    let mut staff = world.staff(&["support"]);
    let due = text(&page(&mut staff, "/console?language=en"));
    assert!(due.contains(&id) && due.contains(" left"), "{due}");
    let shown = page(&mut staff, &format!("/console/messages/{id}?language=en"));
    assert_eq!(shown.status, 200, "{}", text(&shown));
    assert!(text(&shown).contains("Where is my mixer?"), "{}", text(&shown));
    let once = shown.body.split(r#"name="once" value=""#).nth(1).unwrap();
    let once = once.split('"').next().unwrap();
    let path = format!("/console/messages/{id}/reply?language=en");
    let answer = [("text", "It is on its way."), ("once", once)];
    for _ in 0..2 {
        let done = send(&mut staff, &path, &answer);
        assert_eq!(done.status, 303, "{}", text(&done));
    }
    let mails = world.mails();
    let sent = mails.iter().filter(|it| it.contains("It is on its way.")).count();
    assert_eq!(sent, 1, "a form that is sent twice counts once");
    let empty = send(&mut staff, &path, &[("text", ""), ("once", "another")]);
    assert_eq!(empty.status, 422, "{}", text(&empty));
    assert!(empty.body.contains(r#"role="alert""#));
    let over = page(&mut staff, "/console/messages?language=en&over=1");
    assert!(text(&over).contains(&id) && text(&over).contains("answered"), "{}", text(&over));
}

#[test]
fn what_is_overdue_comes_first_and_says_so() {
    let world = World::new();
    let write = |text: &str| {
        let body = json!({ "kind": "message", "text": text, "reply_to": "ada@example.org" });
        world.anon().post("/v1/messages", &body).json()["id"].as_str().unwrap().to_owned()
    };
    let first = write("the first");
    world.advance("25h");
    let second = write("the second");
    let mut staff = world.staff(&["support"]);
    let due = text(&page(&mut staff, "/console?language=en"));
    assert!(due.contains("overdue by 1 hour"), "{due}");
    assert!(due.find(&first).unwrap() < due.find(&second).unwrap());
}
