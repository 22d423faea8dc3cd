//! Nobody answered a guardian's link in time: of a minor the guardian's address goes, and the account
//! stays as it is. A child's account goes as a whole, with its own job.

use decide::{Act, Age, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Tx, Write};

use super::invite::GUARDIAN;
use super::state::{agreed_case, go, open_case};
use crate::account::named;
use crate::engine::{Case, again};
use crate::{Flows, Stop};

/// The job.
pub(crate) async fn lapse(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    again!(once(flows, person, now).await)
}

async fn once(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, "guardian");
    let contact = book.category(named::GUARDIAN)?;
    let act = Act::Exercise { right: Right::Delete };
    let case = Case { wanted: Set::EMPTY, ..Case::of(person, act, Set::of(contact), &asker) };
    let mut tx = flows.permit(&book, case, now).await?;
    tx.stage(Write::DropJob(GUARDIAN));
    if tx.facts().age == Age::Minor && over(&mut tx).await? {
        tx.stage(Write::DropCode(contact));
        if tx.values().iter().any(|it| it.category == contact) {
            tx.stage(Write::DeleteValue(contact));
        }
    }
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

/// Stages that the case of a guardian is over, because everything goes: nobody came, or the account was
/// erased for another reason.
pub(crate) async fn settle(tx: &mut Tx<Permit>) -> Result<(), Stop> {
    let lapsed = over(tx).await?;
    if !lapsed && let Some(row) = open_case(tx).await? {
        go(tx, row, ("erase", "system"))?;
    }
    if let Some(row) = agreed_case(tx).await? {
        go(tx, row, ("erase", "system"))?;
    }
    Ok(())
}

/// Stages that the open case lapsed, where there is one whose time is over.
async fn over(tx: &mut Tx<Permit>) -> Result<bool, Stop> {
    let now = tx.permit().now();
    let Some(row) = open_case(tx).await?.filter(|it| it.due <= now) else { return Ok(false) };
    go(tx, row, ("lapse", "system"))?;
    Ok(true)
}
