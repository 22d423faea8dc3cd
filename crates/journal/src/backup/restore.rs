//! Going back to a backup: into an empty place, with what was changed since applied on the way, and with
//! the log as outsiders know it. Until all of it is done the place says so of itself, and nobody serves
//! it; a run that was stopped goes on where it was.

mod filling;
mod growing;
mod plan;
mod seen;

use std::io::Read;
use std::path::PathBuf;

use decide::{RegionCode, Timestamp};

use super::apply::Apply;
use super::cells::{Item, item};
use super::list::List;
use super::take::Header;
use super::{BackupFault, CODES, KEYS, VERSION};
use crate::journal::Database;
use crate::limit::{MOVE_ROWS, SEQUENCE_MAX};
use crate::log::{Checkpoint, HASH_BYTES, Hash, Signer, Tree, TreeWrite};
use crate::moving::side::{Cells, Side};
use crate::moving::table::{self, Table};
use crate::place::Place;
use crate::postgres::{Schemas, look};
use crate::sqlite::{Files, regions};
use filling::Filling;
use growing::Growing;
use plan::Plan;
use seen::seen;

/// Where a backup is restored to, and what it is held against.
#[derive(Debug)]
pub struct Restore<'a> {
    /// An empty place, or what an earlier run of the same restore has left.
    pub to: Database,
    /// What was changed since.
    pub list: &'a List,
    /// Folders outside that keep signed checkpoints.
    pub outside: Vec<PathBuf>,
}

/// The parts of a backup, opened.
#[derive(Debug)]
pub struct Copy<D, K, L> {
    /// Its rows.
    pub rows: D,
    /// Its wrapped keys.
    pub keys: K,
    /// The entries of its log.
    pub log: L,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// When the backup was made.
    pub made: Timestamp,
    /// Its regions.
    pub regions: Vec<RegionCode>,
    /// Rows of this run.
    pub rows: u64,
    /// People who were erased since, and are erased again.
    pub erased: u64,
    /// People who changed otherwise since.
    pub narrowed: u64,
    /// Entries of the log that are newer than the backup: what they stand for is lost.
    pub lost: u64,
    /// The log as it stands now.
    pub log: Checkpoint,
}

impl Restore<'_> {
    /// Restores.
    ///
    /// # Errors
    /// When the list of changes is missing, not whole or too short, the backup is not whole, the place
    /// is not empty, or the log would contradict what was seen outside.
    pub async fn run<D: Read, K: Read, L: Read>(
        &self,
        mut copy: Copy<D, K, L>,
        signer: &Signer,
        now: Timestamp,
    ) -> Result<Restored, BackupFault> {
        let header = header(&mut copy.rows)?;
        if header != self::header(&mut copy.keys)? {
            return Err(BackupFault::format("its keys are those of another backup"));
        }
        let code = |it: &String| RegionCode::new(it);
        let codes: Option<Vec<RegionCode>> = header.regions.iter().map(code).collect();
        let codes = codes.ok_or_else(|| BackupFault::format("it names no regions"))?;
        let outside = seen(&self.outside, signer.vkey())?;
        let newest = outside.iter().map(|(_, it)| it).max_by_key(|it| it.size);
        let way = self.list.way(header.since, newest)?;
        let plan = Plan { header, codes, outside: &outside, way, signer, now };
        match &self.to {
            Database::Folder(dir) => {
                plan.no_other_region(&regions(dir)?)?;
                let to = Files::target(dir)?;
                Restoring::new(plan, to).run(self.list, copy).await
            }
            Database::Shared(databases) => {
                let found = look(databases).await?;
                plan.no_other_region(&found.regions)?;
                if found.in_use {
                    return Err(BackupFault::InUse);
                }
                let to = Schemas::open(databases, &plan.codes).await?;
                Restoring::new(plan, to).run(self.list, copy).await
            }
        }
    }
}

fn header(from: &mut impl Read) -> Result<Header, BackupFault> {
    let Item::Header(text) = item(from)? else {
        return Err(BackupFault::format("it does not begin as a backup does"));
    };
    let header: Header = serde_json::from_str(&text).map_err(BackupFault::format)?;
    if header.v == VERSION {
        return Ok(header);
    }
    Err(BackupFault::format("another program made it: restore it with that one"))
}

struct Restoring<'a, S> {
    plan: Plan<'a>,
    to: S,
    rows: u64,
}

impl<'a, S: Side> Restoring<'a, S> {
    const fn new(plan: Plan<'a>, to: S) -> Self {
        Self { plan, to, rows: 0 }
    }

