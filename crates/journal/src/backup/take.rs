//! Making a backup, beside whoever serves.

use std::io::Write;

use decide::{RegionCode, Timestamp};
use serde::{Deserialize, Serialize};

use super::cells::Items;
use super::source::Source;
use super::{BackupFault, KEYS, LEFT_OUT, OWN_KEY, VERSION, WITH_KEYS};
use crate::fault::Fault;
use crate::journal::Database;
use crate::log::{CHECKPOINT, Checkpoint, Level, TilePath, Tree, Vkey, decode_bundle};
use crate::moving::side::Cells;
use crate::moving::table::{self, Table};
use crate::place::Place;
use crate::postgres::Pinned;
use crate::sql::Value;
use crate::sqlite::{Cut, regions};

/// The first item of both streams.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) v: u32,
    /// The same in both.
    pub(super) id: String,
    pub(super) made: i64,
    /// The size of the log before anything was read: whatever changed and is not in here stands in the
    /// log from there on.
    pub(super) since: u64,
    /// The signed checkpoint of the log that goes with it.
    pub(super) log: String,
    pub(super) regions: Vec<String>,
}

/// A backup: of what.
#[derive(Debug, Clone)]
pub struct Backup {
    /// Where the rows are.
    pub from: Database,
}

/// What was backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackedUp {
    /// The size of the log from which on changes are not in it.
    pub since: u64,
    /// The log that goes with it.
    pub log: Checkpoint,
    /// Rows.
    pub rows: u64,
    /// People, the erased ones included.
    pub people: u64,
}

/// Where a backup goes: rows, wrapped keys, and the entries of the public log.
struct Parts<'a, D, K, L> {
    rows: &'a mut D,
    keys: &'a mut K,
    log: &'a mut L,
}

impl Backup {
    /// Writes rows, wrapped keys and the entries of the log, as all of them stood at one moment.
    /// `id` goes into both streams, so that keys are not taken for those of another backup.
    ///
    /// # Errors
    /// When there is nothing, it cannot be read, or the log is not the one of its checkpoint.
    pub async fn run<D: Write, K: Write, L: Write>(
        &self,
        (id, vkey): (&str, &Vkey),
        (rows, keys, log): (&mut D, &mut K, &mut L),
        now: Timestamp,
    ) -> Result<BackedUp, BackupFault> {
        let parts = Parts { rows, keys, log };
        match &self.from {
            Database::Folder(dir) => {
                let regions = regions(dir)?;
                let cut = Cut::take(dir, &regions)?;
                let cut = cut.ok_or(BackupFault::Unfinished)?;
                Taking::new(regions, cut).run((id, vkey), parts, now).await
            }
            Database::Shared(databases) => {
                let (regions, cut) = Pinned::take(databases).await?;
                let cut = cut.ok_or(BackupFault::Unfinished)?;
                Taking::new(regions, cut).run((id, vkey), parts, now).await
            }
        }
    }
}

struct Taking<S> {
    regions: Vec<RegionCode>,
    since: u64,
    source: S,
    rows: u64,
    people: u64,
}

impl<S: Source> Taking<S> {
    fn new(regions: Vec<RegionCode>, (since, source): (u64, S)) -> Self {
        Self { regions, since, source, rows: 0, people: 0 }
    }

    async fn run<D: Write, K: Write, L: Write>(
        mut self,
        (id, vkey): (&str, &Vkey),
        parts: Parts<'_, D, K, L>,
        now: Timestamp,
    ) -> Result<BackedUp, BackupFault> {
        if self.regions.is_empty() {
            return Err(BackupFault::Nothing);
        }
        let note = self.source.tile(CHECKPOINT).await?.ok_or(BackupFault::Nothing)?;
        let log = Checkpoint::open(CHECKPOINT, &note, vkey)?;
        let header = Header {
            v: VERSION,
            id: id.to_owned(),
            made: now.millis(),
            since: self.since,
            log: String::from_utf8(note).map_err(BackupFault::format)?,
            regions: self.regions.iter().map(ToString::to_string).collect(),
        };
        let header = serde_json::to_string(&header).map_err(BackupFault::format)?;
        let (mut data, mut keys) = (Items(parts.rows), Items(parts.keys));
        data.header(&header)?;
        keys.header(&header)?;
        for region in self.regions.clone() {
            self.place(&Place::People(region), (&mut data, &mut keys)).await?;
            self.place(&Place::Records(region), (&mut data, &mut keys)).await?;
            for partition in self.source.partitions(region).await? {
                self.place(&Place::Events(region, partition), (&mut data, &mut keys)).await?;
            }
        }
        self.place(&Place::Kept, (&mut data, &mut keys)).await?;
        data.end()?;
        keys.end()?;
        self.log(&log, parts.log).await?;
        Ok(BackedUp { since: self.since, log, rows: self.rows, people: self.people })
    }
}

