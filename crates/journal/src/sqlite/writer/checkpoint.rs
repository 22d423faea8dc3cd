//! Copies the write-ahead logs back into their files, on a thread of its own: a commit never waits
//! for it, and a log never grows without bound.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;

use crate::limit::{CHECKPOINT_BYTES, LOCK_WAIT_MILLIS, RESTART_WAIT_MILLIS, WAL_PAGES_MAX};
use crate::place::Place;
use crate::sqlite::database::{self, open_keeping};

enum Order {
    Copy(Place),
    Forget(Place),
}

/// The writer's handle to it.
pub(crate) struct Checkpointer {
    orders: Option<SyncSender<Order>>,
    thread: Option<JoinHandle<()>>,
    written: BTreeMap<Place, u64>,
}

impl Checkpointer {
    pub(crate) fn start(dir: PathBuf) -> std::io::Result<Self> {
        let (orders, incoming) = sync_channel(64);
        let thread = std::thread::Builder::new()
            .name("kept-checkpoint".to_owned())
            .spawn(move || run(&dir, &incoming))?;
        Ok(Self { orders: Some(orders), thread: Some(thread), written: BTreeMap::new() })
    }

    /// So much was written to a file.
    pub(crate) fn written(&mut self, place: &Place, bytes: u64) {
        let sum = self.written.entry(place.clone()).or_default();
        *sum = sum.saturating_add(bytes);
        if *sum < CHECKPOINT_BYTES {
            return;
        }
        // Is it busy, the next batch asks again.
        if let Some(Ok(())) = self.orders.as_ref().map(|it| it.try_send(Order::Copy(place.clone())))
        {
            *sum = 0;
        }
    }

    /// A file is gone.
    pub(crate) fn forget(&mut self, place: &Place) {
        self.written.remove(place);
        // Waits where `written` would not: an open file would outlive its removal.
        if let Some(orders) = &self.orders {
            drop(orders.send(Order::Forget(place.clone())));
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn run(dir: &Path, incoming: &Receiver<Order>) {
    let mut files = BTreeMap::new();
    while let Ok(order) = incoming.recv() {
        match order {
            Order::Forget(place) => drop(files.remove(&place)),
            Order::Copy(place) => {
                let kept = files.remove(&place);
                let path = database::path(&place, dir);
                let file = kept.map_or_else(|| open_keeping(&path), Ok);
                match file.and_then(|it| copy_back(&it).map(|()| it)) {
                    Ok(file) => {
                        files.insert(place, file);
                    }
                    Err(error) => {
                        tracing::warn!(file = %path.display(), %error, "checkpoint failed");
                    }
                }
            }
        }
    }
}

/// Beside the writer and the readers; only when the log is long does the writer wait for a moment.
fn copy_back(file: &Connection) -> Result<(), rusqlite::Error> {
    let pages: i64 = file.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))?;
    if pages > WAL_PAGES_MAX {
        // The writer waits as long as this does: not for as long as a backup reads.
        file.busy_timeout(Duration::from_millis(RESTART_WAIT_MILLIS))?;
        let begun = file.query_row("PRAGMA wal_checkpoint(RESTART)", [], |_| Ok(()));
        file.busy_timeout(Duration::from_millis(LOCK_WAIT_MILLIS))?;
        begun?;
    }
    Ok(())
}
