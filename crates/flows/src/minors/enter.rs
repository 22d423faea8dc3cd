//! A guardian comes in again, by a code to the guardian's own address, and is known by a session that
//! leads to one child's page and nowhere else.

use decide::id::GuardianId;
use decide::{Act, Age, PersonId, RegionCode, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Recorded, Role, Tx, Write};
use vault::Plain;
use zeroize::Zeroize;

use super::answer::begin_session;
use super::code;
use super::contact::{Way, masked, number, verifies};
use super::state::agreed_case;
use crate::account::named;
use crate::answer::Wiped;
use crate::book::Book;
use crate::engine::{Case, again};
use crate::limit::GUARDED_MAX;
use crate::{Acting, Flows, Secret, Stop, value};

/// A guardian wants to come in.
#[derive(Debug)]
pub struct Enter {
    /// The guardian's address, or phone number.
    pub contact: Plain,
    /// The region of the child's account; each is looked in where none is named.
    pub region: Option<String>,
    /// The code that was sent.
    pub code: Option<Secret>,
    /// The language of the page.
    pub language: String,
    /// What is seen of the session: a kind of browser.
    pub label: String,
}

/// A guardian is signed in. The secret goes into a cookie, and into no body.
#[derive(Debug, Clone, serde::Serialize, Zeroize)]
pub struct Entered {
    /// The case.
    pub case: String,
    /// The secret.
    #[serde(skip)]
    pub session: Secret,
}

/// Who acts with a guardian's session: the guardian of one child, unless the session is over or the
/// child came of age.
///
/// # Errors
/// When the session cannot be read.
pub async fn guard(
    flows: &Flows,
    session: &Secret,
    now: Timestamp,
) -> Result<Option<Acting>, Stop> {
    let found = flows.journal().session((&session.hash(), Role::Guardian), now).await?;
    let Some(child) = found else { return Ok(None) };
    let book = flows.book();
    match look_up(flows, &book, (child, Set::EMPTY), now).await {
        Ok(found) => Ok(found.map(|(_, id)| Acting::guardian(child, id))),
        Err(Stop::Gone | Stop::NotFound) => Ok(None),
        Err(stop) => Err(stop),
    }
}

/// The guardian of a child, where one agreed and the child is not of age, with the child's
/// transaction for whatever follows.
async fn look_up(
    flows: &Flows,
    book: &Book,
    (child, wanted): (PersonId, Set<decide::Category>),
    now: Timestamp,
) -> Result<Option<(Tx<Permit>, GuardianId)>, Stop> {
    let asker = Asker::new(AskerKind::Guardian, "session");
    let act = Act::Exercise { right: Right::Access };
    let tx = flows.permit(book, Case::of(child, act, wanted, &asker), now).await?;
    let guarded = match tx.facts().age {
        Age::MinorAgreed | Age::ChildAgreed => true,
        Age::Unknown | Age::Adult | Age::Minor | Age::Child => false,
    };
    let found = if guarded { agreed_case(&tx).await? } else { None };
    Ok(found.map(|row| (tx, GuardianId::from(row.id))))
}

/// Whether this could be the address of a guardian in a region: it looks at nothing that is kept.
///
/// # Errors
/// `Invalid` for what is no address.
pub fn check_guardian(flows: &Flows, ask: &Enter) -> Result<(), Stop> {
    let region = ask.region.as_deref().unwrap_or_default();
    normal(&ask.contact, region)?;
    ask.region.as_deref().map_or(Ok(()), |it| flows.book().region(it).map(drop))
}

