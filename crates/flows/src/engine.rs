//! What every verb is given: journal, vault, the policy in force, and how outcomes are recorded.

use std::path::PathBuf;
use std::sync::{Arc, RwLock};

use decide::{Category, PersonId, Refusal, RegionCode, Request, Set, Timestamp};
use journal::{Asker, Database, Journal, Once, Permit, Tx, Write};
use vault::{Roots, Vault};

use crate::Stop;
use crate::account::Hashing;
use crate::book::Book;
use crate::messages::Post;
use crate::notice::Version;

/// Where an installation lies, and how its mail leaves.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where the rows are: a data folder, or databases that several nodes share.
    pub database: Database,
    /// The key file; made where there is none.
    pub keys: PathBuf,
    /// Folders outside the data folder that keep each checkpoint.
    pub checkpoints: Vec<PathBuf>,
    /// The origin of the public log, and the name of its key.
    pub origin: String,
    /// Where people reach this server: links in mails begin with it.
    pub address: String,
    /// How mail leaves.
    pub post: Post,
}

/// Why an installation could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// The journal.
    #[error(transparent)]
    Journal(#[from] journal::OpenFault),
    /// The keys.
    #[error(transparent)]
    Keys(#[from] vault::RootsFault),
    /// The log's key.
    #[error("the log's key cannot be used: {0}")]
    Log(#[from] journal::log::Fault),
    /// The policy has faults, or is not the one that was stored under its version.
    #[error("{0}")]
    Policy(String),
    /// Mail cannot leave as configured.
    #[error("mail: {0}")]
    Mail(String),
    /// A part of the machinery failed.
    #[error("{0}")]
    Broken(String),
}

impl From<journal::Fault> for OpenFault {
    fn from(fault: journal::Fault) -> Self {
        Self::Broken(fault.to_string())
    }
}

/// Everything that the verbs need. Clones are handles to the same.
#[derive(Clone)]
pub struct Flows {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) journal: Journal,
    pub(crate) vault: Vault,
    pub(crate) settings: Settings,
    pub(crate) courier: crate::messages::Courier,
    pub(crate) outbound: crate::outbound::Outbound,
    pub(crate) hashing: Hashing,
    pub(crate) vkey: String,
    pub(crate) pace: crate::retention::Pace,
    pub(crate) backups: crate::security::Backups,
    pub(crate) tests: crate::notice::evidence::Tests,
    book: RwLock<Arc<Book>>,
    pub(crate) versions: RwLock<Arc<[Version]>>,
    pub(crate) known: crate::change::Kept,
    pub(crate) systems: crate::rights::Systems,
    pub(crate) desk: RwLock<Arc<crate::messages::Desk>>,
    pub(crate) texts: RwLock<Arc<crate::messages::text::Texts>>,
    pub(crate) senders: crate::messages::Senders,
}

impl std::fmt::Debug for Flows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Flows({:?})", self.inner.journal)
    }
}

/// What makes a repeated request one request: the client's key, and who used it for what.
#[derive(Debug, Clone)]
pub struct Idempotency {
    /// Who asked for what.
    pub scope: String,
    /// The client's key.
    pub key: String,
    /// SHA-256 of the request: a key counts for one request.
    pub request: [u8; 32],
}

impl Idempotency {
    /// A key that came with a request: its method, its path and its body.
    pub fn new(scope: impl Into<String>, key: impl Into<String>, request: [&[u8]; 3]) -> Self {
        let parts = request.map(crate::secret::digest);
        let (scope, key) = (scope.into(), key.into());
        Self { scope, key, request: crate::secret::digest(parts.as_flattened()) }
    }

    /// As it is stored. The mark of the request is made with a key of the region and with the
    /// client's: nobody finds out from it what a short body said.
    fn once(&self, flows: &Flows, region: RegionCode) -> Result<Once, Stop> {
        let key_hash = crate::secret::digest(self.key.as_bytes());
        let bytes = [self.request.as_slice(), self.key.as_bytes()].concat();
        let request = flows.vault().mark(region, "request", &bytes)?;
        Ok(Once { scope: self.scope.clone(), key_hash, request })
    }
}

