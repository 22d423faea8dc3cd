//! The deletion: what is held is counted, then everybody is erased, or, where a product ends, what was
//! held for it goes. A crash in between repeats a piece, and what was done stays done.

use decide::{Account, Act, Category, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, RoundRow, Tx, Write};

use super::body::{Body, Product, Stage};
use super::state::MACHINE;
use super::{KIND, report, visit};
use crate::account::stage_end;
use crate::engine::{Case, again};
use crate::limit::ENDED_AGAIN_MILLIS;
use crate::retention::{ERASE, anonymise, count as count_anonymous, counted};
use crate::rights::{News, What, tell};
use crate::{Flows, Stop};

/// The next piece of it.
pub(super) async fn step(
    flows: &Flows,
    round: &mut RoundRow,
    body: &mut Body,
    now: Timestamp,
) -> Result<(), Stop> {
    match body.stage {
        Stage::Counting => {
            if !count(flows, round, body, now).await? {
                days(flows, body).await?;
                body.stage = Stage::Deleting;
                round.wake = Some(now);
            }
            Ok(())
        }
        Stage::Deleting => {
            let Some(people) = visit::next(flows, round, now).await? else {
                body.stage = Stage::Waiting;
                round.wake = Some(now);
                return Ok(());
            };
            let product = body.product.clone();
            let work = |flows: Flows, person| {
                let product = product.clone();
                async move {
                    match &product {
                        None => begin_erasing(&flows, person, now).await,
                        Some(product) => delete(&flows, person, product, now).await,
                    }
                }
            };
            visit::each(flows, people, work).await.map(drop)
        }
        Stage::Waiting => {
            if body.product.is_none() && !gone(flows, now).await? {
                // Erasures are jobs of their own; whoever is left is visited again.
                body.stage = Stage::Deleting;
                round.wake = Some(now.plus_millis(ENDED_AGAIN_MILLIS));
                return Ok(());
            }
            body.finished = Some(now.millis());
            MACHINE.step(&round.state, "finish", "system")?.clone_into(&mut round.state);
            round.wake = None;
            body.report = Some(report::sign(flows, round, body, now).await?);
            Ok(())
        }
    }
}

/// Counts what is held: each piece of it with the place up to which it was counted, so that nothing is
/// counted twice.
async fn count(
    flows: &Flows,
    round: &mut RoundRow,
    body: &mut Body,
    now: Timestamp,
) -> Result<bool, Stop> {
    let Some(people) = visit::next(flows, round, now).await? else { return Ok(false) };
    let book = flows.book();
    for tx in visit::read(flows, &people).await? {
        if !visit::concerns(&book, body, &tx) {
            continue;
        }
        let ids: Vec<String> =
            tx.values().iter().map(|it| book.category_id(it.category).to_owned()).collect();
        let ours = |id: &String| body.product.as_ref().is_none_or(|it| it.categories.contains(id));
        let ids: Vec<String> = ids.into_iter().filter(ours).collect();
        let held = body.held.entry(tx.person().region().to_string()).or_default();
        held.people = held.people.saturating_add(1);
        for id in ids {
            let count = held.values.entry(id).or_default();
            *count = count.saturating_add(1);
        }
    }
    Ok(true)
}

/// Days of log information: they go as a whole, when nobody is left whom it could concern.
async fn days(flows: &Flows, body: &mut Body) -> Result<(), Stop> {
    if body.product.is_some() {
        return Ok(());
    }
    for region in flows.regions() {
        let days = flows.journal().partitions(*region).await?.len();
        let held = body.held.entry(region.to_string()).or_default();
        held.days = u64::try_from(days).unwrap_or(u64::MAX);
    }
    Ok(())
}

/// Has somebody erased: as a request to close the account that is due at once, so that everything that
/// an erasure brings with it (holds, connected systems, the certificate) comes with this one too.
async fn begin_erasing(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    again!(closing(flows, person, now).await)
}

async fn closing(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let mut tx = permit(flows, (person, Right::CloseAccount), Set::EMPTY, now).await?;
    match tx.facts().account {
        Account::Closed => return Ok(()),
        // The time to change one's mind ends with the service.
        Account::Closing => tx.stage(Write::Job { kind: ERASE, due: now }),
        // With a last mail to whoever proved an address.
        Account::Active | Account::Restricted => stage_end(flows, &mut tx, true)?,
        Account::Visitor | Account::Unverified | Account::AwaitingGuardian => {
            stage_end(flows, &mut tx, false)?;
        }
    }
    tx.note(serde_json::json!({ "ending": "deleted" }));
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

/// Deletes what was held for a product.
async fn delete(
    flows: &Flows,
    person: PersonId,
    product: &Product,
    now: Timestamp,
) -> Result<(), Stop> {
    again!(deleted(flows, person, product, now).await)
}

async fn deleted(
    flows: &Flows,
    person: PersonId,
    product: &Product,
    now: Timestamp,
) -> Result<(), Stop> {
    let book = flows.book();
    let names = book.rules().vocabulary();
    let categories = product.categories.iter().filter_map(|it| names.category(it));
    let categories: Set<Category> = categories.collect();
    let seen = flows.journal().begin(person, Set::EMPTY).await?;
    let there = seen.values().iter().map(|it| it.category).collect::<Set<Category>>();
    let there = there.and(categories);
    drop(seen);
    if there.is_empty() {
        return Ok(());
    }
    let mut tx = match permit(flows, (person, Right::Delete), there, now).await {
        Ok(tx) => tx,
        // All of it lies under a hold.
        Err(Stop::Refused(_)) => return Ok(()),
        Err(stop) => return Err(stop),
    };
    let gone = tx.permit().categories();
    let left = anonymise(flows, &book, &tx, gone)?;
    // Whoever has a copy hears of it too.
    tell(flows, &book, &mut tx, &News { what: What::Delete, of: gone, request: None })?;
    for category in gone.iter() {
        tx.stage(Write::DeleteValue(category));
    }
    tx.note(serde_json::json!({ "ending": product.id }));
    let owed = tx.owe(());
    tx.record(owed).await?.into_inner();
    count_anonymous(flows, left).await;
    Ok(())
}

async fn permit(
    flows: &Flows,
    (person, right): (PersonId, Right),
    categories: Set<Category>,
    now: Timestamp,
) -> Result<Tx<Permit>, Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, KIND);
    // Only what something is left of is read.
    let wanted = categories.and(counted(&book));
    let case = Case::of(person, Act::Exercise { right }, categories, &asker);
    flows.permit(&book, Case { wanted, ..case }, now).await
}

/// Whether nobody is left; then the days of log information go too.
async fn gone(flows: &Flows, now: Timestamp) -> Result<bool, Stop> {
    let journal = flows.journal();
    for region in flows.regions() {
        if !journal.scratch().people(*region, None, 1).await?.is_empty() {
            return Ok(false);
        }
    }
    for region in flows.regions() {
        for partition in journal.partitions(*region).await? {
            journal.drop_partition(*region, &partition, now).await?;
        }
    }
    Ok(true)
}
