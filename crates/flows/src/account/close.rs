//! Closing an account: from now on nothing is used, and after a while everything is erased.

use decide::id::RequestId;
use decide::{Account, Act, Right, Set, Timestamp};
use journal::{CaseRow, Permit, Recorded, Tx, Write};
use zeroize::Zeroize;

use super::code::signature;
use super::named;
use crate::book::Book;
use crate::engine::{Case, Idempotency, again, remember};
use crate::messages::{Cause, Letter, put};
use crate::retention::ERASE;
use crate::rights::{RequestState, as_closing, case, moved};
use crate::time::when;
use crate::{Acting, Flows, Secret, Stop};

/// A closing that is under way.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Zeroize)]
pub struct Closing {
    /// The request.
    pub request: String,
    /// When everything is erased.
    pub effective_at: String,
    /// Where it is followed without being signed in, also when everything is erased.
    pub follow: String,
}

const ACCEPTED: u16 = 202;
/// As what the state is sealed that the account had before it was closed.
pub(super) const BEFORE: &str = "closing";

/// Begins to close the account of a person.
///
/// # Errors
/// `Refused` where the policy declares no such right.
pub async fn close(
    flows: &Flows,
    who: impl Into<Acting>,
    (session, idempotency): (Option<&Secret>, Option<&Idempotency>),
    now: Timestamp,
) -> Result<Recorded<Closing>, Stop> {
    let who = who.into();
    flows.book().may_ask(Right::CloseAccount, who)?;
    flows.replayed(who.person().region(), idempotency, now).await?;
    again!(once(flows, who, (session, idempotency), now).await)
}

