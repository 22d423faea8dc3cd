//! Signing in: by password, or by a code that is sent to the address.

use decide::{PersonId, RegionCode, Set, Timestamp};
use journal::{Asker, AskerKind, Recorded};
use vault::Plain;

use super::bound::{CODE_MAILS, PASSWORDS};
use super::code::send;
use super::register::unproved;
use super::verify::{SignedIn, Verify, begin_session, by_code};
use super::{By, named, password, proving};
use crate::book::Book;
use crate::engine::{Case, again};
use crate::{Flows, Secret, Stop, value};

/// Somebody wants to sign in.
#[derive(Debug)]
pub struct SignIn {
    /// The address of the account.
    pub email: Plain,
    /// The region of the account; each is looked in where none is named.
    pub region: Option<String>,
    /// The password.
    pub password: Option<Plain>,
    /// The code.
    pub code: Option<Secret>,
    /// What the person will see of the session: a kind of browser.
    pub label: String,
    /// The language of the page on which it is asked.
    pub language: String,
}

/// Signs in.
///
/// # Errors
/// `Wrong` for whatever does not fit, and for an address without account.
pub async fn sign_in(
    flows: &Flows,
    ask: SignIn,
    now: Timestamp,
) -> Result<Recorded<SignedIn>, Stop> {
    let book = flows.book();
    let found = find(flows, &book, &ask).await?;
    if let Some(code) = &ask.code {
        let person = found.ok_or(Stop::Wrong)?;
        let email = book.category(named::EMAIL)?;
        let (channel, label) = (named::EMAIL.to_owned(), ask.label.clone());
        let verify = Verify { person, channel, code: code.clone(), label, browser: None };
        return again!(by_code(flows, &book, (&verify, email, true), now).await).map_err(hide);
    }
    let Some(given) = &ask.password else {
        return Err(Stop::invalid("password", "give a password or a code"));
    };
    let Some(person) = found else {
        password::verify(flows, given.clone(), None).await?;
        return Err(Stop::Wrong);
    };
    again!(by_password(flows, &book, (&ask, person, given), now).await).map_err(hide)
}

/// Whether there is an account, and how it stands, is nobody's business who is not signed in.
fn hide(stop: Stop) -> Stop {
    match stop {
        Stop::Refused(_) | Stop::NotFound | Stop::Gone => Stop::Wrong,
        other => other,
    }
}

async fn find(flows: &Flows, book: &Book, ask: &SignIn) -> Result<Option<PersonId>, Stop> {
    let address = value::email("email", ask.email.as_str())?;
    let email = book.category(named::EMAIL)?;
    let regions: Vec<RegionCode> = match &ask.region {
        Some(code) => vec![book.region(code)?.0],
        None => flows.journal().regions().to_vec(),
    };
    for region in regions {
        let blind = flows.vault().blind(region, email, &address, true)?;
        if let Some(person) = flows.journal().find(region, email, &blind).await? {
            return Ok(Some(person));
        }
    }
    Ok(None)
}

async fn by_password(
    flows: &Flows,
    book: &Book,
    (ask, person, given): (&SignIn, PersonId, &Plain),
    now: Timestamp,
) -> Result<Recorded<SignedIn>, Stop> {
    if PASSWORDS.full(flows, person, now).await? {
        // Not opened, and it takes as long; the code by mail is the way in until the day is over.
        password::verify(flows, given.clone(), None).await?;
        return Err(Stop::Wrong);
    }
    let category = book.category(named::PASSWORD)?;
    let act = proving(flows, book, (person, By::Password)).await?;
    let asker = Asker::new(AskerKind::Person, "self");
    let case = Case::of(person, act, Set::of(category), &asker);
    let mut tx = flows.permit(book, case, now).await?;
    let hash = flows.vault().open(&tx)?.get(category).map(Plain::from);
    let fits = password::verify(flows, given.clone(), hash).await?;
    if !fits {
        PASSWORDS.count(&mut tx);
        tx.note(serde_json::json!({ "signed_in": false }));
        let owed = tx.owe(());
        tx.record(owed).await.map(drop)?;
        return Err(Stop::Wrong);
    }
    let account = tx.facts().account;
    if unproved(account) && account == decide::Account::Unverified {
        tx.note(serde_json::json!({ "signed_in": false }));
        let owed = tx.owe(());
        tx.record(owed).await.map(drop)?;
        let say = "enter the code that was sent to the address first, or sign in with a new code";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let answer = begin_session(flows, book, (&mut tx, account), &ask.label)?;
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// Whether what was handed in could be an address of a region, so that a code could be sent. It looks
/// at nothing that is kept: how long it takes says nothing of anybody.
///
/// # Errors
/// `Invalid` for what is no address.
pub fn check_address(flows: &Flows, ask: &SignIn) -> Result<(), Stop> {
    value::email("email", ask.email.as_str())?;
    ask.region.as_deref().map_or(Ok(()), |it| flows.book().region(it).map(drop))
}

/// Has a code sent to the address, if it has an account; the answer never says whether.
///
/// # Errors
/// `Invalid` for what is no address.
pub async fn send_code(flows: &Flows, ask: SignIn, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let Some(person) = find(flows, &book, &ask).await? else { return Ok(()) };
    let sent = again!(send_once(flows, &book, (&ask, person), now).await);
    match sent {
        Err(Stop::Refused(_) | Stop::NotFound | Stop::Gone) => Ok(()),
        done => done,
    }
}

async fn send_once(
    flows: &Flows,
    book: &Book,
    (ask, person): (&SignIn, PersonId),
    now: Timestamp,
) -> Result<(), Stop> {
    // Whoever asked gets the usual answer; the codes that were sent stay good.
    if CODE_MAILS.full(flows, person, now).await? {
        return Ok(());
    }
    let email = book.category(named::EMAIL)?;
    let act = proving(flows, book, (person, By::Code)).await?;
    let asker = Asker::new(AskerKind::Person, "self");
    let case = Case { wanted: Set::EMPTY, ..Case::of(person, act, Set::of(email), &asker) };
    let mut tx = flows.permit(book, case, now).await?;
    let to = value::email("email", ask.email.as_str())?;
    send(flows, &mut tx, email, (to.as_str(), book.language(&ask.language)))?;
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}
