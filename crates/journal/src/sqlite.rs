//! The embedded engine: a folder of database files, one thread that writes, readers beside it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use decide::id::RecordId;
use decide::{PersonId, RegionCode, Set};

use crate::backup::Ship;
use crate::event::Partition;
use crate::fault::{Fault, OpenFault};
use crate::idempotency;
use crate::installation::{self, KeyRow};
use crate::log::{self, Folder, Signer};
use crate::outcome::Outcome;
use crate::people::{self, Snapshot};
use crate::place::Place;
use crate::record::{self, Entry};
use crate::sql::{Dialect, Query, Statement, Touches};

mod backup;
mod cache;
mod database;
mod folder;
mod moving;
pub(crate) mod probe;
mod schema;
mod sequence;
mod sweep;
mod writer;

pub(crate) use backup::Cut;
pub(crate) use moving::{Files, regions};

use cache::{Changes, Memory};
use database::Readers;
use sequence::Queue;
use writer::{Desk, Task, Writer};

/// What a statement without a size of its own writes: a page.
const PAGE_BYTES: u64 = 4_096;

/// The engine. The order matters when it is dropped: the writer ends first, the lock goes last.
pub(crate) struct Sqlite {
    writer: Writer,
    readers: Readers,
    memory: Arc<Memory>,
    queue: Arc<Mutex<Queue>>,
    /// Where changes are written down before the log speaks of them.
    pub(crate) ship: OnceLock<Arc<dyn Ship>>,
    dir: PathBuf,
    log_dir: PathBuf,
    regions: Vec<RegionCode>,
    _lock: File,
}

impl std::fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Sqlite({})", self.dir.display())
    }
}

impl Sqlite {
    /// Opens a data folder, making it if it is not there: takes its lock, brings every database up
    /// to date, completes what a crash interrupted.
    pub(crate) fn open(
        dir: &Path,
        regions: &[RegionCode],
        outside: &[PathBuf],
        signer: Signer,
    ) -> Result<Self, OpenFault> {
        folder::make(dir)?;
        let lock = folder::lock(dir)?;
        if moving::unfinished(dir) {
            return Err(OpenFault::Unfinished);
        }
        folder::check_known(dir, regions)?;
        let log_dir = dir.join("log");
        let queue = Queue::open(&log_dir, outside, signer)?;
        let memory = Arc::new(Memory::default());
        let writer = Writer::start(dir.to_path_buf(), regions, Arc::clone(&memory))?;
        Ok(Self {
            writer,
            memory,
            readers: Readers::new(dir.to_path_buf()),
            queue: Arc::new(Mutex::new(queue)),
            ship: OnceLock::new(),
            dir: dir.to_path_buf(),
            log_dir,
            regions: regions.to_vec(),
            _lock: lock,
        })
    }

    /// Rows; none from a partition that is not there.
    pub(crate) fn read<T>(&self, place: &Place, query: &Query<T>) -> Result<Vec<T>, Fault> {
        match place {
            Place::Events(..) => self.readers.read_if_there(place, query),
            Place::Kept | Place::People(_) | Place::Records(_) => self.readers.read(place, query),
        }
    }

    /// A person, from memory where nothing changed since they were read.
    pub(crate) fn snapshot(&self, person: PersonId) -> Result<Arc<Snapshot>, Fault> {
        let read = || {
            let all = Set::from_bits(u64::MAX);
            let place = Place::People(person.region());
            self.readers.read(&place, &people::read(person, all)).map(Snapshot::of)
        };
        self.memory.people.get(&person, read)?.ok_or(Fault::NotFound)
    }

    /// The key with this hash, likewise.
    pub(crate) fn key(&self, hash: &[u8; 32]) -> Result<Option<Arc<KeyRow>>, Fault> {
        let read = || {
            let found = self.readers.read(&Place::Kept, &installation::key_of(hash))?;
            Ok(found.into_iter().next())
        };
        self.memory.keys.get(hash, read)
    }

