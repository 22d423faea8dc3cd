//! Codes to phones over HTTP and on pages, and that no number shows where it should not.

use std::path::Path;
use std::sync::Arc;

use flows::messages::text::{Texts, Way};
use serde_json::{Value, json};

use crate::described::Checked;
use crate::support::{Actor, Answer, World, form};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const READ: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
/// The number that the form names.
const NUMBER: &str = "+8613800138000";
const GUARDIANS: &str = "+8613700137000";

fn page(actor: &mut Actor, path: &str) -> Answer {
    actor.call("GET", path, &[READ], "")
}

fn send(actor: &mut Actor, path: &str, body: &str) -> Answer {
    actor.call("POST", path, &[FORM, READ], body)
}

/// Has texts written to a folder.
fn with_texts(world: &World) {
    let way = Some(Way::Folder(world.dir.path().join("text")));
    world.flows.text_by(Texts { way, ..Texts::default() }).unwrap();
}

/// Every text, oldest first.
fn texts(world: &World) -> Vec<String> {
    world.settle();
    let Ok(entries) = std::fs::read_dir(world.dir.path().join("text")) else { return Vec::new() };
    let mut files: Vec<_> = entries.map(|it| it.unwrap().path()).collect();
    files.sort();
    files.iter().map(|it| std::fs::read_to_string(it).unwrap()).collect()
}

/// The code of the newest text.
fn code(world: &World) -> String {
    let texts = texts(world);
    let mut words = texts.last().unwrap().split(|it: char| !it.is_ascii_digit());
    words.rfind(|it| it.len() == 6).unwrap().to_owned()
}

fn other_than(code: &str) -> &'static str {
    if code == "000000" { "000001" } else { "000000" }
}

fn phone(person: &mut Actor) -> Value {
    let data = person.get("/v1/me/data").expect(200);
    let all = data["data"].as_array().unwrap();
    all.iter().find(|it| it["category"] == "phone").unwrap().clone()
}

/// Every address about phones, held against the description.
pub(crate) fn described(world: &World, checked: &mut Checked) {
    with_texts(world);
    let (mut person, id) = world.person("phone.described@example.org");
    let by_text = code(world);
    let codes = ("post", "/v1/me/codes");
    let asked = json!({ "channel": "phone" });
    checked.call(&mut person, codes, "/v1/me/codes", &asked);
    checked.call(&mut person, ("get", "/v1/me/data"), "/v1/me/data", &Value::Null);
    let verify = format!("/v1/people/{id}/verify");
    let old = json!({ "channel": "phone", "code": by_text });
    checked.call(&mut person, ("post", "/v1/people/{id}/verify"), &verify, &old);
    let given = json!({ "channel": "phone", "code": code(world) });
    checked.call(&mut person, ("post", "/v1/people/{id}/verify"), &verify, &given);
    world.flows.text_by(Texts::default()).unwrap();
}

#[test]
fn a_number_is_proved_over_http_and_shows_nowhere() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let writer = Arc::new(log.reopen().unwrap());
    tracing_subscriber::fmt().with_writer(writer).with_ansi(false).init();
    let world = World::new();
    with_texts(&world);
    let (mut person, id) = world.person("ada@example.org");
    assert_eq!(phone(&mut person)["verified"], false);
    let by_text = code(&world);
    let verify = format!("/v1/people/{id}/verify");
    let with = |code: &str| json!({ "channel": "phone", "code": code });
    world.anon().post(&verify, &with(other_than(&by_text))).expect(401);
    let mut anon = world.anon();
    let done = anon.post(&verify, &with(&by_text));
    assert_eq!(done.expect(200), json!({ "id": id, "state": "active" }));
    assert!(done.set_cookies().is_empty(), "it signs nobody in");
    assert_eq!(phone(&mut person)["verified"], true);
    person.post("/v1/me/codes", &json!({ "channel": "phone" })).expect(409);
    anon.post("/v1/me/codes", &json!({ "channel": "phone" })).expect(401);

    person.put("/v1/me/data/phone", &json!({ "value": "+86 139 0013 9000" })).expect(200);
    assert_eq!(phone(&mut person)["verified"], false);
    let sent = texts(&world);
    assert!(sent.last().unwrap().starts_with("To: +8613900139000\n"));
    let asked = json!({ "channel": "phone" });
    let most = usize::try_from(flows::limit::TEXTS_OF_ONE_DAY_MAX).unwrap();
    for _ in sent.len()..most {
        person.post("/v1/me/codes", &asked).expect(202);
    }
    let held_up = person.post("/v1/me/codes", &asked);
    held_up.expect(429);
    let seconds: u64 = held_up.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=86_400).contains(&seconds), "{seconds}");
    assert_eq!(texts(&world).len(), most);
    person.post(&verify, &with(&code(&world))).expect(200);
    assert_eq!(phone(&mut person)["verified"], true);

    for number in [NUMBER, "13800138000", "13900139000"] {
        assert!(!lies_in(&world.data(), number), "{number} lies in the data folder");
        assert!(!holds(&std::fs::read(log.path()).unwrap(), number), "{number} is in the log");
    }
}

fn holds(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|it| it == needle.as_bytes())
}

fn lies_in(folder: &Path, needle: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        let within = || std::fs::read(&path).is_ok_and(|it| holds(&it, needle));
        if path.is_dir() { lies_in(&path, needle) } else { within() }
    })
}

