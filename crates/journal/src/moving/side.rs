//! What a move asks of either engine: rows in the order of their key, the files of the log, and the
//! mark that says that a move is not complete.

use decide::RegionCode;

use super::table::Table;
use crate::event::Partition;
use crate::fault::Fault;
use crate::log::Checkpoint;
use crate::place::Place;
use crate::sql::Value;

/// One row, its columns in the order of the table's description.
pub(crate) type Cells = Vec<Value>;

/// One of the two that a move goes between.
pub(crate) trait Side {
    /// Partitions of events, oldest first.
    async fn partitions(&mut self, region: RegionCode) -> Result<Vec<Partition>, Fault>;
    /// The next rows after a key.
    async fn rows(
        &mut self,
        place: &Place,
        table: &Table,
        after: Option<&[Value]>,
    ) -> Result<Vec<Cells>, Fault>;
    /// The greatest key; `None` where there is no row.
    async fn last(&mut self, place: &Place, table: &Table) -> Result<Option<Cells>, Fault>;
    /// Makes a place that is not there.
    async fn make(&mut self, place: &Place) -> Result<(), Fault>;
    /// Puts rows in, all or none.
    async fn put(&mut self, place: &Place, table: &Table, rows: Vec<Cells>) -> Result<(), Fault>;
    /// The addresses of the log's tiles and bundles, in ascending order.
    async fn tiles(&mut self) -> Result<Vec<String>, Fault>;
    /// A tile, a bundle, or the checkpoint.
    async fn tile(&mut self, path: &str) -> Result<Option<Vec<u8>>, Fault>;
    /// Puts a tile in; answers whether it was not there already.
    async fn put_tile(&mut self, path: &str, bytes: Vec<u8>) -> Result<bool, Fault>;
    /// Which log is being moved here; `None` where no move is under way.
    async fn mark(&mut self) -> Result<Option<String>, Fault>;
    /// Says that a move is under way: from here on nobody serves what is here.
    async fn set_mark(&mut self, log: &str) -> Result<(), Fault>;
    /// Says that it is complete.
    async fn clear_mark(&mut self) -> Result<(), Fault>;
    /// After all rows: publishes the checkpoint, and has what comes next go on where the source is.
    async fn finish(
        &mut self,
        places: &[Place],
        checkpoint: &Checkpoint,
        note: &[u8],
    ) -> Result<(), Fault>;
    /// Recomputes the log from its entries.
    async fn verify(&mut self, checkpoint: &Checkpoint) -> Result<(), Fault>;
}
