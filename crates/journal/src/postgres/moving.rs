//! The schemas of an installation as one side of a move.

use std::collections::{BTreeMap, BTreeSet};

use deadpool_postgres::Object;
use decide::RegionCode;
use tokio_postgres::types::Type;

use super::pool::Pool;
use super::{Databases, lease, partition, run, schema, tiles};
use crate::event::{self, Partition};
use crate::fault::{Fault, OpenFault};
use crate::limit::MOVE_ROWS;
use crate::log::{self, Checkpoint};
use crate::moving::side::{Cells, Side};
use crate::moving::table::Table;
use crate::place::Place;
use crate::sql::{Dialect, Query, Statement, Value, values};

/// How often it is looked whether the nodes that served have let go, a tenth of a second apart.
const LOOKS: u32 = 30;

/// Which log is being moved into a database; `None` where no move is under way.
pub(super) async fn mark(kept: &Pool) -> Result<Option<String>, Fault> {
    let text = "SELECT note FROM moving WHERE one = 1";
    Ok(run::query(&kept.client().await?, &Query::new(text, values![], |row| row.text(0)))
        .await?
        .pop())
}

/// What a move finds before it begins.
#[derive(Debug)]
pub(crate) struct Found {
    /// The regions that are there; none where nothing is.
    pub(crate) regions: Vec<RegionCode>,
    /// Whether nodes serve it.
    pub(crate) in_use: bool,
}

/// Looks at a database before anything of ours is connected to it. A node that was stopped a moment
/// ago is given the time to let go.
pub(crate) async fn look(databases: &Databases) -> Result<Found, OpenFault> {
    let reach = |fault: Fault| OpenFault::Reach { why: fault.to_string() };
    let pool = Pool::new(&databases.kept, &databases.schema)?;
    let client = pool.client().await.map_err(reach)?;
    let text = "SELECT region FROM regions ORDER BY region";
    let regions = run::query(&client, &Query::new(text, values![], |row| row.text(0))).await;
    let regions = match regions {
        Ok(found) => found.iter().filter_map(|it| RegionCode::new(it)).collect(),
        // Before the first migration there is no table.
        Err(Fault::Broken(_)) => Vec::new(),
        Err(fault) => return Err(reach(fault)),
    };
    let mut in_use = true;
    for _ in 0..LOOKS {
        in_use = served(&client, !regions.is_empty()).await.map_err(reach)?;
        if !in_use {
            break;
        }
        client.batch_execute("SELECT pg_sleep(0.1)").await.map_err(|it| reach(it.into()))?;
    }
    Ok(Found { regions, in_use })
}

async fn served(client: &Object, there: bool) -> Result<bool, Fault> {
    let text = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
         AND application_name = 'kept' AND pid <> pg_backend_pid()";
    let sessions = run::query(client, &Query::new(text, values![], |row| row.int(0))).await?.pop();
    if sessions.unwrap_or(0) > 0 {
        return Ok(true);
    }
    if there { lease::any(client).await } else { Ok(false) }
}

/// The schemas of an installation.
#[derive(Debug)]
pub(crate) struct Schemas {
    kept: Pool,
    regions: BTreeMap<RegionCode, Pool>,
    /// Tiles that are there.
    there: Option<BTreeSet<String>>,
}

impl Schemas {
    /// Connects; brings every schema up to date, making what is not there.
    pub(crate) async fn open(
        databases: &Databases,
        regions: &[RegionCode],
    ) -> Result<Self, OpenFault> {
        let kept = Pool::new(&databases.kept, &databases.schema)?;
        schema::kept(&kept, regions).await?;
        schema::nothing_unknown(&kept).await?;
        let mut pools = BTreeMap::new();
        for region in regions {
            let pool = Pool::new(databases.reach_of(*region), &databases.schema_of(*region))?;
            schema::region(&pool).await?;
            schema::nothing_unknown(&pool).await?;
            pools.insert(*region, pool);
        }
        Ok(Self { kept, regions: pools, there: None })
    }

    async fn client(&self, place: &Place) -> Result<Object, Fault> {
        let pool = match place {
            Place::Kept => &self.kept,
            Place::People(region) | Place::Records(region) | Place::Events(region, _) => {
                self.regions.get(region).ok_or(Fault::NotFound)?
            }
        };
        pool.client().await
    }

    async fn read(
        &self,
        (place, text): (&Place, &str),
        bound: &[Value],
    ) -> Result<Vec<Cells>, Fault> {
        let client = self.client(place).await?;
        let prepared = client.prepare_cached(text).await?;
        let rows = client.query(&prepared, &run::bound(bound)).await?;
        rows.iter().map(cells).collect()
    }