    async fn run<D: Read, K: Read, L: Read>(
        mut self,
        list: &List,
        mut copy: Copy<D, K, L>,
    ) -> Result<Restored, BackupFault> {
        self.begin().await?;
        let log = self.plan.header.log.as_bytes();
        let log = Checkpoint::open("the backup", log, self.plan.signer.vkey())?;
        let mut apply = Apply::new(list, log.size.min(self.plan.header.since), self.plan.now);
        let (now, note) = self.log((&log, &mut copy.log), &mut apply).await?;
        let published = (&now, note.as_bytes());
        self.keys(published, &mut copy.keys, &mut apply).await?;
        let places = self.data(published, &mut copy.rows, &mut apply).await?;
        self.to.finish(&places, &now, note.as_bytes()).await?;
        self.to.verify(&now).await?;
        self.to.clear_mark().await?;
        Ok(Restored {
            made: Timestamp::from_millis(self.plan.header.made),
            regions: self.plan.codes,
            rows: self.rows,
            erased: apply.erased,
            narrowed: apply.narrowed,
            lost: now.size.saturating_sub(log.size),
            log: now,
        })
    }

    /// Takes an empty place, or goes on with one that this restore has begun.
    async fn begin(&mut self) -> Result<(), BackupFault> {
        let mark = self.plan.mark();
        if let Some(marked) = self.to.mark().await? {
            return if marked == mark { Ok(()) } else { Err(BackupFault::Other) };
        }
        let mut places = vec![Place::Kept];
        for region in self.plan.codes.clone() {
            places.extend([Place::People(region), Place::Records(region)]);
            let partitions = self.to.partitions(region).await?;
            places.extend(partitions.into_iter().map(|it| Place::Events(region, it)));
        }
        for place in places {
            for table in table::of(&place) {
                if self.to.last(&place, table).await?.is_some() {
                    return Err(BackupFault::Taken(table.name.to_owned()));
                }
            }
        }
        if !self.to.tiles().await?.is_empty() {
            return Err(BackupFault::Taken("public log".to_owned()));
        }
        Ok(self.to.set_mark(&mark).await?)
    }

    /// The log of the backup and, behind it, the entries that the list knows: the log that outsiders
    /// saw. What the entries of the tail stood for is lost; that they stood there is not.
    async fn log(
        &mut self,
        (log, from): (&Checkpoint, &mut impl Read),
        apply: &mut Apply<'_>,
    ) -> Result<(Checkpoint, String), BackupFault> {
        let mut growing = Growing { tree: Tree::new(), stops: self.plan.stops(log) };
        let mut left = log.size;
        while left > 0 {
            let n = usize::try_from(left).unwrap_or(usize::MAX).min(SEQUENCE_MAX);
            let mut bytes = vec![0; n.saturating_mul(HASH_BYTES)];
            from.read_exact(&mut bytes)?;
            let entries: Vec<Hash> = Hash::chunks(&bytes).collect();
            self.put(growing.add(&entries, self.plan.header.since, apply)?).await?;
            left = left.saturating_sub(u64::try_from(n).unwrap_or(u64::MAX));
        }
        let steps: Vec<(u64, Vec<Hash>)> =
            self.plan.way.steps.iter().map(|it| (it.base.size, it.leaves.clone())).collect();
        for (base, leaves) in steps {
            let known = growing.tree.size().checked_sub(base).ok_or_else(|| {
                BackupFault::List("has a gap that the backup does not fill".to_owned())
            })?;
            let known = usize::try_from(known).unwrap_or(usize::MAX).min(leaves.len());
            let fresh = leaves.get(known..).unwrap_or_default();
            self.put(growing.add(fresh, self.plan.header.since, apply)?).await?;
        }
        growing.check()?;
        if let Some((size, _)) = growing.stops.pop_first() {
            return Err(BackupFault::List(format!(
                "ends at {} entries of the log, and {size} are known outside",
                growing.tree.size()
            )));
        }
        self.put(growing.tree.edge()).await?;
        let vkey = self.plan.signer.vkey();
        let (size, root) = (growing.tree.size(), growing.tree.root());
        let now = Checkpoint { origin: vkey.name().to_owned(), size, root };
        let note = now.sign(self.plan.signer)?.to_string();
        Ok((now, note))
    }

    async fn put(&mut self, writes: Vec<TreeWrite>) -> Result<(), BackupFault> {
        for TreeWrite { path, bytes } in writes {
            self.to.put_tile(&path.to_string(), bytes).await?;
        }
        Ok(())
    }

