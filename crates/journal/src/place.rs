//! Where a row belongs: what the engines keep apart, each in its own way.

use decide::RegionCode;

use crate::event::Partition;

/// A file of the embedded engine; a schema, or a part of one, of the other. The order is that in which
/// one batch commits them: what raises a version first, so that what checks it sees it.
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
