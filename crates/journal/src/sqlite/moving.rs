//! A data folder as one side of a move.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use decide::RegionCode;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};

use super::{database, folder};
use crate::event::Partition;
use crate::fault::{Fault, OpenFault};
use crate::limit::MOVE_ROWS;
use crate::log::{self, CHECKPOINT, Checkpoint, Folder, Store as _, Tiles as _};
use crate::moving::side::{Cells, Side};
use crate::moving::table::Table;
use crate::place::Place;
use crate::record;
use crate::sql::{Dialect, Value};

/// The file that stands in a folder while an installation is being moved into it.
const MARK: &str = "moving";

/// Whether a folder is the unfinished target of a move.
pub(super) fn unfinished(dir: &Path) -> bool {
    dir.join(MARK).exists()
}

/// The regions that a folder holds.
pub(crate) fn regions(dir: &Path) -> Result<Vec<RegionCode>, OpenFault> {
    let failed = |error| OpenFault::Io { path: dir.to_path_buf(), error };
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        let region = entry.file_name().to_str().and_then(RegionCode::new);
        found.extend(region.filter(|_| entry.path().join("people.db").exists()));
    }
    found.sort_unstable();
    Ok(found)
}

/// A data folder.
#[derive(Debug)]
pub(crate) struct Files {
    dir: PathBuf,
    log: Folder,
    open: BTreeMap<Place, Connection>,
    /// The lock of a folder that is written.
    lock: Option<File>,
}

impl Files {
    /// To read from; whoever asks has its lock.
    pub(crate) fn source(dir: &Path) -> Self {
        let log = Folder::open(dir.join("log"));
        Self { dir: dir.to_path_buf(), log, open: BTreeMap::new(), lock: None }
    }

    /// To write to; made where there is none.
    pub(crate) fn target(dir: &Path) -> Result<Self, OpenFault> {
        folder::make(dir)?;
        let lock = folder::lock(dir)?;
        let path = dir.join("log");
        let log = Folder::create(&path).map_err(|error| OpenFault::Io { path, error })?;
        Ok(Self { dir: dir.to_path_buf(), log, open: BTreeMap::new(), lock: Some(lock) })
    }

    /// To read from, with files that are held as they stand.
    pub(super) fn reading(dir: &Path, open: BTreeMap<Place, Connection>) -> Self {
        Self { open, ..Self::source(dir) }
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) fn has(&self, place: &Place) -> bool {
        self.open.contains_key(place)
    }

    pub(super) fn hold(&mut self, place: &Place, file: Connection) {
        self.open.insert(place.clone(), file);
    }

    pub(super) fn close(&mut self, place: &Place) {
        self.open.remove(place);
    }

    fn file(&mut self, place: &Place) -> Result<&mut Connection, Fault> {
        if !self.open.contains_key(place) {
            // There are many partitions, and one is moved after the other.
            self.open.retain(|it, _| !matches!(it, Place::Events(..)));
        }
        let writes = self.lock.is_some();
        match self.open.entry(place.clone()) {
            Entry::Occupied(it) => Ok(it.into_mut()),
            Entry::Vacant(it) => {
                let file = if writes {
                    let file = database::open_writing(place, &self.dir).map_err(Fault::broken)?;
                    file.execute_batch("PRAGMA wal_autocheckpoint = 1000")?;
                    file
                } else {
                    database::open_reading(&database::path(place, &self.dir))?
                };
                database::nothing_unknown(place, &self.dir, &file).map_err(Fault::broken)?;
                Ok(it.insert(file))
            }
        }
    }

    fn read(
        &mut self,
        (place, text, width): (&Place, &str, usize),
        bound: &[Value],
    ) -> Result<Vec<Cells>, Fault> {
        let mut statement = self.file(place)?.prepare_cached(text)?;
        let mut rows = statement.query(params_from_iter(bound))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let cells = (0..width).map(|at| cell(row.get_ref(at)?));
            found.push(cells.collect::<Result<Cells, Fault>>()?);
        }
        Ok(found)
    }

    /// Makes a folder's entries durable.
    fn sync(&self) -> Result<(), Fault> {
        File::open(&self.dir).and_then(|it| it.sync_all()).map_err(Fault::broken)
    }
}

fn cell(value: ValueRef<'_>) -> Result<Value, Fault> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(it) => Ok(Value::Int(it)),
        ValueRef::Text(it) => {
            let text = str::from_utf8(it).map_err(|_| Fault::broken("a text is no text"))?;
            Ok(Value::Text(text.to_owned()))
        }
        ValueRef::Blob(it) => Ok(Value::Bytes(it.to_vec())),
        ValueRef::Real(_) => Err(Fault::broken("a column holds what this program never wrote")),
    }
}

