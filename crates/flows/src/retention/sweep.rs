//! Sweeping: values past their time go person by person.

use std::collections::{BTreeMap, BTreeSet};

use decide::{Act, Category, PersonId, Request, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Read, Refusal, Tx, Write};
use tokio::task::JoinSet;

use super::{VALUES_DUE, anonymise, count, counted};
use crate::book::Book;
use crate::engine::{again, refused};
use crate::{Flows, Stop};

/// Deletes what is due of one person, and says when to come again.
async fn values(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    again!(once(flows, person, now).await)
}

async fn once(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let tx = flows.journal().begin(person, counted(&book)).await?;
    let due = due(&tx, now);
    match judge(&book, tx, now) {
        Ok(tx) => {
            let left = anonymise(flows, &book, &tx, due)?;
            let owed = tx.owe(());
            tx.record(owed).await?.into_inner();
            count(flows, left).await;
            Ok(())
        }
        Err(tx) => Err(refused(tx).await),
    }
}

/// What of a person is due. What lies under a hold waits for its end.
fn due(tx: &Tx<Read>, now: Timestamp) -> Set<Category> {
    let free = tx.values().iter().filter(|it| it.hold.is_none());
    free.filter(|it| it.due.is_some_and(|due| due <= now)).map(|it| it.category).collect()
}

/// The same for many: they are read together, each is decided and recorded by itself, and the records
/// share their commits.
pub(super) async fn all(
    flows: &Flows,
    people: Vec<PersonId>,
    now: Timestamp,
) -> BTreeMap<PersonId, Result<(), Stop>> {
    // Who cannot be read with the others is read alone, and is told what is the matter.
    let read = flows.journal().begin_each(&people).await.unwrap_or_default();
    let book = flows.book();
    let counted = counted(&book);
    let mut waiting = JoinSet::new();
    let mut left: BTreeSet<PersonId> = people.into_iter().collect();
    for tx in read {
        let person = tx.person();
        // What is counted when it goes has to be opened first.
        if !due(&tx, now).and(counted).is_empty() {
            continue;
        }
        left.remove(&person);
        let outcome = done(judge(&book, tx, now));
        waiting.spawn(async move { (person, outcome.await) });
    }
    let mut finished = BTreeMap::new();
    while let Some(one) = waiting.join_next().await {
        match one {
            Ok((person, Err(Stop::Conflict))) => {
                left.insert(person);
            }
            Ok((person, answer)) => {
                finished.insert(person, answer);
            }
            Err(error) => tracing::error!(%error, "a job ended without an answer"),
        }
    }
    for person in left {
        finished.insert(person, values(flows, person, now).await);
    }
    finished
}

/// One decision for everything of a person that is due, and what follows from it.
fn judge(book: &Book, tx: Tx<Read>, now: Timestamp) -> Result<Tx<Permit>, Tx<Refusal>> {
    let due = due(&tx, now);
    let request = Request { act: Act::Exercise { right: Right::Delete }, categories: due };
    // The record names the categories that were permitted, and by this name why they went.
    let asker = Asker::new(AskerKind::System, "retention");
    let mut tx = tx.judge(book.rules(), request, asker, now)?;
    let free = tx.values().iter().filter(|it| it.hold.is_none());
    let next = free.filter(|it| !due.has(it.category)).filter_map(|it| it.due).min();
    for category in due.iter() {
        tx.stage(Write::DeleteValue(category));
    }
    // With the outcome: the job is not done without it, and not done twice.
    match next {
        Some(due) => tx.stage(Write::Job { kind: VALUES_DUE, due }),
        None => tx.stage(Write::DropJob(VALUES_DUE)),
    }
    Ok(tx)
}

async fn done(judged: Result<Tx<Permit>, Tx<Refusal>>) -> Result<(), Stop> {
    match judged {
        Ok(tx) => {
            let owed = tx.owe(());
            Ok(tx.record(owed).await.map(drop)?)
        }
        Err(tx) => Err(refused(tx).await),
    }
}
