//! Guardians over HTTP and on pages: a link that only a post answers, a page for each child, and a
//! session that opens nothing else.

use serde_json::{Value, json};

use crate::described::Checked;
use crate::support::{Actor, Answer, World, a_use, form};

const GUARDIAN: &str = "mother.planted@example.org";
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const READ: (&str, &str) = ("accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");

fn send(actor: &mut Actor, path: &str, body: &str) -> Answer {
    actor.call("POST", path, &[FORM, READ], body)
}

/// Somebody of this age, who names a guardian.
fn young(email: &str, born: &str) -> Value {
    let mut form = form(email);
    form["birth_date"] = born.into();
    form["phone"] = Value::Null;
    form["data"] = json!({ "guardian-contact": GUARDIAN });
    form
}

/// The path of the newest link that was mailed.
fn link(world: &World) -> String {
    let mails = world.mails();
    let newest = mails.iter().rev().find(|it| it.contains("/privacy/guardian/")).unwrap();
    let token = newest.split("/privacy/guardian/").nth(1).unwrap().split('?').next().unwrap();
    token.to_owned()
}

/// Every address about guardians, held against the description.
pub(crate) fn described(world: &World, checked: &mut Checked) {
    let mut teen = world.anon();
    let mut form = form("teen.described@example.org");
    form["birth_date"] = "2010-01-01".into();
    let id = teen.post("/v1/people", &form).expect(201)["id"].as_str().unwrap().to_owned();
    let code = json!({ "channel": "email", "code": world.code() });
    teen.post(&format!("/v1/people/{id}/verify"), &code).expect(200);
    let asked = json!({ "email": GUARDIAN });
    let me = ("post", "/v1/me/guardian");
    checked.call(&mut teen, me, "/v1/me/guardian", &json!({}));
    checked.call(&mut teen, me, "/v1/me/guardian", &asked);
    checked.call(&mut teen, ("get", "/v1/me"), "/v1/me", &Value::Null);
    let path = format!("/v1/guardian/{}", link(world));
    let mut guardian = world.anon();
    checked.call(&mut guardian, ("get", "/v1/guardian/{token}"), &path, &Value::Null);
    let agree = json!({ "decision": "agree", "birth_date": "1980-03-04" });
    let answers = ("post", "/v1/guardian/{token}");
    checked.call(&mut guardian, answers, &path, &agree);
    let agree = json!({ "decision": "agree", "birth_date": "1980-03-04", "code": world.code(),
                        "accept": { "version": 1 } });
    assert_eq!(checked.call(&mut guardian, answers, &path, &agree)["state"], "agreed");
    checked.call(&mut guardian, answers, &path, &agree);
}

#[test]
fn a_guardian_agrees_over_http() {
    let world = World::new();
    let mut kid = world.anon();
    let registered = kid.post("/v1/people", &young("kid@example.com", "2015-01-01")).expect(201);
    assert_eq!(registered["state"], "awaiting-guardian");
    let id = registered["id"].as_str().unwrap().to_owned();
    let own = json!({ "channel": "email", "code": world.code() });
    let signed = kid.post(&format!("/v1/people/{id}/verify"), &own).expect(200);
    assert_eq!(signed["state"], "awaiting-guardian");
    let mut app = world.app(&["service", "advertise"]);
    app.post("/v1/use", &a_use(&id, "service")).expect(403);
    let token = link(&world);
    let path = format!("/v1/guardian/{token}");

    let mut guardian = world.anon();
    let seen = guardian.get(&path).expect(200);
    assert_eq!(
        (seen["state"].as_str(), seen["child"].as_str()),
        (Some("invited"), Some("k…@example.com"))
    );
    guardian.get(&path).expect(200);
    guardian.get(&format!("{path}x")).expect(404);
    guardian.get("/v1/guardian/nothing").expect(404);

    let young = json!({ "decision": "agree", "birth_date": "2012-01-01" });
    guardian.post(&path, &young).expect(422);
    let agree = json!({ "decision": "agree", "birth_date": "1980-03-04" });
    let sent = guardian.post(&path, &agree).expect(202);
    assert_eq!((sent["state"].as_str(), sent["sent"].as_str()), (Some("reached"), Some("code")));
    let code = world.code();
    let wrong = if code == "000000" { "000001" } else { "000000" };
    let with = |code: &str| {
        json!({ "decision": "agree", "birth_date": "1980-03-04", "code": code,
                "accept": { "version": 1 } })
    };
    guardian.post(&path, &with(wrong)).expect(401);
    let done = guardian.post(&path, &with(&code));
    assert_eq!(done.expect(200)["state"], "agreed");
    let cookie = done.set_cookies().join("\n");
    assert!(cookie.starts_with("kept_guardian=") && cookie.contains("HttpOnly"), "{cookie}");
    guardian.post(&path, &json!({ "decision": "refuse" })).expect(409);

    app.post("/v1/use", &a_use(&id, "service")).expect(200);
    let refused = app.post("/v1/use", &a_use(&id, "advertise")).expect(403);
    assert_eq!(refused["reason"], "minor");
    // The session is the guardian's: it opens the child's page, and nothing that is a person's own.
    guardian.get("/v1/me").expect(401);
    let secret =
        guardian.cookies.iter().find(|(name, _)| name == "kept_guardian").unwrap().1.clone();
    let mut posing = world.anon();
    posing.cookies.push(("kept_session".to_owned(), secret));
    posing.get("/v1/me").expect(401);
    posing.get("/v1/me/data").expect(401);
    assert_eq!(posing.call("GET", "/me", &[READ], "").status, 401);
    assert_eq!(guardian.call("GET", "/privacy/child?language=en", &[READ], "").status, 200);
}

