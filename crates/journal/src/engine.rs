//! Which engine runs. What is asked of one is asked of the other in the same words.

use std::path::Path;
use std::sync::Arc;

use decide::id::RecordId;
use decide::{Category, PersonId, RegionCode, Set, Timestamp};

use crate::backup::Ship;
use crate::event::Partition;
use crate::fault::Fault;
use crate::installation::{self, KeyRow};
use crate::log::{self, CHECKPOINT, Folder, Hash, Nodes, ProofBundle, Store as _};
use crate::outcome::Outcome;
use crate::people::{self, Snapshot};
use crate::place::Place;
use crate::postgres::Postgres;
use crate::record::Entry;
use crate::sql::{Dialect, Query, Statement};
use crate::sqlite::Sqlite;
use crate::sweep::Cleaned;

/// The engine of a journal.
#[derive(Debug)]
pub(crate) enum Engine {
    Sqlite(Sqlite),
    Postgres(Postgres),
}

impl Engine {
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Rows, from one snapshot.
    pub(crate) async fn read<T>(&self, place: &Place, query: &Query<T>) -> Result<Vec<T>, Fault> {
        match self {
            Self::Sqlite(it) => it.read(place, query),
            Self::Postgres(it) => it.read(place, query).await,
        }
    }

    /// A person, from one snapshot; sealed bytes of the `wanted` categories at least.
    pub(crate) async fn snapshot(
        &self,
        person: PersonId,
        wanted: Set<Category>,
    ) -> Result<Arc<Snapshot>, Fault> {
        match self {
            Self::Sqlite(it) => it.snapshot(person),
            Self::Postgres(it) => {
                let place = Place::People(person.region());
                let parts = it.read(&place, &people::read(person, wanted)).await?;
                Snapshot::of(parts).map(Arc::new).ok_or(Fault::NotFound)
            }
        }
    }

    /// The key with this hash, ended or not.
    pub(crate) async fn key(&self, hash: &[u8; 32]) -> Result<Option<Arc<KeyRow>>, Fault> {
        match self {
            Self::Sqlite(it) => it.key(hash),
            Self::Postgres(it) => {
                let found = it.read(&Place::Kept, &installation::key_of(hash)).await?;
                Ok(found.into_iter().next().map(Arc::new))
            }
        }
    }

    /// The first row.
    pub(crate) async fn first<T>(
        &self,
        place: &Place,
        query: &Query<T>,
    ) -> Result<Option<T>, Fault> {
        Ok(self.read(place, query).await?.into_iter().next())
    }

