//! An installation of ours in a folder that goes away: the starter policy with fields of a bench, and
//! people put in straight through the journal, because that many registrations would take the day.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use decide::{Account, Act, Age, Facts, PersonId, Request, Set, Timestamp};
use flows::messages::Post;
use flows::security::{AddKey, Caller};
use flows::{Asker, AskerKind, Book, Database, Flows, Plain, Settings};
use journal::{JobKind, Journal, Write};
use vault::{Roots, Vault};

use super::record::{FIELDS, Slot, category, purpose};

/// 2026-11-22T14:00:00Z.
pub(crate) const START: Timestamp = Timestamp::from_millis(1_795_356_000_000);
/// A day.
pub(crate) const DAY: i64 = 24 * 3_600_000;
/// People who are put in at the same time, so that they share commits.
const AT_ONCE: usize = 512;

/// An installation, its people by number, and an application with a key to every purpose.
pub(crate) struct Installation {
    pub(crate) flows: Flows,
    pub(crate) app: Caller,
    pub(crate) people: Vec<PersonId>,
    pub(crate) place: Place,
}

/// Where an installation lies; the folder goes with it.
pub(crate) struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Result<Self, String> {
        let dir = tempfile::Builder::new().prefix("kept-bench-").tempdir();
        Ok(Self { dir: dir.map_err(|it| it.to_string())? })
    }

    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.root().join("data")
    }

    pub(crate) fn keys(&self) -> PathBuf {
        self.root().join("root.key")
    }

    /// The folder of the policy, written down for whoever reads it from the disk.
    pub(crate) fn policy(&self) -> Result<PathBuf, String> {
        let dir = self.root().join("policy");
        for (name, text) in &folder(1)?.files {
            let path = dir.join(name);
            let parent = path.parent().unwrap_or(&dir);
            std::fs::create_dir_all(parent).map_err(|it| it.to_string())?;
            let file = std::fs::File::create(&path).map_err(|it| it.to_string())?;
            std::io::Write::write_all(&mut &file, text.as_bytes()).map_err(|it| it.to_string())?;
        }
        Ok(dir)
    }

    fn settings(&self) -> Settings {
        Settings {
            database: Database::Folder(self.data()),
            keys: self.keys(),
            checkpoints: vec![self.root().join("checkpoints")],
            origin: ORIGIN.to_owned(),
            address: "https://privacy.example.com".to_owned(),
            post: Post::Nowhere,
        }
    }

    /// Opens what lies there, with this version of the policy.
    pub(crate) async fn open(&self, version: u32, now: Timestamp) -> Result<Flows, String> {
        let opened = Flows::open(self.settings(), &folder(version)?, now).await;
        opened.map_err(|it| it.to_string())
    }
}

const ORIGIN: &str = "bench.kept.example";

/// The starter policy in one language, with 25 fields, each with a purpose that waits for consent.
pub(crate) fn folder(version: u32) -> Result<policy::Folder, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../policy");
    let read = |name: &str| std::fs::read_to_string(root.join(name)).map_err(|it| it.to_string());
    let mut text = read("policy.md")?
        .replace("languages  = [\"en\", \"zh\"]", "languages  = [\"en\"]")
        .replace("version    = 1\n", &format!("version    = {version}\n"));
    text.push_str("\n# Fields of a bench\n\n## Fields {#bench-fields}\n\n");
    text.push_str("Each field has a purpose of its own, and it is your choice.\n\n```kept\n");
    for field in 0..FIELDS {
        text.push_str(&declared(field));
    }
    text.push_str("```\n");
    let mut files = vec![("policy.md".to_owned(), text)];
    for name in ["glossary.md", "holidays/cn.toml", "holidays/eu.toml"] {
        files.push((name.to_owned(), read(name)?));
    }
    Ok(policy::Folder::of(files))
}

/// A field, how long it is kept, and its purpose.
fn declared(field: usize) -> String {
    let (category, purpose) = (category(field), purpose(field));
    format!(
        "[category.{category}]\ntitle = \"Field {field}\"\nkind = \"content\"\n\
         sources = [\"registration\", \"staff\"]\n\n[keep.{category}]\nafter = \"collected\"\n\
         for = \"1 year\"\n\n[purpose.{purpose}]\ntitle = \"Purpose {field}\"\n\
         basis = \"consent\"\nuses = [\"{category}\"]\nminors = \"guardian\"\n\n"
    )
}

impl Installation {
    /// An installation with so many people, each with so many values, as one outcome each.
    pub(crate) async fn new(people: usize, values: usize) -> Result<Self, String> {
        let place = Place::new()?;
        let flows = place.open(1, START).await?;
        let ask = AddKey {
            kind: AskerKind::App,
            name: "bench".to_owned(),
            purposes: (0..FIELDS).map(purpose).chain(["service".to_owned()]).collect(),
            source: None,
        };
        let key = flows::security::add_key(&flows, ask, START).await.map_err(said)?;
        let app = flows::security::caller(&flows, &key.secret).await.map_err(said)?;
        let app = app.ok_or("the key that was made is not known")?;
        let book = flows.book();
        flows.close(START).await.map_err(said)?;
        drop(flows);
        let people = seed(&place, &book, (people, values)).await?;
        let flows = place.open(1, START).await?;
        Ok(Self { flows, app, people, place })
    }

