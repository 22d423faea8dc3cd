//! An erasure reaches everybody who has something of the person, is complete when all of them have
//! answered, and proves itself.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use decide::id::DeliveryId;
use flows::rights::{Ask, Certificate, System, certificate, follow, verify_certificate};
use flows::security::{AddKey, Elsewhere};
use flows::{AskerKind, PersonId, RequestId, Secret};
use serde_json::{Value, json};

use crate::requests::{asks, token};
use crate::support::{DAY, World};

const SECRET: &str = "a-secret-of-both-sides-0123456789";
const HOUR: i64 = 3_600_000;

/// A system that writes down what it is told, and answers as it was told to.
pub(crate) struct Fake {
    url: String,
    heard: Arc<Mutex<Vec<(String, Value)>>>,
    answer: Arc<Mutex<(u16, String)>>,
}

impl Fake {
    pub(crate) fn start(status: u16, body: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/kept", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let answer = Arc::new(Mutex::new((status, body.to_owned())));
        let (log, say) = (Arc::clone(&heard), Arc::clone(&answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
                let body = loop {
                    let count = stream.read(&mut buffer).unwrap();
                    bytes.extend_from_slice(&buffer[..count]);
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let whole = text.split_once("\r\n\r\n").filter(|(head, body)| {
                        let length = head.lines().find_map(|it| {
                            it.to_ascii_lowercase()
                                .strip_prefix("content-length: ")
                                .map(str::to_owned)
                        });
                        body.len() >= length.map_or(0, |it| it.trim().parse().unwrap())
                    });
                    if let Some((head, body)) = whole {
                        break (head.to_owned(), serde_json::from_str(body).unwrap());
                    }
                };
                log.lock().unwrap().push(body);
                let (status, body) = say.lock().unwrap().clone();
                let first = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
                write!(stream, "{first}connection: close\r\n\r\n{body}").unwrap();
            }
        });
        Self { url, heard, answer }
    }

    pub(crate) fn system(&self, id: &str) -> System {
        System { id: id.to_owned(), url: self.url.clone(), secret: Secret::given(SECRET) }
    }

    pub(crate) fn heard(&self) -> Vec<Value> {
        self.heard.lock().unwrap().iter().map(|(_, body)| body.clone()).collect()
    }

    pub(crate) fn says(&self, status: u16, body: &str) {
        *self.answer.lock().unwrap() = (status, body.to_owned());
    }
}

async fn closes(world: &World, person: PersonId) -> (RequestId, Secret) {
    let ask = Ask { right: "close-account".to_owned(), ..Ask::default() };
    let seen = asks(world, person, ask).await;
    (RequestId::parse(&seen.id).unwrap(), token(&seen.follow.unwrap()))
}

