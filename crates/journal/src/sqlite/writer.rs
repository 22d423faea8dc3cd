//! The one thread that commits. What waits when it comes round is one batch: for each database
//! file one transaction, one sync, and then the answers.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;

use decide::RegionCode;
use rusqlite::{Connection, params_from_iter};
use tokio::sync::oneshot;

use super::cache::{Changes, Memory};
use super::database::{self, open_writing};
use crate::fault::{Fault, OpenFault};
use crate::limit::{BATCH_MAX, PARTITIONS_OPEN_MAX, QUEUE_MAX};
use crate::place::Place;
use crate::sql::{Query, Statement};

mod checkpoint;
mod versions;

use checkpoint::Checkpointer;
use versions::Versions;

/// What a piece of work has before it: its own file, and the versions of people.
pub(super) struct Desk<'a> {
    /// The file, within the batch's transaction.
    pub(super) file: &'a Connection,
    people: &'a Connection,
    versions: &'a RefCell<Versions>,
}

impl Desk<'_> {
    /// Carries one statement out.
    pub(super) fn run(&self, statement: &Statement) -> Result<u64, Fault> {
        let mut prepared = self.file.prepare_cached(statement.text.sqlite)?;
        let rows = prepared.execute(params_from_iter(&statement.values))?;
        match statement.unmet.filter(|_| rows == 0) {
            Some(unmet) => Err(unmet.into()),
            None => Ok(u64::try_from(rows).unwrap_or(u64::MAX)),
        }
    }

    /// Carries several out.
    pub(super) fn run_all(&self, statements: &[Statement]) -> Result<u64, Fault> {
        statements.iter().try_fold(0_u64, |sum, it| Ok(sum.saturating_add(self.run(it)?)))
    }

    /// Rows, each read.
    pub(super) fn query<T>(&self, query: &Query<T>) -> Result<Vec<T>, Fault> {
        database::query(self.file, query)
    }

    /// The person's version as of now; `None` for nobody.
    pub(super) fn version(&self, person: decide::PersonId) -> Result<Option<u64>, Fault> {
        self.versions.borrow_mut().of(person, self.people)
    }

    /// The person's version from here on. The last thing that a piece of work does.
    pub(super) fn raised(&self, person: decide::PersonId, version: u64) {
        self.versions.borrow_mut().raised(person, version);
    }
}

