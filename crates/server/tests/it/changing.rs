//! A new version over HTTP: handed in by one officer, agreed to by another, announced everywhere, told
//! to those whom it affects, asked anew, and in force for nobody before.

use serde_json::{Value, json};

use crate::support::{Actor, World, a_use, starter};

/// The starter policy as version 2: help may see birth dates, and advertising phone numbers.
pub(crate) fn draft(world: &World, days: i64) -> Value {
    let mut folder = starter();
    let text = folder.files.get_mut("policy.md").unwrap();
    let support = "title  = \"Help and support\"\nbasis  = \"contract\"\nuses   = [";
    let wider = format!("{support}\"birth-date\", ");
    let edits = [
        ("version    = 1", "version    = 2"),
        (support, wider.as_str()),
        ("uses    = [\"email\", \"interests\"", "uses    = [\"email\", \"phone\", \"interests\""),
    ];
    for (from, to) in edits {
        assert!(text.contains(from), "`{from}` is not in the starter policy");
        *text = text.replacen(from, to, 1);
    }
    let at = jiff::Timestamp::from_millisecond(world.clock.now().millis()).unwrap();
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let day = day.saturating_add(jiff::Span::new().days(days));
    json!({ "files": folder.files, "effective": day.to_string() })
}

fn choice(shown: &Value, choices: &Value) -> Value {
    json!({ "choices": choices, "text_hash": shown["text_hash"], "language": "en" })
}

fn agree(person: &mut Actor, purpose: &str) {
    let shown = person.get("/v1/consent?language=en").expect(200);
    let given = choice(&shown, &json!({ purpose: "given" }));
    person.put("/v1/consent", &given).expect(200);
}

fn publish(world: &World, days: i64) -> Value {
    let mut first = world.staff(&["officer"]);
    let mut second = world.staff(&["officer"]);
    let handed = first.post("/v1/policy/versions", &draft(world, days)).expect(202);
    let read = json!({ "draft_hash": handed["draft_hash"] });
    let published = second.post("/v1/policy/versions/2/approve", &read).expect(200);
    world.settle();
    published
}

#[test]
#[expect(clippy::cognitive_complexity, reason = "a story, told in what must hold")]
fn two_officers_publish_and_everybody_is_told_asked_and_only_then_affected() {
    let world = World::new();
    let (mut ada, ada_id) = world.person("ada@example.org");
    let (mut bob, _) = world.person("bob@example.org");
    agree(&mut ada, "advertise");
    let mut first = world.staff(&["officer"]);
    let mut second = world.staff(&["officer"]);
    // Too early: the notice that is promised has 30 days.
    let early = first.post("/v1/policy/versions", &draft(&world, 20));
    assert!(early.status >= 400 && early.body.contains("earliest day"), "{}", early.body);
    let dry = json!({ "files": draft(&world, 40)["files"], "effective": draft(&world, 40)["effective"], "dry_run": true });
    let plan = first.post("/v1/policy/versions", &dry).expect(200);
    assert_eq!((&plan["state"], &plan["people"]["told"]), (&json!("dry-run"), &json!(2)));
    let waits = first.post("/v1/policy/versions", &draft(&world, 40)).expect(202);
    assert_eq!(waits["state"], "awaiting-second");
    let list = first.get("/v1/policy/versions").expect(200);
    assert_eq!(
        (list["versions"].as_array().unwrap().len(), &list["waiting"][0]["version"]),
        (1, &json!(2))
    );
    let read = json!({ "draft_hash": list["waiting"][0]["draft_hash"] });
    let own = first.post("/v1/policy/versions/2/approve", &read);
    assert!(own.status >= 400 && own.body.contains("two people"), "{}", own.body);
    second.post("/v1/policy/versions/2/approve", &read).expect(200);
    world.settle();
    let notices = first.get("/v1/notices").expect(200);
    assert_eq!(notices["notices"][0]["told"], 2, "{notices}");
    assert_eq!(notices["notices"][0]["asked"], 1, "{notices}");
    world.staff(&["support"]).get("/v1/notices").expect(403);
    let mails: Vec<String> =
        world.mails().into_iter().filter(|it| it.contains("privacy policy changes on")).collect();
    assert_eq!(mails.len(), 2, "{mails:?}");
    // Announced to everybody, with its day.
    let mut anon = world.anon();
    let said = anon.get("/v1/consent?language=en").expect(200);
    assert_eq!(said["notice"]["version"], 2);
    for path in ["/privacy", "/contact", "/sign-in"] {
        let page = anon.get(&format!("{path}?language=en")).body;
        assert!(page.contains("Our privacy policy changes on"), "{path}: {page}");
    }
    let page = anon.get("/privacy/changes/2?language=zh").body;
    assert!(page.contains("还可使用：电话号码"), "{page}");
    // Asked anew, before the day.
    let mine = ada.get("/v1/me/changes?language=en").expect(200);
    assert_eq!(mine["changes"][0]["ask"][0]["id"], "advertise", "{mine}");
    assert_eq!(bob.get("/v1/me/changes").expect(200)["changes"][0]["state"], "told");
    let page = ada.get("/privacy/changes/2?language=en").body;
    assert!(page.contains("name=\"purpose.advertise\""), "{page}");
    assert!(ada.get("/me?language=en").body.contains("We need your agreement anew"));
    let mut app = world.app(&["advertise", "support"]);
    let phone = json!({ "person": ada_id, "purpose": "advertise", "categories": ["phone"] });
    app.post("/v1/use", &phone).expect(403);
    // She did not answer: the old rules stay, and the banner asks again.
    world.advance("41d");
    assert_eq!(anon.get("/privacy.json").expect(200)["version"], 2);
    assert_eq!(app.post("/v1/use", &phone).expect(403)["reason"], "not-told");
    app.post("/v1/use", &a_use(&ada_id, "advertise")).expect(200);
    let (email, secret) = ("ada@example.org", "correct horse battery");
    ada.post("/v1/session", &json!({ "email": email, "password": secret })).expect(200);
    let shown = ada.get("/v1/consent?language=en").expect(200);
    assert_eq!((&shown["answered"], &shown["ask_again"]), (&json!(false), &json!(["advertise"])));
    let given = choice(&shown, &json!({ "advertise": "given" }));
    ada.put("/v1/consent", &given).expect(200);
    app.post("/v1/use", &phone).expect(200);
    assert_eq!(ada.get("/v1/me").expect(200)["policy"], 2);
    let notices = first_again(&world).get("/v1/notices").expect(200);
    assert_eq!(notices["notices"][0]["state"], "done", "{notices}");
}

