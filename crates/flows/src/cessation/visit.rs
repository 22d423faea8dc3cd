//! Visiting everybody, a bounded piece at a time, in the order of regions and ids.

use decide::{PersonId, RegionCode, Timestamp};
use journal::{Read, RoundRow, Tx};
use tokio::task::JoinSet;

use super::body::Body;
use crate::book::Book;
use crate::limit::{ENDED_AT_ONCE, ENDED_BATCHES, PEOPLE_AT_ONCE};
use crate::{Flows, Stop};

/// The next people after where the round stands, which moves on behind them; none at the end.
pub(super) async fn next(
    flows: &Flows,
    round: &mut RoundRow,
    now: Timestamp,
) -> Result<Option<Vec<PersonId>>, Stop> {
    let regions = flows.regions();
    let (mut region, mut after) = match PersonId::parse(&round.cursor) {
        Some(person) => (person.region(), Some(person)),
        None => match RegionCode::new(&round.cursor).or(regions.first().copied()) {
            Some(region) => (region, None),
            None => return Ok(None),
        },
    };
    let most = u32::try_from(PEOPLE_AT_ONCE).unwrap_or(u32::MAX);
    loop {
        let people = flows.journal().scratch().people(region, after, most).await?;
        if let Some(last) = people.last() {
            round.cursor = last.to_string();
            // Others have their turn in between.
            let rests = round.version.is_multiple_of(ENDED_BATCHES);
            round.wake = Some(if rests { now.plus_millis(1) } else { now });
            return Ok(Some(people));
        }
        let mut behind = regions.iter().skip_while(|it| **it != region);
        let Some(next) = behind.nth(1) else {
            round.cursor.clear();
            return Ok(None);
        };
        (region, after) = (*next, None);
    }
}

/// Reads people together, without opening anything. Whoever is not there any more is left out.
pub(super) async fn read(flows: &Flows, people: &[PersonId]) -> Result<Vec<Tx<Read>>, Stop> {
    if let Ok(all) = flows.journal().begin_each(people).await {
        return Ok(all);
    }
    let mut found = Vec::new();
    for person in people {
        match flows.journal().begin(*person, decide::Set::EMPTY).await.map_err(Stop::from) {
            Ok(tx) => found.push(tx),
            Err(Stop::Gone | Stop::NotFound) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(found)
}

/// Whether an ending concerns somebody: the service's concerns everybody, a product's those of whom
/// something is held for it.
pub(super) fn concerns(book: &Book, body: &Body, tx: &Tx<Read>) -> bool {
    let Some(product) = &body.product else { return true };
    let held = |id: &str| tx.values().iter().any(|it| book.category_id(it.category) == id);
    product.categories.iter().any(|it| held(it))
}

/// Does something for each of these people, so many at once as share their commits. What fails for
/// one fails for this piece, which is done again: whatever was done stays done.
pub(super) async fn each<T, F, W>(
    flows: &Flows,
    people: Vec<PersonId>,
    work: W,
) -> Result<Vec<(PersonId, T)>, Stop>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Stop>> + Send + 'static,
    W: Fn(Flows, PersonId) -> F,
{
    let mut people = people.into_iter();
    let mut running = JoinSet::new();
    let mut all = Vec::new();
    let mut failed = None;
    loop {
        while running.len() < ENDED_AT_ONCE {
            let Some(person) = people.next() else { break };
            let doing = work(flows.clone(), person);
            running.spawn(async move { (person, doing.await) });
        }
        let Some(done) = running.join_next().await else { break };
        match done.map_err(|error| Stop::Broken(error.to_string()))? {
            (person, Ok(came)) => all.push((person, came)),
            // Erased meanwhile.
            (_, Err(Stop::Gone | Stop::NotFound)) => {}
            (_, Err(stop)) => failed = Some(stop),
        }
    }
    failed.map_or(Ok(all), Err)
}
