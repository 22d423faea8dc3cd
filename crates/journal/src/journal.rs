//! The journal as the other crates hold it.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use decide::id::RecordId;
use decide::{Category, Facts, PersonId, RegionCode, Set, Timestamp};
use futures_util::future::try_join_all;

use crate::access::{self, CodeRow, Role};
use crate::decided::Decided;
use crate::durable::Durable;
use crate::engine::Engine;
use crate::event::Partition;
use crate::fault::{Fault, OpenFault};
use crate::ids::Ids;
use crate::installation::Installation;
use crate::limit::REGIONS_MAX;
use crate::log::{ProofBundle, Signer};
use crate::place::Place;
use crate::postgres::{Databases, Postgres};
use crate::scratch::{Counts, Scratch};
use crate::sealed::{Blind, Seal};
use crate::sql::Query;
use crate::sqlite::Sqlite;
use crate::tx::{Read, Tx};
use crate::{people, record, tally, unproved};

/// Where a journal lies and what it serves.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the rows are.
    pub database: Database,
    /// The regions, each with databases of its own.
    pub regions: Vec<RegionCode>,
    /// Folders outside the store that keep every signed checkpoint.
    pub outside: Vec<PathBuf>,
}

/// Where the rows are.
#[derive(Debug, Clone)]
pub enum Database {
    /// The embedded engine, in a data folder that one process has.
    Folder(PathBuf),
    /// A database that many processes share.
    Shared(Box<Databases>),
}

/// The database and its history. Clones are handles to the same.
#[derive(Clone)]
pub struct Journal {
    pub(crate) inner: Arc<Inner>,
}

/// What the handles share.
pub(crate) struct Inner {
    pub(crate) engine: Engine,
    pub(crate) regions: Vec<RegionCode>,
    pub(crate) seal: Arc<dyn Seal>,
    pub(crate) counts: Mutex<Counts>,
    pub(crate) decided: Mutex<Decided>,
    pub(crate) durable: Durable,
    /// Held while counts are written down.
    pub(crate) flushing: tokio::sync::Mutex<()>,
    /// The hour in which counters were last folded.
    pub(crate) folded: AtomicI64,
    /// One sequencing or dropping of a partition at a time.
    pub(crate) upkeep: tokio::sync::Mutex<()>,
    /// One sweep at a time.
    pub(crate) sweeping: tokio::sync::Mutex<()>,
    ids: Ids,
    serials: AtomicU64,
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Journal({:?})", self.inner.engine)
    }
}

