//! The engine beyond one machine: any number of nodes over a PostgreSQL database, one schema for the
//! installation and one for each region, in one database or in several.
//!
//! Nothing is kept in memory that a decision rests on: a person is read from the leading server, and
//! an outcome is written on condition that the person's version still stands.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use decide::id::RecordId;
use decide::{RegionCode, Timestamp};

use crate::backup::Ship;
use crate::event::Partition;
use crate::fault::{Fault, OpenFault};
use crate::held;
use crate::idempotency;
use crate::limit::{OUTCOME_MILLIS, STEP_MILLIS};
use crate::log::Signer;
use crate::outcome::Outcome;
use crate::place::Place;
use crate::record::{self, Entry};
use crate::sql::{Dialect, Query, Statement};
use crate::sweep::Cleaned;

mod backup;
mod catalog;
mod lease;
mod moving;
mod partition;
mod pool;
mod run;
mod schema;
mod sequence;
mod sweep;
mod tiles;
mod told;

pub(crate) use backup::Pinned;
pub use catalog::misfits;
pub(crate) use moving::{Schemas, look};
pub use pool::Reach;
pub(crate) use pool::cause;

use pool::Pool;
use sequence::Log;

const DAY_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// Where the databases are.
#[derive(Debug, Clone)]
pub struct Databases {
    /// The one of the installation, and of each region that has none of its own.
    pub kept: Reach,
    /// Those of regions that have one of their own.
    pub regions: BTreeMap<RegionCode, Reach>,
    /// The schema of the installation: `kept`. A region's is the same with its code: `kept_cn`.
    pub schema: String,
    /// For how long, in milliseconds, a node that brings entries into the log is the only one that
    /// does. Short, another takes over soon; and of two, one always finds that it came too late.
    pub lease_millis: u32,
}

/// The engine.
#[derive(Debug)]
pub(crate) struct Postgres {
    kept: Pool,
    regions: BTreeMap<RegionCode, Pool>,
    log: Log,
    /// Partitions that are known to be there.
    partitions: Mutex<BTreeSet<(RegionCode, Partition)>>,
}

impl Databases {
    /// The name of the log that is there already: the first line of its checkpoint.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn origin(&self) -> Result<Option<String>, OpenFault> {
        let reach = |fault: Fault| OpenFault::Reach { why: fault.to_string() };
        let client = Pool::new(&self.kept, &self.schema)?.client().await.map_err(reach)?;
        match tiles::head(&client).await {
            Ok(head) => Ok(head.and_then(|it| it.note.lines().next().map(str::to_owned))),
            // Before the first migration there is no table.
            Err(Fault::Broken(_)) => Ok(None),
            Err(fault) => Err(reach(fault)),
        }
    }
}

impl Databases {
    /// Everything in one database, under the usual name.
    pub const fn of(kept: Reach, schema: String) -> Self {
        Self { kept, regions: BTreeMap::new(), schema, lease_millis: LEASE_MILLIS }
    }

    /// Removes everything that is there: what a demonstration leaves behind.
    ///
    /// # Errors
    /// When a database does not answer.
    pub async fn remove(&self, regions: &[RegionCode]) -> Result<(), OpenFault> {
        for region in regions {
            schema::remove(&Pool::new(self.reach_of(*region), &self.schema_of(*region))?).await?;
        }
        schema::remove(&Pool::new(&self.kept, &self.schema)?).await
    }

    fn schema_of(&self, region: RegionCode) -> String {
        format!("{}_{region}", self.schema)
    }

    fn reach_of(&self, region: RegionCode) -> &Reach {
        self.regions.get(&region).unwrap_or(&self.kept)
    }
}

/// For how long a node that brings entries into the log is the only one that does: shorter than the
/// second after which each looks again, so that one that died is replaced within two.
const LEASE_MILLIS: u32 = 900;

impl Postgres {
    /// Connects, and brings every schema up to date.
    pub(crate) async fn open(
        databases: &Databases,
        regions: &[RegionCode],
        outside: &[PathBuf],
        (signer, holder): (Signer, [u8; 16]),
    ) -> Result<Self, OpenFault> {
        let kept = Pool::new(&databases.kept, &databases.schema)?;
        schema::kept(&kept, regions).await?;
        let unfinished = moving::mark(&kept).await;
        if unfinished.map_err(|it| OpenFault::Reach { why: it.to_string() })?.is_some() {
            return Err(OpenFault::Unfinished);
        }
        let mut pools = BTreeMap::new();
        for region in regions {
            let pool = Pool::new(databases.reach_of(*region), &databases.schema_of(*region))?;
            schema::region(&pool).await?;
            pools.insert(*region, pool);
        }
        let log = Log::open(&kept, outside, signer, (holder, databases.lease_millis)).await?;
        Ok(Self { kept, regions: pools, log, partitions: Mutex::default() })
    }

    fn pool(&self, place: &Place) -> Result<&Pool, Fault> {
        match place {
            Place::Kept => Ok(&self.kept),
            Place::People(region) | Place::Records(region) | Place::Events(region, _) => {
                self.regions.get(region).ok_or(Fault::NotFound)
            }
        }
    }

