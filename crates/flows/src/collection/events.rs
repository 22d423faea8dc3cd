//! Log information: a batch from a browser, decided event by event, scrubbed, and sealed as one block.

use std::collections::BTreeMap;
use std::net::IpAddr;

use decide::{Act, Category, PersonId, Purpose, Set, Signals, Timestamp};
use journal::{Asker, AskerKind, EventCount, Partition, Recorded, Write};
use policy::clause::collection::{Address, SourceKind};
use serde::Serialize;
use serde_json::{Map, Value};
use zeroize::Zeroize;

use super::room::has_room;
use super::scrub;
use crate::book::Book;
use crate::engine::{Case, again};
use crate::limit::{
    EVENT_AHEAD_MILLIS, EVENT_BEHIND_MILLIS, EVENT_FIELD_MAX, EVENT_FIELDS_MAX, EVENTS_BYTES_MAX,
    EVENTS_MAX,
};
use crate::retention_class;
use crate::{Flows, Stop, instant, when};

/// One event, as a browser sends it.
#[derive(Debug)]
pub struct Event {
    /// Its declared kind.
    pub kind: String,
    /// When it happened, by the browser's clock.
    pub at: Option<String>,
    /// Its fields.
    pub fields: Map<String, Value>,
}

/// A batch.
#[derive(Debug)]
pub struct Events {
    /// The browser's person, where it is known.
    pub who: Option<PersonId>,
    /// The events.
    pub events: Vec<Event>,
    /// What the browser signals.
    pub signals: Signals,
    /// Where it came from; truncated before anything is stored.
    pub address: Option<IpAddr>,
    /// What the browser says of itself; only its kind is kept.
    pub browser: String,
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
pub async fn events(flows: &Flows, ask: Events, now: Timestamp) -> Result<Judged, Stop> {
    if ask.events.len() > EVENTS_MAX {
        return Err(Stop::invalid("events", format!("send at most {EVENTS_MAX} at once")));
    }
    let book = flows.book();
    let (groups, undeclared) = group(&book, &ask)?;
    let mut judged = Judged { recorded: Vec::new(), refused: undeclared };
    let mut coming = groups.iter().fold(0_u64, |sum, (_, items)| sum.saturating_add(weight(items)));
    for (purpose, items) in groups {
        // The whole rest has room, or nothing of it is kept.
        let room = coming;
        coming = coming.saturating_sub(weight(&items));
        let Some(person) = ask.who else {
            judged.refused.extend(nobody(&book, purpose, &items));
            continue;
        };
        match again!(once(flows, (&ask, person, room), (purpose, &items), now).await) {
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
                judged.refused.extend(nobody(&book, purpose, &items));
            }
            Err(stop) => return Err(stop),
        }
    }
    judged.refused.sort_by_key(|it| it.index);
    Ok(judged)
}

/// An event of a declared kind, scrubbed.
struct Item {
    index: usize,
    kind: String,
    at: Timestamp,
    categories: Set<Category>,
    fields: Map<String, Value>,
}

type Groups = Vec<(Purpose, Vec<Item>)>;

fn group(book: &Book, ask: &Events) -> Result<(Groups, Vec<RefusedEvent>), Stop> {
    let mut groups: Groups = Vec::new();
    let mut undeclared = Vec::new();
    for (index, event) in ask.events.iter().enumerate() {
        let Some(declared) = book.policy().events.get(&event.kind) else {
            let clauses = book.policy().logs.iter().map(|it| it.clause.clone()).collect();
            undeclared.push(RefusedEvent { index, clauses });
            continue;
        };
        if event.fields.len() > EVENT_FIELDS_MAX {
            return Err(Stop::invalid(format!("{index}"), "send fewer fields"));
        }
        let purpose = book.purpose(&declared.purpose)?;
        let mut item = Item {
            index,
            kind: event.kind.clone(),
            at: Timestamp::default(),
            categories: Set::EMPTY,
            fields: Map::new(),
        };
        item.at = event.at.as_deref().and_then(instant).unwrap_or_default();
        // Fields that the policy does not declare are not asked about: they are left out.
        for (field, category) in &declared.fields {
            if let Some(value) = event.fields.get(field).and_then(|it| clean(field, it)) {
                item.fields.insert(field.clone(), value);
                item.categories = item.categories.with(book.category(category)?);
            }
        }
        match groups.iter_mut().find(|(it, _)| *it == purpose) {
            Some((_, items)) => items.push(item),
            None => groups.push((purpose, vec![item])),
        }
    }
    Ok((groups, undeclared))
}

