//! Where an installation lies, and where its policy is read.

use std::path::{Path, PathBuf};

use clap::Args;
use flows::messages::Post;
use flows::{Database, Databases, Flows, Reach, RegionCode, Settings};
use policy::Folder;

use super::End;
use crate::clock::Clock;

/// The starter policy, so that the program alone is enough to begin.
const STARTER: &[(&str, &str)] = &[
    ("policy.md", include_str!("../../../../policy/policy.md")),
    ("policy.zh.md", include_str!("../../../../policy/policy.zh.md")),
    ("glossary.md", include_str!("../../../../policy/glossary.md")),
    ("glossary.zh.md", include_str!("../../../../policy/glossary.zh.md")),
    ("holidays/cn.toml", include_str!("../../../../policy/holidays/cn.toml")),
    ("holidays/eu.toml", include_str!("../../../../policy/holidays/eu.toml")),
];

/// The schema of an installation.
const SCHEMA: &str = "kept";

/// The starter policy.
pub(crate) fn starter() -> Folder {
    Folder::of(STARTER.iter().copied())
}

/// A data folder and its keys.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The data folder.
    #[arg(long, value_name = "DIR", default_value = "kept-data")]
    pub(crate) data: PathBuf,
    /// The key file; beside the data folder unless said otherwise, never in it.
    #[arg(long, value_name = "FILE")]
    pub(crate) keys: Option<PathBuf>,
    /// The folder of the policy; the starter policy unless said otherwise.
    #[arg(long, value_name = "DIR")]
    pub(crate) policy: Option<PathBuf>,
    /// Folders outside the data folder that keep every checkpoint of the log.
    #[arg(long, value_name = "DIR")]
    pub(crate) checkpoints: Vec<PathBuf>,
    /// A folder outside the data folder where every change is written down, sealed, before the log
    /// speaks of it: without it nobody goes back to a backup.
    #[arg(long, value_name = "DIR")]
    pub(crate) backup_changes: Option<PathBuf>,
    /// A database that several nodes share, in place of the data folder:
    /// `postgres://name:password@host-1,host-2/kept`. Better said in the file of settings, or in
    /// `KEPT_DATABASE`, where nobody else on the machine reads the password.
    #[arg(long, value_name = "URL", env = "KEPT_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// A region's own database: `eu=postgres://…`.
    #[arg(long, value_name = "REGION=URL", requires = "database")]
    pub(crate) database_of: Vec<String>,
    /// The certificates of whoever signs for the servers of the database.
    #[arg(long, value_name = "FILE", requires = "database")]
    pub(crate) database_ca: Option<PathBuf>,
    /// Connections that this process holds to each region's database.
    #[arg(long, value_name = "N", default_value_t = 16)]
    pub(crate) connections: usize,
    /// The name of a log that begins; it stands in every checkpoint and does not change later.
    #[arg(long, value_name = "NAME", default_value = "kept.local")]
    pub(crate) origin: String,
}

impl Place {
    /// The key file.
    pub(crate) fn key_file(&self) -> PathBuf {
        self.keys.clone().unwrap_or_else(|| self.data.with_extension("key"))
    }

    /// Where the rows are.
    pub(crate) fn database(&self) -> Result<Database, End> {
        let Some(url) = &self.database else { return Ok(Database::Folder(self.data.clone())) };
        let reach = |url: &str| Reach {
            url: url.to_owned(),
            authorities: self.database_ca.clone(),
            connections: self.connections,
        };
        let mut databases = Databases::of(reach(url), SCHEMA.to_owned());
        for given in &self.database_of {
            let named = given.split_once('=').and_then(|(region, url)| {
                RegionCode::new(region).map(|region| (region, reach(url)))
            });
            let wrong = "write `--database-of REGION=URL`, as in `eu=postgres://…`";
            let (region, reach) = named.ok_or_else(|| End::Wrong(wrong.to_owned()))?;
            databases.regions.insert(region, reach);
        }
        Ok(Database::Shared(Box::new(databases)))
    }

    /// The policy's source.
    pub(crate) fn folder(&self) -> Result<Folder, End> {
        self.policy.as_deref().map_or_else(|| Ok(starter()), read)
    }

    /// Opens the installation, which nobody else may have open.
    pub(crate) async fn open(
        &self,
        (address, post): (String, Post),
        clock: &Clock,
    ) -> Result<Flows, End> {
        let settings = self.settings(address, post).await?;
        let opened = Flows::open(settings, &self.folder()?, clock.now()).await;
        self.shipping(opened.map_err(|fault| End::Wrong(fault.to_string()))?).await
    }

