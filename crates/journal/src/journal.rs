//! The journal as the other crates hold it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use decide::id::RecordId;
use decide::{Category, Facts, PersonId, RegionCode, Set, Timestamp};

use crate::access::CodeRow;
use crate::event::Partition;
use crate::fault::{Fault, OpenFault};
use crate::installation::Installation;
use crate::log::Signer;
use crate::scratch::Scratch;
use crate::sealed::{Blind, Seal};
use crate::sweep::Swept;
use crate::tx::{Read, Tx};

/// Where a journal lies and what it serves.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder.
    pub dir: PathBuf,
    /// The regions, each with databases of its own.
    pub regions: Vec<RegionCode>,
    /// Folders outside the data folder that keep every signed checkpoint.
    pub outside: Vec<PathBuf>,
}

/// The database and its history. Clones are handles to the same.
#[derive(Clone)]
pub struct Journal {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) config: Config,
    pub(crate) seal: Arc<dyn Seal>,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Journal({})", self.inner.config.dir.display())
    }
}

impl Journal {
    /// Opens a data folder, making it if it is not there: takes its lock, brings every database up
    /// to date, completes what a crash interrupted. The log's origin is the name of the signer's key.
    ///
    /// # Errors
    /// When another process has the folder, a database is newer than the program, a region is
    /// missing from the configuration, or the log contradicts what was kept outside.
    pub fn open(
        config: Config,
        seal: Arc<dyn Seal>,
        signer: Signer,
        now: Timestamp,
    ) -> Result<Self, OpenFault> {
        let _ = (signer, now);
        Ok(Self { inner: Arc::new(Inner { config, seal }) })
    }

    /// 128 bits for a new id: UUIDv7, above every other that this handle gave.
    pub fn new_id(&self, now: Timestamp) -> u128 {
        let _ = now;
        0
    }

    /// Reads a person: facts, key, and the sealed values of `wanted`, from one snapshot.
    ///
    /// # Errors
    /// `NotFound`, and `Erased` for whoever was erased.
    pub async fn begin(&self, person: PersonId, wanted: Set<Category>) -> Result<Tx<Read>, Fault> {
        let _ = (person, wanted);
        Err(Fault::broken("not built yet"))
    }

    /// Begins with a person who is not there yet.
    pub fn begin_new(&self, person: PersonId, facts: Facts) -> Tx<Read> {
        Tx::fresh(self.clone(), person, facts)
    }

    /// Who has this value in this region; nothing is opened.
    pub fn find(
        &self,
        region: RegionCode,
        category: Category,
        blind: &Blind,
    ) -> Result<Option<PersonId>, Fault> {
        let _ = (region, category, blind);
        Err(Fault::broken("not built yet"))
    }

    /// Whose session this is, in whichever region, unless it has expired.
    pub fn session(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<PersonId>, Fault> {
        let _ = (hash, now);
        Err(Fault::broken("not built yet"))
    }

    /// The code that waits for this channel of a person, expired or not.
    pub fn code(&self, person: PersonId, channel: Category) -> Result<Option<CodeRow>, Fault> {
        let _ = (person, channel);
        Err(Fault::broken("not built yet"))
    }

    /// The second door, for what is not personal.
    pub const fn scratch(&self) -> Scratch<'_> {
        Scratch { journal: self }
    }

    /// The door to what belongs to the installation.
    pub const fn installation(&self) -> Installation<'_> {
        Installation { journal: self }
    }

    /// The regions served.
    pub fn regions(&self) -> &[RegionCode] {
        &self.inner.config.regions
    }

    /// Event partitions of a region, oldest first.
    pub fn partitions(&self, region: RegionCode) -> Result<Vec<Partition>, Fault> {
        let _ = region;
        Err(Fault::broken("not built yet"))
    }

    /// Drops a partition of events: its entries are brought into the log first.
    pub async fn drop_partition(
        &self,
        region: RegionCode,
        partition: &Partition,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let _ = (region, partition, now);
        Err(Fault::broken("not built yet"))
    }

    /// Brings queued entries into the log, signs and publishes; answers how many.
    pub async fn sequence(&self, now: Timestamp) -> Result<u64, Fault> {
        let _ = now;
        Err(Fault::broken("not built yet"))
    }

    /// After erasures: destroys what is left of them in the raw bytes.
    pub async fn sweep(&self, now: Timestamp) -> Result<Swept, Fault> {
        let _ = now;
        Err(Fault::broken("not built yet"))
    }

    /// Where a record's entry stands in the log; `None` while it waits.
    pub fn log_index(&self, record: RecordId) -> Result<Option<u64>, Fault> {
        let _ = record;
        Err(Fault::broken("not built yet"))
    }

    /// The folder of the public log, to be served as it stands.
    pub fn log_dir(&self) -> &Path {
        &self.inner.config.dir
    }
}
