//! Clients that write, use and register through every fault, and keep their own list of what was
//! acknowledged.

use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sim::outside::cluster::{pause, until};
use sim::outside::http::{Answer, Client};

const WRITERS: usize = 4;
/// Seconds in which a load that is served makes progress.
const PROGRESS: u32 = 90;

/// What one client was told, kept by itself.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    pub(super) person: String,
    /// The number of the newest write that was acknowledged.
    pub(super) acknowledged: u64,
    /// The number of the newest write that was sent.
    pub(super) sent: u64,
    /// Records of uses that were acknowledged.
    pub(super) records: Vec<String>,
}

/// Somebody who registered under load.
#[derive(Debug, Clone)]
pub(super) struct Newcomer {
    pub(super) number: u64,
    /// The id that was answered; nothing where nobody heard an answer.
    pub(super) acknowledged: Option<String>,
}

impl Newcomer {
    pub(super) fn email(&self) -> String {
        format!("newcomer-{}@example.org", self.number)
    }
}

/// What all clients were told.
pub(super) struct Told {
    pub(super) writers: Vec<Writer>,
    pub(super) newcomers: Vec<Newcomer>,
    /// Requests that a node took and did not answer.
    pub(super) dropped: Vec<String>,
}

/// What is seen while it goes on.
#[derive(Default)]
struct Seen {
    stop: AtomicBool,
    acknowledged: AtomicU64,
    refused: AtomicU64,
    dropped: Mutex<Vec<String>>,
    gap: Mutex<(Option<Instant>, Duration)>,
}

/// Where the nodes are now. Whoever shares out the work between them has such a list.
pub(super) type Nodes = Arc<Mutex<Vec<String>>>;

/// Clients at work.
pub(super) struct Load {
    seen: Arc<Seen>,
    writers: Vec<JoinHandle<Writer>>,
    registrar: JoinHandle<Vec<Newcomer>>,
}

/// One client's way to the nodes.
struct Way {
    nodes: Nodes,
    key: Option<String>,
    seen: Arc<Seen>,
    turn: usize,
    open: Option<(String, Client)>,
}

pub(super) fn name(number: u64) -> String {
    format!("number {number}")
}

/// The nodes at these addresses.
pub(super) fn nodes(addresses: &[&str]) -> Nodes {
    Arc::new(Mutex::new(addresses.iter().map(|it| (*it).to_owned()).collect()))
}

fn form(email: &str, number: u64) -> Value {
    json!({
        "email": email, "birth_date": "1980-01-01", "region": "cn", "language": "en",
        "accept": { "version": 1 },
        "data": { "password": "correct horse battery", "name": name(number) },
    })
}

/// Registers somebody while all is well.
pub(super) fn register(at: &str, email: &str) -> String {
    let answer = Client::new(at, None).call("POST", "/v1/people", Some(&form(email, 0))).unwrap();
    assert_eq!(answer.status, 201, "{}", answer.json());
    answer.json()["id"].as_str().unwrap().to_owned()
}

impl Load {
    /// Begins. `series` tells the people of one load from those of another.
    pub(super) fn start(nodes: &Nodes, key: &str, series: u64) -> Self {
        let seen = Arc::new(Seen::default());
        let first = nodes.lock().unwrap().first().unwrap().clone();
        let way = |turn, key: Option<&str>| Way {
            nodes: Arc::clone(nodes),
            key: key.map(str::to_owned),
            seen: Arc::clone(&seen),
            turn,
            open: None,
        };
        let begin = |it| {
            let person = register(&first, &format!("writer-{series}-{it}@example.org"));
            let mut writer = Writer { person, acknowledged: 0, sent: 0, records: Vec::new() };
            let mut way = way(it, Some(key));
            std::thread::spawn(move || {
                while write(&mut way, &mut writer).is_some() {}
                writer
            })
        };
        let writers = (0..WRITERS).map(begin).collect();
        let mut way = way(0, None);
        let registrar = std::thread::spawn(move || newcomers(&mut way, series * 1_000));
        Self { seen, writers, registrar }
    }

    /// How many writes and uses were acknowledged until now.
    pub(super) fn acknowledged(&self) -> u64 {
        self.seen.acknowledged.load(Ordering::Relaxed)
    }

    /// How many requests were refused with a time to come again.
    pub(super) fn refused(&self) -> u64 {
        self.seen.refused.load(Ordering::Relaxed)
    }

    /// Waits until so many more are acknowledged.
    pub(super) fn goes_on(&self, more: u64) {
        let wanted = self.acknowledged() + more;
        until("the load goes on", PROGRESS, || self.acknowledged() >= wanted || self.failed())
            .unwrap();
    }

    /// Waits until so many more are refused.
    pub(super) fn is_refused(&self, more: u64) {
        let wanted = self.refused() + more;
        until("the load is refused", PROGRESS, || self.refused() >= wanted || self.failed())
            .unwrap();
    }