/// Rows have numbers here, and those that are moved here get them from their places in the log; one
/// that waits for its place gets one behind all of them.
fn numbered(mut row: Cells) -> Result<Cells, Fault> {
    match row.pop() {
        Some(Value::Int(index)) => row.push(Value::Int(index.saturating_add(1))),
        Some(Value::Null) => row.push(Value::Null),
        _ => return Err(Fault::broken("a record has no place in the log")),
    }
    Ok(row)
}

impl Side for Files {
    async fn partitions(&mut self, region: RegionCode) -> Result<Vec<Partition>, Fault> {
        database::partitions(&self.dir, region)
    }

    async fn rows(
        &mut self,
        place: &Place,
        table: &Table,
        after: Option<&[Value]>,
    ) -> Result<Vec<Cells>, Fault> {
        let text = table.select(Dialect::Sqlite, place, after.is_some(), MOVE_ROWS);
        self.read((place, &text, table.width()), after.unwrap_or_default())
    }

    async fn last(&mut self, place: &Place, table: &Table) -> Result<Option<Cells>, Fault> {
        let text = table.greatest(Dialect::Sqlite, place);
        Ok(self.read((place, &text, table.key.len()), &[])?.pop())
    }

    async fn make(&mut self, place: &Place) -> Result<(), Fault> {
        self.file(place).map(drop)
    }

    async fn put(&mut self, place: &Place, table: &Table, rows: Vec<Cells>) -> Result<(), Fault> {
        let text = table.insert(Dialect::Sqlite, place, 1);
        let together = self.file(place)?.transaction()?;
        {
            let mut statement = together.prepare_cached(&text)?;
            for row in rows {
                let row = if table.placed { numbered(row)? } else { row };
                statement.execute(params_from_iter(&row))?;
            }
        }
        Ok(together.commit()?)
    }

    async fn tiles(&mut self) -> Result<Vec<String>, Fault> {
        let mut paths = log::files(self.log.root(), "tile").map_err(Fault::broken)?;
        paths.sort_unstable();
        Ok(paths)
    }

    async fn tile(&mut self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.log.tile(path).map_err(Fault::broken)
    }

    async fn put_tile(&mut self, path: &str, bytes: Vec<u8>) -> Result<bool, Fault> {
        let before = self.log.tile(path).map_err(Fault::broken)?;
        // Once more in any case: what a run that was killed wrote may not be on the disk.
        self.log.put(path, &bytes).map_err(Fault::broken)?;
        Ok(before.as_deref() != Some(bytes.as_slice()))
    }

    async fn mark(&mut self) -> Result<Option<String>, Fault> {
        match fs::read_to_string(self.dir.join(MARK)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::broken(error)),
        }
    }

    async fn set_mark(&mut self, log: &str) -> Result<(), Fault> {
        let fresh = self.dir.join("moving.new");
        let written = OpenOptions::new()
            .create(true)
            .truncate(true)
            .write(true)
            .mode(0o600)
            .open(&fresh)
            .and_then(|mut file| file.write_all(log.as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&fresh, self.dir.join(MARK)));
        written.map_err(Fault::broken)?;
        self.sync()
    }

    async fn clear_mark(&mut self) -> Result<(), Fault> {
        // Whatever was written is in its file, and nothing in a log beside it.
        self.open.clear();
        fs::remove_file(self.dir.join(MARK)).map_err(Fault::broken)?;
        self.sync()
    }

    async fn finish(
        &mut self,
        places: &[Place],
        checkpoint: &Checkpoint,
        note: &[u8],
    ) -> Result<(), Fault> {
        for place in places.iter().filter(|it| **it != Place::Kept) {
            let together = self.file(place)?.transaction()?;
            for statement in record::adopt(checkpoint.size) {
                together.execute(statement.text.sqlite, params_from_iter(&statement.values))?;
            }
            together.commit()?;
        }
        let fresh = "checkpoint.new";
        self.log.sync().map_err(Fault::broken)?;
        self.log.put(fresh, note).map_err(Fault::broken)?;
        self.log.rename(fresh, CHECKPOINT).map_err(Fault::broken)?;
        self.log.sync().map_err(Fault::broken)
    }

    async fn verify(&mut self, checkpoint: &Checkpoint) -> Result<(), Fault> {
        log::verify_tree(&self.log, checkpoint).map_err(Fault::broken)
    }
}