    /// Writes that answer rows: a claim.
    pub(crate) async fn take<T: Send + 'static>(
        &self,
        place: &Place,
        query: Query<T>,
    ) -> Result<Vec<T>, Fault> {
        match self {
            Self::Sqlite(it) => it.take(place, query).await,
            Self::Postgres(it) => it.read(place, &query).await,
        }
    }

    /// Writes that no record tells of, all or none; answers how many rows.
    pub(crate) async fn write(
        &self,
        place: &Place,
        statements: Vec<Statement>,
    ) -> Result<u64, Fault> {
        if statements.is_empty() {
            return Ok(0);
        }
        match self {
            Self::Sqlite(it) => it.write(place, statements).await,
            Self::Postgres(it) => it.write(place, statements).await,
        }
    }

    /// Writes an outcome, durably and whole.
    pub(crate) async fn record(&self, outcome: Outcome) -> Result<(), Fault> {
        match self {
            Self::Sqlite(it) => it.record(outcome).await,
            Self::Postgres(it) => it.record(outcome).await,
        }
    }

    /// Event partitions of a region, oldest first.
    pub(crate) async fn partitions(&self, region: RegionCode) -> Result<Vec<Partition>, Fault> {
        match self {
            Self::Sqlite(it) => it.partitions(region),
            Self::Postgres(it) => it.partitions(region).await,
        }
    }

    /// Drops a partition of events.
    pub(crate) async fn drop_partition(
        &self,
        region: RegionCode,
        partition: &Partition,
    ) -> Result<(), Fault> {
        match self {
            Self::Sqlite(it) => it.drop_partition(region, partition).await,
            Self::Postgres(it) => it.drop_partition(region, partition).await,
        }
    }

    /// Brings queued entries into the log; answers how many.
    pub(crate) async fn sequence(&self, now: Timestamp) -> Result<u64, Fault> {
        match self {
            Self::Sqlite(it) => it.sequence(now).await,
            Self::Postgres(it) => it.sequence(now).await,
        }
    }

    /// The entry of a record; `None` for a record that is not there.
    pub(crate) async fn entry(&self, id: RecordId) -> Result<Option<Entry>, Fault> {
        match self {
            Self::Sqlite(it) => it.entry(id),
            Self::Postgres(it) => it.entry(id).await,
        }
    }

    /// After erasures: nothing of the destroyed keys may be left in raw bytes.
    pub(crate) async fn clean(&self, region: RegionCode) -> Result<Cleaned, Fault> {
        match self {
            Self::Sqlite(it) => it.clean(region).await,
            Self::Postgres(it) => it.clean(region).await,
        }
    }

    /// A file of the public log; `None` for one that is not there.
    pub(crate) async fn log_file(&self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        match self {
            Self::Sqlite(it) => it.log_file(path).await,
            Self::Postgres(it) => it.log_file(path).await,
        }
    }

    /// Copies the public log into a folder: tiles first, for the checkpoint speaks of them.
    pub(crate) async fn copy_log(&self, dir: &Path) -> Result<(), Fault> {
        let mut folder = Folder::create(dir).map_err(Fault::broken)?;
        let checkpoint = self.log_file(CHECKPOINT).await?;
        for path in self.log_files().await? {
            if let Some(bytes) = self.log_file(&path).await? {
                folder.put(&path, &bytes).map_err(Fault::broken)?;
            }
        }
        if let Some(note) = checkpoint {
            folder.put(CHECKPOINT, &note).map_err(Fault::broken)?;
        }
        folder.sync().map_err(Fault::broken)
    }

    /// The addresses of all tiles and bundles.
    async fn log_files(&self) -> Result<Vec<String>, Fault> {
        match self {
            Self::Sqlite(it) => it.log_files(),
            Self::Postgres(it) => it.log_files().await,
        }
    }

    /// Proves the entry at an index of the log, on a thread that may wait.
    pub(crate) async fn prove(&self, index: u64) -> Result<ProofBundle, Fault> {
        let proved = match self {
            Self::Sqlite(it) => {
                let tiles = it.tiles();
                tokio::task::spawn_blocking(move || log::prove(&tiles, index)).await
            }
            Self::Postgres(it) => {
                let tiles = it.tiles();
                tokio::task::spawn_blocking(move || log::prove(&tiles, index)).await
            }
        };
        proved.map_err(Fault::broken)?.map_err(Fault::broken)
    }

    /// Has changes written down there from now on, before the log speaks of them.
    pub(crate) fn ship(&self, ship: Arc<dyn Ship>) -> Result<(), Fault> {
        let place = match self {
            Self::Sqlite(it) => &it.ship,
            Self::Postgres(it) => it.ship(),
        };
        place.set(ship).map_err(|_| Fault::broken("changes are written down already"))
    }

    /// Where changes are written down, where they are.
    pub(crate) fn shipping(&self) -> Option<Arc<dyn Ship>> {
        match self {
            Self::Sqlite(it) => it.ship.get(),
            Self::Postgres(it) => it.ship().get(),
        }
        .cloned()
    }

    /// The root of the first entries of a log.
    pub(crate) async fn root(&self, size: u64, first: u64) -> Result<Hash, Fault> {
        let root = match self {
            Self::Sqlite(it) => {
                let tiles = it.tiles();
                tokio::task::spawn_blocking(move || Nodes::new(&tiles, size).root(first)).await
            }
            Self::Postgres(it) => {
                let tiles = it.tiles();
                tokio::task::spawn_blocking(move || Nodes::new(&tiles, size).root(first)).await
            }
        };
        root.map_err(Fault::broken)?.map_err(Fault::broken)
    }

    /// Lets go of what only one process may have.
    pub(crate) async fn close(&self) -> Result<(), Fault> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(it) => it.close().await,
        }
    }
}