    /// Wrapped keys of people, those of the erased left out; keys of cases are kept for their rows.
    async fn keys(
        &mut self,
        published: (&Checkpoint, &[u8]),
        from: &mut impl Read,
        apply: &mut Apply<'_>,
    ) -> Result<(), BackupFault> {
        let mut filling: Option<Filling> = None;
        loop {
            match item(from)? {
                Item::Header(_) => return Err(BackupFault::format("it begins twice")),
                Item::End => break,
                Item::Table { place, name, columns } => {
                    self.flush(filling.take()).await?;
                    let table = known(&place, &name, &columns)?;
                    if table.name == KEYS {
                        self.ready(&place, published).await?;
                        let more = apply.more((&place, table));
                        filling = Some(self.filling(place, table, more).await?);
                    }
                }
                Item::Rows(rows) => {
                    let Some(filling) = &mut filling else {
                        for row in &rows {
                            apply.own_key(row);
                        }
                        continue;
                    };
                    let Place::People(region) = filling.place else { continue };
                    for row in rows {
                        let row = apply.person_key(region, row);
                        filling.push(&row.clone(), Some(row));
                    }
                    self.full(filling).await?;
                }
            }
        }
        self.flush(filling).await
    }

    /// Everything else; answers the places that there are.
    async fn data(
        &mut self,
        published: (&Checkpoint, &[u8]),
        from: &mut impl Read,
        apply: &mut Apply<'_>,
    ) -> Result<Vec<Place>, BackupFault> {
        let mut places: Vec<Place> = Vec::new();
        let mut filling: Option<Filling> = None;
        loop {
            match item(from)? {
                Item::Header(_) => return Err(BackupFault::format("it begins twice")),
                Item::End => break,
                Item::Table { place, name, columns } => {
                    self.flush(filling.take()).await?;
                    let table = known(&place, &name, &columns)?;
                    if places.last() != Some(&place) {
                        self.codes(places.last(), apply).await?;
                        self.ready(&place, published).await?;
                        places.push(place.clone());
                    }
                    let more = apply.more((&place, table));
                    filling = Some(self.filling(place, table, more).await?);
                }
                Item::Rows(rows) => {
                    let none = || BackupFault::format("rows stand before the name of their table");
                    let filling = filling.as_mut().ok_or_else(none)?;
                    for row in rows {
                        let as_it_is = row.clone();
                        let row = apply.row((&filling.place, filling.table), row)?;
                        filling.push(&as_it_is, row);
                    }
                    self.full(filling).await?;
                }
            }
        }
        self.flush(filling).await?;
        self.codes(places.last(), apply).await?;
        Ok(places)
    }

    /// What takes closings back that were begun since: no backup has that.
    async fn codes(&mut self, of: Option<&Place>, apply: &Apply<'_>) -> Result<(), BackupFault> {
        let Some(place) = of else { return Ok(()) };
        let Some(table) = table::of(place).iter().find(|it| it.name == CODES) else {
            return Ok(());
        };
        let more = apply.more((place, table));
        let filling = self.filling(place.clone(), table, more).await?;
        self.flush(Some(filling)).await
    }

    /// Has a place be there, with its numbers behind those of the log: a record that waits for its place
    /// gets none that another has.
    async fn ready(
        &mut self,
        place: &Place,
        (log, note): (&Checkpoint, &[u8]),
    ) -> Result<(), BackupFault> {
        self.to.make(place).await?;
        Ok(self.to.finish(std::slice::from_ref(place), log, note).await?)
    }

    async fn filling(
        &mut self,
        place: Place,
        table: &'static Table,
        more: Vec<Cells>,
    ) -> Result<Filling, BackupFault> {
        let after = self.to.last(&place, table).await?;
        Ok(Filling::new((place, table), after, more))
    }

    /// Puts in what makes a batch.
    async fn full(&mut self, filling: &mut Filling) -> Result<(), BackupFault> {
        while filling.waiting.len() >= MOVE_ROWS {
            let rest = filling.waiting.split_off(MOVE_ROWS);
            let rows = std::mem::replace(&mut filling.waiting, rest);
            self.batch(filling, rows).await?;
        }
        Ok(())
    }

    /// Puts in what is left of a table.
    async fn flush(&mut self, filling: Option<Filling>) -> Result<(), BackupFault> {
        let Some(mut filling) = filling else { return Ok(()) };
        filling.rest();
        self.full(&mut filling).await?;
        let rows = std::mem::take(&mut filling.waiting);
        if rows.is_empty() { Ok(()) } else { self.batch(&filling, rows).await }
    }

    async fn batch(&mut self, filling: &Filling, rows: Vec<Cells>) -> Result<(), BackupFault> {
        self.rows = self.rows.saturating_add(u64::try_from(rows.len()).unwrap_or(u64::MAX));
        Ok(self.to.put(&filling.place, filling.table, rows).await?)
    }
}

/// The table of this program with that name: with other columns it is another program's.
fn known(place: &Place, name: &str, columns: &str) -> Result<&'static Table, BackupFault> {
    let table = table::of(place).iter().find(|it| it.name == name);
    table.filter(|it| it.listed() == columns).ok_or_else(|| {
        BackupFault::format(format!(
            "`{name}` is another here: restore it with the program that made it, and start this one then"
        ))
    })
}