/// A field without what identifies: by its name a path, a host, or text.
fn clean(field: &str, value: &Value) -> Option<Value> {
    match value {
        Value::Bool(_) => Some(value.clone()),
        // A number long enough to be somebody's is none that is counted.
        Value::Number(it) => Some(Value::from(scrub::text(&it.to_string()))),
        Value::String(text) => {
            let text: String = text.chars().take(EVENT_FIELD_MAX).collect();
            let clean = if field.contains("host") {
                scrub::host(&text)
            } else if field.contains("path") || field.contains("url") {
                scrub::path(&text)
            } else {
                scrub::text(&text)
            };
            (!clean.is_empty()).then(|| clean.into())
        }
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// About how many bytes these come to in a block.
fn weight(items: &[Item]) -> u64 {
    let bytes = |it: &Item| {
        let fields = it.fields.iter().map(|(name, value)| {
            let value = value.as_str().map_or(8, str::len);
            name.len().saturating_add(value).saturating_add(6)
        });
        fields.sum::<usize>().saturating_add(it.kind.len()).saturating_add(64)
    };
    let sum = items.iter().map(bytes).sum::<usize>().saturating_add(256);
    u64::try_from(sum).unwrap_or(u64::MAX)
}

fn nobody<'a>(
    book: &'a Book,
    purpose: Purpose,
    items: &'a [Item],
) -> impl Iterator<Item = RefusedEvent> + 'a {
    let id = book.rules().vocabulary().purpose_id(purpose);
    let clause = book.policy().purposes.get(id).map(|it| it.clause.clone());
    let clauses: Vec<String> = clause.into_iter().collect();
    items.iter().map(move |it| RefusedEvent { index: it.index, clauses: clauses.clone() })
}

async fn once(
    flows: &Flows,
    (ask, person, room): (&Events, PersonId, u64),
    (purpose, items): (Purpose, &[Item]),
    now: Timestamp,
) -> Result<Recorded<Arrived>, Stop> {
    let book = flows.book();
    let source = book.source_of(SourceKind::Device)?;
    let asker = Asker::new(AskerKind::Person, "browser");
    let wanted = items.iter().fold(Set::EMPTY, |all, it| all.union(it.categories));
    let around = around(&book, purpose);
    let case = Case {
        wanted: Set::EMPTY,
        signals: Some(ask.signals),
        ..Case::of(person, Act::Collect { purpose, source }, wanted.union(around), &asker)
    };
    let mut tx = flows.permit(&book, case, now).await?;
    has_room(flows, (&book, &tx), room, now).await?;
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
        let partition = partition(&book, &kept, now)?;
        let block = block(&book, (ask, permitted), &kept, now);
        if block.len() > EVENTS_BYTES_MAX {
            return Err(Stop::invalid("events", "send fewer at once: together they are too long"));
        }
        let sealed = flows.vault().seal_note(&tx, LABEL, &block)?;
        let tag = flows.vault().tag(&tx, partition.as_str())?;
        let counts = counts(&kept, now);
        tx.stage(Write::Events { partition, tag, sealed, counts, received: now });
    }
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
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
    let ids = book.category_ids(all);
    let keeps = ids.iter().filter_map(|id| book.policy().keep.get(id)).map(|it| it.period);
    let shortest = keeps.min_by_key(|it| it.hours()).unwrap_or_default();
    Partition::of(now, &retention_class(shortest))
        .ok_or_else(|| Stop::Broken("the retention of an event makes no partition".to_owned()))
}

fn block(
    book: &Book,
    (ask, permitted): (&Events, Set<Category>),
    kept: &[&Item],
    now: Timestamp,
) -> Vec<u8> {
    let may = |id: &str| book.category(id).is_ok_and(|it| permitted.has(it));
    let mut head = Map::new();
    head.insert("v".to_owned(), 1.into());
    if may("device") {
        head.insert("device".to_owned(), scrub::browser(&ask.browser).into());
    }
    let truncated = book.policy().logs.as_ref().is_some_and(|it| it.address == Address::Truncated);
    if let Some(address) = ask.address.filter(|_| may("ip") && truncated) {
        head.insert("ip".to_owned(), scrub::address(address).into());
    }
    let events = kept.iter().map(|it| {
        let mut event = it.fields.clone();
        event.insert("type".to_owned(), it.kind.clone().into());
        event.insert("at".to_owned(), when(received(it.at, now)).into());
        Value::Object(event)
    });
    head.insert("events".to_owned(), events.collect());
    serde_json::to_vec(&head).unwrap_or_default()
}

/// A time that lies ahead would escape deletion, and one long past would be deleted early: both
/// count as now.
fn received(at: Timestamp, now: Timestamp) -> Timestamp {
    let ahead = now.plus_millis(EVENT_AHEAD_MILLIS);
    let behind = now.plus_millis(EVENT_BEHIND_MILLIS.saturating_neg());
    if at > ahead || at < behind { now } else { at.min(now) }
}

fn counts(kept: &[&Item], now: Timestamp) -> Vec<EventCount> {
    let hour = Timestamp::from_millis(now.millis().div_euclid(3_600_000).saturating_mul(3_600_000));
    let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
    for item in kept {
        let count = counts.entry(&item.kind).or_insert(0);
        *count = count.saturating_add(1);
    }
    let count = |(kind, count): (&str, u32)| EventCount { kind: kind.to_owned(), hour, count };
    counts.into_iter().map(count).collect()
}