/// Has a code sent for each child whose guardian has this address; the answer never says whether.
///
/// # Errors
/// `Invalid` for what is no address.
pub async fn send_guardian_code(flows: &Flows, ask: Enter, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    for child in find(flows, &book, &ask).await? {
        match again!(send_once(flows, &book, (&ask, child), now).await) {
            Ok(()) | Err(Stop::Refused(_) | Stop::Gone | Stop::NotFound) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(())
}

/// An address or a number; a number without `+` is one of the region's country.
fn normal(contact: &Plain, region: &str) -> Result<Plain, Stop> {
    match Way::of(contact) {
        Way::Email => value::email("email", contact.as_str()),
        // What has neither sign nor digits was meant as an address.
        Way::Phone if !contact.as_str().contains(|it: char| it.is_ascii_digit()) => {
            value::email("email", contact.as_str())
        }
        Way::Phone => number(contact, region),
    }
}

async fn find(flows: &Flows, book: &Book, ask: &Enter) -> Result<Vec<PersonId>, Stop> {
    let contact = book.category(named::GUARDIAN)?;
    let regions: Vec<RegionCode> = match &ask.region {
        Some(code) => vec![book.region(code)?.0],
        None => flows.journal().regions().to_vec(),
    };
    let mut children = Vec::new();
    for region in regions {
        let Ok(address) = normal(&ask.contact, region.as_str()) else { continue };
        let blind = flows.vault().blind(region, contact, &address, false)?;
        children.extend(flows.journal().find_all(region, (contact, &blind), GUARDED_MAX).await?);
    }
    Ok(children)
}

async fn send_once(
    flows: &Flows,
    book: &Book,
    (ask, child): (&Enter, PersonId),
    now: Timestamp,
) -> Result<(), Stop> {
    let contact = book.category(named::GUARDIAN)?;
    let email = book.category(named::EMAIL)?;
    let found = look_up(flows, book, (child, Set::of(email).with(contact)), now).await?;
    let Some((mut tx, _)) = found else { return Ok(()) };
    let (own, to) = {
        let opened = flows.vault().open(&tx)?;
        (opened.get(email).map(masked), opened.get(contact).map(Plain::from))
    };
    let (Some(own), Some(to)) = (own, to) else { return Ok(()) };
    if verifies(flows, book, Way::of(&to)).is_err() {
        return Ok(());
    }
    // Whoever asked gets the usual answer; the codes that were sent stay good.
    match code::not_too_many(flows, (child, &to), now).await {
        Ok(()) => {}
        Err(Stop::NotNow(_) | Stop::Full { .. } | Stop::Invalid { .. }) => return Ok(()),
        Err(stop) => return Err(stop),
    }
    let language = book.language(&ask.language);
    code::send(flows, (&mut tx, contact), (&to, &own), language)?;
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

/// Signs a guardian in with a code.
///
/// # Errors
/// `Wrong` for whatever does not fit, and for an address that is no guardian's.
pub async fn enter(flows: &Flows, ask: Enter, now: Timestamp) -> Result<Recorded<Entered>, Stop> {
    let book = flows.book();
    let code = ask.code.clone().ok_or(Stop::Wrong)?;
    for child in find(flows, &book, &ask).await? {
        let tried = (child, &code, ask.label.as_str());
        match again!(enter_once(flows, &book, tried, now).await) {
            Err(Stop::Wrong | Stop::Refused(_) | Stop::Gone | Stop::NotFound) => {}
            done => return done,
        }
    }
    Err(Stop::Wrong)
}

async fn enter_once(
    flows: &Flows,
    book: &Book,
    (child, given, label): (PersonId, &Secret, &str),
    now: Timestamp,
) -> Result<Recorded<Entered>, Stop> {
    let contact = book.category(named::GUARDIAN)?;
    let found = look_up(flows, book, (child, Set::EMPTY), now).await?;
    let (mut tx, id) = found.ok_or(Stop::Wrong)?;
    if !code::fits(flows, &mut tx, (contact, given)).await? {
        tx.note(serde_json::json!({ "signed_in": false }));
        let owed = tx.owe(());
        tx.record(owed).await.map(drop)?;
        return Err(Stop::Wrong);
    }
    tx.stage(Write::DropCode(contact));
    let session = begin_session(flows, &mut tx, label)?;
    let owed = tx.owe(Entered { case: id.to_string(), session });
    Ok(tx.record(owed).await?)
}

/// Ends a guardian's session.
///
/// # Errors
/// When it cannot be recorded.
pub async fn leave(
    flows: &Flows,
    who: Acting,
    session: &Secret,
    now: Timestamp,
) -> Result<Recorded<Wiped<serde_json::Value>>, Stop> {
    let work = async || {
        let (book, asker) = (flows.book(), who.asker());
        let act = Act::Exercise { right: Right::Access };
        let case = Case::of(who.person(), act, Set::EMPTY, &asker);
        let mut tx = flows.permit(&book, case, now).await?;
        tx.stage(Write::EndSession(session.hash()));
        let owed = tx.owe(Wiped(serde_json::json!({ "signed_in": false })));
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}