    pub(crate) fn person(&self, number: usize) -> Result<PersonId, String> {
        self.people.get(number).copied().ok_or_else(|| format!("there is no person {number}"))
    }
}

/// A stop, in words.
pub(crate) fn said(stop: impl std::fmt::Debug) -> String {
    format!("{stop:?}")
}

/// What every task that puts people in is given.
struct Seeding {
    journal: Journal,
    vault: Vault,
    book: Arc<Book>,
    values: usize,
    next: AtomicUsize,
    people: usize,
}

async fn seed(
    place: &Place,
    book: &Arc<Book>,
    (people, values): (usize, usize),
) -> Result<Vec<PersonId>, String> {
    let roots = Roots::open(&place.keys()).map_err(|it| it.to_string())?;
    let signer = roots.log_signer(ORIGIN).map_err(|it| it.to_string())?;
    let vault = Vault::new(roots);
    let codes = book.policy().header.regions.iter();
    let config = journal::Config {
        database: Database::Folder(place.data()),
        regions: codes.filter_map(|it| decide::RegionCode::new(it)).collect(),
        outside: vec![place.root().join("checkpoints")],
    };
    let journal = Journal::open(config, Arc::new(vault.clone()), signer).await;
    let journal = journal.map_err(|it| it.to_string())?;
    let next = AtomicUsize::new(0);
    let seeding =
        Arc::new(Seeding { journal, vault, book: Arc::clone(book), values, next, people });
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let seeding = Arc::clone(&seeding);
        tasks.spawn(async move { seeding.work().await });
    }
    let mut ids = vec![None; people];
    while let Some(done) = tasks.join_next().await {
        for (number, person) in done.map_err(|it| it.to_string())?? {
            if let Some(place) = ids.get_mut(number) {
                *place = Some(person);
            }
        }
    }
    // The log takes a few thousand entries a step.
    while seeding.journal.sequence(START).await.map_err(said)? > 0 {}
    seeding.journal.close(START).await.map_err(said)?;
    ids.into_iter().collect::<Option<Vec<_>>>().ok_or_else(|| "not everybody came in".to_owned())
}

impl Seeding {
    async fn work(&self) -> Result<Vec<(usize, PersonId)>, String> {
        let mut done = Vec::new();
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.people {
                return Ok(done);
            }
            done.push((number, self.one(number).await?));
        }
    }

    /// A grown-up with an active account who said yes to everything, and the values.
    async fn one(&self, number: usize) -> Result<PersonId, String> {
        let (book, now) = (&self.book, START);
        let home = book.policy().header.home();
        let (region, position) = book.region(home).map_err(said)?;
        let source = book.source("registration").map_err(said)?;
        let mut facts = Facts::new(position, Account::Active, book.version());
        facts.age = Age::Adult;
        for field in 0..FIELDS {
            facts.given = facts.given.with(book.purpose(&purpose(field)).map_err(said)?);
        }
        let person = PersonId::new(region, self.journal.new_id(now));
        let slots: Vec<Slot> =
            (0..self.values).map(|place| Slot { person: number, place }).collect();
        let mut requests = Vec::new();
        for slot in slots.iter().chain(slots.is_empty().then_some(&FIRST)) {
            let purpose = book.purpose(&purpose(slot.field())).map_err(said)?;
            let categories = Set::of(book.category(&category(slot.field())).map_err(said)?);
            requests.push(Request { act: Act::Collect { purpose, source }, categories });
        }
        let asker = Asker::new(AskerKind::System, "seed");
        let tx = self.journal.begin_new(person, facts.clone());
        let mut requests = requests.into_iter();
        let first = requests.next().ok_or("nothing is asked")?;
        let mut judged = tx.judge(book.rules(), first, asker, now);
        for request in requests {
            judged = judged.and_then(|tx| tx.judge_also(request));
        }
        let mut tx = judged.map_err(|_| "the policy of the bench lets nobody in".to_owned())?;
        tx.stage(Write::Create { key: self.vault.new_person(person).map_err(said)? });
        tx.stage(Write::Consent { given: facts.given, refused: Set::EMPTY });
        let due = now.plus_millis(super::record::TTL_SECONDS * 1_000);
        for slot in &slots {
            let category = book.category(&category(slot.field())).map_err(said)?;
            let sealed = self.vault.seal(&tx, category, &Plain::new(slot.data(0)));
            tx.stage(Write::Value {
                category,
                sealed: sealed.map_err(said)?,
                source,
                collected: now,
                due: Some(due),
                blind: None,
            });
        }
        if !slots.is_empty() {
            tx.stage(Write::Job { kind: JobKind::named("values-due"), due });
        }
        let owed = tx.owe(());
        tx.record(owed).await.map(drop).map_err(said)?;
        Ok(person)
    }
}

/// What is asked for whoever comes in without a value.
const FIRST: Slot = Slot { person: 0, place: 0 };
