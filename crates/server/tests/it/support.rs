//! A server on a folder that goes away, and those who call it: `anon`, `person`, `app`.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;

use flows::messages::Post;
use flows::security::{AddKey, AddStaff, StaffAdded};
use flows::{AskerKind, Flows};
use serde_json::{Value, json};
use server::clock::Clock;
use server::{App, Running};

#[path = "../../../policy/tests/support/folders.rs"]
mod folders;

pub(crate) use folders::starter;

/// A site that carries the banner.
pub(crate) const SITE: &str = "https://www.example.com";

pub(crate) struct World {
    pub(crate) dir: tempfile::TempDir,
    pub(crate) clock: Arc<Clock>,
    pub(crate) flows: Flows,
    address: SocketAddr,
    running: Option<Running>,
    pub(crate) runtime: tokio::runtime::Runtime,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(server::Settings::default())
    }

    /// A world whose server was started so.
    pub(crate) fn with(settings: server::Settings) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let post = Post::Folder(dir.path().join("mail"));
        Self::on((dir, Arc::new(Clock::wall())), post, settings)
    }

    /// The same folder under another server, whose mail goes elsewhere.
    pub(crate) fn reopened(mut self, post: Post) -> Self {
        self.stop();
        let Self { dir, clock, flows, .. } = self;
        drop(flows);
        Self::on((dir, clock), post, server::Settings::default())
    }

    fn on(
        (dir, clock): (tempfile::TempDir, Arc<Clock>),
        post: Post,
        settings: server::Settings,
    ) -> Self {
        let server_settings =
            server::Settings { sites: vec![SITE.to_owned()], test_clock: true, ..settings };
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let settings = flows::Settings {
            database: flows::Database::Folder(dir.path().join("data")),
            keys: dir.path().join("root.key"),
            checkpoints: vec![dir.path().join("checkpoints")],
            origin: "log.example.com".to_owned(),
            address: "https://privacy.example.com".to_owned(),
            post,
        };
        let (flows, running) = runtime.block_on(async {
            let flows = Flows::open(settings, &starter(), clock.now()).await.unwrap();
            let app = App::new(flows.clone(), Arc::clone(&clock), server_settings).unwrap();
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            (flows, server::start(app, listener).unwrap())
        });
        let address = running.address();
        Self { dir, clock, flows, address, running: Some(running), runtime }
    }

    /// Somebody without credentials.
    pub(crate) fn anon(&self) -> Actor {
        Actor { address: self.address, key: None, cookies: Vec::new() }
    }

    /// An application whose key is bound to purposes.
    pub(crate) fn app(&self, purposes: &[&str]) -> Actor {
        let ask = AddKey {
            kind: AskerKind::App,
            name: "shop".to_owned(),
            purposes: purposes.iter().map(|it| (*it).to_owned()).collect(),
            source: None,
        };
        let added = flows::security::add_key(&self.flows, ask, self.clock.now());
        let added = self.runtime.block_on(added).unwrap();
        Actor { key: Some(added.secret.as_str().to_owned()), ..self.anon() }
    }

    /// A member of staff who is not signed in: what they sign in with.
    pub(crate) fn joins(&self, roles: &[&str]) -> StaffAdded {
        let roles = roles.iter().map(|it| (*it).to_owned()).collect();
        let ask = AddStaff { name: "Lin".to_owned(), roles };
        let added = flows::security::add_staff(&self.flows, ask, self.clock.now());
        self.runtime.block_on(added).unwrap()
    }

    /// What such a member of staff sends to sign in now.
    pub(crate) fn factors(&self, who: &StaffAdded) -> Value {
        let code = who.code(self.clock.now());
        json!({ "id": who.id, "password": who.password.as_str(), "code": code.as_str() })
    }

    /// A member of staff who is signed in.
    pub(crate) fn staff(&self, roles: &[&str]) -> Actor {
        let mut actor = self.anon();
        let factors = self.factors(&self.joins(roles));
        actor.post("/v1/staff/session", &factors).expect(200);
        actor
    }

    /// A person who registered, proved the address, and is signed in.
    pub(crate) fn person(&self, email: &str) -> (Actor, String) {
        let mut person = self.anon();
        let registered = person.post("/v1/people", &form(email)).expect(201);
        let id = registered["id"].as_str().unwrap().to_owned();
        let code = self.code();
        let body = json!({ "channel": "email", "code": code });
        person.post(&format!("/v1/people/{id}/verify"), &body).expect(200);
        (person, id)
    }

    /// Has everything done that is due.
    pub(crate) fn settle(&self) {
        self.advance("0s");
    }

    /// Moves the clock.
    pub(crate) fn advance(&self, how_far: &str) {
        self.anon().post("/v1/test/clock", &json!({ "advance": how_far })).expect(200);
    }

    /// Every mail, oldest first.
    pub(crate) fn mails(&self) -> Vec<String> {
        self.settle();
        let mut files: Vec<PathBuf> = match std::fs::read_dir(self.dir.path().join("mail")) {
            Ok(entries) => entries.map(|it| it.unwrap().path()).collect(),
            Err(_) => Vec::new(),
        };
        files.retain(|it| it.extension().is_some_and(|it| it == "eml"));
        files.sort();
        files.iter().map(|it| unfolded(&std::fs::read_to_string(it).unwrap())).collect()
    }

    /// The code of the newest mail that has one.
    pub(crate) fn code(&self) -> String {
        let mails = self.mails();
        let mut codes = mails.iter().rev().filter_map(|it| it.split("Your code is ").nth(1));
        codes.next().unwrap().chars().take(6).collect()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Where the server listens.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Says that the server is about to stop.
    pub(crate) fn drain(&self) {
        self.running.as_ref().unwrap().drain();
    }

    /// Stops the server; the folder stays until the world goes.
    pub(crate) fn stop(&mut self) {
        let running = self.running.take().unwrap();
        self.runtime.block_on(running.stop()).unwrap();
    }
}