#[test]
fn a_guardian_refuses_and_everything_is_deleted() {
    let world = World::new();
    let mut kid = world.anon();
    let registered = kid.post("/v1/people", &young("kid@example.com", "2015-01-01")).expect(201);
    let id = registered["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/guardian/{}", link(&world));
    let mut guardian = world.anon();
    guardian.post(&path, &json!({ "decision": "refuse" })).expect(202);
    let code = world.code();
    let done = guardian.post(&path, &json!({ "decision": "refuse", "code": code }));
    assert_eq!(done.expect(200)["state"], "refused");
    let mut app = world.app(&["service"]);
    app.post("/v1/use", &a_use(&id, "service")).expect(410);
    guardian.get(&path).expect(404);
}

#[test]
#[expect(clippy::cognitive_complexity, reason = "a story, told in what must hold")]
fn a_minor_asks_and_the_privacy_centre_says_how_it_stands() {
    let world = World::new();
    let mut teen = world.anon();
    let mut form = form("teen@example.com");
    form["birth_date"] = "2010-01-01".into();
    let registered = teen.post("/v1/people", &form).expect(201);
    assert_eq!(registered["state"], "unverified");
    let id = registered["id"].as_str().unwrap().to_owned();
    let code = json!({ "channel": "email", "code": world.code() });
    teen.post(&format!("/v1/people/{id}/verify"), &code).expect(200);
    assert_eq!(teen.get("/v1/me").expect(200)["guardian"]["state"], "none");
    let own = json!({ "email": "teen@example.com" });
    teen.post("/v1/me/guardian", &own).expect(422);
    let invited = teen.post("/v1/me/guardian", &json!({})).expect(201);
    let link = invited["link"].as_str().unwrap();
    assert!(link.starts_with("https://privacy.example.com/privacy/guardian/gua_cn_"), "{link}");
    let path = link.split("example.com").nth(1).unwrap().split('?').next().unwrap().to_owned();

    let page = teen.call("GET", "/me?language=en", &[READ], "").body;
    assert!(page.contains("Have you asked a parent or guardian?"), "{page}");
    let page = teen.call("GET", "/me/guardian?language=zh", &[READ], "").body;
    assert!(page.contains("征求监护人同意") && page.contains("等待至"), "{page}");

    // The page of the link: reading changes nothing, the guardian says where the code goes.
    let mut guardian = world.anon();
    let page = guardian.call("GET", &format!("{path}?language=en"), &[READ], "");
    assert_eq!(page.status, 200);
    for it in ["t…@example.com", "Your own email address", "/privacy/versions/1", "sha256"] {
        assert!(it == "sha256" || page.body.contains(it), "{it}: {}", page.body);
    }
    assert_eq!(teen.get("/v1/me").expect(200)["guardian"]["state"], "invited");
    let zh = guardian.call("GET", &format!("{path}?language=zh"), &[READ], "").body;
    assert!(zh.contains("有未成年人请您表示同意"), "{zh}");
    let post = format!("{path}?language=en");
    let young = send(
        &mut guardian,
        &post,
        "decision=code&email=m%40example.org&birth_date=2012-01-01&accept=1",
    );
    assert_eq!(young.status, 422);
    assert!(
        young.body.contains("A guardian is of age") || young.body.contains("a guardian is of age")
    );
    let first = "decision=code&email=mother.planted%40example.org&birth_date=1980-03-04&accept=1";
    let page = send(&mut guardian, &post, first);
    assert!(
        page.status == 200 && page.body.contains("I refuse: delete everything"),
        "{}",
        page.body
    );
    let code = world.code();
    let wrong = send(&mut guardian, &post, "decision=agree&code=12&birth_date=1980-03-04&accept=1");
    assert_eq!(wrong.status, 422);
    let body = format!("decision=agree&code={code}&birth_date=1980-03-04&accept=1");
    let done = send(&mut guardian, &post, &body);
    assert_eq!(
        (done.status, done.header("location")),
        (303, Some("/privacy/child?language=en&done=agreed"))
    );
    child_s_page(&world, (&mut guardian, &mut teen));
}