async fn once(
    flows: &Flows,
    who: Acting,
    (session, idempotency): (Option<&Secret>, Option<&Idempotency>),
    now: Timestamp,
) -> Result<Recorded<Closing>, Stop> {
    let book = flows.book();
    let (person, asker) = (who.person(), who.asker());
    let wanted = reach(&book);
    let act = Act::Exercise { right: Right::CloseAccount };
    let mut tx = flows.permit(&book, Case::of(person, act, wanted, &asker), now).await?;
    if let Some(closing) = under_way(flows, &tx).await? {
        let owed = tx.owe(closing);
        return Ok(tx.record(owed).await?);
    }
    let id = RequestId::new(person.region(), flows.journal().new_id(now));
    let row = case((id, Right::CloseAccount), RequestState::Received, (now, now), None);
    let row = stage_closing(flows, &book, &mut tx, (row, session, who.is_guardian())).await?;
    let answer = closing(flows, &row)?;
    remember((flows, &mut tx), idempotency, ACCEPTED, &answer)?;
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// Stages that an account is closed at the end of the time to change one's mind: with the request
/// that asks for it, with the session that stays, and whether a guardian asks. Answers the request as it
/// stands from then on.
pub(crate) async fn stage_closing(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (row, session, guardian): (CaseRow, Option<&Secret>, bool),
) -> Result<CaseRow, Stop> {
    if tx.facts().account == Account::Closing {
        let say = "the account is being closed already; only the person can take that back";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let effective = effective(book, tx, tx.permit().now())?;
    if effective > tx.permit().now() {
        let theirs = guardian && !crate::minors::chooses(tx.facts().age);
        mail(flows, book, tx, (RequestId::from(row.id), effective, theirs))?;
    }
    let before = tx.facts().account;
    tx.stage(Write::Account(Account::Closing));
    if let Ok(email) = book.category(named::EMAIL) {
        tx.stage(Write::DropUnproved(email));
    }
    keep_only(tx, session).await?;
    let sealed = flows.vault().seal_note(tx, BEFORE, before.word().as_bytes())?;
    let row = moved(CaseRow { due: effective, sealed: Some(sealed), ..row }, RequestState::Waiting);
    let row = as_closing(row, guardian)?;
    tx.stage(Write::Case(row.clone()));
    tx.stage(Write::Job { kind: ERASE, due: effective });
    Ok(row)
}

/// Stages that everything goes at once, without a time to change one's mind, on the word of whoever
/// decides for the person; with a request that ends in a written answer where there is one to write to.
pub(crate) fn stage_end(flows: &Flows, tx: &mut Tx<Permit>, answered: bool) -> Result<(), Stop> {
    let (now, before) = (tx.permit().now(), tx.facts().account);
    if answered {
        let id = RequestId::new(tx.person().region(), flows.journal().new_id(now));
        let row = case((id, Right::CloseAccount), RequestState::Received, (now, now), None);
        let sealed = flows.vault().seal_note(tx, BEFORE, before.word().as_bytes())?;
        let row = moved(CaseRow { sealed: Some(sealed), ..row }, RequestState::Waiting);
        tx.stage(Write::Case(as_closing(row, false)?));
    }
    tx.stage(Write::Account(Account::Closing));
    tx.stage(Write::EndSessions);
    tx.stage(Write::Job { kind: ERASE, due: now });
    Ok(())
}

fn closing(flows: &Flows, row: &CaseRow) -> Result<Closing, Stop> {
    let id = RequestId::from(row.id);
    let (effective_at, follow) = (when(row.due), crate::rights::link(flows, id)?);
    Ok(Closing { request: id.to_string(), effective_at, follow })
}

/// What is needed to write to somebody.
pub(crate) fn reach(book: &Book) -> Set<decide::Category> {
    let ids = [named::EMAIL, named::LANGUAGE];
    ids.iter().filter_map(|id| book.category(id).ok()).collect()
}

/// Where and in which language somebody is written to, out of the values that are open.
pub(crate) fn reached(
    flows: &Flows,
    book: &Book,
    tx: &Tx<Permit>,
) -> Result<Option<(vault::Plain, String)>, Stop> {
    let opened = flows.vault().open(tx)?;
    let language = book.category(named::LANGUAGE).ok().and_then(|it| opened.get(it));
    let language = book.language(language.unwrap_or("")).to_owned();
    let email = book.category(named::EMAIL).ok().and_then(|it| opened.get(it));
    Ok(email.map(|it| (vault::Plain::from(it), language)))
}

fn effective(book: &Book, tx: &Tx<Permit>, now: Timestamp) -> Result<Timestamp, Stop> {
    // A browser has no account to come back to: what it left goes at once.
    if tx.facts().account == Account::Visitor {
        return Ok(now);
    }
    let Some(rule) = &book.policy().account else { return Ok(now) };
    let due = book.policy().due(tx.person().region().as_str(), now, rule.change_mind);
    due.map_err(|error| Stop::Broken(error.to_string()))
}

/// The mail with the link by which one changes one's mind; where only a guardian can, the way by which
/// guardians come in.
fn mail(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (request, effective, guardian): (RequestId, Timestamp, bool),
) -> Result<(), Stop> {
    let Some((to, language)) = reached(flows, book, tx)? else { return Ok(()) };
    let address = &flows.settings().address;
    let link = if guardian {
        format!("{address}/privacy/child/sign-in")
    } else {
        let token = Secret::fresh(flows.vault(), "")?;
        let email = book.category(named::EMAIL)?;
        super::code::stage(flows, tx, email, (&token, effective))?;
        let (person, token) = (tx.person(), token.as_str());
        format!("{address}/privacy/cancel?request={request}&person={person}&token={token}")
    };
    let zone = book.zone(tx.person().region());
    let until = jiff::Timestamp::from_millisecond(effective.millis())
        .map(|it| it.to_zoned(zone).strftime("%Y-%m-%d %H:%M %Z").to_string())
        .unwrap_or_default();
    let signed = signature(flows, &language);
    let words = Letter::Closing(&until, &link).words(&language, signed.as_ref());
    let about = request.to_string();
    let mail = put(flows, tx, (Cause::Closing, &about), (to.as_str(), &words))?;
    tx.stage(mail);
    Ok(())
}

/// Every other session ends; the one that asks stays, so that one can change one's mind in it.
async fn keep_only(tx: &mut Tx<Permit>, session: Option<&Secret>) -> Result<(), Stop> {
    let current = session.map(Secret::hash);
    for row in tx.sessions().await? {
        if current != Some(row.hash) {
            tx.stage(Write::EndSession(row.hash));
        }
    }
    Ok(())
}

/// The closing that is under way, if one is.
pub(super) async fn under_way(flows: &Flows, tx: &Tx<Permit>) -> Result<Option<Closing>, Stop> {
    if tx.facts().account != Account::Closing {
        return Ok(None);
    }
    crate::rights::closing_of(tx).await?.as_ref().map(|it| closing(flows, it)).transpose()
}
