//! The schemas of an installation as a backup reads them: one transaction for each region and one for
//! the installation, which see what stood when they began. Regions come first, and the installation
//! with the log after them: whatever a region speaks of is known there.

use std::collections::BTreeMap;

use deadpool_postgres::Object;
use decide::RegionCode;

use super::pool::Pool;
use super::{Databases, moving, partition, run, schema, tiles};
use crate::backup::source::Source;
use crate::event::Partition;
use crate::fault::{Fault, OpenFault};
use crate::limit::MOVE_ROWS;
use crate::moving::side::Cells;
use crate::moving::table::Table;
use crate::place::Place;
use crate::sql::{Dialect, Query, Value, values};

/// Begins to look, for as long as it takes.
const LOOK: &str = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; \
     BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1 FROM refinery_schema_history LIMIT 1";

/// Connections that look at one moment each.
pub(crate) struct Pinned {
    kept: Object,
    regions: BTreeMap<RegionCode, Object>,
}

impl Pinned {
    /// Holds everything as it stands, with the size of the log before that; `None` where what is there
    /// is not whole.
    pub(crate) async fn take(
        databases: &Databases,
    ) -> Result<(Vec<RegionCode>, Option<(u64, Self)>), OpenFault> {
        let reach = |fault: Fault| OpenFault::Reach { why: fault.to_string() };
        let kept = Pool::new(&databases.kept, &databases.schema)?;
        let codes = codes(&kept).await.map_err(reach)?;
        if codes.is_empty() || moving::mark(&kept).await.map_err(reach)?.is_some() {
            return Ok((codes, None));
        }
        schema::nothing_unknown(&kept).await?;
        let head = tiles::head(&kept.client().await.map_err(reach)?).await.map_err(reach)?;
        let since = head.map_or(0, |it| it.size);
        let mut regions = BTreeMap::new();
        for region in &codes {
            let pool = Pool::new(databases.reach_of(*region), &databases.schema_of(*region))?;
            schema::nothing_unknown(&pool).await?;
            regions.insert(*region, looking(&pool).await.map_err(reach)?);
        }
        let kept = looking(&kept).await.map_err(reach)?;
        Ok((codes, Some((since, Self { kept, regions }))))
    }

    fn client(&self, place: &Place) -> Result<&Object, Fault> {
        match place {
            Place::Kept => Ok(&self.kept),
            Place::People(region) | Place::Records(region) | Place::Events(region, _) => {
                self.regions.get(region).ok_or(Fault::NotFound)
            }
        }
    }
}

/// The regions that are there; none before the first migration.
async fn codes(kept: &Pool) -> Result<Vec<RegionCode>, Fault> {
    let text = "SELECT region FROM regions ORDER BY region";
    let query = Query::new(text, values![], |row| row.text(0));
    match run::query(&kept.client().await?, &query).await {
        Ok(found) => Ok(found.iter().filter_map(|it| RegionCode::new(it)).collect()),
        Err(Fault::Broken(_)) => Ok(Vec::new()),
        Err(fault) => Err(fault),
    }
}

/// The pool is this connection's alone, and goes with it.
async fn looking(pool: &Pool) -> Result<Object, Fault> {
    let client = pool.client().await?;
    client.batch_execute(LOOK).await?;
    Ok(client)
}

impl Source for Pinned {
    async fn partitions(&mut self, region: RegionCode) -> Result<Vec<Partition>, Fault> {
        partition::list(self.client(&Place::People(region))?).await
    }

    async fn rows(
        &mut self,
        place: &Place,
        table: &Table,
        after: Option<&[Value]>,
    ) -> Result<Vec<Cells>, Fault> {
        let text = table.select(Dialect::Postgres, place, after.is_some(), MOVE_ROWS);
        let client = self.client(place)?;
        let prepared = client.prepare_cached(&text).await?;
        let rows = client.query(&prepared, &run::bound(after.unwrap_or_default())).await?;
        rows.iter().map(moving::cells).collect()
    }

    async fn tile(&mut self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        tiles::file(&self.kept, path).await
    }

    /// A region is one transaction, and ends when all of it was read.
    fn done(&mut self, _: &Place) {}
}
