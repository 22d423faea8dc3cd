//! Log information under a hold is copied out before the original goes: before its day is dropped, and
//! before its person is erased. Until then the original lies where it lay, and follows its own rule. What
//! was written to us and by us is copied out before its person is erased, too.

use std::collections::BTreeSet;

use decide::id::{CaseId, HoldId};
use decide::{PersonId, RegionCode, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, NoteRow, Partition, Permit, Queue, Tx, Write};

use super::{About, COPIED, ENDS, HELD, KIND, WRITTEN, act, read};
use crate::book::Book;
use crate::collection::{Place, blocks};
use crate::engine::{Case, again};
use crate::limit::{HOLDS_OF_ONE_MAX, HOLDS_PAGE};
use crate::messages::{MESSAGES, kept};
use crate::{Flows, Stop};

/// Copies out what any hold covers of a day that is about to be dropped.
pub(in super::super) async fn before_drop(
    flows: &Flows,
    region: RegionCode,
    partition: &Partition,
    now: Timestamp,
) -> Result<(), Stop> {
    let mut after = None;
    loop {
        let queue = Queue { kinds: &[KIND], open: true, after };
        let found = flows.journal().scratch().queue(region, &queue, HOLDS_PAGE).await?;
        let Some((_, last)) = found.last() else { return Ok(()) };
        after = Some((last.due, last.id));
        for (person, row) in found {
            if kinds(&flows.book(), &row).is_empty() {
                continue;
            }
            match copy(flows, (person, row.id), partition, now).await {
                // Erased: it was copied before that.
                Ok(()) | Err(Stop::Gone | Stop::NotFound) => {}
                Err(stop) => return Err(stop),
            }
        }
    }
}

/// Copies out what holds cover of the log information and of the conversations of somebody who is about
/// to be erased.
pub(crate) async fn before_erasing(
    flows: &Flows,
    person: PersonId,
    now: Timestamp,
) -> Result<(), Stop> {
    let open = flows.journal().scratch().open_cases(person, KIND, HOLDS_OF_ONE_MAX).await?;
    for row in open {
        if row.state == HELD && About::of(&row).categories.iter().any(|it| it == MESSAGES) {
            match conversations(flows, (person, row.id), now).await {
                Ok(()) => {}
                Err(Stop::Gone | Stop::NotFound) => return Ok(()),
                Err(stop) => return Err(stop),
            }
        }
        if kinds(&flows.book(), &row).is_empty() {
            continue;
        }
        for partition in flows.journal().partitions(person.region()).await? {
            match copy(flows, (person, row.id), &partition, now).await {
                Ok(()) => {}
                Err(Stop::Gone | Stop::NotFound) => return Ok(()),
                Err(stop) => return Err(stop),
            }
        }
    }
    Ok(())
}

/// Copies out every conversation, one outcome for each. What was copied before, by a step that a crash
/// cut short, is not copied twice: it keeps its id.
async fn conversations(
    flows: &Flows,
    hold: (PersonId, CaseId),
    now: Timestamp,
) -> Result<(), Stop> {
    let mut before = None;
    loop {
        before = again!(conversation(flows, hold, before, now).await)?;
        if before.is_none() {
            return Ok(());
        }
    }
}

async fn conversation(
    flows: &Flows,
    (person, id): (PersonId, CaseId),
    before: Option<CaseId>,
    now: Timestamp,
) -> Result<Option<CaseId>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, ENDS);
    let case = Case::of(person, act(&book), Set::EMPTY, &asker);
    let mut tx = flows.permit(&book, case, now).await?;
    let (row, about) = read(&tx, HoldId::from(id)).await?;
    let (all, next) = kept(flows, &tx, before).await?;
    let Some(key) = row.own_key.as_ref().filter(|_| !all.is_empty()) else { return Ok(next) };
    for it in &all {
        let sealed = flows.vault().seal_for_hold((person, key), WRITTEN, &it.text)?;
        let (kind, author) = ("messages".to_owned(), String::new());
        tx.stage(Write::Note(NoteRow { case: row.id, id: it.id, kind, at: now, author, sealed }));
    }
    tx.note(
        serde_json::json!({ "hold": HoldId::from(id).to_string(), "copied": about.categories }),
    );
    let owed = tx.owe(());
    tx.record(owed).await?.into_inner();
    Ok(next)
}

/// The kinds of event that a hold covers, while it stands.
fn kinds(book: &Book, row: &CaseRow) -> BTreeSet<String> {
    let covered = About::of(row).categories;
    let covers = |it: &policy::clause::collection::Event| {
        it.fields.values().any(|category| covered.contains(category))
    };
    let all = book.policy().events.iter().filter(|(_, it)| row.state == HELD && covers(it));
    all.map(|(kind, _)| kind.clone()).collect()
}

async fn copy(
    flows: &Flows,
    hold: (PersonId, CaseId),
    partition: &Partition,
    now: Timestamp,
) -> Result<(), Stop> {
    let mut before = None;
    loop {
        let place = again!(piece(flows, hold, (partition, before.as_ref()), now).await)?;
        if place.is_none() {
            return Ok(());
        }
        before = place;
    }
}

/// Copies some blocks, newest first, and answers how far it came. A block that was copied before, by
/// a step that a crash cut short, is not copied twice: its note has an id of its own.
async fn piece(
    flows: &Flows,
    (person, id): (PersonId, CaseId),
    (partition, before): (&Partition, Option<&Place>),
    now: Timestamp,
) -> Result<Option<Place>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, ENDS);
    let case = Case::of(person, act(&book), Set::EMPTY, &asker);
    let mut tx = flows.permit(&book, case, now).await?;
    let (row, about) = read(&tx, HoldId::from(id)).await?;
    let found = blocks(flows, &tx, partition, before).await?;
    let last = found.last().map(|(place, _)| place.clone());
    let covered = kinds(&book, &row);
    let notes = notes(flows, &tx, (&row, &covered), found, now)?;
    if !notes.is_empty() {
        for note in notes {
            tx.stage(Write::Note(note));
        }
        tx.note(
            serde_json::json!({ "hold": HoldId::from(id).to_string(), "copied": about.categories }),
        );
        let owed = tx.owe(());
        tx.record(owed).await?.into_inner();
    }
    Ok(last)
}

fn notes(
    flows: &Flows,
    tx: &Tx<Permit>,
    (row, covered): (&CaseRow, &BTreeSet<String>),
    found: Vec<(Place, Vec<serde_json::Value>)>,
    now: Timestamp,
) -> Result<Vec<NoteRow>, Stop> {
    let Some(key) = &row.own_key else { return Ok(Vec::new()) };
    let is = |it: &serde_json::Value| {
        it.get("type").and_then(|it| it.as_str()).is_some_and(|it| covered.contains(it))
    };
    let mut notes = Vec::new();
    for (place, mut events) in found {
        events.retain(is);
        if events.is_empty() {
            continue;
        }
        let text = serde_json::to_vec(&events).map_err(|it| Stop::Broken(it.to_string()))?;
        let text = zeroize::Zeroizing::new(text);
        let sealed = flows.vault().seal_for_hold((tx.person(), key), COPIED, &text)?;
        let (kind, author) = ("events".to_owned(), String::new());
        let whose = (row.id.region(), format!("{}.{place}", HoldId::from(row.id)));
        let mark = flows.vault().mark(whose.0, COPIED, whose.1.as_bytes())?;
        let id = mark.first_chunk().map_or(0, |it| u128::from_be_bytes(*it));
        notes.push(NoteRow { case: row.id, id, kind, at: now, author, sealed });
    }
    Ok(notes)
}