impl Flows {
    /// Opens an installation with the policy of a folder: makes keys and data folder where there are
    /// none, stores the policy where its version is new.
    ///
    /// # Errors
    /// When the folder of data, the keys or the policy cannot be used.
    pub async fn open(
        settings: Settings,
        folder: &policy::Folder,
        now: Timestamp,
    ) -> Result<Self, OpenFault> {
        Self::open_with(settings, (folder, true), now).await
    }

    /// Opens an installation that is there with the policy that it has, and stores none. `like` says
    /// which regions there are: a draft of the next version, for instance.
    ///
    /// # Errors
    /// When the folder of data or the keys cannot be used, or no policy is stored yet.
    pub async fn open_as_it_is(
        settings: Settings,
        like: &policy::Folder,
        now: Timestamp,
    ) -> Result<Self, OpenFault> {
        Self::open_with(settings, (like, false), now).await
    }

    async fn open_with(
        settings: Settings,
        (folder, stores): (&policy::Folder, bool),
        now: Timestamp,
    ) -> Result<Self, OpenFault> {
        // Beside what follows, which mostly waits for the disk.
        drop(tokio::task::spawn_blocking(Vault::warm_up));
        let compiled = crate::notice::compile(folder)?;
        let regions = crate::book::regions(&compiled)?;
        let roots = if settings.keys.exists() {
            Roots::open(&settings.keys)?
        } else {
            Roots::create(&settings.keys, &regions)?
        };
        let signer = roots.log_signer(&settings.origin)?;
        let vkey = signer.vkey().to_string();
        let vault = Vault::new(roots);
        let config = journal::Config {
            database: settings.database.clone(),
            regions,
            outside: settings.checkpoints.clone(),
        };
        let journal = Journal::open(config, Arc::new(vault.clone()), signer).await?;
        let book = if stores {
            Box::pin(crate::notice::install(&journal, folder, compiled, now)).await?
        } else {
            Box::pin(crate::notice::as_stored(&journal, now)).await?
        };
        let courier = crate::messages::Courier::new(&settings.post).map_err(OpenFault::Mail)?;
        let inner = Inner {
            journal,
            vault,
            settings,
            courier,
            outbound: crate::outbound::Outbound::new().map_err(OpenFault::Broken)?,
            hashing: Hashing::start()?,
            vkey,
            pace: crate::retention::Pace::default(),
            backups: crate::security::Backups::default(),
            tests: crate::notice::evidence::Tests::default(),
            book: RwLock::new(Arc::new(book)),
            versions: RwLock::default(),
            known: crate::change::Kept::default(),
            systems: crate::rights::Systems::new().map_err(OpenFault::Broken)?,
            desk: RwLock::default(),
            texts: RwLock::default(),
            senders: crate::messages::Senders::default(),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The policy in force.
    pub fn book(&self) -> Arc<Book> {
        let book = self.inner.book.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        Arc::clone(&book)
    }

    pub(crate) fn put_book(&self, book: Book) {
        let mut kept = self.inner.book.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        *kept = Arc::new(book);
    }

    /// A file of the public log, by its address: `checkpoint`, or below `tile/`.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn log_file(&self, path: &str) -> Result<Option<Vec<u8>>, Stop> {
        Ok(self.journal().log_file(path).await?)
    }

    /// Copies the public log into a folder, as it stands.
    ///
    /// # Errors
    /// When the log cannot be read, or the folder not be written.
    pub async fn copy_log(&self, dir: &std::path::Path) -> Result<(), Stop> {
        Ok(self.journal().copy_log(dir).await?)
    }

    /// Brings in what waits, and lets other nodes have what this one alone may have.
    ///
    /// # Errors
    /// When the database does not answer: then it lets go by itself, a few seconds later.
    pub async fn close(&self, now: Timestamp) -> Result<(), Stop> {
        Ok(self.journal().close(now).await?)
    }

    /// The regions served.
    pub fn regions(&self) -> &[RegionCode] {
        self.journal().regions()
    }

    /// The public key that the log's checkpoints are verified with.
    pub fn log_key(&self) -> &str {
        &self.inner.vkey
    }

    /// Where this installation lies and how its mail leaves.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }

    /// What writes to other systems.
    pub fn outbound(&self) -> &crate::outbound::Outbound {
        &self.inner.outbound
    }

    pub(crate) fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    /// Brings what waits into the public log.
    ///
    /// # Errors
    /// When the log cannot be written.
    pub async fn sequence(&self, now: Timestamp) -> Result<u64, Stop> {
        Ok(self.journal().sequence(now).await?)
    }

    /// Reads a person, asks the decision, and answers the permit; a refusal is recorded and stops.
    pub(crate) async fn permit(
        &self,
        book: &Book,
        case: Case<'_>,
        now: Timestamp,
    ) -> Result<Tx<Permit>, Stop> {
        let Case { person, wanted, signals, request, asker } = case;
        let tx = self.journal().begin(person, wanted).await?;
        let tx = match signals {
            Some(signals) => tx.with_signals(signals),
            None => tx,
        };
        match tx.judge(book.rules(), request, asker.clone(), now) {
            Ok(tx) => Ok(tx),
            Err(tx) => Err(refused(tx).await),
        }
    }

    /// What was answered before under the same idempotency key, as a stop.
    pub(crate) async fn replayed(
        &self,
        region: RegionCode,
        idempotency: Option<&Idempotency>,
        now: Timestamp,
    ) -> Result<(), Stop> {
        let Some(it) = idempotency else { return Ok(()) };
        let once = it.once(self, region)?;
        let found = self.journal().scratch().idempotent(region, &once, now).await?;
        found.map_or(Ok(()), |(status, body)| Err(Stop::Replayed { status, body }))
    }
}

/// What is to be asked about a person.
pub(crate) struct Case<'a> {
    pub(crate) person: PersonId,
    pub(crate) wanted: Set<Category>,
    pub(crate) signals: Option<decide::Signals>,
    pub(crate) request: Request,
    pub(crate) asker: &'a Asker,
}

