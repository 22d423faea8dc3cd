//! Moves a stopped installation from one engine to the other. Values stay sealed: bytes are copied as
//! they are. Rows go in the order of their keys, so that the greatest key that arrived says where to
//! go on, and every record keeps its place in the log.
//!
//! While a move is not complete, the target says so of itself and nobody serves it. The source is left
//! as it was, but for entries that waited and are now in its log.

mod carry;
mod digest;
pub(crate) mod side;
pub(crate) mod table;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use decide::{RegionCode, Timestamp};

use crate::fault::{Fault, OpenFault};
use crate::journal::{Config, Database, Journal};
use crate::log::{CHECKPOINT, Checkpoint, Signer};
use crate::postgres::{Schemas, look};
use crate::sealed::Seal;
use crate::sqlite::{Files, regions};
use carry::Carry;

/// A move: from where to where.
#[derive(Debug, Clone)]
pub struct Moving {
    /// What is moved.
    pub from: Database,
    /// Where it goes: nothing yet, or what an earlier run of the same move has left.
    pub to: Database,
    /// Folders outside the source that keep every signed checkpoint.
    pub outside: Vec<PathBuf>,
}

/// What was carried in one step, for whoever watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Carried<'a> {
    /// Where: `cn`, or the partition of its events.
    pub place: &'a str,
    /// The table.
    pub table: &'a str,
    /// Rows of it so far, in this run.
    pub rows: u64,
}

/// One table that was moved, and found equal on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedTable {
    /// Where: `installation`, a region, or a partition of its events.
    pub place: String,
    /// Its name.
    pub table: &'static str,
    /// Its rows.
    pub rows: u64,
}

/// What a move came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Every table, in the order in which they went.
    pub tables: Vec<MovedTable>,
    /// Tiles and bundles of the public log.
    pub tiles: u64,
    /// The log's checkpoint, the same on both sides.
    pub checkpoint: Checkpoint,
}

/// Why a move did not begin, or did not end.
#[derive(Debug, thiserror::Error)]
pub enum MoveFault {
    /// A side could not be opened.
    #[error(transparent)]
    Open(#[from] OpenFault),
    /// A side failed on the way.
    #[error("{0}; run it again, and it goes on where it stopped")]
    Fault(#[from] Fault),
    /// There is nothing to move.
    #[error("there is no installation to move: name the one that `kept serve` used")]
    Nothing,
    /// Both sides are of one engine.
    #[error("a move goes from a folder to a database or back; to copy a folder, copy its files")]
    Same,
    /// Somebody serves one side.
    #[error("the database is in use by a node of `kept serve`: stop all of them first")]
    InUse,
    /// The target has a region that the source has not.
    #[error("the target holds the region `{0}`, which the source does not: name an empty target")]
    Region(RegionCode),
    /// The target holds something else.
    #[error("the target holds an installation already (rows in `{0}`): name an empty one")]
    Taken(String),
    /// The target is the unfinished target of another move.
    #[error(
        "the target is what an unfinished move of another installation left, or the source was \
         used since: empty the target and begin again"
    )]
    Other,
    /// What arrived is not what was sent.
    #[error(
        "`{table}` of {place} differs after the move ({source_rows} rows, and {target_rows} \
         arrived): somebody changed one of them meanwhile; empty the target and begin again"
    )]
    Differs {
        /// Where.
        place: String,
        /// The table.
        table: String,
        /// How many rows the source has.
        source_rows: u64,
        /// How many the target has.
        target_rows: u64,
    },
    /// Whoever watches said so.
    #[error("stopped; run it again, and it goes on where it stopped")]
    Stopped,
}

/// Is told of every step, and may say that it is enough for now.
pub type Watch<'a> = &'a mut dyn FnMut(&Carried<'_>) -> ControlFlow<()>;

impl Moving {
    /// Moves everything, and verifies that it arrived.
    ///
    /// # Errors
    /// When a side is in use, the target is not empty, or what arrived differs.
    pub async fn run(
        &self,
        seal: Arc<dyn Seal>,
        signer: Signer,
        now: Timestamp,
        watch: Watch<'_>,
    ) -> Result<Moved, MoveFault> {
        let (source, target) = (held(&self.from).await?, held(&self.to).await?);
        if source.is_empty() {
            return Err(MoveFault::Nothing);
        }
        if let Some(other) = target.into_iter().find(|it| !source.contains(it)) {
            return Err(MoveFault::Region(other));
        }
        let config = Config {
            database: self.from.clone(),
            regions: source.clone(),
            outside: self.outside.clone(),
        };
        let vkey = signer.vkey().clone();
        // It completes what a crash interrupted, and holds the lock of a folder until the end.
        let journal = Journal::open(config, seal, signer).await?;
        journal.inner.engine.sequence(now).await?;
        let note = journal.log_file(CHECKPOINT).await?.ok_or(MoveFault::Nothing)?;
        let checkpoint = Checkpoint::open(CHECKPOINT, &note, &vkey).map_err(OpenFault::from)?;
        let log = (checkpoint, note);
        let moved = match (&self.from, &self.to) {
            (Database::Folder(from), Database::Shared(to)) => {
                let from = Files::source(from);
                let to = Schemas::open(to, &source).await?;
                Box::pin(Carry::new(from, to, source).run(log, watch)).await
            }
            (Database::Shared(from), Database::Folder(to)) => {
                let from = Schemas::open(from, &source).await?;
                let to = Files::target(to)?;
                Box::pin(Carry::new(from, to, source).run(log, watch)).await
            }
            (Database::Folder(_), Database::Folder(_))
            | (Database::Shared(_), Database::Shared(_)) => Err(MoveFault::Same),
        };
        journal.inner.engine.close().await?;
        moved
    }
}

/// The regions that a side holds; refuses one that is served. A folder says so when it is opened.
async fn held(database: &Database) -> Result<Vec<RegionCode>, MoveFault> {
    match database {
        Database::Folder(dir) => Ok(regions(dir)?),
        Database::Shared(databases) => {
            let found = look(databases).await?;
            if found.in_use { Err(MoveFault::InUse) } else { Ok(found.regions) }
        }
    }
}
