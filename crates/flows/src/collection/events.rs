//! Log information: a batch from a browser, decided by purpose, scrubbed, and sealed as one block.

use std::collections::BTreeMap;
use std::net::IpAddr;

use decide::{Act, Category, PersonId, Purpose, Set, Signals, Timestamp};
use journal::{Asker, AskerKind, EventCount, Partition, Permit, Recorded, Tx, Write};
use policy::clause::collection::{Address, SourceKind};
use serde::Serialize;
use zeroize::Zeroize;

use super::batch::{Batch, Item};
use super::block::{self, Around};
use super::room;
use super::scrub;
use crate::book::Book;
use crate::engine::{Case, again};
use crate::limit::{
    EVENT_AHEAD_MILLIS, EVENT_BEHIND_MILLIS, EVENTS_BYTES_MAX, EVENTS_DAY_BYTES_MAX,
};
use crate::retention_class;
use crate::{Flows, Stop};

/// A batch, and what is known of where it comes from.
#[derive(Debug)]
pub struct Events<'a> {
    /// The browser's person, where it is known.
    pub who: Option<PersonId>,
    /// The events.
    pub batch: Batch<'a>,
    /// What the browser signals.
    pub signals: Signals,
    /// Where it came from; truncated before anything is stored.
    pub address: Option<IpAddr>,
    /// What the browser says of itself; only its kind is kept.
    pub browser: &'a str,
}

/// What came of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Zeroize)]
pub struct Arrived {
    /// How many are kept.
    pub accepted: usize,
    /// Which are not, and under which clauses.
    pub refused: Vec<RefusedEvent>,
}

/// An event that is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Zeroize)]
pub struct RefusedEvent {
    /// Its place in the batch.
    pub index: usize,
    /// The clauses.
    pub clauses: Vec<String>,
}

/// A batch that was judged: on the record, or of a browser that nobody knows, and then nothing of
/// it was kept.
#[derive(Debug)]
pub struct Judged {
    /// What is on the record, one for each purpose.
    pub recorded: Vec<Recorded<Arrived>>,
    /// What nobody knows of.
    pub refused: Vec<RefusedEvent>,
}

/// What the blocks of events are sealed as.
pub(super) const LABEL: &str = "events";

/// Takes a batch in.
///
/// # Errors
/// `Invalid` for a batch that does not fit.
pub async fn events(flows: &Flows, ask: Events<'_>, now: Timestamp) -> Result<Judged, Stop> {
    ask.batch.check()?;
    let book = ask.batch.book();
    let mut judged = Judged { recorded: Vec::new(), refused: undeclared(&ask.batch) };
    let groups = ask.batch.groups();
    let mut coming = groups.iter().fold(0_u64, |sum, (_, items)| sum.saturating_add(weight(items)));
    for (purpose, items) in groups {
        // The whole rest has room, or nothing of it is kept.
        coming = coming.saturating_sub(weight(&items));
        let Some(person) = ask.who else {
            judged.refused.extend(nobody(book, purpose, &items));
            continue;
        };
        match again!(once(flows, (&ask, person, coming), (purpose, &items), now).await) {
            Ok(recorded) => judged.recorded.push(recorded),
            Err(Stop::Refused(seen)) => {
                let clauses = &seen.denied().clauses;
                judged.refused.extend(
                    items
                        .iter()
                        .map(|it| RefusedEvent { index: it.index, clauses: clauses.clone() }),
                );
            }
            // A browser whose person is gone is a browser that nobody knows.
            Err(Stop::Gone | Stop::NotFound) => {
                judged.refused.extend(nobody(book, purpose, &items));
            }
            Err(stop) => return Err(stop),
        }
    }
    judged.refused.sort_by_key(|it| it.index);
    Ok(judged)
}

fn undeclared(batch: &Batch<'_>) -> Vec<RefusedEvent> {
    let clauses = || batch.book().policy().logs.iter().map(|it| it.clause.clone()).collect();
    let refused = |index: &usize| RefusedEvent { index: *index, clauses: clauses() };
    batch.undeclared().iter().map(refused).collect()
}

/// About how many bytes these come to, written out.
fn weight(items: &[&Item]) -> u64 {
    let sum = items.iter().fold(256_usize, |sum, it| sum.saturating_add(it.weight));
    u64::try_from(sum).unwrap_or(u64::MAX)
}

fn nobody<'a>(
    book: &'a Book,
    purpose: Purpose,
    items: &'a [&Item],
) -> impl Iterator<Item = RefusedEvent> + 'a {
    let id = book.rules().vocabulary().purpose_id(purpose);
    let clause = book.policy().purposes.get(id).map(|it| it.clause.clone());
    let clauses: Vec<String> = clause.into_iter().collect();
    items.iter().map(move |it| RefusedEvent { index: it.index, clauses: clauses.clone() })
}

