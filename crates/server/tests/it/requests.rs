//! Requests over HTTP: from the person, from staff, from a partner; followed by link, and certified.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use flows::rights::{System, verify_certificate};
use flows::security::{AddKey, Elsewhere};
use flows::{AskerKind, Secret};
use serde_json::{Value, json};

use crate::described::Checked;
use crate::support::{Actor, World, a_use};

/// What of this is described, as it is described.
pub(crate) fn described(world: &World, (checked, person): (&mut Checked, &mut Actor)) {
    let none = Value::Null;
    let mine = "/v1/me/requests";
    let right = json!({ "right": "delete", "categories": ["phone"] });
    checked.call(person, ("post", mine), mine, &right);
    let right = json!({ "right": "access", "text": "Why?" });
    let asked = checked.call(person, ("post", mine), mine, &right);
    let path = format!("{mine}/{}", asked["id"].as_str().unwrap());
    checked.call(person, ("get", "/v1/me/requests/{id}"), &path, &none);
    let link = asked["follow"].as_str().unwrap();
    let follow = json_of(link, "request");
    checked.call(&mut world.anon(), ("get", "/privacy/request.json"), &follow, &none);

    let mut desk = world.staff(&["officer"]);
    let (all, one) = ("/v1/requests", format!("/v1/requests/{}", asked["id"].as_str().unwrap()));
    checked.call(&mut desk, ("get", all), "/v1/requests?done=1", &none);
    checked.call(&mut desk, ("get", all), all, &none);
    checked.call(&mut desk, ("get", "/v1/requests/{id}"), &one, &none);
    let mut act = |verb: &str, body: &Value| {
        let described = format!("/v1/requests/{{id}}/{verb}");
        checked.call(&mut desk, ("post", &described), &format!("{one}/{verb}"), body)
    };
    act("identify", &json!({ "by": "session" }));
    act("extend", &json!({ "reason": "It is much." }));
    act("answer", &json!({ "text": "Because of the contract." }));
    act("refuse", &json!({ "reason": "It is answered." }));
    let wrote = json!({ "right": "delete", "address": "stranger@example.org", "language": "en" });
    let opened = checked.call(&mut desk, ("post", all), all, &wrote);
    let one = format!("/v1/requests/{}", opened["id"].as_str().unwrap());
    for (verb, body) in [("identify", json!({ "by": "documents" })), ("answer", json!({}))] {
        let described = format!("/v1/requests/{{id}}/{verb}");
        checked.call(&mut desk, ("post", &described), &format!("{one}/{verb}"), &body);
    }
    world.settle();
    checked.call(&mut desk, ("get", "/v1/requests/{id}"), &one, &none);
    let id = flows::RequestId::parse(opened["id"].as_str().unwrap()).unwrap();
    let link = flows::rights::link(&world.flows, id).unwrap();
    let certificate = json_of(&link, "certificate");
    checked.call(&mut world.anon(), ("get", "/privacy/certificate.json"), &certificate, &none);

    let deletions = "/v1/partner/deletions";
    checked.call(&mut partner(world), ("get", deletions), deletions, &none);
    let done = "/v1/partner/deletions/del_cn_00000000000000000000000000000007/done";
    let body = json!({ "done": true });
    checked.call(&mut partner(world), ("post", "/v1/partner/deletions/{id}/done"), done, &body);
}

/// The partner that the policy's reseller is.
fn partner(world: &World) -> Actor {
    let ask = AddKey {
        kind: AskerKind::Partner,
        name: "shop".to_owned(),
        purposes: Vec::new(),
        source: Some("reseller".to_owned()),
    };
    let added = flows::security::add_key(&world.flows, ask, world.clock.now());
    let added = world.runtime.block_on(added).unwrap();
    let mut partner = world.anon();
    partner.key = Some(added.secret.as_str().to_owned());
    partner
}

/// The path and query of a link.
fn local(link: &str) -> String {
    link.replace("https://privacy.example.com", "")
}

/// The same for the JSON beside the page.
pub(crate) fn json_of(link: &str, page: &str) -> String {
    local(link).replace("/privacy/request?", &format!("/privacy/{page}.json?"))
}

fn form(actor: &mut Actor, path: &str, body: &str) -> crate::support::Answer {
    let kind = [("content-type", "application/x-www-form-urlencoded"), ("accept", "text/html")];
    actor.call("POST", path, &kind, body)
}

fn page(actor: &mut Actor, path: &str) -> crate::support::Answer {
    actor.call("GET", path, &[("accept", "text/html")], "")
}