impl<S: Source> Taking<S> {
    async fn place<D: Write, K: Write>(
        &mut self,
        place: &Place,
        (data, keys): (&mut Items<D>, &mut Items<K>),
    ) -> Result<(), BackupFault> {
        for table in table::of(place) {
            if LEFT_OUT.contains(&table.name) {
                continue;
            }
            if table.name == KEYS {
                self.table((place, table), keys, Some).await?;
            } else {
                self.table((place, table), data, |row| without_key(table, row)).await?;
            }
            if table.name == WITH_KEYS {
                self.own_keys((place, table), keys).await?;
            }
        }
        self.source.done(place);
        Ok(())
    }

    async fn table<W: Write>(
        &mut self,
        (place, table): (&Place, &Table),
        to: &mut Items<W>,
        keep: impl Fn(Cells) -> Option<Cells>,
    ) -> Result<(), BackupFault> {
        to.table(place, table.name, &table.listed())?;
        let mut after: Option<Vec<Value>> = None;
        loop {
            let rows = self.source.rows(place, table, after.as_deref()).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = Some(table.key_of(last));
            let rows: Vec<Cells> = rows.into_iter().filter_map(&keep).collect();
            let n = u64::try_from(rows.len()).unwrap_or(u64::MAX);
            self.rows = self.rows.saturating_add(n);
            if table.name == "people" {
                self.people = self.people.saturating_add(n);
            }
            to.rows(&rows)?;
        }
    }

    /// The keys of what outlives its person, under the key of the row.
    async fn own_keys<W: Write>(
        &mut self,
        (place, table): (&Place, &Table),
        to: &mut Items<W>,
    ) -> Result<(), BackupFault> {
        let width = table.key.len();
        let rows = self.rows;
        let own = |mut row: Cells| {
            let key = table.at(OWN_KEY).and_then(|at| row.get(at).cloned())?;
            row.truncate(width);
            (key != Value::Null).then(|| {
                row.push(key);
                row
            })
        };
        self.table((place, table), to, own).await?;
        self.rows = rows;
        Ok(())
    }

    /// The entries of the log, recomputed to the root that was signed.
    async fn log(&mut self, log: &Checkpoint, to: &mut impl Write) -> Result<(), BackupFault> {
        let mut tree = Tree::new();
        let mut number = 0_u64;
        while let Some(path) = TilePath::in_tree(Level::Entries, number, log.size) {
            let entries = decode_bundle(path, &self.bundle(path).await?)?;
            drop(tree.append(&entries));
            for entry in entries {
                to.write_all(&entry.0)?;
            }
            number = number.saturating_add(1);
        }
        if tree.root() == log.root {
            return Ok(());
        }
        Err(Fault::broken("the entries of the log are not those of its checkpoint").into())
    }

    /// A bundle; a partial one may since have become full, and then stands at its beginning.
    async fn bundle(&mut self, path: TilePath) -> Result<Vec<u8>, BackupFault> {
        if let Some(bytes) = self.source.tile(&path.to_string()).await? {
            return Ok(bytes);
        }
        let full = self.source.tile(&path.full().to_string()).await?;
        let mut bytes = full.ok_or_else(|| Fault::broken("a bundle of the log is missing"))?;
        // Each entry stands behind its length, in two bytes.
        bytes.truncate(usize::from(path.width).saturating_mul(crate::log::HASH_BYTES + 2));
        Ok(bytes)
    }
}

/// A row without the key that it holds; none for a last answer, which has to be gone when its key is.
fn without_key(table: &Table, mut row: Cells) -> Option<Cells> {
    let Some(at) = table.at(OWN_KEY) else { return Some(row) };
    let key = row.get_mut(at)?;
    if table.name != WITH_KEYS {
        return (*key == Value::Null).then_some(row);
    }
    *key = Value::Null;
    Some(row)
}
