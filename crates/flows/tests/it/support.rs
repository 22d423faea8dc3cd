//! A world of one installation on a folder that goes away, and its actors.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use decide::{Signals, Timestamp};
use flows::account::{Register, Registered, SignedIn, Verify};
use flows::collection::{Batch, Events, Judged};
use flows::consent::{Answered, Choose, Who};
use flows::messages::Post;
use flows::purpose::{Use, Used};
use flows::security::{AddKey, Caller};
use flows::{AskerKind, Flows, Idempotency, PersonId, Plain, Secret, Settings, Stop};

#[path = "../../../policy/tests/support/folders.rs"]
mod folders;

pub(crate) use folders::starter;

/// 2026-11-22T14:00:00Z.
pub(crate) const START: i64 = 1_795_356_000_000;
pub(crate) const DAY: i64 = 24 * 3_600_000;

pub(crate) struct World {
    pub(crate) flows: Flows,
    pub(crate) now: Timestamp,
    pub(crate) dir: tempfile::TempDir,
    pub(crate) app: Caller,
}

pub(crate) fn settings(root: &Path) -> Settings {
    Settings {
        database: flows::Database::Folder(root.join("data")),
        keys: root.join("keys"),
        checkpoints: Vec::new(),
        origin: "log.example.com".to_owned(),
        address: "https://privacy.example.com".to_owned(),
        post: Post::Folder(root.join("mail")),
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_post(|root| Post::Folder(root.join("mail"))).await
    }

    pub(crate) async fn with_post(post: impl FnOnce(&Path) -> Post) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings { post: post(dir.path()), ..settings(dir.path()) };
        let now = Timestamp::from_millis(START);
        let flows = Flows::open(settings, &starter(), now).await.unwrap();
        let purposes = ["service", "advertise", "support", "improve"].map(str::to_owned);
        let ask = AddKey {
            kind: AskerKind::App,
            name: "shop".to_owned(),
            purposes: purposes.to_vec(),
            source: None,
        };
        let key = flows::security::add_key(&flows, ask, now).await.unwrap();
        let app = flows::security::caller(&flows, &key.secret).await.unwrap().unwrap();
        Self { flows, now, dir, app }
    }

    /// Stops, and starts again on the same folder.
    pub(crate) async fn reopen(self) -> Self {
        let Self { flows, now, dir, app } = self;
        drop(flows);
        let flows = Flows::open(settings(dir.path()), &starter(), now).await.unwrap();
        Self { flows, now, dir, app }
    }

    pub(crate) fn later(&mut self, millis: i64) {
        self.now = self.now.plus_millis(millis);
    }

    pub(crate) fn form(email: &str) -> Register {
        Register {
            email: Plain::from(email),
            phone: Some(Plain::from("+86 138 0013 8000")),
            birth_date: Some(Plain::from("1990-05-17")),
            region: "cn".to_owned(),
            language: "en".to_owned(),
            accept: 1,
            screen: "registration".to_owned(),
            data: vec![
                ("name".to_owned(), Plain::from("Wei Planted")),
                ("password".to_owned(), Plain::from("correct horse battery")),
            ],
            idempotency: None,
        }
    }

    pub(crate) async fn register(&self, form: Register) -> Result<Registered, Stop> {
        let done = flows::account::register(&self.flows, form, self.now).await;
        done.map(flows::Recorded::into_inner)
    }

    /// Delivers what waits, and answers every mail there is, oldest first.
    pub(crate) async fn mails(&self) -> Vec<String> {
        flows::messages::deliver(&self.flows, self.now).await.unwrap();
        let mut files: Vec<PathBuf> = match std::fs::read_dir(self.dir.path().join("mail")) {
            Ok(entries) => entries.map(|it| it.unwrap().path()).collect(),
            Err(_) => Vec::new(),
        };
        files.sort();
        files.iter().map(|it| std::fs::read_to_string(it).unwrap()).collect()
    }

    /// The code of the newest mail that has one.
    pub(crate) async fn code(&self) -> String {
        let mails = self.mails().await;
        let mut codes = mails.iter().rev().filter_map(|it| it.split("Your code is ").nth(1));
        codes.next().unwrap().chars().take(6).collect()
    }

    pub(crate) async fn verify(&self, id: &str, code: &str) -> Result<SignedIn, Stop> {
        let ask = Verify {
            person: PersonId::parse(id).unwrap(),
            channel: "email".to_owned(),
            code: Secret::given(code),
            label: "Firefox, computer".to_owned(),
            browser: None,
        };
        let done = flows::account::verify(&self.flows, ask, self.now).await;
        done.map(flows::Recorded::into_inner)
    }

    /// An active person.
    pub(crate) async fn person(&mut self, email: &str) -> (PersonId, Secret) {
        let registered = self.register(Self::form(email)).await.unwrap();
        self.later(1_000);
        let code = self.code().await;
        let signed = self.verify(&registered.id, &code).await.unwrap();
        (PersonId::parse(&signed.id).unwrap(), signed.session)
    }

    pub(crate) async fn uses(
        &self,
        person: PersonId,
        purpose: &str,
        of: &[&str],
    ) -> Result<Used, Stop> {
        let categories = of.iter().map(|it| (*it).to_owned()).collect();
        let ask = Use { person, purpose: purpose.to_owned(), categories };
        let done = flows::purpose::use_values(&self.flows, &self.app, &ask, self.now).await;
        done.map(flows::Recorded::into_inner)
    }

    pub(crate) fn answer(&self, who: Who, choices: &[(&str, &str)], signals: Signals) -> Choose {
        let book = self.flows.book();
        let home = book.home().unwrap();
        Choose {
            who,
            choices: choices.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect(),
            text_hash: flows::consent::text_hash(&book, home, "en"),
            language: "en".to_owned(),
            signals,
            screen: "banner".to_owned(),
            idempotency: None,
        }
    }

    pub(crate) async fn choose(&self, who: Who, choices: &[(&str, &str)]) -> Answered {
        let ask = self.answer(who, choices, Signals::default());
        flows::consent::choose(&self.flows, ask, self.now).await.unwrap()
    }

    pub(crate) async fn send(&self, who: Option<PersonId>, path: &str, signals: Signals) -> Judged {
        let event = serde_json::json!({ "type": "page-view", "path": path, "language": "en" });
        self.send_all(who, &[event], signals).await
    }

    pub(crate) async fn send_all(
        &self,
        who: Option<PersonId>,
        events: &[serde_json::Value],
        signals: Signals,
    ) -> Judged {
        let json = serde_json::json!(events).to_string();
        let ask = Events {
            who,
            batch: Batch::read(self.flows.book(), json.as_bytes()).unwrap(),
            signals,
            address: Some("203.0.113.77".parse().unwrap()),
            browser: "Mozilla/5.0 Firefox/144.0",
        };
        flows::collection::events(&self.flows, ask, self.now).await.unwrap()
    }

    /// Does the jobs that are due, and brings everything into the log.
    pub(crate) async fn work(&self) {
        flows::retention::work(&self.flows, self.now).await.unwrap();
        self.flows.sequence(self.now).await.unwrap();
    }

    /// Every file of the data folder, by its path within.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let root = self.dir.path().join("data");
        let (mut folders, mut found) = (vec![root.clone()], BTreeMap::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = std::fs::read(&path).unwrap();
                    found.insert(path.strip_prefix(&root).unwrap().to_owned(), bytes);
                }
            }
        }
        found
    }

    /// Whether any file of the data folder holds these bytes.
    pub(crate) fn holds(&self, needle: &str) -> bool {
        self.files().values().any(|it| contains(it, needle))
    }
}

pub(crate) fn contains(bytes: &[u8], needle: &str) -> bool {
    bytes.windows(needle.len()).any(|it| it == needle.as_bytes())
}

pub(crate) fn key(text: &str) -> Idempotency {
    Idempotency::new("test", text, [b"POST", b"/", b""])
}

/// The reason of a refusal, and its clauses.
pub(crate) fn refused<T: std::fmt::Debug>(done: Result<T, Stop>) -> (String, Vec<String>) {
    match done {
        Err(Stop::Refused(seen)) => (seen.denied().reason.clone(), seen.denied().clauses.clone()),
        other => panic!("refused, not {other:?}"),
    }
}