    /// Rows.
    pub(crate) async fn read<T>(&self, place: &Place, query: &Query<T>) -> Result<Vec<T>, Fault> {
        let client = self.pool(place)?.client().await?;
        run::query(&client, query).await
    }

    /// Writes, all or none; answers how many rows.
    pub(crate) async fn write(
        &self,
        place: &Place,
        statements: Vec<Statement>,
    ) -> Result<u64, Fault> {
        let client = self.pool(place)?.client().await?;
        run::outcome(client, statements).await
    }

    /// Writes an outcome: conditions, rows and record in one transaction.
    pub(crate) async fn record(&self, outcome: Outcome) -> Result<(), Fault> {
        let place = outcome.place()?;
        let (region, once, at) = (outcome.person.region(), outcome.once(), outcome.at());
        let done = match (&place, outcome.version) {
            (Place::Events(_, partition), _) => {
                self.ready(region, partition, at).await?;
                self.write(&place, outcome.statements(Dialect::Postgres, &place)).await
            }
            // A use: one statement, which is one round trip and one transaction.
            (Place::Records(_), Some(version)) => {
                let statement = record::write_held(outcome.person, version, &outcome.record);
                self.write(&place, vec![statement]).await
            }
            _ => self.write(&place, outcome.statements(Dialect::Postgres, &place)).await,
        };
        match (done, once) {
            (Ok(_), _) => Ok(()),
            // What was done before is answered, whatever changed since.
            (Err(Fault::Conflict), Some(once)) => {
                let asked = idempotency::find(&once, at);
                let found = self.read(&Place::People(region), &asked).await?.pop();
                match found.map(|it| it.of(&once)).transpose()? {
                    Some((status, body)) => Err(Fault::Idempotent { status, body }),
                    None => Err(Fault::Conflict),
                }
            }
            (Err(fault), _) => {
                if let Place::Events(_, partition) = place {
                    held(&self.partitions).remove(&(region, partition));
                }
                Err(fault)
            }
        }
    }

    /// Has a partition be there, and the one of the next day with it.
    async fn ready(
        &self,
        region: RegionCode,
        partition: &Partition,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let wanted = (region, partition.clone());
        if held(&self.partitions).contains(&wanted) {
            return Ok(());
        }
        let client = self.pool(&Place::People(region))?.client().await?;
        partition::make(&client, partition).await?;
        if let Some(next) = Partition::of(now.plus_millis(DAY_MILLIS), partition.class()) {
            partition::make(&client, &next).await?;
        }
        held(&self.partitions).insert(wanted);
        Ok(())
    }

    /// Partitions of a region, oldest first.
    pub(crate) async fn partitions(&self, region: RegionCode) -> Result<Vec<Partition>, Fault> {
        let client = self.pool(&Place::People(region))?.client().await?;
        partition::list(&client).await
    }

    /// Drops a partition whose entries are in the log.
    pub(crate) async fn drop_partition(
        &self,
        region: RegionCode,
        partition: &Partition,
    ) -> Result<(), Fault> {
        let place = Place::Events(region, partition.clone());
        if self.read(&place, &record::waits_in(partition.as_str())).await?.pop().is_some() {
            // Another node brings its entries in; then it can go.
            return Err(Fault::Busy);
        }
        let client = self.pool(&place)?.client().await?;
        partition::drop(&client, partition).await?;
        held(&self.partitions).remove(&(region, partition.clone()));
        Ok(())
    }

    /// The entry of a record; `None` for a record that is not there.
    pub(crate) async fn entry(&self, id: RecordId) -> Result<Option<Entry>, Fault> {
        let found = self.read(&Place::People(id.region()), &record::entry_of(id)).await?;
        Ok(found.into_iter().next())
    }

    /// A file of the public log.
    pub(crate) async fn log_file(&self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        let client = self.kept.client().await?;
        tiles::file(&client, path).await
    }

    /// The addresses of all tiles and bundles.
    pub(crate) async fn log_files(&self) -> Result<Vec<String>, Fault> {
        tiles::files(&self.kept.client().await?).await
    }

    /// Brings what waits into the log; answers how much, nothing while another node does it.
    pub(crate) async fn sequence(&self, now: Timestamp) -> Result<u64, Fault> {
        self.log.thin(now).await?;
        // Broken off, the next step goes on where this one stopped.
        let step = self.log.sequence(&self.kept, &self.regions);
        run::within(STEP_MILLIS, Box::pin(step)).await
    }

    /// Where changes are written down before the log speaks of them.
    pub(crate) const fn ship(&self) -> &OnceLock<Arc<dyn Ship>> {
        &self.log.ship
    }

    /// The public log as auditors read it, from a thread that may wait.
    pub(crate) fn tiles(&self) -> tiles::Stored {
        tiles::Stored::new(&self.kept)
    }

    /// After erasures: what is left of them in the pages of the database.
    pub(crate) async fn clean(&self, region: RegionCode) -> Result<Cleaned, Fault> {
        sweep::clean(self.pool(&Place::People(region))?).await
    }

    /// Lets go of what only one node may have, so that another need not wait.
    pub(crate) async fn close(&self) -> Result<(), Fault> {
        run::within(OUTCOME_MILLIS, self.log.release(&self.kept)).await
    }
}
