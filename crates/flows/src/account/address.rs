//! A new address: it waits, sealed, until a code that was sent there comes back; the old one stays in
//! force until then, and is told afterwards. Whether the new one has an account is told to nobody but
//! its owner.

use decide::{Account, Act, Category, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, JobKind, Permit, Recorded, Tx, UnprovedRow, Write};
use policy::clause::collection::SourceKind;
use vault::Plain;

use super::bound::NEW_ADDRESSES;
use super::code::{fresh, hash, right, signature};
use super::exists::tell_owner;
use super::verify::{SignedIn, Verify, begin_session};
use super::{Given, named, reach, reached, stage};
use crate::book::Book;
use crate::engine::{Case, again};
use crate::limit::CODE_MILLIS;
use crate::messages::{Cause, Letter, put};
use crate::retention::AWAITING_PROOF;
use crate::rights::{News, What, tell};
use crate::{Flows, Secret, Stop};

/// Has a code sent to a new address, or its owner told that somebody wants it.
pub(crate) const NEW_ADDRESS: JobKind = JobKind::named("new-address");
/// As what a value is sealed that waits to be proved.
pub(crate) const WAITING: &str = "unproved";

/// Stages a new address that waits; answers until when. Whether somebody has it already is looked up
/// by the job, so that neither the answer nor its time says.
pub(crate) async fn wait(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    (category, given): (Category, &Plain),
    now: Timestamp,
) -> Result<Timestamp, Stop> {
    if NEW_ADDRESSES.full(flows, tx.person(), now).await? {
        let say = "too many new addresses were tried in the last hour; come again in an hour";
        return Err(Stop::NotNow(say.to_owned()));
    }
    NEW_ADDRESSES.count(tx);
    let sealed = flows.vault().seal_note(tx, WAITING, given.as_str().as_bytes())?;
    // Until the job sends a code there is none that fits.
    let hash = Secret::fresh(flows.vault(), "")?.hash();
    let expires = now.plus_millis(CODE_MILLIS);
    tx.stage(Write::Unproved { category, sealed, hash, expires });
    tx.stage(Write::Job { kind: NEW_ADDRESS, due: now });
    Ok(expires)
}

/// The address that waits, in clear.
pub(crate) fn opened(flows: &Flows, tx: &Tx<Permit>, row: &UnprovedRow) -> Result<Plain, Stop> {
    let bytes = flows.vault().open_note(tx, WAITING, &row.sealed)?;
    let text = std::str::from_utf8(&bytes);
    let broken = |_| Stop::Broken("an address that waits cannot be read".to_owned());
    text.map(Plain::from).map_err(broken)
}

/// The job: a code goes to the new address, or a mail to its owner.
pub(crate) async fn invite(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    again!(invite_once(flows, person, now).await)
}

async fn invite_once(flows: &Flows, person: PersonId, now: Timestamp) -> Result<(), Stop> {
    let book = flows.book();
    let asker = Asker::new(AskerKind::System, "new-address");
    let act = Act::Exercise { right: Right::Correct };
    let email = book.category(named::EMAIL)?;
    let language = book.category(named::LANGUAGE).map_or(Set::EMPTY, Set::of);
    let case = Case { wanted: language, ..Case::of(person, act, reach(&book), &asker) };
    let mut tx = flows.permit(&book, case, now).await?;
    tx.stage(Write::DropJob(NEW_ADDRESS));
    if let Some(row) = tx.unproved(email).await? {
        let address = opened(flows, &tx, &row)?;
        let language = language_of(flows, &book, &tx)?;
        let blind = flows.vault().blind(person.region(), email, &address, true)?;
        let mail = (address.as_str(), language.as_str());
        match flows.journal().find(person.region(), email, &blind).await? {
            Some(owner) => tell_owner(flows, &book, (owner, mail.0, mail.1), now).await?,
            None => send(flows, &mut tx, email, mail)?,
        }
    }
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

fn language_of(flows: &Flows, book: &Book, tx: &Tx<Permit>) -> Result<String, Stop> {
    let opened = flows.vault().open(tx)?;
    let language = book.category(named::LANGUAGE).ok().and_then(|it| opened.get(it));
    Ok(book.language(language.unwrap_or("")).to_owned())
}

fn send(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    category: Category,
    (to, language): (&str, &str),
) -> Result<(), Stop> {
    let code = fresh(flows)?;
    let hash = hash(flows, tx.person(), code.as_str())?;
    tx.stage(Write::UnprovedCode { category, hash });
    let signed = signature(flows, language);
    let words = Letter::NewAddress(code.as_str()).words(language, signed.as_ref());
    let about = format!("{:032x}", flows.journal().new_id(tx.permit().now()));
    let mail = put(flows, tx, (Cause::NewAddress, &about), (to, &words))?;
    tx.stage(mail);
    Ok(())
}

/// The code came back: the address moves, whoever was signed in is not any more, and the old address
/// is told. One who has proved the new one is signed in.
pub(super) async fn take(
    flows: &Flows,
    book: &Book,
    (ask, email): (&Verify, Category),
    now: Timestamp,
) -> Result<Recorded<SignedIn>, Stop> {
    let asker = Asker::new(AskerKind::Person, "self");
    let act = Act::Exercise { right: Right::Correct };
    let case = Case::of(ask.person, act, reach(book), &asker);
    let mut tx = flows.permit(book, case, now).await?;
    let row = tx.unproved(email).await?.ok_or(Stop::Wrong)?;
    if !right(flows, (ask.person, &row.code), &ask.code, now)? {
        return Err(Stop::Wrong);
    }
    let account = tx.facts().account;
    let state = match account {
        Account::Unverified | Account::Active => Account::Active,
        Account::AwaitingGuardian => account,
        Account::Visitor | Account::Restricted | Account::Closing | Account::Closed => {
            return Err(Stop::Wrong);
        }
    };
    if account == Account::Active {
        tell_old(flows, book, &mut tx)?;
        let of = Set::of(email);
        tell(flows, book, &mut tx, &News { what: What::Correct, of, request: None })?;
    }
    let (address, source) = (opened(flows, &tx, &row)?, book.source_of(SourceKind::Person)?);
    let given = Given { category: email, value: &address, source };
    let due = stage(flows, book, &mut tx, &given, now)?;
    crate::retention::schedule(&mut tx, due.as_slice());
    if state != account {
        tx.stage(Write::Account(state));
        tx.stage(Write::DropJob(AWAITING_PROOF));
        super::phone::next(flows, book, (&mut tx, state));
    }
    crate::minors::own_address_proved(flows, &mut tx).await?;
    for write in [Write::DropUnproved(email), Write::DropCode(email), Write::EndSessions] {
        tx.stage(write);
    }
    let answer = begin_session(flows, book, (&mut tx, state), &ask.label)?;
    tx.note(serde_json::json!({ "corrected": named::EMAIL, "proved": true }));
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// Tells the address that was in force until now, so that whoever did not do this can object.
fn tell_old(flows: &Flows, book: &Book, tx: &mut Tx<Permit>) -> Result<(), Stop> {
    let Some((to, language)) = reached(flows, book, tx)? else { return Ok(()) };
    let signed = signature(flows, &language);
    let contact = &book.policy().header.contact.email;
    let words = Letter::Moved(contact).words(&language, signed.as_ref());
    let about = format!("{:032x}", flows.journal().new_id(tx.permit().now()));
    let mail = put(flows, tx, (Cause::Moved, &about), (to.as_str(), &words))?;
    tx.stage(mail);
    Ok(())
}