/// Mistake 1: half an erasure reported as complete. Mistake 2: its state is kept, and not in a cache.
#[tokio::test]
async fn an_erasure_is_complete_when_everybody_has_answered() {
    let mut world = World::new().await;
    let (crm, letters) = (Fake::start(200, r#"{"done":true}"#), Fake::start(500, ""));
    world.flows.connect(vec![crm.system("crm"), letters.system("letters")]).unwrap();
    let (person, _) = world.person("wei@example.com").await;
    let (request, link) = closes(&world, person).await;
    world.later(7 * DAY);
    world.work().await;
    world.work().await;
    assert_eq!(crm.heard().len(), 1);
    let told = &crm.heard()[0];
    assert_eq!((&told["erase"], &told["person"]), (&json!(true), &json!(person.to_string())));
    assert_eq!(told["request"], json!(request.to_string()));
    let shown = follow(&world.flows, (request, &link)).await.unwrap();
    assert_eq!(shown.request.state, "working", "one has not answered");
    let left: Vec<&str> = shown.outstanding.iter().map(|it| it.to.as_str()).collect();
    assert_eq!(left, ["letters"], "and the person sees which");

    // A restart forgets nothing; what is done is not sent again; the same delivery keeps its id.
    let before = letters.heard();
    let mut world = world.reopen().await;
    world.flows.connect(vec![crm.system("crm"), letters.system("letters")]).unwrap();
    letters.says(202, "");
    world.later(HOUR);
    world.work().await;
    assert_eq!(crm.heard().len(), 1);
    assert!(letters.heard().len() > before.len());
    assert!(letters.heard().iter().all(|it| it["delivery"] == before[0]["delivery"]));
    let shown = follow(&world.flows, (request, &link)).await.unwrap();
    assert_eq!(
        (shown.request.state.as_str(), shown.outstanding[0].state.as_str()),
        ("working", "accepted")
    );
    letters.says(200, r#"{"done":true}"#);
    world.later(7 * HOUR);
    world.work().await;
    let shown = follow(&world.flows, (request, &link)).await.unwrap();
    assert_eq!((shown.request.state.as_str(), shown.outstanding.len()), ("done", 0));
    let sum = crm.heard().len() + letters.heard().len();
    world.later(2 * DAY);
    world.work().await;
    assert_eq!(crm.heard().len() + letters.heard().len(), sum, "nobody is told again");
}

/// A message is signed as Standard Webhooks have it, and so is a later answer.
#[tokio::test]
async fn a_partner_and_a_system_answer_later() {
    let mut world = World::new().await;
    let slow = Fake::start(202, "");
    world.flows.connect(vec![slow.system("reseller"), slow.system("crm")]).unwrap();
    let add = |name: &str, source: &str| AddKey {
        kind: AskerKind::Partner,
        name: name.to_owned(),
        purposes: Vec::new(),
        source: Some(source.to_owned()),
    };
    let key = flows::security::add_key(&world.flows, add("shop-partner", "reseller"), world.now);
    let key = key.await.unwrap();
    let partner = flows::security::caller(&world.flows, &key.secret).await.unwrap().unwrap();
    let (person, _) = world.person("wei@example.com").await;
    let (request, link) = closes(&world, person).await;
    world.later(7 * DAY);
    world.work().await;
    world.work().await;
    let (head, _) = slow.heard.lock().unwrap()[0].clone();
    for name in ["webhook-id: del_cn_", "webhook-timestamp: ", "webhook-signature: v1,"] {
        assert!(head.contains(name), "{head}");
    }
    let open = flows::rights::deletions(&world.flows, &partner, None).await.unwrap();
    assert_eq!(open.deletions.len(), 1, "its own, and no other's");
    let delivery = DeliveryId::parse(open.deletions[0].0["delivery"].as_str().unwrap()).unwrap();
    let other = follow(&world.flows, (request, &link)).await.unwrap().outstanding;
    let other = other.iter().find(|it| it.to == "crm").unwrap().delivery.clone();
    let other = DeliveryId::parse(&other).unwrap();
    let stranger = flows::rights::partner_done(&world.flows, &partner, other, world.now).await;
    assert!(matches!(stranger, Err(flows::Stop::NotFound)));
    for _ in 0..2 {
        flows::rights::partner_done(&world.flows, &partner, delivery, world.now).await.unwrap();
    }
    let open = flows::rights::deletions(&world.flows, &partner, None).await.unwrap();
    assert!(open.deletions.is_empty());
    let unsigned = flows::rights::Signed {
        id: other.to_string(),
        stamp: (world.now.millis() / 1_000).to_string(),
        signature: "v1,bm9uZQ==".to_owned(),
        body: b"{\"done\":true}".to_vec(),
    };
    let wrong = flows::rights::system_done(&world.flows, (other, &unsigned), world.now).await;
    assert!(matches!(wrong, Err(flows::Stop::Wrong)));
    slow.says(200, r#"{"done":true}"#);
    world.later(7 * HOUR);
    world.work().await;
    assert_eq!(follow(&world.flows, (request, &link)).await.unwrap().request.state, "done");
}

/// What was put right, deleted or restricted is told to those who have it.
#[tokio::test]
async fn corrections_deletions_and_restrictions_are_told() {
    let mut world = World::new().await;
    let crm = Fake::start(200, r#"{"done":true}"#);
    world.flows.connect(vec![crm.system("crm")]).unwrap();
    let (person, _) = world.person("wei@example.com").await;
    let name = ("name", flows::Plain::from("Wei Corrected"), None);
    let _done = flows::rights::correct(&world.flows, person, name, world.now).await.unwrap();
    let _done = flows::rights::delete(&world.flows, person, "phone", world.now).await.unwrap();
    asks(&world, person, Ask { right: "restrict".to_owned(), ..Ask::default() }).await;
    world.work().await;
    let mut heard: Vec<(String, Value)> = crm
        .heard()
        .iter()
        .map(|it| (it["what"].as_str().unwrap().to_owned(), it["categories"].clone()))
        .collect();
    heard.sort_by(|one, other| one.0.cmp(&other.0));
    let wanted =
        [("correct", json!(["name"])), ("delete", json!(["phone"])), ("restrict", json!([]))];
    assert_eq!(heard, wanted.map(|(what, of)| (what.to_owned(), of)));
    assert!(crm.heard().iter().all(|it| it["erase"] == json!(false)));
}

async fn certified(world: &World, whose: (RequestId, &Secret)) -> Certificate {
    certificate(&world.flows, whose, world.now).await.unwrap()
}

/// An outsider verifies a certificate with the public key alone; whatever is changed in it is noticed.
#[tokio::test]
async fn a_certificate_proves_itself() {
    let mut world = World::new().await;
    let (person, _) = world.person("wei@example.com").await;
    let (request, link) = closes(&world, person).await;
    let early = certificate(&world.flows, (request, &link), world.now).await;
    assert!(matches!(early, Err(flows::Stop::NotFound)));
    world.later(7 * DAY);
    world.work().await;
    world.later(HOUR);
    world.work().await;
    let given = certified(&world, (request, &link)).await;
    let text = given.to_text();
    assert!(text.is_ascii());
    let key = world.flows.log_key().to_owned();
    let good = verify_certificate(&text, Some(&key), &Elsewhere::default()).unwrap();
    assert_eq!(good.statement.person, person.to_string());
    assert_eq!(good.statement.request, Some(request.to_string()));
    assert!(good.checkpoint.size > 5);

    let other = "per_cn_00000000000000000000000000000000";
    let tampered = [
        text.replace(&person.to_string(), other),
        text.replace("2026-11-29", "2026-11-28"),
        text.replace(&given.blind, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        text.replace(&given.proof.leaf, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        text.replace(r#""kept_certificate": 1"#, r#""kept_certificate": 2"#),
    ];
    for wrong in tampered {
        assert_ne!(wrong, text);
        assert!(verify_certificate(&wrong, Some(&key), &Elsewhere::default()).is_err(), "{wrong}");
    }
    let another = World::new().await;
    assert!(
        verify_certificate(&text, Some(another.flows.log_key()), &Elsewhere::default()).is_err()
    );

    let mails = world.mails().await;
    let mail = mails.iter().find(|it| it.contains("Your data has been erased")).unwrap();
    let mail = mail.replace("=\r\n", "").replace("=3D", "=");
    let begin = mail.find("{\r\n  \"kept_certificate\"").unwrap();
    let (_, rest) = mail.split_at(begin);
    let (brought, _) = rest.split_at(rest.find("\r\n}").unwrap() + 3);
    let mailed = verify_certificate(brought, Some(&key), &Elsewhere::default()).unwrap();
    assert_eq!(mailed.statement, good.statement, "the last mail brings it");
    let guessed = certificate(&world.flows, (request, &Secret::given("x")), world.now).await;
    assert!(matches!(guessed, Err(flows::Stop::Wrong)));
}

/// Mistake 12: whatever could act for somebody is dead with the closing, but the session that asks.
#[tokio::test]
async fn a_closing_ends_sessions_and_codes_at_once() {
    let mut world = World::new().await;
    let (person, session) = world.person("wei@example.com").await;
    world.later(61 * 60 * 1_000);
    let signs_in = |password: bool| flows::account::SignIn {
        email: flows::Plain::from("wei@example.com"),
        region: None,
        password: password.then(|| flows::Plain::from("correct horse battery")),
        code: None,
        label: "another".to_owned(),
        language: "en".to_owned(),
    };
    let other = flows::account::sign_in(&world.flows, signs_in(true), world.now).await.unwrap();
    let other = other.into_inner().session;
    flows::account::send_code(&world.flows, signs_in(false), world.now).await.unwrap();
    let code = world.code().await;
    let keeps = (Some(&session), None);
    let _closing = flows::account::close(&world.flows, person, keeps, world.now).await.unwrap();
    assert_eq!(flows::account::who(&world.flows, &other, world.now).await.unwrap(), None);
    let late = world.verify(&person.to_string(), &code).await;
    assert!(late.is_err(), "a code that was sent before");
    crate::support::refused(world.uses(person, "service", &["email"]).await);
}

/// A browser without an account has everything erased at once.
#[tokio::test]
async fn a_browser_may_have_itself_forgotten() {
    let world = World::new().await;
    let answered = world.choose(flows::consent::Who::Nobody, &[("improve", "given")]).await;
    let flows::consent::Answered::Known(recorded) = answered else { panic!() };
    let session = recorded.into_inner().browser.unwrap();
    let person = flows::account::who(&world.flows, &session, world.now).await.unwrap().unwrap();
    let (request, link) = closes(&world, person).await;
    world.work().await;
    let shown = follow(&world.flows, (request, &link)).await.unwrap();
    assert_eq!((shown.request.state.as_str(), shown.certificate), ("done", true));
    assert_eq!(flows::account::who(&world.flows, &session, world.now).await.unwrap(), None);
}
