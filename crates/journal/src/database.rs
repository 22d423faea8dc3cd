//! The database files of an installation, and the connections that read them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use decide::RegionCode;
use rusqlite::{Connection, OpenFlags};

use crate::event::Partition;
use crate::fault::{Fault, OpenFault};
use crate::limit::{LOCK_WAIT_MILLIS, PARTITIONS_OPEN_MAX, READERS_MAX, STATEMENTS_MAX};
use crate::schema::{Schema, migrate};

/// One database file. The order is the order in which one batch commits them: what raises a version
/// first, so that what checks it sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// What belongs to the installation.
    Kept,
    /// A region's people, and the records of what changed them.
    People(RegionCode),
    /// A region's records of uses and refusals.
    Records(RegionCode),
    /// One partition of a region's events.
    Events(RegionCode, Partition),
}

impl Place {
    /// Where it lies below the data folder.
    pub(crate) fn path(&self, dir: &Path) -> PathBuf {
        match self {
            Self::Kept => dir.join("kept.db"),
            Self::People(region) => dir.join(region.as_str()).join("people.db"),
            Self::Records(region) => dir.join(region.as_str()).join("records.db"),
            Self::Events(region, partition) => {
                events_folder(dir, *region).join(format!("{}.db", partition.as_str()))
            }
        }
    }

    const fn schema(&self) -> Schema {
        match self {
            Self::Kept => Schema::Kept,
            Self::People(_) => Schema::People,
            Self::Records(_) => Schema::Records,
            Self::Events(..) => Schema::Events,
        }
    }
}

/// The folder of a region's event partitions.
pub(crate) fn events_folder(dir: &Path, region: RegionCode) -> PathBuf {
    dir.join(region.as_str()).join("events")
}

/// The partitions that lie in a region's folder, oldest first.
pub(crate) fn partitions(dir: &Path, region: RegionCode) -> Result<Vec<Partition>, Fault> {
    let folder = match std::fs::read_dir(events_folder(dir, region)) {
        Ok(folder) => folder,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Fault::broken(error)),
    };
    let mut found = Vec::new();
    for file in folder {
        let name = file.map_err(Fault::broken)?.file_name();
        let name = name.to_str().and_then(|it| it.strip_suffix(".db"));
        found.extend(name.and_then(Partition::parse));
    }
    found.sort_unstable();
    Ok(found)
}

/// A connection that writes: durable when it answers, nothing left where something was deleted.
pub(crate) fn open_writing(place: &Place, dir: &Path) -> Result<Connection, OpenFault> {
    let path = place.path(dir);
    if let Some(folder) = path.parent() {
        crate::folder::make(folder)?;
    }
    crate::folder::make_file(&path)?;
    let failed =
        |it: rusqlite::Error| OpenFault::Database { path: path.clone(), why: it.to_string() };
    let mut connection = Connection::open(&path).map_err(failed)?;
    tune(&connection).map_err(failed)?;
    // The checkpointer copies the log back, on a thread of its own.
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; \
             PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -16384",
        )
        .map_err(failed)?;
    migrate(place.schema(), &path, &mut connection)?;
    Ok(connection)
}

/// A connection that copies the write-ahead log back, or rebuilds.
pub(crate) fn open_keeping(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    tune(&connection)?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA wal_autocheckpoint = 0",
    )?;
    Ok(connection)
}

fn tune(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    connection.busy_timeout(Duration::from_millis(LOCK_WAIT_MILLIS))?;
    connection.execute_batch("PRAGMA temp_store = MEMORY")
}

fn open_reading(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    tune(&connection)?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8192")?;
    Ok(connection)
}

/// Idle reading connections, by file.
#[derive(Debug)]
pub(crate) struct Readers {
    dir: PathBuf,
    idle: Mutex<BTreeMap<Place, Vec<Connection>>>,
}

impl Readers {
    pub(crate) fn new(dir: PathBuf) -> Self {
        Self { dir, idle: Mutex::new(BTreeMap::new()) }
    }

    /// Reads on a connection of its own. A point read costs microseconds, less than handing it to
    /// another thread would.
    pub(crate) fn read<R>(
        &self,
        place: &Place,
        reading: impl FnOnce(&Connection) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        let idle = held(&self.idle).get_mut(place).and_then(Vec::pop);
        let connection = match idle {
            Some(connection) => connection,
            None => open_reading(&place.path(&self.dir))?,
        };
        let result = reading(&connection);
        let mut idle = held(&self.idle);
        if idle.len() > PARTITIONS_OPEN_MAX {
            idle.retain(|it, _| !matches!(it, Place::Events(..)));
        }
        let idle = idle.entry(place.clone()).or_default();
        if idle.len() < READERS_MAX {
            idle.push(connection);
        }
        result
    }

    /// The same for a file that need not be there.
    pub(crate) fn read_if_there<R: Default>(
        &self,
        place: &Place,
        reading: impl FnOnce(&Connection) -> Result<R, Fault>,
    ) -> Result<R, Fault> {
        if place.path(&self.dir).exists() { self.read(place, reading) } else { Ok(R::default()) }
    }

    /// Lets go of a file that is to be removed.
    pub(crate) fn forget(&self, place: &Place) {
        held(&self.idle).remove(place);
    }
}

/// The lock, also after a thread that held it came to an end in the middle: what these locks guard
/// is whole between any two statements.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