/// See, put right, choose, close and take it back, and go.
#[expect(clippy::cognitive_complexity, reason = "a story, told in what must hold")]
fn child_s_page(world: &World, (guardian, teen): (&mut Actor, &mut Actor)) {
    let page = guardian.call("GET", "/privacy/child?language=en", &[READ], "").body;
    assert!(page.contains("teen@example.com") && page.contains("Wei Planted"), "{page}");
    assert!(page.contains("/privacy/child/data/name?"), "a name may be put right");
    for own in ["email", "password", "guardian-contact"] {
        assert!(!page.contains(&format!("/privacy/child/data/{own}")), "{own}");
        let tried = send(
            guardian,
            &format!("/privacy/child/data/{own}?language=en"),
            "value=a%40b.example",
        );
        assert_eq!(tried.status, 422, "{own}");
    }
    let done = send(guardian, "/privacy/child/data/name?language=en", "value=Wei+Rightname");
    assert_eq!(done.status, 303);
    assert!(teen.get("/v1/me/data").body.contains("Wei Rightname"));
    let done = send(guardian, "/privacy/child/data/phone/delete?language=en", "");
    assert_eq!(done.status, 303);

    let page = guardian.call("GET", "/privacy/child/choices?language=en", &[READ], "").body;
    assert!(page.contains("name=\"improve\""), "{page}");
    assert!(!page.contains("name=\"advertise\"") && !page.contains("name=\"measure\""), "{page}");
    let hash = page.split("name=\"text_hash\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let hash = hash.replace(':', "%3A");
    let body = format!("text_hash={hash}&improve=given&survey=refused");
    assert_eq!(send(guardian, "/privacy/child/choices?language=en", &body).status, 303);
    let consents = teen.get("/v1/me/consents").expect(200);
    let all = consents["choices"].as_array().unwrap();
    assert!(all.iter().any(|it| it["purpose"] == "improve" && it["state"] == "given"));
    let uses = guardian.call("GET", "/privacy/child/uses?language=en", &[READ], "").body;
    assert!(uses.contains("You, as the guardian"), "{uses}");

    exercises(guardian);
    assert_eq!(send(guardian, "/privacy/child/close?language=en", "").status, 303);
    assert_eq!(teen.get("/v1/me").status, 401, "where the child was signed in it is not any more");
    let page = guardian.call("GET", "/privacy/child?language=en", &[READ], "").body;
    let request =
        page.split("name=\"request\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let kept = send(guardian, "/privacy/child/keep?language=en", &format!("request={request}"));
    assert_eq!(kept.status, 303);

    assert_eq!(send(guardian, "/privacy/child/sign-out?language=en", "").status, 303);
    let page = guardian.call("GET", "/privacy/child?language=en", &[READ], "").body;
    assert!(page.contains("Sign in as a guardian"), "{page}");
    let asked =
        send(guardian, "/privacy/child/sign-in?language=en", "email=mother.planted%40example.org");
    assert_eq!(asked.status, 200);
    let body = format!("email=mother.planted%40example.org&code={}", world.code());
    assert_eq!(send(guardian, "/privacy/child/sign-in?language=en", &body).status, 303);
    let page = guardian.call("GET", "/privacy/child?language=zh", &[READ], "").body;
    assert!(page.contains("您孩子的信息"), "{page}");
    let stranger =
        send(&mut world.anon(), "/privacy/child/sign-in?language=en", "email=nobody%40example.org");
    assert!(stranger.status == 200 && stranger.body.contains("One-time code"), "the usual answer");
}

/// The rights that a guardian asks for on pages: a request with its answer, and the export.
fn exercises(guardian: &mut Actor) {
    let page = guardian.call("GET", "/privacy/child?language=en", &[READ], "").body;
    assert!(page.contains("/privacy/child/requests?") && page.contains("/privacy/child/export?"));
    let list = "/privacy/child/requests?language=en";
    let page = guardian.call("GET", list, &[READ], "").body;
    assert!(page.contains("action=\"/privacy/child/requests?"), "{page}");
    assert_eq!(send(guardian, list, "right=object").status, 422, "to what");
    let asked = send(guardian, list, "right=restrict");
    assert_eq!(asked.status, 303);
    let to = asked.header("location").unwrap().to_owned();
    assert!(to.starts_with("/privacy/child/requests/req_"), "{to}");
    let page = guardian.call("GET", &to, &[READ], "").body;
    assert!(page.contains("href=\"/privacy/child/requests?language=en\""), "{page}");
    assert_eq!(send(guardian, list, "right=lift").status, 303);
    let page = guardian.call("GET", list, &[READ], "").body;
    assert_eq!(page.matches("<article").count(), 2, "{page}");
    let page = guardian.call("GET", "/privacy/child/export?language=en", &[READ], "").body;
    assert!(page.contains("/privacy/child/export/file?format=json"), "{page}");
    let file = guardian.call("GET", "/privacy/child/export/file?format=json", &[READ], "");
    assert_eq!(file.status, 200);
    assert!(file.body.contains("Wei Rightname"), "{}", file.body);
    assert!(file.header("content-disposition").unwrap().contains("my-data.json"));
}

#[test]
fn a_page_for_a_child_is_for_its_guardian_alone() {
    let world = World::new();
    let mut anon = world.anon();
    for page in [
        "requests",
        "requests/req_cn_00000000000000000000000000000000",
        "export",
        "export/file",
        "changes/1",
    ] {
        let seen = anon.call("GET", &format!("/privacy/child/{page}?language=en"), &[READ], "");
        assert!(seen.body.contains("Sign in as a guardian"), "{page}");
    }
}

#[test]
fn registration_of_a_child_asks_for_two_addresses_and_nothing_else() {
    let world = World::new();
    let mut kid = world.anon();
    let page = send(&mut kid, "/register?language=en", "birth_date=2015-01-01&region=cn").body;
    assert!(page.contains("name=\"guardian\"") && page.contains("name=\"email\""), "{page}");
    for other in ["password", "phone", "name"] {
        assert!(!page.contains(&format!("name=\"{other}\"")), "{other}");
    }
    let body = "birth_date=2015-01-01&region=cn&email=kid%40example.com&guardian=kid%40example.com&accept=1";
    let wrong = send(&mut kid, "/register?language=en", body);
    assert!(wrong.status == 422 && wrong.body.contains("address of their own"), "{}", wrong.body);
    let body = body.replace("guardian=kid%40example.com", "guardian=mother%40example.org");
    let page = send(&mut kid, "/register?language=en", &body).body;
    assert!(page.contains("Waiting for a guardian") && page.contains("name=\"code\""), "{page}");
    let minor = send(&mut kid, "/register?language=en", "birth_date=2010-01-01&region=cn").body;
    assert!(minor.contains("name=\"guardian\"") && minor.contains("name=\"password\""), "{minor}");
    let adult = send(&mut kid, "/register?language=en", "birth_date=1990-01-01&region=cn").body;
    assert!(!adult.contains("name=\"guardian\""), "{adult}");
}

#[test]
fn the_day_of_birth_is_shown_as_what_it_is() {
    let world = World::new();
    let (mut person, _) = world.person("ada@example.org");
    let page = person.call("GET", "/me?language=en", &[READ], "").body;
    let card = page.split("id=\"birth-date\"").nth(1).unwrap().split("</div>").next().unwrap();
    assert!(card.contains("asked first") && !card.contains("optional"), "{card}");
}