impl Journal {
    /// Opens a store, making it if it is not there: brings every database up to date and completes
    /// what a crash interrupted. The log's origin is the name of the signer's key.
    ///
    /// # Errors
    /// When another process has the folder, a database cannot be reached or is newer than the
    /// program, a region is missing from the configuration, or the log contradicts what was kept
    /// outside.
    pub async fn open(
        config: Config,
        seal: Arc<dyn Seal>,
        signer: Signer,
    ) -> Result<Self, OpenFault> {
        check_regions(&config.regions)?;
        let engine = match &config.database {
            Database::Folder(dir) => {
                Engine::Sqlite(Sqlite::open(dir, &config.regions, &config.outside, signer)?)
            }
            Database::Shared(databases) => {
                let mut holder = [0; 16];
                seal.fill_random(&mut holder);
                let (regions, outside) = (&config.regions, &config.outside);
                let open = Postgres::open(databases, regions, outside, (signer, holder));
                Engine::Postgres(Box::pin(open).await?)
            }
        };
        let inner = Inner {
            engine,
            regions: config.regions,
            seal,
            counts: Mutex::default(),
            decided: Mutex::default(),
            durable: Durable::default(),
            flushing: tokio::sync::Mutex::default(),
            folded: AtomicI64::new(i64::MIN),
            upkeep: tokio::sync::Mutex::new(()),
            sweeping: tokio::sync::Mutex::new(()),
            ids: Ids::default(),
            serials: AtomicU64::new(1),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Writes down what waits in memory, and lets other nodes have what this one alone may have.
    pub async fn close(&self, now: Timestamp) -> Result<(), Fault> {
        self.sequence(now).await?;
        self.inner.engine.close().await
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
    pub async fn begin(&self, person: PersonId, wanted: Set<Category>) -> Result<Tx<Read>, Fault> {
        self.serves(person.region())?;
        let snapshot = self.inner.engine.snapshot(person, wanted).await?;
        Ok(Tx::known(self.clone(), person, snapshot).wanting(wanted))
    }

    /// Begins with a person who is not there yet.
    pub fn begin_new(&self, person: PersonId, facts: Facts) -> Tx<Read> {
        Tx::fresh(self.clone(), person, facts)
    }

    /// Who has this value in this region; nothing is opened.
    pub async fn find(
        &self,
        region: RegionCode,
        category: Category,
        blind: &Blind,
    ) -> Result<Option<PersonId>, Fault> {
        Ok(self.find_all(region, (category, blind), 1).await?.pop())
    }

    /// Everybody who has this value in this region, up to `n`; nothing is opened.
    pub async fn find_all(
        &self,
        region: RegionCode,
        sought: (Category, &Blind),
        n: u32,
    ) -> Result<Vec<PersonId>, Fault> {
        self.look_up(region, &people::find(region, sought, n)).await
    }

    /// To whose account a session leads that is of this role, in whichever region, unless it has
    /// expired.
    pub async fn session(
        &self,
        (hash, role): (&[u8; 32], Role),
        now: Timestamp,
    ) -> Result<Option<PersonId>, Fault> {
        // All at once: where a region is far away, none is waited for twice.
        let one = |it: &RegionCode| (*it, access::session(*it, (hash, role), now));
        let queries: Vec<_> = self.regions().iter().map(one).collect();
        let found = queries.iter().map(|(region, query)| self.look_up(*region, query));
        Ok(try_join_all(found).await?.into_iter().flatten().next())
    }

    /// The code that waits for this channel of a person, expired or not.
    pub async fn code(
        &self,
        person: PersonId,
        channel: Category,
    ) -> Result<Option<CodeRow>, Fault> {
        Ok(self.look_up(person.region(), &access::code(person, channel)).await?.pop())
    }

    /// The code of what waits to be proved in a category of a person, expired or not.
    pub async fn unproved_code(
        &self,
        person: PersonId,
        category: Category,
    ) -> Result<Option<CodeRow>, Fault> {
        let found = self.look_up(person.region(), &unproved::of(person, category)).await?.pop();
        Ok(found.map(|it| it.code))
    }

    /// How often something was counted for a person, in the window that has not ended.
    pub async fn tally(&self, person: PersonId, kind: &str, now: Timestamp) -> Result<u32, Fault> {
        let found = self.look_up(person.region(), &tally::of(person, kind, now)).await?.pop();
        Ok(found.unwrap_or(0))
    }

    /// When the window of a tally ends that is running.
    pub async fn tally_until(
        &self,
        person: PersonId,
        kind: &str,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Fault> {
        Ok(self.look_up(person.region(), &tally::until(person, kind, now)).await?.pop())
    }

    async fn look_up<T>(&self, region: RegionCode, query: &Query<T>) -> Result<Vec<T>, Fault> {
        self.serves(region)?;
        self.inner.engine.read(&Place::People(region), query).await
    }

    /// How many commits have failed since the last that was durable: nothing, when all is well.
    pub fn failed_commits(&self) -> u32 {
        self.inner.durable.failed()
    }

    /// What failed is over: what was written since is durable.
    pub fn trust_commits(&self) {
        self.inner.durable.trust();
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
        &self.inner.regions
    }

    /// Event partitions of a region, oldest first.
    pub async fn partitions(&self, region: RegionCode) -> Result<Vec<Partition>, Fault> {
        self.serves(region)?;
        self.inner.engine.partitions(region).await
    }

    /// Where a record's entry stands in the log; `None` while it waits.
    ///
    /// # Errors
    /// `NotFound` for a record that is not there: never was, or went with its person.
    pub async fn log_index(&self, id: RecordId) -> Result<Option<u64>, Fault> {
        self.serves(id.region())?;
        Ok(self.inner.engine.entry(id).await?.ok_or(Fault::NotFound)?.index)
    }

    /// Where what the log attests of a person stands in it; `None` while it waits.
    ///
    /// # Errors
    /// `NotFound` where nothing is attested.
    pub async fn attested(&self, person: PersonId) -> Result<Option<u64>, Fault> {
        self.serves(person.region())?;
        let place = Place::People(person.region());
        let found = self.inner.engine.first(&place, &record::attested(person)).await?;
        Ok(found.ok_or(Fault::NotFound)?.index)
    }

    /// A file of the public log, by its address without the leading slash: `checkpoint`, a tile, a
    /// bundle; `None` for one that is not there.
    pub async fn log_file(&self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.inner.engine.log_file(path).await
    }

    /// Copies the public log into a folder, as it stands: to be verified there, or handed on.
    pub async fn copy_log(&self, dir: &Path) -> Result<(), Fault> {
        self.inner.engine.copy_log(dir).await
    }

    /// Proves the entry at an index of the log.
    pub async fn prove(&self, index: u64) -> Result<ProofBundle, Fault> {
        self.inner.engine.prove(index).await
    }

    pub(crate) fn serves(&self, region: RegionCode) -> Result<(), Fault> {
        if self.regions().contains(&region) { Ok(()) } else { Err(Fault::NotFound) }
    }
}

fn check_regions(regions: &[RegionCode]) -> Result<(), OpenFault> {
    let distinct: std::collections::BTreeSet<_> = regions.iter().collect();
    if (1..=REGIONS_MAX).contains(&regions.len()) && distinct.len() == regions.len() {
        return Ok(());
    }
    Err(OpenFault::Regions { given: regions.len(), most: REGIONS_MAX })
}