impl<'a> Case<'a> {
    /// An act with categories, whose values are wanted.
    pub(crate) const fn of(
        person: PersonId,
        act: decide::Act,
        categories: Set<Category>,
        asker: &'a Asker,
    ) -> Self {
        let request = Request { act, categories };
        Self { person, wanted: categories, signals: None, request, asker }
    }
}

/// Records a refusal, and says it.
pub(crate) async fn refused(tx: Tx<Refusal>) -> Stop {
    match tx.record().await {
        Ok(recorded) => recorded.into(),
        Err(fault) => fault.into(),
    }
}

/// Stages the answer under the client's idempotency key; it holds no personal value.
pub(crate) fn remember(
    (flows, tx): (&Flows, &mut Tx<Permit>),
    idempotency: Option<&Idempotency>,
    status: u16,
    answer: &impl serde::Serialize,
) -> Result<(), Stop> {
    let Some(it) = idempotency else { return Ok(()) };
    let body = serde_json::to_string(answer).map_err(|error| Stop::Broken(error.to_string()))?;
    let once = it.once(flows, tx.person().region())?;
    tx.stage(Write::Idempotent { once, status, body });
    Ok(())
}

/// Does it again while the person changes in the meantime, three times, then says that it is busy.
macro_rules! again {
    ($work:expr) => {{
        let mut left = $crate::limit::DECIDED_MAX;
        loop {
            left = left.saturating_sub(1);
            match $work {
                Err($crate::Stop::Conflict) if left > 0 => {}
                Err($crate::Stop::Conflict) => break Err($crate::Stop::Busy),
                done => break done,
            }
        }
    }};
}
pub(crate) use again;