    /// Has changes written down outside, where a place for them is named.
    async fn shipping(&self, flows: Flows) -> Result<Flows, End> {
        let Some(dir) = &self.backup_changes else { return Ok(flows) };
        if dir.starts_with(&self.data) && self.database.is_none() {
            let say = "the list of changes is for when the data folder is lost: name one outside";
            return Err(End::Wrong(say.to_owned()));
        }
        match flows::security::ship_changes(&flows, dir).await {
            Ok(()) => Ok(flows),
            Err(stop) => {
                let why = super::people::end(stop);
                let (End::No(why) | End::Wrong(why)) = why;
                Err(End::Wrong(format!("the list of changes cannot be written: {why}")))
            }
        }
    }

    /// Opens an installation that is there with the policy that it has; `like` is a draft of the next.
    pub(crate) async fn open_as_it_is(&self, like: &Folder, clock: &Clock) -> Result<Flows, End> {
        self.is_there()?;
        let settings = self.settings(String::new(), Post::Nowhere).await?;
        let opened = Flows::open_as_it_is(settings, like, clock.now()).await;
        self.shipping(opened.map_err(|fault| End::Wrong(fault.to_string()))?).await
    }

    async fn settings(&self, address: String, post: Post) -> Result<Settings, End> {
        let keys = self.key_file();
        if keys.starts_with(&self.data) {
            return Err(End::Wrong(format!(
                "the key file `{}` lies in the data folder: keep them apart, with `--keys FILE`",
                keys.display()
            )));
        }
        let database = self.database()?;
        let recorded = match &database {
            Database::Folder(data) => recorded(data),
            Database::Shared(it) => it.origin().await.map_err(|it| End::Wrong(it.to_string()))?,
        };
        Ok(Settings {
            database,
            keys,
            checkpoints: self.checkpoints.clone(),
            origin: recorded.unwrap_or_else(|| self.origin.clone()),
            address,
            post,
        })
    }

    /// Whether there is something to open. What a command only looks at is never made by looking: a
    /// folder of something else stays as it is. An empty one may be begun.
    fn is_there(&self) -> Result<(), End> {
        if self.database.is_some() {
            return Ok(());
        }
        let shown = self.data.display();
        let named = "name the one that `kept serve` uses";
        if !self.data.exists() {
            return Err(End::Wrong(format!("there is no data folder `{shown}`: {named}")));
        }
        let begun = self.data.join("kept.db").exists();
        let empty = || std::fs::read_dir(&self.data).is_ok_and(|mut it| it.next().is_none());
        if !begun && !empty() {
            return Err(End::Wrong(format!("`{shown}` is no data folder of ours: {named}")));
        }
        Ok(())
    }

    /// Opens an installation that is there already, for one command.
    pub(crate) async fn open_there(&self, clock: &Clock) -> Result<Flows, End> {
        self.is_there()?;
        self.open((String::new(), Post::Nowhere), clock).await
    }
}

/// The origin of the log that a data folder holds already: the first line of its checkpoint. Whether
/// our key signed that is looked at when the log is opened.
fn recorded(data: &Path) -> Option<String> {
    let text = std::fs::read_to_string(data.join("log/checkpoint")).ok()?;
    text.lines().next().map(str::to_owned).filter(|it| !it.is_empty())
}

/// Reads a policy's folder from the disk.
pub(crate) fn read(dir: &Path) -> Result<Folder, End> {
    let mut folder = Folder::default();
    for below in ["", "holidays"] {
        let Ok(entries) = std::fs::read_dir(dir.join(below)) else { continue };
        for entry in entries {
            let name = entry?.file_name().to_string_lossy().into_owned();
            let name = if below.is_empty() { name } else { format!("{below}/{name}") };
            if Folder::reads(&name) {
                let text = std::fs::read_to_string(dir.join(&name))
                    .map_err(|error| End::Wrong(format!("`{name}` cannot be read: {error}")))?;
                folder.files.insert(name, text);
            }
        }
    }
    if folder.files.contains_key("policy.md") {
        return Ok(folder);
    }
    Err(End::Wrong(format!(
        "there is no `policy.md` in `{}`: name the folder of a policy, or make one with `kept init DIR`",
        dir.display()
    )))
}

/// What the program logs goes to standard error; it names things, never people.
pub(crate) fn log_to_stderr() {
    let logging = tracing_subscriber::fmt().with_writer(std::io::stderr).with_target(false);
    // Told twice, the first stays.
    logging.try_init().ok();
}