#[test]
fn a_person_asks_and_staff_answers() {
    let world = World::new();
    let (mut person, id) = world.person("ada@example.org");
    let done = person.post("/v1/me/requests", &json!({ "right": "access" })).expect(201);
    assert_eq!((&done["state"], &done["see"]), (&json!("done"), &json!("/v1/me/data")));
    person.post("/v1/me/requests", &json!({ "right": "forget" })).expect(422);
    let asked = json!({ "right": "correct", "text": "It is spelt Ada Corrected." });
    let asked = person.post("/v1/me/requests", &asked).expect(201);
    assert_eq!(asked["state"], "received");
    let path = format!("/v1/requests/{}", asked["id"].as_str().unwrap());
    world.anon().get("/v1/requests").expect(401);
    world.staff(&["auditor"]).get("/v1/requests").expect(403);

    let mut officer = world.staff(&["officer"]);
    let queue = officer.get("/v1/requests").expect(200);
    assert_eq!(
        (&queue["cases"][0]["id"], &queue["cases"][0]["kind"]),
        (&asked["id"], &json!("correct"))
    );
    let whole = officer.get(&path).expect(200);
    assert_eq!(whole["text"], "It is spelt Ada Corrected.");
    let values = json!({ "text": "Put right.", "values": { "name": "Ada Corrected" } });
    let answered = officer.post(&format!("{path}/answer"), &values).expect(200);
    assert_eq!(answered["state"], "done");
    officer.post(&format!("{path}/answer"), &values).expect(409);
    let mut app = world.app(&["service"]);
    let body = json!({ "person": id, "purpose": "service", "categories": ["name"] });
    assert_eq!(app.post("/v1/use", &body).expect(200)["values"]["name"], "Ada Corrected");
    let mine = format!("/v1/me/requests/{}", asked["id"].as_str().unwrap());
    let said = person.get(&mine).expect(200);
    assert!(said["said"].as_array().unwrap().iter().any(|it| it["kind"] == "out"));
    assert!(world.mails().iter().any(|it| it.contains("Put right.")));
}

/// An application passes on what was asked in it; that it says so is no proof of who asked.
#[test]
fn an_application_opens_a_request_for_whoever_asked_there() {
    let world = World::new();
    let (_, id) = world.person("ada@example.org");
    let mut app = world.app(&["service"]);
    let ask = json!({ "right": "export", "person": id, "text": "Asked in the app." });
    let opened = app.post("/v1/requests", &ask).expect(201);
    assert_eq!((&opened["state"], &opened["identity"]), (&json!("received"), &Value::Null));
    app.get("/v1/requests").expect(401);
    let path = |verb: &str| format!("/v1/requests/{}/{verb}", opened["id"].as_str().unwrap());
    app.post(&path("identify"), &json!({ "by": "documents" })).expect(401);
    world.staff(&["officer"]).post(&path("answer"), &json!({})).expect(409);
    assert!(world.mails().iter().any(|it| it.contains("We have your request")));
    let without = json!({ "right": "object", "person": id });
    assert_eq!(app.post("/v1/requests", &without).expect(422)["field"], "purpose");
    let mut stranger = world.anon();
    stranger.post("/v1/requests", &ask).expect(401);
}

