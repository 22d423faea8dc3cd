//! Erasing: the key is destroyed, and with it everything that was ever sealed under it.

use decide::{Account, Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Tx, Write};

use super::work::clear;
use super::{AWAITING_PROOF, ERASE, anonymise, count, counted, hold};
use crate::account::reach;
use crate::engine::{Case, again};
use crate::limit::{DAY_MILLIS, ROWS_AT_ONCE, UNPROVED_MILLIS};
use crate::messages::is_conversation;
use crate::rights::{closing_of, is_request, stage_erasure};
use crate::{Flows, Stop};

/// Erases a person whose time to change their mind is over.
pub(crate) async fn erase(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    // What a hold covers of the log information opens no more after this.
    hold::before_erasing(flows, person, now).await?;
    again!(once(flows, person, now).await)
}

/// Erases a person without waiting, on the operator's word: for somebody who asked by another way
/// than a page, and whose identity was checked.
///
/// # Errors
/// `Gone` for whoever is erased already, `NotFound` for an id that nobody has.
pub async fn erase_now(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    drop(crate::account::close(flows, person, (None, None), now).await?.into_inner());
    erase(flows, person, now).await?;
    flows.inner.pace.erased();
    clear(flows, now).await
}

async fn once(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, "erase");
    let act = Act::Exercise { right: Right::CloseAccount };
    let wanted = reach(&book).union(counted(&book));
    let mut tx = flows.permit(&book, Case::of(person, act, wanted, &asker), now).await?;
    // Taken back at the last moment: the job was dropped with it, and this claim is a late one.
    match tx.facts().account {
        Account::Visitor if waits(&tx).await? => {
            // Somebody has still to answer them.
            tx.stage(Write::Job { kind: ERASE, due: now.plus_millis(DAY_MILLIS) });
            let owed = tx.owe(());
            return Ok(tx.record(owed).await.map(drop)?);
        }
        Account::Closing | Account::Visitor => {}
        Account::Unverified
        | Account::AwaitingGuardian
        | Account::Active
        | Account::Restricted
        | Account::Closed => {
            tx.stage(Write::DropJob(ERASE));
            let owed = tx.owe(());
            return Ok(tx.record(owed).await.map(drop)?);
        }
    }
    let request = closing_of(&tx).await?;
    let left = anonymise(flows, &book, &tx, book.all_categories())?;
    stage_erasure(flows, &book, &mut tx, request).await?;
    let owed = tx.owe(());
    tx.record(owed).await?.into_inner();
    count(flows, left).await;
    Ok(())
}

/// Whether a request or a conversation is open, for which somebody without an account is kept.
async fn waits(tx: &Tx<Permit>) -> Result<bool, Stop> {
    let mut before = None;
    loop {
        let rows = tx.cases(before, ROWS_AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(false) };
        before = Some(last.id);
        if rows.iter().any(|it| it.open && (is_request(it) || is_conversation(it))) {
            return Ok(true);
        }
    }
}

/// Erases an account in which the address was never proved in time.
pub(super) async fn unproved(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    hold::before_erasing(flows, person, now).await?;
    again!(never_proved(flows, person, now).await)
}

async fn never_proved(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, AWAITING_PROOF.as_str());
    let act = Act::Exercise { right: Right::CloseAccount };
    let mut tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    match tx.facts().account {
        // Without a last mail: the address may be a stranger's, who has heard of this once already.
        Account::Unverified | Account::AwaitingGuardian => {
            stage_erasure(flows, &book, &mut tx, None).await?;
        }
        // A closing may be taken back, and the address is still not proved then.
        Account::Closing => {
            let due = now.plus_millis(UNPROVED_MILLIS);
            tx.stage(Write::Job { kind: AWAITING_PROOF, due });
        }
        Account::Visitor | Account::Active | Account::Restricted | Account::Closed => {
            tx.stage(Write::DropJob(AWAITING_PROOF));
        }
    }
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}
