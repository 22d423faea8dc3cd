//! Carrying over: who registers in a browser that agreed to something keeps those answers, and the
//! browser's own person goes.

use decide::{Account, Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, JobKind, Write};

use crate::engine::{Case, again};
use crate::{Flows, Stop};

/// The word of the job that carries over.
const CARRY: &str = "carry";

/// The job that carries the answers of a browser over: it is recorded with what it follows from, so
/// that no crash leaves the browser's own person behind.
pub(crate) fn carrying(browser: PersonId) -> JobKind {
    JobKind::about(CARRY, browser)
}

/// The browser of such a job.
pub(crate) fn carried(kind: &JobKind) -> Option<PersonId> {
    let (word, browser) = kind.as_str().split_once('/')?;
    PersonId::parse(browser).filter(|_| word == CARRY)
}

/// Carries the answers of a browser over to the person who registered in it. Each step can be done
/// again: what was carried is not carried twice, and who is gone is gone.
///
/// # Errors
/// When one of the two cannot be recorded.
pub async fn carry(
    flows: &Flows,
    (browser, person): (PersonId, PersonId),
    now: Timestamp,
) -> Result<(), Stop> {
    if browser != person {
        match both(flows, (browser, person), now).await {
            Ok(()) | Err(Stop::Gone | Stop::NotFound) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(flows.journal().scratch().job_done(person, &carrying(browser)).await?)
}

async fn both(
    flows: &Flows,
    (browser, person): (PersonId, PersonId),
    now: Timestamp,
) -> Result<(), Stop> {
    // What was answered stays in its region; the browser's own person goes in any case.
    if browser.region() == person.region() {
        again!(merge(flows, (browser, person), now).await)?;
    }
    again!(forget(flows, browser, now).await)
}

async fn merge(
    flows: &Flows,
    (browser, person): (PersonId, PersonId),
    now: Timestamp,
) -> Result<(), Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::Person, "self");
    let act = Act::Exercise { right: Right::Withdraw };
    let of_browser = flows.journal().begin(browser, Set::EMPTY).await?;
    let said = of_browser.facts().clone();
    drop(of_browser);
    if said.account != Account::Visitor {
        return Ok(());
    }
    // What was agreed to before a version widened it is no agreement to what it is now.
    let until = flows.journal().begin(person, Set::EMPTY).await?.facts().adopted;
    let outgrown = crate::change::outgrown(flows, (said.adopted, until)).await?;
    let mut tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    let facts = tx.facts();
    // Of a child nothing rests on the child's own choice.
    let yes = if crate::minors::chooses(facts.age) { said.given } else { Set::EMPTY };
    let yes = yes.without(outgrown);
    // What the person answered while signed in stands; the browser's answers fill the gaps.
    let answered = facts.given.union(facts.refused);
    let given = facts.given.union(yes.without(answered));
    let refused = facts.refused.union(said.refused.without(answered));
    tx.stage(Write::Consent { given, refused });
    tx.note(serde_json::json!({
        "carried_over": { "given": book.purpose_ids(given), "refused": book.purpose_ids(refused) },
    }));
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

async fn forget(flows: &Flows, browser: PersonId, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::Person, "self");
    let act = Act::Exercise { right: Right::CloseAccount };
    let mut tx = flows.permit(&book, Case::of(browser, act, Set::EMPTY, &asker), now).await?;
    if tx.facts().account == Account::Visitor {
        tx.stage(Write::Erase);
    }
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}
