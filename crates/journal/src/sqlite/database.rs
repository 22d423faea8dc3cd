//! The database files of an installation, and the connections that read them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use decide::RegionCode;
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};

use crate::event::Partition;
use crate::fault::{Fault, OpenFault};
use crate::held;
use crate::limit::{
    FILES_READ_MAX, LOCK_WAIT_MILLIS, PARTITION_CACHE_KIB, READERS_MAX, STATEMENTS_MAX,
};
use crate::place::Place;
use crate::sql::{Query, Row, Value};
use crate::sqlite::folder;
use crate::sqlite::schema::{self, Schema, migrate};

/// Where a file lies below the data folder.
pub(super) fn path(place: &Place, dir: &Path) -> PathBuf {
    match place {
        Place::Kept => dir.join("kept.db"),
        Place::People(region) => dir.join(region.as_str()).join("people.db"),
        Place::Records(region) => dir.join(region.as_str()).join("records.db"),
        Place::Events(region, partition) => {
            events_folder(dir, *region).join(format!("{}.db", partition.as_str()))
        }
    }
}

const fn schema(place: &Place) -> Schema {
    match place {
        Place::Kept => Schema::Kept,
        Place::People(_) => Schema::People,
        Place::Records(_) => Schema::Records,
        Place::Events(..) => Schema::Events,
    }
}

/// The folder of a region's event partitions.
pub(super) fn events_folder(dir: &Path, region: RegionCode) -> PathBuf {
    dir.join(region.as_str()).join("events")
}

/// The partitions that lie in a region's folder, oldest first.
pub(super) fn partitions(dir: &Path, region: RegionCode) -> Result<Vec<Partition>, Fault> {
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
pub(super) fn open_writing(place: &Place, dir: &Path) -> Result<Connection, OpenFault> {
    let path = path(place, dir);
    if let Some(above) = path.parent() {
        folder::make(above)?;
    }
    folder::make_file(&path)?;
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
    migrate(schema(place), &path, &mut connection)?;
    Ok(connection)
}

/// Refuses a file that a newer program has added to: a move carries only what this one knows.
pub(super) fn nothing_unknown(
    place: &Place,
    dir: &Path,
    connection: &Connection,
) -> Result<(), OpenFault> {
    schema::nothing_unknown(schema(place), &path(place, dir), connection)
}

/// A connection that copies the write-ahead log back, or rebuilds.
pub(super) fn open_keeping(path: &Path) -> Result<Connection, rusqlite::Error> {
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
    // Else a statement that looks somebody up where there is a partial index is planned anew each time
    // that a value is bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.busy_timeout(Duration::from_millis(LOCK_WAIT_MILLIS))?;
    connection.execute_batch("PRAGMA temp_store = MEMORY")
}

pub(super) fn open_reading(path: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    tune(&connection)?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8192")?;
    Ok(connection)
}

/// Rows, each read.
pub(super) fn query<T>(file: &Connection, query: &Query<T>) -> Result<Vec<T>, Fault> {
    let mut statement = file.prepare_cached(query.text.sqlite)?;
    let mut rows = statement.query(params_from_iter(&query.values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((query.read)(&Row::Sqlite(row))?);
    }
    Ok(found)
}

impl ToSql for Value {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>, rusqlite::Error> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(it) => ValueRef::Integer(*it),
            Self::Id(it) => ValueRef::Blob(it),
            Self::Hash(it) => ValueRef::Blob(it),
            Self::Bytes(it) => ValueRef::Blob(it),
            Self::Text(it) => ValueRef::Text(it.as_bytes()),
        }))
    }
}

/// Idle reading connections, by file.
#[derive(Debug)]
pub(super) struct Readers {
    dir: PathBuf,
    idle: Mutex<BTreeMap<Place, Vec<Connection>>>,
}

impl Readers {
    pub(super) fn new(dir: PathBuf) -> Self {
        Self { dir, idle: Mutex::new(BTreeMap::new()) }
    }

    /// Reads on a connection of its own. A point read costs microseconds, less than handing it to
    /// another thread would.
    pub(super) fn read<T>(&self, place: &Place, query: &Query<T>) -> Result<Vec<T>, Fault> {
        let idle = held(&self.idle).get_mut(place).and_then(Vec::pop);
        let connection = match idle {
            Some(connection) => connection,
            None => self.open(place)?,
        };
        let result = self::query(&connection, query);
        let mut idle = held(&self.idle);
        let kept = idle.entry(place.clone()).or_default();
        if kept.len() < READERS_MAX {
            kept.push(connection);
        }
        if idle.len() > FILES_READ_MAX {
            // Whoever reads over many days begins with the newest: the oldest is wanted least.
            let oldest = idle.keys().find(|it| matches!(it, Place::Events(..))).cloned();
            oldest.and_then(|it| idle.remove(&it));
        }
        result
    }

    fn open(&self, place: &Place) -> Result<Connection, rusqlite::Error> {
        let connection = open_reading(&path(place, &self.dir))?;
        if matches!(place, Place::Events(..)) {
            connection.pragma_update(
                None,
                "cache_size",
                i64::from(PARTITION_CACHE_KIB).saturating_neg(),
            )?;
        }
        Ok(connection)
    }

    /// The same for a file that need not be there.
    pub(super) fn read_if_there<T>(
        &self,
        place: &Place,
        query: &Query<T>,
    ) -> Result<Vec<T>, Fault> {
        if path(place, &self.dir).exists() { self.read(place, query) } else { Ok(Vec::new()) }
    }

    /// Lets go of a file that is to be removed.
    pub(super) fn forget(&self, place: &Place) {
        held(&self.idle).remove(place);
    }
}