/// Mistake 14: nothing is done for somebody who wrote in before it is known who that is.
#[test]
fn whoever_writes_in_is_known_first() {
    let world = World::new();
    let (_, id) = world.person("ada@example.org");
    let (mut support, mut desk) = (world.staff(&["support"]), world.staff(&["officer"]));
    let ask = json!({ "right": "restrict", "address": "ada@example.org", "text": "By letter." });
    let opened = support.post("/v1/requests", &ask).expect(201);
    assert_eq!((&opened["person"], &opened["identity"]), (&json!(id), &Value::Null));
    let path = |verb: &str| format!("/v1/requests/{}/{verb}", opened["id"].as_str().unwrap());
    desk.post(&path("answer"), &json!({})).expect(409);
    desk.post(&path("identify"), &json!({ "by": "guess" })).expect(422);
    // Nothing that one member's word is enough for, and no answer, is for support.
    for by in ["documents", "session"] {
        support.post(&path("identify"), &json!({ "by": by })).expect(403);
    }
    support.post(&path("answer"), &json!({})).expect(403);
    for verb in ["extend", "refuse"] {
        support.post(&path(verb), &json!({ "reason": "No." })).expect(403);
    }
    support.post(&path("identify"), &json!({ "by": "code" })).expect(200);
    let (code, mails) = (world.code(), world.mails());
    let mail = mails.iter().rev().find(|it| it.contains("Is this request yours?")).unwrap();
    let link = mail.split("/privacy/request?").nth(1).unwrap();
    let link = format!("/privacy/request?{}", link.split_whitespace().next().unwrap());

    // The person enters the code on the page of the link; looking at it alone changes nothing.
    let mut anon = world.anon();
    let shown = page(&mut anon, &link);
    assert_eq!(shown.status, 200, "{}", shown.body);
    assert!(shown.body.contains("name=\"code\"") && !shown.body.contains("ada@example.org"));
    let token = link.split("token=").nth(1).unwrap();
    let fields = |code: &str| {
        format!("request={}&token={token}&code={code}", opened["id"].as_str().unwrap())
    };
    let wrong = if code == "000000" { "111111" } else { "000000" };
    assert_eq!(form(&mut anon, "/privacy/request", &fields(wrong)).status, 422);
    assert_eq!(form(&mut anon, "/privacy/request", &fields(&code)).status, 303);
    let again = ask.clone();
    let second = desk.post("/v1/requests", &again).expect(201);
    assert_eq!((&second["duplicate_of"], &second["identity"]), (&opened["id"], &Value::Null));
    desk.post(&path("answer"), &json!({})).expect(200);
    world.app(&["service"]).post("/v1/use", &a_use(&id, "service")).expect(403);
    let other = format!("/v1/requests/{}/answer", second["id"].as_str().unwrap());
    desk.post(&other, &json!({})).expect(409);
    let why = json!({ "reason": "It repeats one that was done." });
    let refused = format!("/v1/requests/{}/refuse", second["id"].as_str().unwrap());
    assert_eq!(desk.post(&refused, &why).expect(200)["state"], "refused");
    assert!(world.mails().iter().any(|it| it.contains("You may also turn to")));
}

#[test]
fn the_desk_takes_longer_only_where_it_may() {
    let world = World::new();
    let (mut person, _) = world.person("ada@example.org");
    let asked = json!({ "right": "access", "text": "Everything, please." });
    let asked = person.post("/v1/me/requests", &asked).expect(201);
    let mut desk = world.staff(&["officer"]);
    let path = format!("/v1/requests/{}/extend", asked["id"].as_str().unwrap());
    desk.post(&path, &json!({ "reason": " " })).expect(422);
    let not = desk.post(&path, &json!({ "reason": "It is much." })).expect(409);
    assert!(not["detail"].as_str().unwrap().contains("nobody take longer in `cn`"));
}

/// A system of the controller's that never answers in time.
pub(crate) fn busy() -> (String, std::sync::mpsc::Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let (said, hears) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut bytes = [0; 8192];
            let count = stream.read(&mut bytes).unwrap();
            said.send(String::from_utf8_lossy(&bytes[..count]).into_owned()).ok();
            write!(stream, "HTTP/1.1 202 X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .unwrap();
        }
    });
    (url, hears)
}

/// Mistakes 1 and 2: an erasure is complete when everybody has answered, and everybody can see it.
#[test]
fn an_erasure_is_followed_and_certified() {
    let mut world = World::new();
    let (url, hears) = busy();
    let secret = Secret::given("a-secret-of-both-sides-0123456789");
    let system = System { id: "reseller".to_owned(), url, secret };
    world.flows.connect(vec![system]).unwrap();
    let mut partner = partner(&world);
    world.app(&["service"]).get("/v1/partner/deletions").expect(401);

    let (mut person, id) = world.person("ada@example.org");
    let closing = person.delete("/v1/me").expect(202);
    let link = closing["follow"].as_str().unwrap().to_owned();
    let (request, mut anon) = (json_of(&link, "request"), world.anon());
    assert_eq!(anon.get(&request).expect(200)["state"], "waiting");
    anon.get(&json_of(&link, "certificate")).expect(404);
    anon.get(&request.replace("token=", "token=x")).expect(401);
    world.advance("800h");
    world.settle();
    assert!(hears.recv().unwrap().contains("webhook-signature: v1,"));
    let shown = anon.get(&request).expect(200);
    assert_eq!(
        (&shown["state"], &shown["outstanding"][0]["to"]),
        (&json!("working"), &json!("reseller"))
    );
    let read = page(&mut anon, &local(&link));
    assert_eq!(read.status, 200);
    assert!(read.body.contains("reseller") && read.body.contains("/privacy/certificate"));

    let open = partner.get("/v1/partner/deletions").expect(200);
    let item = &open["deletions"][0];
    assert_eq!((&item["person"], &item["erase"]), (&json!(id), &json!(true)));
    let done = format!("/v1/partner/deletions/{}/done", item["delivery"].as_str().unwrap());
    anon.post(&done, &json!({ "done": true })).expect(401);
    partner.post(&done, &json!({ "done": true })).expect(200);
    partner.post(&done, &json!({ "done": true })).expect(200);
    assert_eq!(anon.get(&request).expect(200)["state"], "done");
    assert_eq!(partner.get("/v1/partner/deletions").expect(200)["deletions"], json!([]));

    let certificate = anon.get(&json_of(&link, "certificate"));
    certificate.expect(200);
    assert!(certificate.header("content-disposition").unwrap().starts_with("attachment"));
    let key = world.flows.log_key().to_owned();
    world.stop();
    let outside = Elsewhere::read(&[world.dir.path().join("checkpoints")]).unwrap();
    let found = verify_certificate(&certificate.body, Some(&key), &outside).unwrap();
    assert_eq!(found.statement.person, id);
    let forged = certificate.body.replace(&id, "per_cn_00000000000000000000000000000000");
    assert!(verify_certificate(&forged, Some(&key), &outside).is_err());
    assert_eq!(verified(&world, &certificate.body, &key), (Some(0), true));
    assert_eq!(verified(&world, &forged, &key), (Some(1), false));
}

