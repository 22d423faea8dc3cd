//! A gateway for texts: it can tell ours from any other, gets each under one id, and none too late.

use std::io::Write as _;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flows::Secret;
use flows::messages::text::{Texts, Way, deliver};
use serde_json::Value;

use crate::phones::{NUMBER, OTHERS, SECRET, code_in, proves};
use crate::support::World;

/// One text as a gateway got it.
#[derive(Debug, Clone, Default)]
struct Got {
    id: String,
    key: String,
    stamp: String,
    signature: String,
    body: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Whether it is signed: time stamp and body, under the id of the text.
    fn is_signed(&self) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
        let signed = format!("{}.{}.{}", self.id, self.stamp, self.body);
        let mac = STANDARD.encode(hmac::sign(&key, signed.as_bytes()).as_ref());
        self.signature == format!("v1,{mac}")
    }
}

#[test]
fn the_vector_of_the_format_is_signed() {
    let body = concat!(
        r#"{"text":"Example Machines Co., Ltd.: your code is 123456. It works once, for 10 minutes. "#,
        r#"Tell it to nobody.","to":"+8613800138000"}"#
    );
    let vector = Got {
        id: "txt_0123456789abcdef0123456789abcdef".to_owned(),
        key: String::new(),
        stamp: "1795356000".to_owned(),
        signature: "v1,j0LJ1VrS+dyzBwOfOptt36TzUY7Ca2EVhWGRRxLt2K0=".to_owned(),
        body: body.to_owned(),
    };
    assert!(vector.is_signed());
    assert!(!Got { stamp: "1795356001".to_owned(), ..vector.clone() }.is_signed());
    assert!(!Got { body: body.replace("123456", "654321"), ..vector }.is_signed());
}

/// A gateway that takes what is signed, and answers the first tries with a failure.
struct Gateway {
    url: String,
    got: Arc<Mutex<Vec<Got>>>,
}

impl Gateway {
    fn start(failures: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/texts", listener.local_addr().unwrap());
        let got = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&got);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let text = whole(&mut stream);
                let one = read(&text);
                let mut all = log.lock().unwrap();
                all.push(one);
                let status = if all.len() <= failures { 503 } else { 202 };
                drop(all);
                let head = "content-length: 0\r\nconnection: close\r\n\r\n";
                write!(stream, "HTTP/1.1 {status} X\r\n{head}").unwrap();
            }
        });
        Self { url, got }
    }

    fn way(&self) -> Texts {
        let way = Way::Gateway { url: self.url.clone(), secret: Secret::given(SECRET) };
        Texts { way: Some(way), ..Texts::default() }
    }

    fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }
}

/// One request, until its body is whole.
fn whole(stream: &mut impl std::io::Read) -> String {
    let (mut bytes, mut buffer) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut buffer).unwrap();
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= header(head, "content-length").parse().unwrap_or(0)
        {
            return text;
        }
    }
}

fn header(head: &str, name: &str) -> String {
    let mut lines = head.lines().filter_map(|it| it.split_once(": "));
    let found = lines.find(|(it, _)| it.eq_ignore_ascii_case(name));
    found.map_or_else(String::new, |(_, value)| value.trim().to_owned())
}

fn read(text: &str) -> Got {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    Got {
        id: header(head, "webhook-id"),
        key: header(head, "idempotency-key"),
        stamp: header(head, "webhook-timestamp"),
        signature: header(head, "webhook-signature"),
        body: body.to_owned(),
    }
}

#[tokio::test]
async fn a_gateway_knows_our_texts_and_gets_each_under_one_id() {
    let gateway = Gateway::start(2);
    let mut world = World::new().await;
    world.flows.text_by(gateway.way()).unwrap();
    let (person, _) = world.person("wei@example.com").await;
    world.work().await;
    assert_eq!(deliver(&world.flows, world.now).await.unwrap(), 0);
    assert_eq!(deliver(&world.flows, world.now).await.unwrap(), 0, "not at once again");
    assert_eq!(gateway.got().len(), 1);
    assert!(!world.holds(NUMBER), "sealed while it waits");
    world.later(30_000);
    assert_eq!(deliver(&world.flows, world.now).await.unwrap(), 0);
    world.later(60_000);
    assert_eq!(deliver(&world.flows, world.now).await.unwrap(), 1);
    world.later(60_000);
    assert_eq!(deliver(&world.flows, world.now).await.unwrap(), 0, "what was taken is gone");
    let got = gateway.got();
    assert_eq!(got.len(), 3);
    assert!(got.iter().all(Got::is_signed), "{got:?}");
    assert!(got.iter().all(|it| it.id == got[0].id && it.key == it.id));
    assert!(!got[0].id.contains(&format!("{:032x}", person.bits())), "the id names nobody");
    assert!(got[0].stamp != got[2].stamp, "each try is signed anew");
    assert!(!Got { body: got[0].body.replace(NUMBER, OTHERS), ..got[0].clone() }.is_signed());
    let last = got[2].json();
    assert_eq!(last["to"], NUMBER);
    assert_eq!(last.as_object().unwrap().len(), 2);
    proves(&world, person, &code_in(last["text"].as_str().unwrap())).await.unwrap();
}

#[tokio::test]
async fn a_code_that_would_come_too_late_is_not_sent() {
    let gateway = Gateway::start(usize::MAX);
    let mut world = World::new().await;
    world.flows.text_by(gateway.way()).unwrap();
    world.person("wei@example.com").await;
    world.work().await;
    deliver(&world.flows, world.now).await.unwrap();
    assert_eq!(gateway.got().len(), 1);
    world.later(11 * 60_000);
    deliver(&world.flows, world.now).await.unwrap();
    assert_eq!(gateway.got().len(), 1);
}
