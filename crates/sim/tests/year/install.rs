//! An installation on a folder that goes away, with the starter policy in three regions.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use decide::Timestamp;
use flows::messages::Post;
use flows::security::{AddKey, Caller, GoBack};
use flows::{AskerKind, Flows, Settings};

#[path = "../../../policy/tests/support/folders.rs"]
mod folders;

/// 2025-12-01T08:00:00Z: the calendars cover the year from here.
pub(crate) const START: i64 = 1_764_576_000_000;
pub(crate) const HOUR: i64 = 3_600_000;
/// How often somebody comes again.
const BUSY_AT_MOST: usize = 50;
pub(crate) const DAY: i64 = 24 * HOUR;

pub(crate) struct Install {
    pub(crate) flows: Option<Flows>,
    pub(crate) app: Caller,
    pub(crate) folder: policy::Folder,
    /// When the last backup was made.
    pub(crate) backed_up: Option<Timestamp>,
    dir: tempfile::TempDir,
    read: BTreeSet<PathBuf>,
}

/// The starter policy with a third region.
fn policy() -> policy::Folder {
    let mut folder = folders::starter();
    folder.files.retain(|name, _| !name.ends_with(".zh.md"));
    let text = folder.files.get_mut("policy.md").unwrap();
    for (old, new) in [
        ("languages  = [\"en\", \"zh\"]", "languages  = [\"en\"]"),
        ("regions    = [\"cn\", \"eu\"]", "regions    = [\"cn\", \"eu\", \"us\"]"),
        ("eu = \"1 month\" }", "eu = \"1 month\", us = \"45 days\" }"),
        ("guardian_below = { cn = 14, eu = 16 }", "guardian_below = { cn = 14, eu = 16, us = 13 }"),
        (
            "[region.eu]",
            "[region.us]\ntitle    = \"California\"\ncalendar = \"eu\"\nlaw      = \"ccpa\"\ntimezone = \"America/Los_Angeles\"\n\n[region.eu]",
        ),
    ] {
        assert!(text.contains(old), "the starter policy has no `{old}` any more");
        *text = text.replace(old, new);
    }
    folder
}

impl Install {
    pub(crate) async fn new(now: Timestamp) -> Self {
        // In memory where the system has such a place: a simulated crash is one of the process.
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        let (dir, folder) = (dir.unwrap(), policy());
        let flows = open(dir.path(), &folder, now).await;
        let purposes = flows.book().policy().purposes.keys().cloned().collect();
        let ask = AddKey { kind: AskerKind::App, name: "shop".to_owned(), purposes, source: None };
        let key = flows::security::add_key(&flows, ask, now).await.unwrap();
        let app = flows::security::caller(&flows, &key.secret).await.unwrap().unwrap();
        Self { flows: Some(flows), app, folder, dir, read: BTreeSet::new(), backed_up: None }
    }

    pub(crate) fn flows(&self) -> &Flows {
        self.flows.as_ref().unwrap()
    }

    /// The process dies and starts again: what was in memory is gone.
    pub(crate) async fn crash(&mut self, now: Timestamp) {
        drop(self.flows.take());
        self.flows = Some(open(self.dir.path(), &self.folder, now).await);
    }

    /// Makes a backup while nobody serves.
    pub(crate) async fn back_up(&mut self, now: Timestamp) {
        self.flows().close(now).await.unwrap();
        drop(self.flows.take());
        let root = self.dir.path();
        let from = flows::Database::Folder(root.join("data"));
        flows::security::back_up(from, &root.join("keys"), &root.join("backups"), now)
            .await
            .unwrap();
        self.backed_up = Some(now);
        self.flows = Some(open(root, &self.folder, now).await);
    }

    /// The data folder is lost, and the newest backup comes in its place.
    pub(crate) async fn lose_and_restore(&mut self, now: Timestamp) {
        self.flows().close(now).await.unwrap();
        drop(self.flows.take());
        let root = self.dir.path();
        std::fs::remove_dir_all(root.join("data")).unwrap();
        let ask = GoBack {
            from: root.join("backups"),
            changes: vec![root.join("changes")],
            to: flows::Database::Folder(root.join("data")),
            keys: root.join("keys"),
            checkpoints: vec![root.join("checkpoints")],
        };
        flows::security::restore(ask, now).await.unwrap();
        self.flows = Some(open(root, &self.folder, now).await);
    }

    /// Does what is due, and delivers.
    pub(crate) async fn work(&self, now: Timestamp) {
        flows::notice::refresh(self.flows(), now).await.unwrap();
        // A machine with much else to do may say that it is busy; whoever works comes again then.
        for _ in 0..BUSY_AT_MOST {
            match flows::retention::work(self.flows(), now).await {
                Err(flows::Stop::Busy) => {}
                done => {
                    done.unwrap();
                    break;
                }
            }
        }
        flows::messages::deliver(self.flows(), now).await.unwrap();
        self.flows().sequence(now).await.unwrap();
    }

    /// Mails that came since the last look, oldest first.
    pub(crate) async fn mails(&mut self, now: Timestamp) -> Vec<String> {
        flows::messages::deliver(self.flows(), now).await.unwrap();
        let Ok(entries) = std::fs::read_dir(self.dir.path().join("mail")) else {
            return Vec::new();
        };
        let mut fresh: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
        fresh.retain(|it| !self.read.contains(it));
        fresh.sort();
        let texts = fresh.iter().map(|it| std::fs::read_to_string(it).unwrap()).collect();
        for path in fresh {
            std::fs::remove_file(path).unwrap();
        }
        texts
    }

    /// Every byte of the data folder.
    pub(crate) fn bytes(&self) -> Vec<Vec<u8>> {
        let (mut folders, mut all) = (vec![self.dir.path().join("data")], Vec::new());
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    all.push(std::fs::read(&path).unwrap());
                }
            }
        }
        all
    }

    /// An outsider looks at a copy of the log.
    pub(crate) async fn verify(&self, now: Timestamp) {
        self.flows().sequence(now).await.unwrap();
        let log = self.dir.path().join("copied");
        self.flows().copy_log(&log).await.unwrap();
        let vkey = journal::log::Vkey::parse(self.flows().log_key()).unwrap();
        journal::log::verify(&log, &journal::log::Elsewhere::default(), &vkey).unwrap();
    }
}

async fn open(root: &Path, folder: &policy::Folder, now: Timestamp) -> Flows {
    let flows = Flows::open(settings(root), folder, now).await.unwrap();
    flows::security::ship_changes(&flows, &root.join("changes")).await.unwrap();
    flows
}

fn settings(root: &Path) -> Settings {
    Settings {
        database: flows::Database::Folder(root.join("data")),
        keys: root.join("keys"),
        checkpoints: vec![root.join("checkpoints")],
        origin: "log.example.com".to_owned(),
        address: "https://privacy.example.com".to_owned(),
        post: Post::Folder(root.join("mail")),
    }
}