/// What the command line says of a certificate: its exit code, and whether it was verified.
fn verified(world: &World, text: &str, key: &str) -> (Option<i32>, bool) {
    let path = world.dir.path().join("certificate.json");
    std::fs::File::create(&path).unwrap().write_all(text.as_bytes()).unwrap();
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_kept"))
        .args(["journal", "verify", "--vkey", key, "--certificate"])
        .arg(&path)
        .arg("--checkpoints")
        .arg(world.dir.path().join("checkpoints"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    (done.status.code(), said.starts_with("verified: per_cn_"))
}

/// The certificate is a page that prints, in both languages; a browser asks and is forgotten there.
#[test]
fn a_browser_is_forgotten_on_a_page() {
    let world = World::new();
    let mut browser = world.anon();
    let shown = browser.get("/v1/consent?language=en").expect(200);
    let body = json!({ "choices": { "improve": "given" }, "text_hash": shown["text_hash"], "language": "en" });
    browser.put("/v1/consent", &body).expect(200);
    let list = page(&mut browser, "/me/requests?language=zh");
    assert!(list.body.contains("删除此浏览器的全部信息"), "{}", list.body);
    let gone = form(&mut browser, "/me/requests?language=en", "right=close-account");
    assert_eq!(gone.status, 303, "{}", gone.body);
    let to = gone.header("location").unwrap().to_owned();
    assert!(to.starts_with("/privacy/request?language=en&request=req_cn_"));
    world.settle();
    assert!(browser.cookies.is_empty());
    let read = page(&mut browser, &to);
    assert_eq!(read.status, 200, "{}", read.body);
    let certificate = to.replace("/privacy/request?", "/privacy/certificate?");
    let read = page(&mut browser, &certificate);
    assert!(
        read.body.contains("Certificate of erasure") && read.body.contains("kept journal verify")
    );
    assert!(
        read.body.contains("language=zh&#38;request=req_cn_"),
        "the other language keeps the link"
    );
    let zh = page(&mut browser, &certificate.replace("language=en", "language=zh"));
    assert!(zh.body.contains("删除证明"));
}

/// A person asks on a page, in words, and takes it back.
#[test]
fn a_person_asks_on_a_page_and_takes_it_back() {
    let world = World::new();
    let (mut person, _) = world.person("ada@example.org");
    let unsaid = form(&mut person, "/me/requests", "right=correct");
    assert_eq!(unsaid.status, 422, "{}", unsaid.body);
    let asked = form(&mut person, "/me/requests", "right=correct&text=It+is+wrong");
    assert_eq!(asked.status, 303, "{}", asked.body);
    let read = page(&mut person, asked.header("location").unwrap());
    assert!(read.body.contains("It is wrong") && read.body.contains("Take the request back"));
    let token = read.body.split("name=\"token\" value=\"").nth(1).unwrap();
    let token = token.split('"').next().unwrap();
    let id = read.body.split("name=\"request\" value=\"").nth(1).unwrap();
    let id = id.split('"').next().unwrap();
    let back = format!("request={id}&token={token}&take_back=yes");
    assert_eq!(form(&mut person, "/privacy/request", &back).status, 303);
    let state = person.get(&format!("/v1/me/requests/{id}")).expect(200)["state"].clone();
    assert_eq!(state, "cancelled");
    assert_eq!(form(&mut person, "/me/requests", "right=restrict").status, 303);
    let list = page(&mut person, "/me/requests");
    assert!(list.body.contains("Use my data again"), "{}", list.body);
}