/// A mail without the breaks that quoted-printable puts into long lines.
fn unfolded(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=3D", "=")
}

/// What somebody hands in to register.
pub(crate) fn form(email: &str) -> Value {
    json!({
        "email": email,
        "phone": "+86 138 0013 8000",
        "birth_date": "1990-05-17",
        "region": "cn",
        "language": "en",
        "accept": { "version": 1 },
        "data": { "name": "Wei Planted", "password": "correct horse battery" },
    })
}

/// A use of the email address.
pub(crate) fn a_use(person: &str, purpose: &str) -> Value {
    json!({ "person": person, "purpose": purpose, "categories": ["email"] })
}

/// Somebody who calls.
#[derive(Clone)]
pub(crate) struct Actor {
    address: SocketAddr,
    pub(crate) key: Option<String>,
    pub(crate) cookies: Vec<(String, String)>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// The body, where it is no text.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or(Value::Null)
    }

    /// The body, when the status is this one.
    #[track_caller]
    pub(crate) fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        self.json()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(it, _)| it.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        let all = self.headers.iter().filter(|(it, _)| it.eq_ignore_ascii_case("set-cookie"));
        all.map(|(_, value)| value.as_str()).collect()
    }

    /// Status and body for a snapshot: ids, times and hashes are alike in every run.
    pub(crate) fn shown(&self) -> String {
        let body = match serde_json::from_str::<Value>(&self.body) {
            Ok(value) => serde_json::to_string_pretty(&value).unwrap(),
            Err(_) => self.body.clone(),
        };
        format!("{}\n{}", self.status, redacted(&body))
    }
}

/// Runs of 32 and more hex digits become one sign.
fn redacted(text: &str) -> String {
    let mut out = String::new();
    let mut run = String::new();
    for letter in text.chars().chain(['\n']) {
        if letter.is_ascii_hexdigit() && !letter.is_ascii_uppercase() {
            run.push(letter);
            continue;
        }
        out.push_str(if run.len() >= 32 { "…" } else { &run });
        run.clear();
        out.push(letter);
    }
    out.trim_end().to_owned()
}

impl Actor {
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.call("GET", path, &[], "")
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.call("POST", path, &[], &body.to_string())
    }

    pub(crate) fn put(&mut self, path: &str, body: &Value) -> Answer {
        self.call("PUT", path, &[], &body.to_string())
    }

    pub(crate) fn delete(&mut self, path: &str) -> Answer {
        self.call("DELETE", path, &[], "")
    }

    /// A call with headers of its own, which go before the usual ones.
    pub(crate) fn call(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.address);
        let mut add = |name: &str, value: &str| {
            if !headers.iter().any(|(it, _)| *it == name) {
                write!(head, "{name}: {value}\r\n").unwrap();
            }
        };
        if !body.is_empty() {
            add("content-type", "application/json");
        }
        if !body.is_empty() || method != "GET" {
            add("content-length", &body.len().to_string());
        }
        if let Some(key) = &self.key {
            add("authorization", &format!("Bearer {key}"));
        }
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            add("cookie", &cookies.join("; "));
        }
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        let answer = exchange(self.address, format!("{head}\r\n{body}").as_bytes());
        self.remember(&answer);
        answer
    }

    fn remember(&mut self, answer: &Answer) {
        for line in answer.set_cookies() {
            let (name, rest) = line.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(it, _)| it != name);
            if !line.contains("Max-Age=0") {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

fn exchange(address: SocketAddr, request: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    // The server may answer and hang up before it has read everything: that answer counts.
    stream.write_all(request).ok();
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    while let Ok(count @ 1..) = stream.read(&mut buffer) {
        bytes.extend_from_slice(&buffer[..count]);
    }
    let begin = bytes.windows(4).position(|it| it == b"\r\n\r\n").map_or(bytes.len(), |it| it + 4);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.split("\r\n");
    let status = lines.next().and_then(|it| it.split(' ').nth(1)).and_then(|it| it.parse().ok());
    let headers = lines.filter_map(|it| it.split_once(": "));
    Answer {
        status: status.unwrap_or(0),
        headers: headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        body: body.to_owned(),
        bytes: bytes.get(begin..).unwrap_or_default().to_vec(),
    }
}