    /// Writes that answer rows.
    pub(crate) async fn take<T: Send + 'static>(
        &self,
        place: &Place,
        query: Query<T>,
    ) -> Result<Vec<T>, Fault> {
        // A claim: nobody has jobs, mail or rounds in memory.
        let changes = Changes::Nothing;
        let task = Task { place: place.clone(), bytes: PAGE_BYTES, changes, at_once: false };
        self.writer.submit(task, move |desk| desk.query(&query)).await
    }

    /// Writes, all or none; answers how many rows.
    pub(crate) async fn write(
        &self,
        place: &Place,
        statements: Vec<Statement>,
    ) -> Result<u64, Fault> {
        let changes = changes(place, &statements)?;
        let task = Task { place: place.clone(), bytes: PAGE_BYTES, changes, at_once: false };
        self.writer.submit(task, move |desk| desk.run_all(&statements)).await
    }

    /// Writes an outcome: conditions first, then rows and record.
    pub(crate) async fn record(&self, outcome: Outcome) -> Result<(), Fault> {
        let (place, bytes) = (outcome.place()?, outcome.bytes());
        let changes = match place {
            Place::Kept | Place::People(_) => Changes::Person(outcome.person),
            Place::Records(_) | Place::Events(..) => Changes::Nothing,
        };
        // A use is its record, and nothing else.
        let at_once = matches!(place, Place::Records(_));
        let task = Task { place, bytes, changes, at_once };
        self.writer.submit(task, move |desk| carry_out(desk, outcome)).await
    }

    /// Partitions of a region, oldest first.
    pub(crate) fn partitions(&self, region: RegionCode) -> Result<Vec<Partition>, Fault> {
        database::partitions(&self.dir, region)
    }

    /// Drops a partition whose entries are in the log.
    pub(crate) async fn drop_partition(
        &self,
        region: RegionCode,
        partition: &Partition,
    ) -> Result<(), Fault> {
        let place = Place::Events(region, partition.clone());
        self.readers.forget(&place);
        self.writer.remove(place).await
    }

    /// The entry of a record; `None` for a record that is not there.
    pub(crate) fn entry(&self, id: RecordId) -> Result<Option<Entry>, Fault> {
        let region = id.region();
        let mut places = vec![Place::Records(region), Place::People(region)];
        places.extend(self.partitions(region)?.into_iter().map(|it| Place::Events(region, it)));
        for place in places {
            if let Some(entry) = self.read(&place, &record::entry_of(id))?.pop() {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// A file of the public log.
    pub(crate) async fn log_file(&self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        match tokio::fs::read(self.log_dir.join(path)).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::broken(error)),
        }
    }

    /// The addresses of all tiles and bundles.
    pub(crate) fn log_files(&self) -> Result<Vec<String>, Fault> {
        log::files(&self.log_dir, "tile").map_err(Fault::broken)
    }

    /// The public log, as it lies on disk.
    pub(crate) fn tiles(&self) -> Folder {
        Folder::open(&self.log_dir)
    }

    /// Every file that queues entries.
    fn places(&self) -> Result<Vec<Place>, Fault> {
        let mut places = Vec::new();
        for region in &self.regions {
            places.extend([Place::People(*region), Place::Records(*region)]);
            let partitions = self.partitions(*region)?;
            places.extend(partitions.into_iter().map(|it| Place::Events(*region, it)));
        }
        Ok(places)
    }
}

/// What else than an outcome changes of what is in memory: hardly anything does, and it says so.
fn changes(place: &Place, statements: &[Statement]) -> Result<Changes, Fault> {
    if cfg!(debug_assertions) && statements.iter().any(|it| hides(place, it)) {
        return Err(Fault::broken("a statement does not say what it changes of what is in memory"));
    }
    let touched = |it: &Statement| match it.touches {
        Touches::Person(person) => Some(person),
        Touches::Nothing | Touches::Keys => None,
    };
    if statements.iter().any(|it| it.touches == Touches::Keys) {
        return Ok(Changes::Keys);
    }
    let people: Vec<PersonId> = statements.iter().filter_map(touched).collect();
    Ok(if people.is_empty() { Changes::Nothing } else { Changes::Several(people) })
}

/// Whether a statement writes to what is in memory and does not say so: looked at in tests.
fn hides(place: &Place, statement: &Statement) -> bool {
    let cached: &[&str] = match place {
        Place::Kept => &["app_keys"],
        Place::People(_) => &["people", "person_keys", "person_values"],
        Place::Records(_) | Place::Events(..) => &[],
    };
    let written = statement.text.sqlite.split_whitespace().take(3);
    statement.touches == Touches::Nothing
        && written.into_iter().any(|it| cached.contains(&it.trim_matches('(')))
}

/// What fails here leaves nothing.
fn carry_out(desk: &Desk<'_>, outcome: Outcome) -> Result<(), Fault> {
    // The same question under the same key is answered, not done, whatever changed since.
    if let Some(once) = outcome.once() {
        let found = desk.query(&idempotency::find(&once, outcome.at()))?.pop();
        if let Some((status, body)) = found.map(|it| it.of(&once)).transpose()? {
            return Err(Fault::Idempotent { status, body });
        }
    }
    // What raises the version is carried out on condition that it stands: no other look is needed.
    if !outcome.raises() && desk.version(outcome.person)? != outcome.version {
        return Err(Fault::Conflict);
    }
    let raised = outcome.raises().then(|| outcome.version.unwrap_or(0).saturating_add(1));
    let (person, place) = (outcome.person, outcome.place()?);
    desk.run_all(&outcome.statements(Dialect::Sqlite, &place))?;
    if let Some(version) = raised {
        desk.raised(person, version);
    }
    Ok(())
}
