//! When the policy changes, so do the dates on which values go: a shorter time counts at once, a longer
//! one for a person when the version that allows it has come to count for them. Nothing is kept longer
//! in silence.

use decide::{Category, PersonId, RegionCode, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, RoundRow, Tx, ValueRow, Write};
use policy::{Anchor, Keep, Policy};

use super::VALUES_DUE;
use crate::book::Book;
use crate::change::{Known, known};
use crate::engine::{Case, again};
use crate::limit::VISITED_AT_ONCE;
use crate::{Flows, Stop, messages, minors};

/// The kind of the round of a version.
pub(crate) const KIND: &str = "redate";
/// It goes from person to person.
const VISITING: &str = "visiting";
/// Everybody was visited.
const DONE: &str = "done";

/// Has the dates looked at when another version is in force than the last time: also after a start,
/// because it may have come into force while nothing ran.
pub(super) async fn begin(flows: &Flows, now: Timestamp) -> Result<(), Stop> {
    let version = flows.book().version();
    if !flows.inner.pace.is_new(version) {
        return Ok(());
    }
    let door = flows.journal().installation();
    // The first version changed nothing.
    if known(flows).await?.versions.len() > 1 {
        // What it promises of backups counts at once too.
        crate::security::look_at_backups(flows, now).await?;
        let round = RoundRow {
            id: format!("{KIND}/{version}"),
            kind: KIND.to_owned(),
            state: VISITING.to_owned(),
            body: "{}".to_owned(),
            cursor: String::new(),
            wake: Some(now),
            made: now,
            version: 0,
        };
        match door.add_round(round).await {
            // Another node, or this one before it was stopped.
            Ok(()) | Err(journal::Fault::Conflict) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    flows.inner.pace.saw(version);
    Ok(())
}

/// Visits the next people, and writes down how far it came. Each is done by themselves, and doing one
/// again changes nothing.
pub(crate) async fn step(flows: &Flows, mut round: RoundRow, now: Timestamp) -> Result<(), Stop> {
    let (region, after) = place(flows, &round.cursor);
    let Some(region) = region else {
        round.wake = None;
        DONE.clone_into(&mut round.state);
        return Ok(flows.journal().installation().put_round(&round).await?);
    };
    let people = flows.journal().scratch().people(region, after, VISITED_AT_ONCE).await?;
    for person in &people {
        match again!(one(flows, *person, now).await) {
            Ok(()) | Err(Stop::Gone | Stop::NotFound) => {}
            Err(stop) => return Err(stop),
        }
    }
    round.wake = Some(now);
    round.cursor = match people.last() {
        Some(last) => last.to_string(),
        None => next(flows, region).map_or_else(|| DONE.to_owned(), |it| it.to_string()),
    };
    Ok(flows.journal().installation().put_round(&round).await?)
}

/// Where a round is: in which region, after whom.
fn place(flows: &Flows, cursor: &str) -> (Option<RegionCode>, Option<PersonId>) {
    if cursor.is_empty() {
        return (flows.regions().first().copied(), None);
    }
    match PersonId::parse(cursor) {
        Some(person) => (Some(person.region()), Some(person)),
        None => (RegionCode::new(cursor).filter(|it| flows.regions().contains(it)), None),
    }
}

fn next(flows: &Flows, region: RegionCode) -> Option<RegionCode> {
    let mut all = flows.regions().iter().skip_while(|it| **it != region);
    all.nth(1).copied()
}

async fn one(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    values(flows, person, now).await?;
    minors::look_again(flows, person, now).await?;
    messages::redate(flows, person, now).await
}

async fn values(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let known = known(flows).await?;
    let book = flows.book();
    let seen = flows.journal().begin(person, Set::EMPTY).await?;
    let adopted = seen.facts().adopted;
    if moved(&book, &known, (seen.values(), adopted, person.region()), now).is_empty() {
        return Ok(());
    }
    drop(seen);
    let asker = Asker::new(AskerKind::System, KIND);
    let case = Case::of(person, super::act(), Set::EMPTY, &asker);
    let mut tx = flows.permit(&book, case, now).await?;
    let adopted = tx.facts().adopted;
    restage((&book, &known), &mut tx, adopted);
    tx.note(serde_json::json!({ "redated": { "policy": book.version() } }));
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

/// Stages the dates of a person for whom versions count up to `adopted`, as the transaction leaves it.
pub(crate) fn restage((book, known): (&Book, &Known), tx: &mut Tx<Permit>, adopted: u32) {
    let now = tx.permit().now();
    let moved = moved(book, known, (tx.values(), adopted, tx.person().region()), now);
    if moved.is_empty() {
        return;
    }
    let then = |row: &ValueRow| {
        moved.iter().find(|(it, _)| it.category == row.category).map_or(row.due, |(_, due)| *due)
    };
    let first = tx.values().iter().filter(|it| it.hold.is_none()).filter_map(then).min();
    for (row, due) in moved {
        tx.stage(Write::Due { category: row.category, due });
    }
    if let Some(due) = first {
        tx.stage(Write::Job { kind: VALUES_DUE, due });
    }
}

/// Whether versions say different things of how long a category is kept.
pub(crate) fn differs(known: &Known, category: &str) -> bool {
    let mut keeps = known.versions.iter().filter_map(|it| it.1.keep.get(category));
    let Some(first) = keeps.next() else { return false };
    keeps.any(|it| (it.after, it.period) != (first.after, first.period))
}

/// Until when that is kept of a category which came in at `from`, by every version that counts for
/// whoever adopted `adopted`; `None` where none says.
pub(crate) fn collected(
    (book, known): (&Book, &Known),
    (category, adopted): (Category, u32),
    (region, from): (RegionCode, Timestamp),
    now: Timestamp,
) -> Option<Timestamp> {
    let id = book.category_id(category);
    let keeps = counting(known, adopted, now).into_iter().filter_map(|it| it.keep.get(id));
    let each = keeps
        .filter(|it| it.after == Anchor::Collected)
        .filter_map(|it| book.policy().due(region.as_str(), from, it.period).ok());
    each.min().or_else(|| book.due(category, Anchor::Collected, (region, from)))
}

/// The values whose dates are others now.
fn moved(
    book: &Book,
    known: &Known,
    (values, adopted, region): (&[ValueRow], u32, RegionCode),
    now: Timestamp,
) -> Vec<(ValueRow, Option<Timestamp>)> {
    let policies = counting(known, adopted, now);
    let each = values.iter().filter_map(|row| {
        let due = due(book, (known, &policies), (row, region), now)?;
        (due != row.due).then_some((*row, due))
    });
    each.collect()
}

/// The version that counts for whoever adopted one, and those in force that came after: they shorten.
fn counting(known: &Known, adopted: u32, now: Timestamp) -> Vec<&Policy> {
    let widens =
        |version: u32| known.widenings().iter().any(|it| it.version == version && it.widens());
    let in_force: Vec<_> = known.versions.iter().filter(|it| it.2 <= now).collect();
    let first = in_force.iter().position(|it| it.0 > adopted && widens(it.0));
    // Up to the first one that they did not adopt, the last counts alone.
    let base = first.unwrap_or(in_force.len()).saturating_sub(1);
    in_force.into_iter().skip(base).map(|it| &it.1).collect()
}

/// When a value goes, by every version that counts; `None` where that is as it was.
#[expect(
    clippy::option_option,
    reason = "nothing to say, and a value that never goes, are two things"
)]
fn due(
    book: &Book,
    (known, policies): (&Known, &[&Policy]),
    (row, region): (&ValueRow, RegionCode),
    now: Timestamp,
) -> Option<Option<Timestamp>> {
    let id = book.category_id(row.category);
    if !differs(known, id) {
        return None;
    }
    let keeps: Vec<&Keep> = known.versions.iter().filter_map(|it| it.1.keep.get(id)).collect();
    let active = || active(book, &keeps, (row, region), now);
    let each = policies.iter().filter_map(|it| it.keep.get(id)).filter_map(|keep| {
        let from = match keep.after {
            Anchor::Collected => row.collected,
            Anchor::LastActive => active(),
            // It has not happened; what it set when it did stays.
            Anchor::AccountClosed | Anchor::ConsentWithdrawn => return None,
        };
        book.policy().due(region.as_str(), from, keep.period).ok()
    });
    Some(each.min())
}

/// When the person was last active, as far as the date tells that stands; else now, so that a time
/// that begins with the change is given whole.
fn active(
    book: &Book,
    keeps: &[&Keep],
    (row, region): (&ValueRow, RegionCode),
    now: Timestamp,
) -> Timestamp {
    let Some(due) = row.due else { return now };
    let ran = keeps.iter().rev().skip(1).find(|it| it.after == Anchor::LastActive);
    let found = ran.and_then(|it| it.period.before_timestamp(due, &book.zone(region)));
    found.unwrap_or(row.collected).max(row.collected).min(now)
}

/// When a value goes whose person is active now, where its time runs from that; by every version that
/// counts for them.
pub(super) fn touched(
    (book, known): (&Book, &Known),
    (row, adopted): (&ValueRow, u32),
    (region, now): (RegionCode, Timestamp),
) -> Option<Timestamp> {
    let id = book.category_id(row.category);
    let policies = counting(known, adopted, now);
    let keeps: Vec<&Keep> = policies.iter().filter_map(|it| it.keep.get(id)).collect();
    if !keeps.iter().any(|it| it.after == Anchor::LastActive) {
        return None;
    }
    let each = keeps.into_iter().filter_map(|keep| {
        let from = match keep.after {
            Anchor::Collected => row.collected,
            Anchor::LastActive => now,
            Anchor::AccountClosed | Anchor::ConsentWithdrawn => return None,
        };
        book.policy().due(region.as_str(), from, keep.period).ok()
    });
    each.min()
}