/// Decides for one purpose; `coming` is what the same batch brings for others.
async fn once(
    flows: &Flows,
    (ask, person, coming): (&Events<'_>, PersonId, u64),
    (purpose, items): (Purpose, &[&Item]),
    now: Timestamp,
) -> Result<Recorded<Arrived>, Stop> {
    let book = ask.batch.book();
    let source = book.source_of(SourceKind::Device)?;
    let asker = Asker::new(AskerKind::Person, "browser");
    let wanted = items.iter().fold(Set::EMPTY, |all, it| all.union(it.categories));
    let around = around(book, purpose);
    let case = Case {
        wanted: Set::EMPTY,
        signals: Some(ask.signals),
        ..Case::of(person, Act::Collect { purpose, source }, wanted.union(around), &asker)
    };
    let mut tx = flows.permit(book, case, now).await?;
    let permitted = tx.permit().categories();
    let (kept, left): (Vec<&Item>, Vec<&Item>) =
        items.iter().partition(|it| it.categories.within(permitted));
    let clauses = book.clause_ids(tx.permit().refused().iter().map(|it| it.clause));
    let answer = Arrived {
        accepted: kept.len(),
        refused: left
            .iter()
            .map(|it| RefusedEvent { index: it.index, clauses: clauses.clone() })
            .collect(),
    };
    if !kept.is_empty() {
        let write = sealed(flows, &tx, (ask, coming), (&kept, permitted), now).await?;
        tx.stage(write);
    }
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// The block of what is kept, where the day has room for it.
async fn sealed(
    flows: &Flows,
    tx: &Tx<Permit>,
    (ask, coming): (&Events<'_>, u64),
    (kept, permitted): (&[&Item], Set<Category>),
    now: Timestamp,
) -> Result<Write, Stop> {
    let book = ask.batch.book();
    let bytes = weight(kept);
    if usize::try_from(bytes).is_ok_and(|it| it > EVENTS_BYTES_MAX) {
        return Err(Stop::invalid("events", "send fewer at once: together they are too long"));
    }
    let partition = partition(book, kept, now)?;
    let beside = room::beside(flows, (book, tx), &partition, now).await?.saturating_add(coming);
    // What the partition itself holds by then, the journal looks at when it writes.
    let most = EVENTS_DAY_BYTES_MAX.saturating_sub(beside);
    if bytes > most {
        return Err(Stop::Full { seconds: Partition::seconds_left(now) });
    }
    let head = head(book, ask, permitted);
    let block = block::write(&head, &ask.batch, kept, |it| received(it.at, now));
    let sealed = flows.vault().seal_note(tx, LABEL, &block)?;
    let tag = flows.vault().tag(tx, partition.as_str())?;
    let counts = counts(&ask.batch, kept, now);
    Ok(Write::Events { partition, tag, sealed, counts, received: now, bytes, most })
}

/// What stands around each event, as far as the purpose may use it: the kind of browser, the
/// truncated address.
fn around(book: &Book, purpose: Purpose) -> Set<Category> {
    let ids = ["device", "ip"].iter().filter_map(|id| book.category(id).ok());
    ids.filter(|it| book.rules().uses(purpose).has(*it)).collect()
}

fn partition(book: &Book, kept: &[&Item], now: Timestamp) -> Result<Partition, Stop> {
    // The shortest of the retentions that are in the block, so that each is kept to.
    let all = kept.iter().fold(Set::EMPTY, |all, it| all.union(it.categories));
    let keeps = all.iter().filter_map(|it| book.policy().keep.get(book.category_id(it)));
    let shortest = keeps.map(|it| it.period).min_by_key(|it| it.hours()).unwrap_or_default();
    Partition::of(now, &retention_class(shortest))
        .ok_or_else(|| Stop::Broken("the retention of an event makes no partition".to_owned()))
}

fn head(book: &Book, ask: &Events<'_>, permitted: Set<Category>) -> Around {
    let may = |id: &str| book.category(id).is_ok_and(|it| permitted.has(it));
    let mut head = Around::default();
    if may("device") {
        head.device = scrub::browser(ask.browser);
    }
    let truncated = book.policy().logs.as_ref().is_some_and(|it| it.address == Address::Truncated);
    if let Some(address) = ask.address.filter(|_| may("ip") && truncated) {
        head.ip = scrub::address(address);
    }
    head
}

/// A time that lies ahead would escape deletion, and one long past would be deleted early: both
/// count as now, as does one that is left out.
fn received(at: Option<Timestamp>, now: Timestamp) -> Timestamp {
    let ahead = now.plus_millis(EVENT_AHEAD_MILLIS);
    let behind = now.plus_millis(EVENT_BEHIND_MILLIS.saturating_neg());
    at.filter(|it| (behind..=ahead).contains(it)).map_or(now, |it| it.min(now))
}

fn counts(batch: &Batch<'_>, kept: &[&Item], now: Timestamp) -> Vec<EventCount> {
    let hour = Timestamp::from_millis(now.millis().div_euclid(3_600_000).saturating_mul(3_600_000));
    let mut counts: BTreeMap<usize, (&Item, u32)> = BTreeMap::new();
    for item in kept {
        let (_, count) = counts.entry(item.kind).or_insert((item, 0));
        *count = count.saturating_add(1);
    }
    let count =
        |(item, count)| Some(EventCount { kind: batch.kind(item)?.name.clone(), hour, count });
    counts.into_values().filter_map(count).collect()
}
