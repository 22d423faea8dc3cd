//! Carries everything over in batches, then compares both sides.

use std::ops::ControlFlow;

use decide::RegionCode;

use super::digest::{Digest, Growing};
use super::side::Side;
use super::table::{self, Table};
use super::{Carried, MoveFault, Moved, MovedTable, Watch};
use crate::fault::Fault;
use crate::log::Checkpoint;
use crate::place::Place;
use crate::sql::Value;

/// The public log in the summary, and its files.
const LOG: (&str, &str) = ("installation", "public log");

/// Both sides, and what is moved.
pub(super) struct Carry<S, T> {
    source: S,
    target: T,
    regions: Vec<RegionCode>,
}

impl<S: Side, T: Side> Carry<S, T> {
    pub(super) const fn new(source: S, target: T, regions: Vec<RegionCode>) -> Self {
        Self { source, target, regions }
    }

    pub(super) async fn run(
        mut self,
        (checkpoint, note): (Checkpoint, Vec<u8>),
        watch: Watch<'_>,
    ) -> Result<Moved, MoveFault> {
        self.begin(&checkpoint).await?;
        let places = self.places().await?;
        for place in &places {
            self.target.make(place).await?;
            for table in table::of(place) {
                self.copy(place, table, watch).await?;
            }
        }
        self.copy_log(watch).await?;
        self.target.finish(&places, &checkpoint, &note).await?;
        let moved = self.compare(&places, checkpoint).await?;
        self.target.clear_mark().await?;
        Ok(moved)
    }

    /// Takes an empty target, or goes on with one that this move has begun.
    async fn begin(&mut self, checkpoint: &Checkpoint) -> Result<(), MoveFault> {
        let log = checkpoint.text();
        if let Some(marked) = self.target.mark().await? {
            return if marked == log { Ok(()) } else { Err(MoveFault::Other) };
        }
        let mut places = vec![Place::Kept];
        for region in &self.regions {
            places.extend([Place::People(*region), Place::Records(*region)]);
            let partitions = self.target.partitions(*region).await?;
            places.extend(partitions.into_iter().map(|it| Place::Events(*region, it)));
        }
        for place in places {
            for table in table::of(&place) {
                if self.target.last(&place, table).await?.is_some() {
                    return Err(MoveFault::Taken(table.name.to_owned()));
                }
            }
        }
        if !self.target.tiles().await?.is_empty() {
            return Err(MoveFault::Taken(LOG.1.to_owned()));
        }
        Ok(self.target.set_mark(&log).await?)
    }

    /// Every place of the source.
    async fn places(&mut self) -> Result<Vec<Place>, Fault> {
        let mut places = vec![Place::Kept];
        for region in self.regions.clone() {
            places.extend([Place::People(region), Place::Records(region)]);
            let partitions = self.source.partitions(region).await?;
            places.extend(partitions.into_iter().map(|it| Place::Events(region, it)));
        }
        Ok(places)
    }

    async fn copy(
        &mut self,
        place: &Place,
        table: &Table,
        watch: &mut dyn FnMut(&Carried<'_>) -> ControlFlow<()>,
    ) -> Result<(), MoveFault> {
        let mut after = self.target.last(place, table).await?;
        let mut count = 0_u64;
        loop {
            let rows = self.source.rows(place, table, after.as_deref()).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            if table.placed && rows.iter().any(|it| it.last() == Some(&Value::Null)) {
                let waits = "a record waits for its place in the log";
                return Err(Fault::broken(waits).into());
            }
            after = Some(last.iter().take(table.key.len()).cloned().collect());
            count = count.saturating_add(u64::try_from(rows.len()).unwrap_or(u64::MAX));
            self.target.put(place, table, rows).await?;
            told(watch, (&name(place), table.name), count)?;
        }
    }

    /// The files of the log, before anything speaks of them.
    async fn copy_log(
        &mut self,
        watch: &mut dyn FnMut(&Carried<'_>) -> ControlFlow<()>,
    ) -> Result<(), MoveFault> {
        let mut count = 0_u64;
        for path in self.source.tiles().await? {
            let Some(bytes) = self.source.tile(&path).await? else { continue };
            if self.target.put_tile(&path, bytes).await? {
                count = count.saturating_add(1);
                told(watch, LOG, count)?;
            }
        }
        Ok(())
    }

    /// Reads both sides again, and recomputes the log of the target from its entries.
    async fn compare(
        &mut self,
        places: &[Place],
        checkpoint: Checkpoint,
    ) -> Result<Moved, MoveFault> {
        let mut tables = Vec::new();
        for place in places {
            for table in table::of(place) {
                let source = digest(&mut self.source, place, table).await?;
                let target = digest(&mut self.target, place, table).await?;
                let rows = source.rows;
                same((name(place), table.name), &source, &target)?;
                tables.push(MovedTable { place: name(place), table: table.name, rows });
            }
        }
        for region in self.regions.clone() {
            let target = self.target.partitions(region).await?;
            let (source, target) = (self.source.partitions(region).await?.len(), target.len());
            if source != target {
                let count = |it| u64::try_from(it).unwrap_or(u64::MAX);
                return Err(MoveFault::Differs {
                    place: region.to_string(),
                    table: "partitions".to_owned(),
                    source_rows: count(source),
                    target_rows: count(target),
                });
            }
        }
        let (source, target) = (tiles(&mut self.source).await?, tiles(&mut self.target).await?);
        same((LOG.0.to_owned(), LOG.1), &source, &target)?;
        self.target.verify(&checkpoint).await?;
        Ok(Moved { tables, tiles: source.rows.saturating_sub(1), checkpoint })
    }
}

fn told(
    watch: &mut dyn FnMut(&Carried<'_>) -> ControlFlow<()>,
    (place, table): (&str, &str),
    rows: u64,
) -> Result<(), MoveFault> {
    match watch(&Carried { place, table, rows }) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(MoveFault::Stopped),
    }
}

fn same((place, table): (String, &str), source: &Digest, target: &Digest) -> Result<(), MoveFault> {
    if source == target {
        return Ok(());
    }
    let (source_rows, target_rows) = (source.rows, target.rows);
    Err(MoveFault::Differs { place, table: table.to_owned(), source_rows, target_rows })
}

async fn digest(side: &mut impl Side, place: &Place, table: &Table) -> Result<Digest, Fault> {
    let mut growing = Growing::new();
    let mut after: Option<Vec<Value>> = None;
    loop {
        let rows = side.rows(place, table, after.as_deref()).await?;
        let Some(last) = rows.last() else { return Ok(growing.end()) };
        after = Some(last.iter().take(table.key.len()).cloned().collect());
        for row in &rows {
            growing.row(row);
        }
    }
}

/// The same over the files of the log.
async fn tiles(side: &mut impl Side) -> Result<Digest, Fault> {
    let mut growing = Growing::new();
    for path in side.tiles().await?.into_iter().chain([crate::log::CHECKPOINT.to_owned()]) {
        let bytes = side.tile(&path).await?;
        growing.row(&[Value::Text(path), bytes.into()]);
    }
    Ok(growing.end())
}

fn name(place: &Place) -> String {
    match place {
        Place::Kept => LOG.0.to_owned(),
        Place::People(region) | Place::Records(region) => region.to_string(),
        Place::Events(region, partition) => format!("{region}/{}", partition.as_str()),
    }
}
