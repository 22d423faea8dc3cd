//! A data folder as a backup reads it, also while another process serves it.
//!
//! Each file is read as it stood at one moment. What refers is looked at before what is referred to:
//! records before people, people before the names of what their bits mean, and the log after all. So
//! whatever stands in one is known to the next, and nobody has to stop meanwhile.

use std::collections::BTreeMap;
use std::path::Path;

use decide::RegionCode;
use rusqlite::Connection;

use super::database::{self, open_reading};
use super::moving::{Files, unfinished};
use crate::backup::source::Source;
use crate::event::Partition;
use crate::fault::Fault;
use crate::log::CHECKPOINT;
use crate::moving::side::{Cells, Side as _};
use crate::moving::table::Table;
use crate::place::Place;
use crate::sql::Value;

/// A data folder as it stood.
pub(crate) struct Cut(Files);

impl Cut {
    /// Holds every file as it stands, partitions of events excepted, which are read one after the other;
    /// with the size of the log before that. `None` for a folder that is not whole.
    pub(crate) fn take(dir: &Path, regions: &[RegionCode]) -> Result<Option<(u64, Self)>, Fault> {
        if unfinished(dir) {
            return Ok(None);
        }
        let since = log_size(dir)?;
        let mut open = BTreeMap::new();
        let records = regions.iter().map(|it| Place::Records(*it));
        let people = regions.iter().map(|it| Place::People(*it));
        for place in records.chain(people).chain([Place::Kept]) {
            let file = standing(&place, dir)?;
            open.insert(place, file);
        }
        Ok(Some((since, Self(Files::reading(dir, open)))))
    }
}

/// The size of the log as its checkpoint says it; whether it is signed is looked at later.
fn log_size(dir: &Path) -> Result<u64, Fault> {
    let text = std::fs::read_to_string(dir.join("log").join(CHECKPOINT)).map_err(Fault::broken)?;
    let size = text.lines().nth(1).and_then(|it| it.parse().ok());
    size.ok_or_else(|| Fault::broken("the checkpoint of the log cannot be read"))
}

/// A file as it stands now, until the connection is dropped.
fn standing(place: &Place, dir: &Path) -> Result<Connection, Fault> {
    let file = open_reading(&database::path(place, dir))?;
    database::nothing_unknown(place, dir, &file).map_err(Fault::broken)?;
    file.execute_batch("BEGIN")?;
    // A transaction sees nothing before it has read something.
    file.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(file)
}

impl Source for Cut {
    async fn partitions(&mut self, region: RegionCode) -> Result<Vec<Partition>, Fault> {
        self.0.partitions(region).await
    }

    async fn rows(
        &mut self,
        place: &Place,
        table: &Table,
        after: Option<&[Value]>,
    ) -> Result<Vec<Cells>, Fault> {
        if matches!(place, Place::Events(..)) && !self.0.has(place) {
            if !database::path(place, self.0.dir()).exists() {
                // Its time was over meanwhile.
                return Ok(Vec::new());
            }
            let file = standing(place, self.0.dir())?;
            self.0.hold(place, file);
        }
        self.0.rows(place, table, after).await
    }

    async fn tile(&mut self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        self.0.tile(path).await
    }

    fn done(&mut self, place: &Place) {
        self.0.close(place);
    }
}
