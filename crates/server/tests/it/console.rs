//! The console: signing in, roles, forms without scripts, and nothing from other sites.

use serde_json::json;

use crate::support::{Actor, Answer, World, a_use};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const READ: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

pub(crate) fn page(actor: &mut Actor, path: &str) -> Answer {
    actor.call("GET", path, &[READ], "")
}

pub(crate) fn send(actor: &mut Actor, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut body = url::form_urlencoded::Serializer::new(String::new());
    let body = body.extend_pairs(fields).finish();
    actor.call("POST", path, &[FORM, READ], &body)
}

/// What a page says, without its tags.
pub(crate) fn text(answer: &Answer) -> String {
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

/// Where a form led to, without its query.
pub(crate) fn led_to(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", text(answer));
    answer.header("location").unwrap().split('?').next().unwrap().to_owned()
}

#[test]
fn a_request_of_who_called_is_opened_identified_and_answered() {
    let world = World::new();
    world.person("ada@example.org");
    let mut officer = world.staff(&["officer"]);
    let fields = [
        ("right", "access"),
        ("address", "ada@example.org"),
        ("region", "cn"),
        ("text", "What do you hold?"),
    ];
    let opened = send(&mut officer, "/console/requests/open?language=en", &fields);
    let path = led_to(&opened);
    let mut support = world.staff(&["support"]);
    let theirs = page(&mut support, &path);
    assert_eq!(theirs.status, 200);
    assert!(theirs.body.contains("/check") && !theirs.body.contains("/see"), "{}", theirs.body);
    let seen = send(&mut support, &format!("{path}/see?language=en"), &[("seen", "yes")]);
    assert_eq!(seen.status, 403);
    for verb in ["answer", "refuse", "extend", "take"] {
        let done = send(&mut support, &format!("{path}/{verb}?language=en"), &[("text", "No.")]);
        assert_eq!(done.status, 403, "{verb}");
    }
    led_to(&send(&mut support, &format!("{path}/check?language=en"), &[]));
    let shown = text(&page(&mut officer, &path));
    assert!(
        shown.contains("not known yet who asks") && shown.contains("What do you hold?"),
        "{shown}"
    );
    let early = send(&mut officer, &format!("{path}/answer?language=en"), &[("text", "Here.")]);
    assert_eq!(early.status, 422, "nobody is answered before it is known who asks");
    led_to(&send(&mut officer, &format!("{path}/see?language=en"), &[("seen", "yes")]));
    assert!(text(&page(&mut officer, &path)).contains("by documents"));
    led_to(&send(&mut officer, &format!("{path}/answer?language=en"), &[("text", "Here it is.")]));
    let over = text(&page(&mut officer, "/console/requests?language=en&over=1"));
    assert!(over.contains(path.rsplit('/').next().unwrap()), "{over}");
    let empty = send(&mut officer, "/console/requests/open?language=en", &[("right", "access")]);
    assert_eq!(empty.status, 422);
    let mut auditor = world.staff(&["auditor"]);
    assert_eq!(page(&mut auditor, &path).status, 403);
}

#[test]
fn a_hold_takes_two_officers() {
    let world = World::new();
    let (_, person) = world.person("ada@example.org");
    let (mut one, mut two) = (world.staff(&["officer"]), world.staff(&["officer"]));
    let fields = [
        ("person", person.as_str()),
        ("categories", "email"),
        ("ground", "a proceeding"),
        ("reference", "No. 7"),
        ("authority", "a court"),
        ("until", "2027-06-30"),
    ];
    let path = led_to(&send(&mut one, "/console/holds/place?language=en", &fields));
    let own = send(&mut one, &format!("{path}/approve?language=en"), &[]);
    assert_eq!(own.status, 422, "{}", text(&own));
    led_to(&send(&mut two, &format!("{path}/approve?language=en"), &[]));
    assert!(text(&page(&mut one, &path)).contains("in force"));
    led_to(&send(&mut one, &format!("{path}/lift?language=en"), &[]));
    assert!(text(&page(&mut one, &path)).contains("lifted"));
    let nobody = [("person", "nobody"), ("until", "soon")];
    let wrong = send(&mut one, "/console/holds/place?language=zh", &nobody);
    assert_eq!(wrong.status, 422);
    assert!(wrong.body.contains(r#"value="nobody""#), "what was typed stays");
}

#[test]
fn versions_endings_and_evidence_are_seen_by_role() {
    let world = World::new();
    let mut officer = world.staff(&["officer"]);
    assert!(text(&page(&mut officer, "/console/policy?language=en")).contains("in force"));
    let path =
        led_to(&send(&mut officer, "/console/cessation/plan?language=en", &[("product", "")]));
    assert!(text(&page(&mut officer, &path)).contains("the whole service"));
    led_to(&send(&mut officer, &format!("{path}/cancel?language=en"), &[]));
    let mut auditor = world.staff(&["auditor"]);
    let evidence = text(&page(&mut auditor, "/console/evidence?language=en"));
    assert!(evidence.contains("enforced") && evidence.contains("use-service"), "{evidence}");
    assert_eq!(page(&mut auditor, "/console/cessation").status, 403);
    let seen = auditor.get("/v1/evidence").expect(200);
    let clauses = seen["clauses"].as_array().unwrap();
    assert!(clauses.iter().any(|it| it["id"] == "use-service" && it["kept"] == "enforced"));
    assert!(evidence.contains("passed") && !evidence.contains("failed"), "{evidence}");
    world.anon().get("/v1/evidence").expect(401);
    world.staff(&["support"]).get("/v1/evidence").expect(403);
}

#[test]
fn a_first_password_is_replaced() {
    let world = World::new();
    let lin = world.joins(&["support"]);
    let mut staff = world.anon();
    staff.post("/v1/staff/session", &world.factors(&lin)).expect(200);
    let shown = page(&mut staff, "/console/account?language=en");
    assert!(text(&shown).contains(&lin.id), "{}", text(&shown));
    let change = |staff: &mut Actor, old: &str, again: &str| {
        let fields = [("old", old), ("new", "correct horse battery"), ("again", again)];
        send(staff, "/console/account/password?language=en", &fields)
    };
    for (old, again) in [("wrong", "correct horse battery"), (lin.password.as_str(), "another")] {
        let wrong = change(&mut staff, old, again);
        assert_eq!(wrong.status, 422);
        assert!(!wrong.body.contains("correct horse"), "a password does not come back");
    }
    let done = change(&mut staff, lin.password.as_str(), "correct horse battery");
    assert_eq!(led_to(&done), "/console/account");
    world.advance("31s");
    world.anon().post("/v1/staff/session", &world.factors(&lin)).expect(401);
    let mut factors = world.factors(&lin);
    factors["password"] = json!("correct horse battery");
    world.anon().post("/v1/staff/session", &factors).expect(200);
}

#[test]
fn evidence_counts_what_is_overdue() {
    let world = World::new();
    let body = json!({ "kind": "message", "text": "Hello", "reply_to": "ada@example.org" });
    world.anon().post("/v1/messages", &body).expect(201);
    world.advance("25h");
    let seen = world.staff(&["auditor"]).get("/v1/evidence").expect(200);
    assert_eq!(seen["overdue"], json!(1));
    let clauses = seen["clauses"].as_array().unwrap();
    let messages = clauses.iter().find(|it| it["id"] == "messages").unwrap();
    assert_eq!((&messages["open"], &messages["overdue"]), (&json!(1), &json!(1)));
}

#[test]
fn evidence_counts_answers_by_clause_and_names_what_enforces_it() {
    let world = World::new();
    let (_, id) = world.person("ada@example.org");
    let mut app = world.app(&["advertise"]);
    // Signed in anew each time: a session of staff does not last a day.
    let of = |clause: &str| {
        let seen = world.staff(&["auditor"]).get("/v1/evidence").expect(200);
        let all = seen["clauses"].as_array().unwrap();
        all.iter().find(|it| it["id"] == clause).unwrap().clone()
    };
    let before = of("use-advertise")["refused"].as_u64().unwrap();
    let ask =
        json!({ "person": id, "act": "use", "purpose": "advertise", "categories": ["email"] });
    assert_eq!(app.post("/v1/decide", &ask).expect(200)["permit"], "none");
    app.post("/v1/use", &a_use(&id, "advertise")).expect(403);
    world.settle();
    let seen = of("use-advertise");
    assert_eq!(seen["refused"].as_u64().unwrap(), before + 2, "one asked for, one recorded");
    assert_eq!(seen["permitted"], json!(0));
    assert_eq!(seen["by"], json!(["decide::purpose", "consent::choose"]));
    assert_eq!(seen["tested"]["outcome"], "passed");
    let tested = seen["tested"]["at"].clone();
    world.advance("25h");
    world.settle();
    assert_ne!(of("use-advertise")["tested"]["at"], tested, "tested anew each day");
    assert!(of("messages").get("tested").is_none(), "it decides nothing by itself");
}

/// The folder of the next version, as a browser sends it: lines end in its own way.
fn draft(change: impl Fn(&str) -> String, what: &str) -> Vec<(String, String)> {
    let texts =
        crate::support::starter().files.into_iter().enumerate().map(|(at, (path, text))| {
            let text = if path == "policy.md" { change(&text) } else { text };
            let text = text.replace("version    = 1\n", "version    = 2\n");
            (format!("text-{at}"), text.replace('\n', "\r\n"))
        });
    let rest = [("what", what), ("effective", "2030-01-01")];
    texts.chain(rest.map(|(a, b)| (a.to_owned(), b.to_owned()))).collect()
}

#[test]
fn a_draft_is_checked_and_handed_in_without_scripts() {
    let world = World::new();
    let mut officer = world.staff(&["officer"]);
    let path = "/console/policy/draft";
    let fresh = page(&mut officer, &format!("{path}?language=zh"));
    assert!(fresh.body.contains("policy.md") && fresh.body.contains("[purpose.advertise]"));
    assert!(page(&mut officer, "/console/policy?language=en").body.contains(path));
    let go = |actor: &mut Actor, fields: &[(String, String)]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(a, b)| (&**a, &**b)).collect();
        send(actor, &format!("{path}?language=en"), &fields)
    };
    let broken = draft(|it| it.replace("basis   = \"consent\"", "basis   = \"whim\""), "check");
    let seen = go(&mut officer, &broken);
    assert_eq!(seen.status, 422, "{}", text(&seen));
    assert!(
        seen.body.contains("whim") && text(&seen).contains("policy.md"),
        "what was typed stays"
    );

    let same = |it: &str| it.to_owned();
    let checked = go(&mut officer, &draft(same, "check"));
    assert_eq!(checked.status, 200, "{}", text(&checked));
    assert!(text(&checked).contains("widens nothing"), "{}", text(&checked));
    assert_eq!(
        officer.get("/v1/policy/versions").expect(200)["versions"].as_array().unwrap().len(),
        1
    );
    assert_eq!(led_to(&go(&mut officer, &draft(same, "hand-in"))), "/console/policy");
    assert_eq!(
        officer.get("/v1/policy/versions").expect(200)["versions"].as_array().unwrap().len(),
        2
    );
    let mut auditor = world.staff(&["auditor"]);
    assert_eq!(page(&mut auditor, path).status, 403);
    assert!(!page(&mut auditor, "/console/policy").body.contains(path));
}