fn first_again(world: &World) -> Actor {
    world.staff(&["auditor"])
}

#[test]
fn the_page_asks_anew_without_a_script() {
    let world = World::new();
    let (mut ada, ada_id) = world.person("ada@example.org");
    agree(&mut ada, "advertise");
    publish(&world, 40);
    let page = ada.get("/privacy/changes/2?language=en").body;
    let hash = page.split("name=\"text_hash\" value=\"").nth(1).unwrap();
    let hash = hash.split('"').next().unwrap();
    let form = format!("text_hash={}&purpose.advertise=given", hash.replace(':', "%3A"));
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let sent = ada.call("POST", "/privacy/changes/2?language=en", &kind, &form);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let page = ada.get("/privacy/changes/2?language=en").body;
    assert!(page.contains("You have answered"), "{page}");
    world.advance("41d");
    let mut app = world.app(&["advertise"]);
    let phone = json!({ "person": ada_id, "purpose": "advertise", "categories": ["phone"] });
    app.post("/v1/use", &phone).expect(200);
    let (email, secret) = ("ada@example.org", "correct horse battery");
    ada.post("/v1/session", &json!({ "email": email, "password": secret })).expect(200);
    let centre = ada.get("/me?language=en").body;
    assert!(centre.contains("Our privacy policy changed on"), "{centre}");
    let accepted = ada.get("/me/accepted?language=en").body;
    assert!(
        accepted.contains("you saw the notice") && accepted.contains("you agreed"),
        "{accepted}"
    );
    // Another browser's form is no answer.
    let foreign = [kind[0], ("origin", "https://elsewhere.example")];
    let sent = ada.call("POST", "/privacy/changes/2?language=en", &foreign, &form);
    assert_eq!(sent.status, 403);
}

/// Every address of versions, held against its description.
pub(crate) fn described(
    world: &World,
    (checked, person): (&mut crate::described::Checked, &mut Actor),
) {
    let none = Value::Null;
    let mut first = world.staff(&["officer"]);
    let mut second = world.staff(&["officer"]);
    let versions = "/v1/policy/versions";
    checked.call(&mut first, ("post", versions), versions, &draft(world, 40));
    checked.call(&mut first, ("get", versions), versions, &none);
    let path = "/v1/policy/versions/2/draft";
    let waits = ("get", "/v1/policy/versions/{version}/draft");
    let read = checked.call(&mut second, waits, path, &none);
    let read = json!({ "draft_hash": read["draft_hash"] });
    let approve = "/v1/policy/versions/{version}/approve";
    checked.call(&mut second, ("post", approve), "/v1/policy/versions/2/approve", &read);
    world.settle();
    checked.call(&mut first, ("get", "/v1/notices"), "/v1/notices", &none);
    checked.call(person, ("get", "/v1/me/changes"), "/v1/me/changes", &none);
    let agreed = json!({ "version": 2 });
    checked.call(person, ("post", "/v1/me/changes"), "/v1/me/changes", &agreed);
    checked.call(&mut world.anon(), ("get", "/v1/consent"), "/v1/consent", &none);
}