#[test]
fn a_number_is_proved_on_pages() {
    let world = World::new();
    with_texts(&world);
    let mut person = world.anon();
    let id = person.post("/v1/people", &form("ada@example.org")).expect(201)["id"].clone();
    let body = format!("person={}&code={}", id.as_str().unwrap(), world.code());
    let done = send(&mut person, "/register/code?language=en", &body);
    assert_eq!((done.status, done.header("location")), (303, Some("/me/phone?language=en")));
    let by_text = code(&world);
    let shown = page(&mut person, "/me/phone?language=en");
    assert!(shown.status == 200 && shown.body.contains(NUMBER), "{}", shown.body);
    assert!(page(&mut person, "/me/phone?language=zh").body.contains("您的电话号码"));
    assert!(page(&mut person, "/me?language=en").body.contains("not verified"));
    let wrong = format!("code={}", other_than(&by_text));
    assert_eq!(send(&mut person, "/me/phone?language=en", &wrong).status, 422);
    let again = send(&mut person, "/me/phone?language=en", "by=code");
    assert_eq!(again.header("location"), Some("/me/phone?language=en&done=code"));
    for _ in 2..flows::limit::TEXTS_OF_ONE_DAY_MAX {
        assert_eq!(send(&mut person, "/me/phone?language=en", "by=code").status, 303);
    }
    let held_up = send(&mut person, "/me/phone?language=en", "by=code");
    assert!(held_up.status == 429 && held_up.header("retry-after").is_some());
    let right = format!("code={}", code(&world));
    let done = send(&mut person, "/me/phone?language=en", &right);
    assert_eq!((done.status, done.header("location")), (303, Some("/me?language=en#phone")));
    let centre = page(&mut person, "/me?language=en").body;
    assert!(centre.contains("verified") && !centre.contains("not verified"));
    assert_eq!(page(&mut person, "/me/phone?language=en").status, 303, "nothing is left to prove");
}

#[test]
fn without_a_way_no_page_offers_a_code_to_a_phone() {
    let world = World::new();
    let (mut person, _) = world.person("ada@example.org");
    assert_eq!(phone(&mut person).get("verified"), None);
    assert_eq!(page(&mut person, "/me/phone?language=en").status, 303);
    assert!(!page(&mut person, "/me?language=en").body.contains("verified"));
    person.post("/v1/me/codes", &json!({ "channel": "phone" })).expect(409);
    let shown = page(&mut world.anon(), "/privacy/child?language=en").body;
    assert!(shown.contains("type=\"email\"") && !shown.contains("phone number"), "{shown}");
}

/// The link that a minor hands on.
fn handed(world: &World) -> String {
    let mut teen = world.anon();
    let mut form = form("teen@example.com");
    form["birth_date"] = "2010-01-01".into();
    let id = teen.post("/v1/people", &form).expect(201)["id"].as_str().unwrap().to_owned();
    let own = json!({ "channel": "email", "code": world.code() });
    teen.post(&format!("/v1/people/{id}/verify"), &own).expect(200);
    let invited = teen.post("/v1/me/guardian", &json!({})).expect(201);
    let link = invited["link"].as_str().unwrap().to_owned();
    link.split("/privacy/guardian/").nth(1).unwrap().split('?').next().unwrap().to_owned()
}

#[test]
fn a_guardian_agrees_and_comes_in_again_by_phone() {
    let world = World::new();
    with_texts(&world);
    let token = handed(&world);
    let mut guardian = world.anon();
    let seen = guardian.get(&format!("/v1/guardian/{token}")).expect(200);
    assert_eq!((&seen["by_phone"], &seen["sent_to"]), (&json!(true), &Value::Null));
    let path = format!("/privacy/guardian/{token}?language=en");
    assert!(page(&mut guardian, &path).body.contains("Your own email address or phone number"));
    let typed = "birth_date=1980-03-04&accept=1&email=%2B86+137+0013+7000";
    let asked = send(&mut guardian, &path, &format!("{typed}&decision=code"));
    assert_eq!(asked.status, 200, "{}", asked.body);
    let sent = texts(&world);
    assert!(sent.last().unwrap().starts_with(&format!("To: {GUARDIANS}\n")), "{sent:?}");
    let agreed = format!("{typed}&decision=agree&code={}", code(&world));
    let done = send(&mut guardian, &path, &agreed);
    assert_eq!(done.status, 303, "{}", done.body);
    assert_eq!(page(&mut guardian, "/privacy/child?language=en").status, 200);

    let mut later = world.anon();
    let sign_in = "/privacy/child/sign-in?language=en";
    let before = texts(&world).len();
    assert_eq!(send(&mut later, sign_in, "email=%2B8613700137000").status, 200);
    assert_eq!(texts(&world).len(), before + 1);
    let body = format!("email=%2B8613700137000&code={}", code(&world));
    assert_eq!(send(&mut later, sign_in, &body).status, 303);
    assert_eq!(page(&mut later, "/privacy/child?language=en").status, 200);
    assert!(!lies_in(&world.data(), "13700137000"));
}

#[test]
fn a_guardian_gives_a_number_over_http() {
    let world = World::new();
    let path = format!("/v1/guardian/{}", handed(&world));
    let agree = json!({ "decision": "agree", "birth_date": "1980-03-04", "phone": GUARDIANS });
    world.anon().post(&path, &agree).expect(409);
    with_texts(&world);
    let mut both = agree.clone();
    both["email"] = "mother@example.org".into();
    world.anon().post(&path, &both).expect(422);
    world.anon().post(&path, &agree).expect(202);
    let mut given = agree;
    given["code"] = code(&world).into();
    assert_eq!(world.anon().post(&path, &given).expect(200)["state"], "agreed");
}
