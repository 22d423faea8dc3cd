//! A person's own log information, found through the tag that only the person's key makes.

use decide::Timestamp;
use journal::{Block, Partition, Permit, Tx};
use policy::Duration;
use serde_json::{Map, Value};

use super::block;
use super::events::LABEL;
use crate::change::known;
use crate::limit::{ROW_BYTES, ROWS_AT_ONCE, WORK_EVENTS_BYTES};
use crate::retention::Lasting;
use crate::{Flows, Stop};

/// After which block a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    partition: Partition,
    place: i64,
}

impl Place {
    fn of(block: &Block) -> Self {
        Self { partition: block.partition.clone(), place: block.place }
    }

    /// Reads the text form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (partition, place) = text.rsplit_once('.')?;
        Some(Self { partition: Partition::parse(partition)?, place: place.parse().ok()? })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.partition.as_str(), self.place)
    }
}

/// Some of a person's events.
pub(crate) struct Page {
    /// The events, those of the newest day first, each with what stands around it.
    pub(crate) seen: Vec<Value>,
    /// Where what is left begins; nothing where nothing is.
    pub(crate) next: Option<Place>,
}

/// How many events of a kind there are, kept equally long.
pub(crate) struct Counted {
    /// The kind.
    pub(crate) kind: String,
    /// How long they are kept.
    pub(crate) period: Duration,
    /// How many.
    pub(crate) count: usize,
    /// When the newest was received.
    pub(crate) newest: Timestamp,
}

/// The person's events, newest first, from after a place: so many bytes of them, or a block more.
pub(crate) async fn own_events(
    flows: &Flows,
    tx: &Tx<Permit>,
    after: Option<&Place>,
    bytes: usize,
) -> Result<Page, Stop> {
    let mut seen = Vec::new();
    let next =
        walk(flows, tx, (after, bytes), |block, _| open(flows, tx, block, &mut seen)).await?;
    Ok(Page { seen, next })
}

/// How many of each kind there are, from after a place, in so many sealed bytes or a block more; and
/// where what is left begins. No event is written out.
pub(crate) async fn own_counts(
    flows: &Flows,
    tx: &Tx<Permit>,
    after: Option<&Place>,
    bytes: usize,
) -> Result<(Vec<Counted>, Option<Place>), Stop> {
    let mut counted: Vec<Counted> = Vec::new();
    let next = walk(flows, tx, (after, bytes), |block, period| {
        let read = flows.vault().open_note(tx, LABEL, &block.sealed)?;
        for (kind, n) in block::kinds(&read).ok_or_else(unreadable)? {
            match counted.iter_mut().find(|it| it.kind == kind && it.period == period) {
                Some(it) => {
                    it.count = it.count.saturating_add(n);
                    it.newest = it.newest.max(block.received);
                }
                None => counted.push(Counted { kind, period, count: n, newest: block.received }),
            }
        }
        Ok(read.len())
    })
    .await?;
    Ok((counted, next))
}

/// Each block whose time is not over, newest first, from after a place, until those that were seen came to
/// so many bytes; answers where what is left begins.
async fn walk(
    flows: &Flows,
    tx: &Tx<Permit>,
    (after, bytes): (Option<&Place>, usize),
    mut see: impl FnMut(&Block, Duration) -> Result<usize, Stop>,
) -> Result<Option<Place>, Stop> {
    let (book, known) = (flows.book(), known(flows).await?);
    let (region, now) = (tx.person().region(), tx.permit().now());
    let mut partitions = flows.journal().partitions(region).await?;
    partitions.reverse();
    let (mut left, mut last) = (bytes, after.cloned());
    for partition in partitions {
        if last.as_ref().is_some_and(|it| it.partition < partition) {
            continue;
        }
        let Some(lasts) = Lasting::of(&known, &partition, now) else { continue };
        // What is past its time lies there until the day is over for all of it; it is not shown.
        let begins = lasts.begins_to_go((&book, region), now);
        let over = |it: &Block| begins && lasts.is_over((&book, region), it.received, now);
        let tag = flows.vault().tag(tx, partition.as_str())?;
        loop {
            let before = last.as_ref().filter(|it| it.partition == partition).map(|it| it.place);
            // With nothing left to give, one more is looked for, so as to say whether there is one.
            let most = if left == 0 { (1, 1) } else { (rows(left), left) };
            let blocks = tx.events((&partition, &tag), before, most).await?;
            if blocks.is_empty() {
                break;
            }
            if left == 0 {
                return Ok(last);
            }
            for block in blocks {
                if left == 0 {
                    break;
                }
                if !over(&block) {
                    left = left.saturating_sub(see(&block, lasts.period)?);
                }
                last = Some(Place::of(&block));
            }
            // Whoever else waits on this thread has a turn.
            tokio::task::yield_now().await;
        }
    }
    Ok(None)
}

/// Some of the person's blocks in a partition, newest first, from after a place; each with its events.
pub(crate) async fn blocks(
    flows: &Flows,
    tx: &Tx<Permit>,
    partition: &Partition,
    after: Option<&Place>,
) -> Result<Vec<(Place, Vec<Value>)>, Stop> {
    let tag = flows.vault().tag(tx, partition.as_str())?;
    let before = after.map(|it| it.place);
    let most = (ROWS_AT_ONCE, WORK_EVENTS_BYTES);
    let mut all = Vec::new();
    for block in tx.events((partition, &tag), before, most).await? {
        let mut seen = Vec::new();
        open(flows, tx, &block, &mut seen)?;
        all.push((Place::of(&block), seen));
    }
    Ok(all)
}

/// Opens a block, the newest of it first; answers by how many bytes it counts, written out.
fn open(
    flows: &Flows,
    tx: &Tx<Permit>,
    block: &Block,
    seen: &mut Vec<Value>,
) -> Result<usize, Stop> {
    let bytes = flows.vault().open_note(tx, LABEL, &block.sealed)?;
    let events = block::read(&bytes).ok_or_else(unreadable)?;
    let mut counted = ROW_BYTES;
    for event in events.into_iter().rev() {
        counted = counted.saturating_add(length(&event));
        seen.push(event.into());
    }
    Ok(counted)
}

/// No more rows than so many bytes can be.
fn rows(bytes: usize) -> u32 {
    let rows = bytes.div_ceil(ROW_BYTES);
    u32::try_from(rows).map_or(ROWS_AT_ONCE, |it| it.min(ROWS_AT_ONCE))
}

fn unreadable() -> Stop {
    Stop::Broken("a block of events cannot be read".to_owned())
}

fn length(event: &Map<String, Value>) -> usize {
    event.iter().fold(0, |sum, (name, value)| {
        let letters = value.as_str().map_or(8, str::len);
        name.len().saturating_add(letters).saturating_add(6).saturating_add(sum)
    })
}