/// Answers whoever waits, told why the commit failed if it did.
type Reply = Box<dyn FnOnce(Option<&str>) + Send>;
/// Answers whether it did its work, and the reply that is due after the commit. Without a desk there
/// is no transaction to work in.
type Work = Box<dyn FnOnce(Option<&Desk<'_>>) -> (bool, Reply) + Send>;

/// A piece of work as the writer plans it.
pub(super) struct Task {
    /// The file that it is done on.
    pub(super) place: Place,
    /// About how much it writes.
    pub(super) bytes: u64,
    /// What it changes of what may be in memory.
    pub(super) changes: Changes,
    /// Whether it writes by its last statement alone, so that there is nothing to take back where it
    /// fails.
    pub(super) at_once: bool,
}

enum Order {
    Work { task: Task, work: Work },
    Remove { place: Place, reply: Reply },
}

/// The handle to the writer.
pub(super) struct Writer {
    orders: Option<SyncSender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Opens and migrates the files that are always there, and starts the thread.
    pub(super) fn start(
        dir: PathBuf,
        regions: &[RegionCode],
        memory: Arc<Memory>,
    ) -> Result<Self, OpenFault> {
        let mut files = BTreeMap::new();
        files.insert(Place::Kept, open_writing(&Place::Kept, &dir)?);
        for region in regions {
            for place in [Place::People(*region), Place::Records(*region)] {
                let file = open_writing(&place, &dir)?;
                files.insert(place, file);
            }
        }
        let checkpointer = Checkpointer::start(dir.clone())
            .map_err(|error| OpenFault::Io { path: dir.clone(), error })?;
        let (orders, incoming) = sync_channel(QUEUE_MAX);
        let versions = RefCell::default();
        let bench = Bench { dir: dir.clone(), files, versions, memory, checkpointer };
        let thread = std::thread::Builder::new()
            .name("kept-writer".to_owned())
            .spawn(move || bench.run(&incoming))
            .map_err(|error| OpenFault::Io { path: dir, error })?;
        Ok(Self { orders: Some(orders), thread: Some(thread) })
    }

    /// Does `work` on a file, in one transaction with whatever else waits, and answers when it is
    /// durable. Work that fails leaves nothing.
    pub(super) async fn submit<R: Send + 'static>(
        &self,
        task: Task,
        work: impl FnOnce(&Desk<'_>) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let (sender, receiver) = oneshot::channel();
        let work: Work = Box::new(move |desk| {
            let result = desk.map_or_else(|| Err(Fault::broken("not begun")), work);
            let done = result.is_ok();
            let reply: Reply = Box::new(move |broken| {
                let result = match broken {
                    // The disk, mostly: come again, when there is room.
                    Some(why) => Err(Fault::Unreachable(why.to_owned())),
                    None => result,
                };
                // Nobody waiting is no fault: what is done is done.
                drop(sender.send(result));
            });
            (done, reply)
        });
        self.order(Order::Work { task, work })?;
        receiver.await.map_err(|_| Fault::broken("the writer stopped"))?
    }

    /// Closes a file and removes it, after everything that was submitted before.
    pub(super) async fn remove(&self, place: Place) -> Result<(), Fault> {
        let (sender, receiver) = oneshot::channel();
        let reply: Reply = Box::new(move |broken| {
            drop(sender.send(broken.map_or(Ok(()), |why| Err(Fault::broken(why)))));
        });
        self.order(Order::Remove { place, reply })?;
        receiver.await.map_err(|_| Fault::broken("the writer stopped"))?
    }

    fn order(&self, order: Order) -> Result<(), Fault> {
        let orders = self.orders.as_ref().ok_or_else(|| Fault::broken("the writer stopped"))?;
        orders.try_send(order).map_err(|error| match error {
            TrySendError::Full(_) => Fault::Busy,
            TrySendError::Disconnected(_) => Fault::broken("the writer stopped"),
        })
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// What the thread owns.
struct Bench {
    dir: PathBuf,
    files: BTreeMap<Place, Connection>,
    versions: RefCell<Versions>,
    memory: Arc<Memory>,
    checkpointer: Checkpointer,
}

impl Bench {
    fn run(mut self, incoming: &Receiver<Order>) {
        while let Ok(first) = incoming.recv() {
            let mut batch: BTreeMap<Place, Vec<(Task, Work)>> = BTreeMap::new();
            let mut removals = Vec::new();
            for order in std::iter::once(first).chain(incoming.try_iter().take(BATCH_MAX)) {
                match order {
                    Order::Work { task, work } => {
                        batch.entry(task.place.clone()).or_default().push((task, work));
                    }
                    Order::Remove { place, reply } => removals.push((place, reply)),
                }
            }
            for (place, works) in batch {
                let replies = self.commit(&place, works);
                for (reply, broken) in replies {
                    reply(broken.as_deref());
                }
            }
            for (place, reply) in removals {
                let broken = self.remove(&place).err();
                reply(broken.map(|it| it.to_string()).as_deref());
            }
        }
    }

    /// One transaction; a reply for each piece of work, with the reason if the whole failed.
    fn commit(&mut self, place: &Place, works: Vec<(Task, Work)>) -> Vec<(Reply, Option<String>)> {
        let bytes = works.iter().fold(0_u64, |sum, (it, _)| sum.saturating_add(it.bytes));
        let changes: Vec<Changes> = works.iter().map(|(it, _)| it.changes.clone()).collect();
        let mut replies = Vec::with_capacity(works.len());
        let result = self.open(place).and_then(|()| self.transact(place, works, &mut replies));
        let broken = result.err().map(|it| it.to_string());
        self.versions.borrow_mut().settle(broken.is_none());
        // Before anybody is answered: whoever asks then is told what stands now.
        for it in changes {
            self.memory.forget(it);
        }
        if broken.is_some() {
            if let Some(file) = self.files.get(place).filter(|it| !it.is_autocommit()) {
                // It failed already: what is told is why, not that undoing failed too.
                drop(file.execute_batch("ROLLBACK"));
            }
        } else {
            self.checkpointer.written(place, bytes);
        }
        replies.into_iter().map(|reply| (reply, broken.clone())).collect()
    }

    fn transact(
        &self,
        place: &Place,
        works: Vec<(Task, Work)>,
        replies: &mut Vec<Reply>,
    ) -> Result<(), Fault> {
        let missing = || Fault::broken("a database file is not open");
        let file = self.files.get(place).ok_or_else(missing)?;
        let people = match place {
            Place::Kept => file,
            Place::People(region) | Place::Records(region) | Place::Events(region, _) => {
                self.files.get(&Place::People(*region)).ok_or_else(missing)?
            }
        };
        let desk = Desk { file, people, versions: &self.versions };
        let step = |text: &str| -> Result<(), Fault> {
            file.prepare_cached(text)?.execute([])?;
            Ok(())
        };
        let mut failure = step("BEGIN IMMEDIATE").err();
        for (task, work) in works {
            if !task.at_once {
                failure = failure.or_else(|| step("SAVEPOINT one").err());
            }
            let (done, reply) = work(failure.is_none().then_some(&desk));
            replies.push(reply);
            // Where the disk fails, the engine takes back everything by itself, and what came after
            // would be written outside of any transaction.
            if failure.is_none() && file.is_autocommit() {
                failure = Some(Fault::broken("the database took its transaction back"));
            }
            if task.at_once {
                continue;
            }
            failure = failure.or_else(|| {
                let undone = if done { Ok(()) } else { step("ROLLBACK TO one") };
                undone.and_then(|()| step("RELEASE one")).err()
            });
        }
        match failure {
            None => step("COMMIT"),
            Some(failure) => Err(failure),
        }
    }

    /// Opens a partition of events when it is first written to.
    fn open(&mut self, place: &Place) -> Result<(), Fault> {
        if self.files.contains_key(place) {
            return Ok(());
        }
        let events = |it: &&Place| matches!(it, Place::Events(..));
        if self.files.keys().filter(events).count() >= PARTITIONS_OPEN_MAX {
            // The oldest day is the least likely to be written to again.
            let oldest = self.files.keys().find(events).cloned();
            oldest.and_then(|it| self.files.remove(&it));
        }
        let file = open_writing(place, &self.dir).map_err(Fault::broken)?;
        self.files.insert(place.clone(), file);
        Ok(())
    }

    fn remove(&mut self, place: &Place) -> Result<(), Fault> {
        drop(self.files.remove(place));
        self.checkpointer.forget(place);
        let path = database::path(place, &self.dir);
        for end in ["-wal", "-shm", ""] {
            let mut name = path.clone().into_os_string();
            name.push(end);
            match std::fs::remove_file(&name) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Fault::broken(error));
                }
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }
}