    /// Whether a client gave up, which shows at the end.
    fn failed(&self) -> bool {
        self.writers.iter().any(JoinHandle::is_finished)
    }

    /// The longest time without an acknowledgement until now; and counts anew.
    pub(super) fn gap(&self) -> Duration {
        let mut gap = self.seen.gap.lock().unwrap();
        std::mem::take(&mut gap.1)
    }

    /// Ends, and gathers what each client was told.
    pub(super) fn stop(self) -> Told {
        self.seen.stop.store(true, Ordering::Relaxed);
        let writers = self.writers.into_iter().map(|it| it.join().unwrap()).collect();
        let newcomers = self.registrar.join().unwrap();
        let dropped = std::mem::take(&mut *self.seen.dropped.lock().unwrap());
        println!(
            "refused with a time to come again: {}",
            self.seen.refused.load(Ordering::Relaxed)
        );
        Told { writers, newcomers, dropped }
    }
}

impl Way {
    /// Asks until there is an answer other than `come again`, which an idempotent request may; nothing
    /// when it is time to stop.
    fn insist(&mut self, method: &str, path: &str, body: &Value) -> Option<Answer> {
        loop {
            match self.ask(method, path, body)? {
                Ok(answer) if answer.status != 503 => return Some(answer),
                _ => pause(),
            }
        }
    }

    /// Asks once; nothing when it is time to stop.
    fn ask(&mut self, method: &str, path: &str, body: &Value) -> Option<io::Result<Answer>> {
        if self.seen.stop.load(Ordering::Relaxed) {
            return None;
        }
        let at = {
            let nodes = self.nodes.lock().unwrap();
            nodes[self.turn % nodes.len()].clone()
        };
        let (_, client) = match self.open.take().filter(|(it, _)| *it == at) {
            Some(open) => self.open.insert(open),
            None => self.open.insert((at.clone(), Client::new(&at, self.key.as_deref()))),
        };
        match client.call(method, path, Some(body)) {
            Ok(answer) => {
                if answer.status == 503 {
                    assert!(answer.retry_after.is_some(), "{}", answer.json());
                    self.seen.refused.fetch_add(1, Ordering::Relaxed);
                    self.turn += 1;
                }
                Some(Ok(answer))
            }
            Err(error) => {
                self.open = None;
                self.turn += 1;
                // Nobody took it: whoever shares out the work goes to another node.
                if error.kind() != ErrorKind::ConnectionRefused {
                    let what = format!("{method} {path} at {at}: {error}");
                    self.seen.dropped.lock().unwrap().push(what);
                }
                Some(Err(error))
            }
        }
    }
}

/// One write and one use of what was written.
fn write(way: &mut Way, writer: &mut Writer) -> Option<()> {
    writer.sent += 1;
    let put = format!("/v1/people/{}/data/name", writer.person);
    let body = json!({ "value": name(writer.sent), "source": "registration" });
    let answer = way.insist("PUT", &put, &body)?;
    assert!(answer.status < 300, "{} {}", answer.status, answer.json());
    writer.acknowledged = writer.sent;
    acknowledged(&way.seen);
    let body = json!({ "person": writer.person, "purpose": "service", "categories": ["name"] });
    let answer = way.insist("POST", "/v1/use", &body)?;
    assert_eq!(answer.status, 200, "{}", answer.json());
    let answer = answer.json();
    assert_eq!(answer["values"]["name"], json!(name(writer.acknowledged)));
    writer.records.push(answer["record"].as_str().unwrap().to_owned());
    acknowledged(&way.seen);
    Some(())
}

/// Registers one after the other, each once; whoever hears that an address has had enough waits.
fn newcomers(way: &mut Way, first: u64) -> Vec<Newcomer> {
    let mut all = Vec::new();
    for number in first.. {
        let mut newcomer = Newcomer { number, acknowledged: None };
        let form = form(&newcomer.email(), number);
        let Some(answer) = way.ask("POST", "/v1/people", &form) else { break };
        match answer {
            Ok(answer) if answer.status == 201 => {
                newcomer.acknowledged = Some(answer.json()["id"].as_str().unwrap().to_owned());
            }
            Ok(answer) => {
                let status = answer.status;
                assert!(matches!(status, 429 | 503), "{status} {}", answer.json());
                pause();
            }
            Err(_) => pause(),
        }
        all.push(newcomer);
        // Not faster than a small site's people.
        pause();
    }
    all
}

#[expect(clippy::disallowed_methods, reason = "a gap is printed and never asserted")]
fn acknowledged(seen: &Seen) {
    seen.acknowledged.fetch_add(1, Ordering::Relaxed);
    let now = Instant::now();
    let mut gap = seen.gap.lock().unwrap();
    let since = gap.0.map_or(Duration::ZERO, |it| now.duration_since(it));
    *gap = (Some(now), gap.1.max(since));
}