    async fn write(&self, statement: Statement) -> Result<(), Fault> {
        run::one(&self.kept.client().await?, &statement).await.map(drop)
    }
}

pub(super) fn cells(row: &tokio_postgres::Row) -> Result<Cells, Fault> {
    let cell = |(at, column): (usize, &tokio_postgres::Column)| {
        let kind = column.type_();
        let value = if *kind == Type::INT8 {
            row.try_get::<_, Option<i64>>(at)?.map(Value::Int)
        } else if *kind == Type::TEXT {
            row.try_get::<_, Option<String>>(at)?.map(Value::Text)
        } else {
            row.try_get::<_, Option<Vec<u8>>>(at)?.map(Value::Bytes)
        };
        Ok(value.unwrap_or(Value::Null))
    };
    row.columns().iter().enumerate().map(cell).collect()
}

impl Side for Schemas {
    async fn partitions(&mut self, region: RegionCode) -> Result<Vec<Partition>, Fault> {
        partition::list(&self.client(&Place::People(region)).await?).await
    }

    async fn rows(
        &mut self,
        place: &Place,
        table: &Table,
        after: Option<&[Value]>,
    ) -> Result<Vec<Cells>, Fault> {
        let text = table.select(Dialect::Postgres, place, after.is_some(), MOVE_ROWS);
        self.read((place, &text), after.unwrap_or_default()).await
    }

    async fn last(&mut self, place: &Place, table: &Table) -> Result<Option<Cells>, Fault> {
        let text = table.greatest(Dialect::Postgres, place);
        Ok(self.read((place, &text), &[]).await?.pop())
    }

    async fn make(&mut self, place: &Place) -> Result<(), Fault> {
        match place {
            Place::Events(_, it) => partition::make(&self.client(place).await?, it).await,
            Place::Kept | Place::People(_) | Place::Records(_) => Ok(()),
        }
    }

    async fn put(&mut self, place: &Place, table: &Table, rows: Vec<Cells>) -> Result<(), Fault> {
        let text = table.insert(Dialect::Postgres, place, rows.len());
        let client = self.client(place).await?;
        let bound = rows.concat();
        // The last batch of a table has a length of its own: not worth being kept prepared.
        let prepared = if rows.len() == MOVE_ROWS {
            client.prepare_cached(&text).await?
        } else {
            client.prepare(&text).await?
        };
        client.execute(&prepared, &run::bound(&bound)).await?;
        Ok(())
    }

    async fn tiles(&mut self) -> Result<Vec<String>, Fault> {
        let mut paths = tiles::files(&self.kept.client().await?).await?;
        paths.sort_unstable();
        Ok(paths)
    }

    async fn tile(&mut self, path: &str) -> Result<Option<Vec<u8>>, Fault> {
        tiles::file(&self.kept.client().await?, path).await
    }

    async fn put_tile(&mut self, path: &str, bytes: Vec<u8>) -> Result<bool, Fault> {
        if self.there.is_none() {
            self.there = Some(self.tiles().await?.into_iter().collect());
        }
        if self.there.as_ref().is_some_and(|it| it.contains(path)) {
            return Ok(false);
        }
        self.write(tiles::put(path, bytes)).await.map(|()| true)
    }

    async fn mark(&mut self) -> Result<Option<String>, Fault> {
        mark(&self.kept).await
    }

    async fn set_mark(&mut self, log: &str) -> Result<(), Fault> {
        let text = "INSERT INTO moving (one, note) VALUES (1, $1) \
             ON CONFLICT (one) DO UPDATE SET note = excluded.note";
        self.write(Statement::new(text, values![log])).await
    }

    async fn clear_mark(&mut self) -> Result<(), Fault> {
        self.write(Statement::new("DELETE FROM moving WHERE one = 1", values![])).await
    }

    async fn finish(
        &mut self,
        _: &[Place],
        checkpoint: &Checkpoint,
        note: &[u8],
    ) -> Result<(), Fault> {
        for pool in self.regions.values() {
            run::query(&pool.client().await?, &event::adopt()).await?;
        }
        let note = str::from_utf8(note).map_err(Fault::broken)?;
        self.write(tiles::adopt(checkpoint.size, note)).await
    }

    async fn verify(&mut self, checkpoint: &Checkpoint) -> Result<(), Fault> {
        let (tiles, checkpoint) = (tiles::Stored::new(&self.kept), checkpoint.clone());
        let verified =
            tokio::task::spawn_blocking(move || log::verify_tree(&tiles, &checkpoint)).await;
        verified.map_err(Fault::broken)?.map_err(Fault::broken)
    }
}
