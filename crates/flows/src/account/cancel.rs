//! Changing one's mind while an account is being closed: signed in, or with the link in the mail.

use decide::id::RequestId;
use decide::{Account, Act, Age, PersonId, Right, Timestamp};
use journal::{CaseRow, Permit, Recorded, Tx, Write};

use super::close::{BEFORE, reach, reached};
use super::code::{is_link, signature};
use super::named;
use crate::answer::Wiped;
use crate::engine::{Case, again};
use crate::messages::{Cause, Letter, put};
use crate::retention::ERASE;
use crate::rights::{RequestState, is_by_guardian, is_closing, moved};
use crate::{Acting, Flows, Secret, Stop, minors};

/// Somebody changes their mind.
#[derive(Debug)]
pub struct Cancel {
    /// Whose account.
    pub person: PersonId,
    /// The request that is taken back.
    pub request: RequestId,
    /// The secret of the link; none when signed in.
    pub token: Option<Secret>,
}

/// Takes a closing back.
///
/// # Errors
/// `Wrong` for a link that is not the one, `NotFound` for a request that is not open.
pub async fn cancel(
    flows: &Flows,
    ask: Cancel,
    now: Timestamp,
) -> Result<Recorded<Wiped<serde_json::Value>>, Stop> {
    match again!(once(flows, (&ask, ask.person.into()), now).await) {
        // Whether somebody has an id is nobody's business who only sends a link.
        Err(Stop::NotFound) if ask.token.is_some() => Err(Stop::Wrong),
        done => done,
    }
}

/// The guardian of a child takes the closing of the child's account back.
///
/// # Errors
/// `NotFound` for a request that is not open.
pub async fn cancel_for(
    flows: &Flows,
    (who, request): (Acting, RequestId),
    now: Timestamp,
) -> Result<Recorded<Wiped<serde_json::Value>>, Stop> {
    let ask = Cancel { person: who.person(), request, token: None };
    again!(once(flows, (&ask, who), now).await)
}

async fn once(
    flows: &Flows,
    (ask, who): (&Cancel, Acting),
    now: Timestamp,
) -> Result<Recorded<Wiped<serde_json::Value>>, Stop> {
    let book = flows.book();
    let asker = who.asker();
    let act = Act::Exercise { right: Right::CloseAccount };
    let mut tx = flows.permit(&book, Case::of(ask.person, act, reach(&book), &asker), now).await?;
    let email = book.category(named::EMAIL)?;
    if let Some(token) = &ask.token {
        // Where nothing is being closed a code to sign in may wait here: that is not tried out.
        if tx.facts().account != Account::Closing {
            return Err(Stop::Wrong);
        }
        if !is_link(flows, (ask.person, email), token, now).await? {
            return Err(Stop::Wrong);
        }
        tx.stage(Write::DropCode(email));
    }
    let open = tx.case(ask.request).await?.ok_or(Stop::NotFound)?;
    if !is_closing(&open)? || open.due <= now {
        return Err(Stop::NotNow("this request is not open any more".to_owned()));
    }
    if is_by_guardian(&open)? && !who.is_guardian() && !minors::chooses(tx.facts().age) {
        let say = "your guardian has this account closed, and can take that back";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let before = before(flows, &tx, &open)?;
    tx.stage(Write::Account(before));
    tx.stage(Write::Case(moved(open, RequestState::Cancelled)));
    tx.stage(Write::DropJob(ERASE));
    crate::change::arrive(flows, &mut tx);
    if let Some((to, language)) = reached(flows, &book, &tx)? {
        let signed = signature(flows, &language);
        let words = Letter::Cancelled.words(&language, signed.as_ref());
        let about = ask.request.to_string();
        let mail = put(flows, &tx, (Cause::Cancelled, &about), (to.as_str(), &words))?;
        tx.stage(mail);
    }
    let owed = tx.owe(Wiped(serde_json::json!({
        "request": ask.request.to_string(),
        "state": RequestState::Cancelled.word(),
    })));
    Ok(tx.record(owed).await?)
}

/// The state before: nobody is verified, or rid of a guardian, by changing their mind.
fn before(flows: &Flows, tx: &Tx<Permit>, open: &CaseRow) -> Result<Account, Stop> {
    let broken = || Stop::Broken("the state before a closing cannot be read".to_owned());
    let sealed = open.sealed.as_ref().ok_or_else(broken)?;
    let word = flows.vault().open_note(tx, BEFORE, sealed)?;
    let word = std::str::from_utf8(&word).map_err(|_| broken())?;
    let before = Account::from_word(word).ok_or_else(broken)?;
    // Who turned out to be a child meanwhile waits for a guardian.
    Ok(if tx.facts().age == Age::Child { Account::AwaitingGuardian } else { before })
}
