//! Erasing: the key is destroyed, and with it everything that was ever sealed under it.

use decide::{Account, Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Write};
use serde_json::json;

use super::work::clear;
use super::{AWAITING_PROOF, ERASE};
use crate::account::{reach, reached, sender};
use crate::engine::{Case, again};
use crate::limit::UNPROVED_MILLIS;
use crate::messages::{Letter, put_last};
use crate::time::when;
use crate::{Flows, Stop};

/// Erases a person whose time to change their mind is over.
pub(super) async fn erase(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
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
    let mut tx = flows.permit(&book, Case::of(person, act, reach(&book), &asker), now).await?;
    // Taken back at the last moment: the job was dropped with it, and this claim is a late one.
    match tx.facts().account {
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
    if let Some((to, language)) = reached(flows, &book, &tx)? {
        let certificate = certificate(flows, person, now);
        let signed = sender(flows, &language);
        let words = Letter::Erased(&certificate).words(&language, (&signed.0, ""));
        let mail = put_last(flows, &tx, "last", (to.as_str(), &words))?;
        tx.stage(mail);
    }
    tx.stage(Write::Erase);
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

/// Erases an account in which the address was never proved in time.
pub(super) async fn unproved(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    again!(never_proved(flows, person, now).await)
}

async fn never_proved(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, AWAITING_PROOF.as_str());
    let act = Act::Exercise { right: Right::CloseAccount };
    let mut tx = flows.permit(&book, Case::of(person, act, Set::EMPTY, &asker), now).await?;
    tx.stage(match tx.facts().account {
        // Without a last mail: the address may be a stranger's, who has heard of this once already.
        Account::Unverified | Account::AwaitingGuardian => Write::Erase,
        // A closing may be taken back, and the address is still not proved then.
        Account::Closing => {
            Write::Job { kind: AWAITING_PROOF, due: now.plus_millis(UNPROVED_MILLIS) }
        }
        Account::Visitor | Account::Active | Account::Restricted | Account::Closed => {
            Write::DropJob(AWAITING_PROOF)
        }
    });
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

/// What the person can keep: an id that says nothing to anybody else, a time, and where to look.
fn certificate(flows: &Flows, person: PersonId, now: Timestamp) -> String {
    let book = flows.book();
    let text = json!({
        "v": 1,
        "certificate": "erased",
        "person": person.to_string(),
        "erased": when(now),
        "policy": { "version": book.version(), "hash": format!("sha256:{}", book.hash()) },
        "log": { "origin": flows.settings().origin, "key": flows.log_key() },
    });
    serde_json::to_string_pretty(&text).unwrap_or_default()
}
