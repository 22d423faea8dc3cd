//! The journal as the other crates hold it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use decide::id::RecordId;
use decide::{Category, Facts, PersonId, RegionCode, Set, Timestamp};

use crate::access::{self, CodeRow};
use crate::database::{Place, Readers, held, partitions};
use crate::event::Partition;
use crate::fault::{Fault, OpenFault};
use crate::ids::Ids;
use crate::installation::Installation;
use crate::limit::UNSWEPT_MAX;
use crate::log::Signer;
use crate::scratch::{Counts, Scratch};
use crate::sealed::{Blind, Seal, WrappedKey};
use crate::sequence::Queue;
use crate::tx::{Read, Tx};
use crate::writer::Writer;
use crate::{folder, people, record, tally, unproved};

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

/// What the handles share. The order matters when it is dropped: the writer ends first, the lock
/// goes last.
pub(crate) struct Inner {
    pub(crate) writer: Writer,
    pub(crate) readers: Readers,
    pub(crate) queue: Arc<Mutex<Queue>>,
    pub(crate) config: Config,
    pub(crate) log_dir: PathBuf,
    pub(crate) seal: Arc<dyn Seal>,
    pub(crate) counts: Mutex<Counts>,
    /// The hour in which counters were last folded.
    pub(crate) folded: AtomicI64,
    /// Keys destroyed since the last sweep, to look for in the raw bytes.
    pub(crate) erased: Mutex<Vec<(PersonId, WrappedKey)>>,
    /// One sequencing, sweep or dropping of a partition at a time.
    pub(crate) upkeep: tokio::sync::Mutex<()>,
    ids: Ids,
    serials: AtomicU64,
    _lock: File,
}

impl Inner {
    pub(crate) fn remember_erased(&self, person: PersonId, key: WrappedKey) {
        let mut erased = held(&self.erased);
        if erased.len() < UNSWEPT_MAX {
            erased.push((person, key));
        }
    }
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
        _now: Timestamp,
    ) -> Result<Self, OpenFault> {
        folder::check_regions(&config.regions)?;
        folder::make(&config.dir)?;
        let lock = folder::lock(&config.dir)?;
        folder::check_known(&config.dir, &config.regions)?;
        let log_dir = config.dir.join("log");
        let queue = Queue::open(&log_dir, &config.outside, signer)?;
        let writer = Writer::start(config.dir.clone(), &config.regions)?;
        let inner = Inner {
            writer,
            readers: Readers::new(config.dir.clone()),
            queue: Arc::new(Mutex::new(queue)),
            config,
            log_dir,
            seal,
            counts: Mutex::default(),
            folded: AtomicI64::new(i64::MIN),
            erased: Mutex::default(),
            upkeep: tokio::sync::Mutex::new(()),
            ids: Ids::default(),
            serials: AtomicU64::new(1),
            _lock: lock,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// 128 bits for a new id: UUIDv7, above every other that this handle gave.
    pub fn new_id(&self, now: Timestamp) -> u128 {
        self.inner.ids.next(self.inner.seal.as_ref(), now)
    }

    pub(crate) fn serial(&self) -> u64 {
        self.inner.serials.fetch_add(1, Ordering::Relaxed)
    }

    /// Reads a person: facts, key, and the sealed values of `wanted`, from one snapshot.
    ///
    /// # Errors
    /// `NotFound`, and `Erased` for whoever was erased.
    #[expect(clippy::unused_async, reason = "an engine over a network is waited for")]
    pub async fn begin(&self, person: PersonId, wanted: Set<Category>) -> Result<Tx<Read>, Fault> {
        self.serves(person.region())?;
        let place = Place::People(person.region());
        let snapshot = self.inner.readers.read(&place, |it| people::read(it, person, wanted))?;
        Ok(Tx::known(self.clone(), person, snapshot))
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
        self.serves(region)?;
        let place = Place::People(region);
        self.inner.readers.read(&place, |it| people::find(it, region, category, blind))
    }

    /// Everybody who has this value in this region, up to `n`; nothing is opened.
    pub fn find_all(
        &self,
        region: RegionCode,
        sought: (Category, &Blind),
        n: u32,
    ) -> Result<Vec<PersonId>, Fault> {
        self.serves(region)?;
        let place = Place::People(region);
        self.inner.readers.read(&place, |it| people::find_all(it, region, sought, n))
    }

    /// Whose session this is, in whichever region, unless it has expired.
    pub fn session(&self, hash: &[u8; 32], now: Timestamp) -> Result<Option<PersonId>, Fault> {
        for region in self.regions() {
            let place = Place::People(*region);
            let found =
                self.inner.readers.read(&place, |it| access::session(it, *region, hash, now))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// The code that waits for this channel of a person, expired or not.
    pub fn code(&self, person: PersonId, channel: Category) -> Result<Option<CodeRow>, Fault> {
        self.serves(person.region())?;
        let place = Place::People(person.region());
        self.inner.readers.read(&place, |it| access::code(it, person, channel))
    }

    /// The code of what waits to be proved in a category of a person, expired or not.
    pub fn unproved_code(
        &self,
        person: PersonId,
        category: Category,
    ) -> Result<Option<CodeRow>, Fault> {
        self.serves(person.region())?;
        let place = Place::People(person.region());
        let row = self.inner.readers.read(&place, |it| unproved::of(it, person, category))?;
        Ok(row.map(|it| it.code))
    }

    /// How often something was counted for a person, in the window that has not ended.
    pub fn tally(&self, person: PersonId, kind: &str, now: Timestamp) -> Result<u32, Fault> {
        self.serves(person.region())?;
        let place = Place::People(person.region());
        self.inner.readers.read(&place, |it| tally::of(it, person, kind, now))
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
        self.serves(region)?;
        partitions(&self.inner.config.dir, region)
    }

    /// Where a record's entry stands in the log; `None` while it waits.
    ///
    /// # Errors
    /// `NotFound` for a record that is not there: never was, or went with its person.
    pub fn log_index(&self, id: RecordId) -> Result<Option<u64>, Fault> {
        let region = id.region();
        self.serves(region)?;
        let mut places = vec![Place::Records(region), Place::People(region)];
        places.extend(self.partitions(region)?.into_iter().map(|it| Place::Events(region, it)));
        for place in places {
            if let Some(found) = self.inner.readers.read(&place, |it| record::find(it, id))? {
                return Ok(found.log_index);
            }
        }
        Err(Fault::NotFound)
    }

    /// The folder of the public log, to be served as it stands.
    pub fn log_dir(&self) -> &Path {
        &self.inner.log_dir
    }

    fn serves(&self, region: RegionCode) -> Result<(), Fault> {
        if self.regions().contains(&region) { Ok(()) } else { Err(Fault::NotFound) }
    }
}
