//! What a backup asks of either engine: rows and the log, as they stood at one moment.

use decide::RegionCode;

use crate::event::Partition;
use crate::fault::Fault;
use crate::moving::side::Cells;
use crate::moving::table::Table;
use crate::place::Place;
use crate::sql::Value;

/// An installation as it stood, while others go on with it.
pub(crate) trait Source {
    /// Partitions of events, oldest first.
    async fn partitions(&mut self, region: RegionCode) -> Result<Vec<Partition>, Fault>;
    /// The next rows after a key.
    async fn rows(
        &mut self,
        place: &Place,
        table: &Table,
        after: Option<&[Value]>,
    ) -> Result<Vec<Cells>, Fault>;
    /// A tile, a bundle, or the checkpoint.
    async fn tile(&mut self, path: &str) -> Result<Option<Vec<u8>>, Fault>;
    /// Nothing more is read there: others need not keep what stood there.
    fn done(&mut self, place: &Place);
}
