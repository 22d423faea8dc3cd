//! Asking a guardian: by a mail to the guardian's address, or by a link that the child sends.

use decide::id::GuardianId;
use decide::{Account, Act, Age, Category, PersonId, Request, Right, Set, Timestamp};
use journal::{CaseRow, JobKind, Permit, Recorded, Tx, Write};
use policy::clause::collection::SourceKind;
use vault::Plain;
use zeroize::Zeroize;

use super::contact::{Way, masked, verifies, verifies_somehow};
use super::letter::Letter;
use super::state::{ASKED, About, KIND, MACHINE, is_open, open_case};
use super::told::write;
use super::{link, need};
use crate::account::{GUARDIAN_LINKS, Given, named, stage};
use crate::book::Book;
use crate::engine::{Case, again, refused};
use crate::limit::GUARDIAN_MILLIS;
use crate::{Acting, Flows, Stop, value, when};

/// Ends an invitation of a minor that nobody answered.
pub(crate) const GUARDIAN: JobKind = JobKind::named("guardian");

/// Somebody below age asks a guardian.
#[derive(Debug)]
pub struct Invite {
    /// The guardian's address; without one the link is handed out, to be sent by other means.
    pub email: Option<Plain>,
    /// The language of the mail.
    pub language: String,
}

/// A guardian was asked.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Zeroize)]
pub struct Invited {
    /// The case.
    pub id: String,
    /// Where it stands.
    pub state: String,
    /// Until when the link is good.
    pub until: String,
    /// The link, where none was mailed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Asks a guardian, or asks anew: a link from before opens nothing any more.
///
/// # Errors
/// `Invalid` for the person's own address; `NotNow` for whoever needs no guardian, and after too many.
pub async fn invite(
    flows: &Flows,
    person: PersonId,
    ask: Invite,
    now: Timestamp,
) -> Result<Recorded<Invited>, Stop> {
    let email = ask.email.as_ref().map(|it| value::email("email", it.as_str())).transpose()?;
    again!(once(flows, person, (email.as_ref(), &ask.language), now).await)
}

async fn once(
    flows: &Flows,
    person: PersonId,
    (email, language): (Option<&Plain>, &str),
    now: Timestamp,
) -> Result<Recorded<Invited>, Stop> {
    let book = flows.book();
    let contact = book.category(named::GUARDIAN)?;
    let asker = Acting::from(person).asker();
    let act = Act::Exercise { right: Right::Withdraw };
    let known = crate::account::reach(&book).with(contact);
    let tx = flows.permit(&book, Case::of(person, act, known, &asker), now).await?;
    let own = crate::account::reached(flows, &book, &tx)?.map(|(own, _)| own);
    let own = own.ok_or_else(|| need("the address of the child"))?;
    match email {
        Some(_) => verifies(flows, &book, Way::Email)?,
        None => verifies_somehow(flows, &book)?,
    }
    may(flows, &tx, now).await?;
    let before = open_case(&tx).await?;
    let mut tx = match email {
        Some(_) => collects(&book, tx, contact).await?,
        None => tx,
    };
    if email.is_none() && tx.values().iter().any(|it| it.category == contact) {
        // The guardian says by which address to be reached.
        tx.stage(Write::DeleteValue(contact));
    }
    GUARDIAN_LINKS.count(&mut tx);
    let whom = Asked { before, email, own: &own, language: book.language(language) };
    let answer = ask_guardian(flows, &book, &mut tx, &whom)?;
    tx.note(serde_json::json!({ "guardian": { "case": answer.id, "state": answer.state } }));
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// Whether this person may ask a guardian now.
async fn may(flows: &Flows, tx: &Tx<Permit>, now: Timestamp) -> Result<(), Stop> {
    let facts = tx.facts();
    let age = match facts.age {
        Age::Child | Age::Minor => None,
        Age::ChildAgreed | Age::MinorAgreed => Some("your guardian has agreed already"),
        Age::Unknown | Age::Adult => Some("you need no guardian"),
    };
    let account = match facts.account {
        Account::Unverified | Account::AwaitingGuardian | Account::Active | Account::Restricted => {
            None
        }
        Account::Visitor => Some("register first"),
        Account::Closing | Account::Closed => Some("the account is being closed"),
    };
    if let Some(say) = age.or(account) {
        return Err(Stop::NotNow(say.to_owned()));
    }
    if GUARDIAN_LINKS.full(flows, tx.person(), now).await? {
        let say = "too many links were sent today; come again tomorrow";
        return Err(Stop::NotNow(say.to_owned()));
    }
    Ok(())
}

/// With what comes in anew asked about, too.
pub(super) async fn collects(
    book: &Book,
    tx: Tx<Permit>,
    category: Category,
) -> Result<Tx<Permit>, Stop> {
    let purpose = book.purpose_for(category, &[named::AUTHENTICATE]);
    let purpose = purpose.ok_or_else(|| need("a purpose that uses a guardian's address"))?;
    let source = book.source_of(SourceKind::Person)?;
    let act = Act::Collect { purpose, source };
    match tx.judge_also(Request { act, categories: Set::of(category) }) {
        Ok(tx) => Ok(tx),
        Err(tx) => Err(refused(tx).await),
    }
}

/// A guardian who is asked.
pub(crate) struct Asked<'a> {
    /// The case that is open already.
    pub(crate) before: Option<CaseRow>,
    /// The guardian's address, in its normal form; without one the link is handed out.
    pub(crate) email: Option<&'a Plain>,
    /// The child's own address.
    pub(crate) own: &'a Plain,
    /// The language of the mail.
    pub(crate) language: &'a str,
}

/// Stages the case, the guardian's address, and the mail with the link.
pub(crate) fn ask_guardian(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    asked: &Asked<'_>,
) -> Result<Invited, Stop> {
    let now = tx.permit().now();
    let row = match &asked.before {
        Some(row) => row.clone(),
        None => blank(flows, tx, "", false)?,
    };
    let state = MACHINE.step(&row.state, "invite", "person")?;
    let id = GuardianId::from(row.id);
    let (token, hash) = link::fresh(flows, id)?;
    let about = About { link: hash, handed: asked.email.is_none(), ..About::of(&row)? };
    // A child's account goes on its day, however often a guardian is asked; a minor's stays.
    let due = if tx.facts().age == Age::Child { row.due } else { now.plus_millis(GUARDIAN_MILLIS) };
    let row = CaseRow { due, state: state.to_owned(), open: true, about: about.text()?, ..row };
    tx.stage(Write::Case(row));
    if tx.facts().age != Age::Child {
        tx.stage(Write::Job { kind: GUARDIAN, due });
    }
    let link = link::address(flows, &token, asked.language);
    if let Some(to) = asked.email {
        own_address(to, asked.own)?;
        keep(flows, book, tx, to)?;
        let until = super::day_of(book, tx.person(), due);
        let below = book.policy().minors.as_ref().map_or(18, |it| it.ask_below);
        let child = masked(asked.own.as_str());
        let letter = Letter::Invited { child: &child, below, link: &link, until: &until };
        write(flows, tx, (&id.to_string(), to), (&letter, asked.language))?;
    }
    let link = asked.email.is_none().then_some(link);
    Ok(Invited { id: id.to_string(), state: state.to_owned(), until: when(due), link })
}

/// Nobody is their own guardian.
pub(super) fn own_address(guardian: &Plain, own: &Plain) -> Result<(), Stop> {
    if guardian == own {
        let say = "a guardian has an address of their own; give that one";
        return Err(Stop::invalid("email", say));
    }
    Ok(())
}

/// Stages the guardian's address.
pub(super) fn keep(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    address: &Plain,
) -> Result<(), Stop> {
    let (category, source) = (book.category(named::GUARDIAN)?, book.source_of(SourceKind::Person)?);
    let given = Given { category, value: address, source };
    let due = stage(flows, book, tx, &given, tx.permit().now())?;
    crate::retention::schedule(tx, due.as_slice());
    Ok(())
}

/// A case that nobody has acted in.
fn blank(flows: &Flows, tx: &Tx<Permit>, state: &str, proved: bool) -> Result<CaseRow, Stop> {
    let now = tx.permit().now();
    let about = About { proved, ..About::default() };
    Ok(CaseRow {
        id: GuardianId::new(tx.person().region(), flows.journal().new_id(now)).into(),
        kind: KIND.to_owned(),
        state: state.to_owned(),
        received: now,
        due: now.plus_millis(GUARDIAN_MILLIS),
        open: is_open(state),
        assigned: String::new(),
        about: about.text()?,
        sealed: None,
        own_key: None,
    })
}

/// The case of a child who has to name a guardian; `proved` says whether the child's own address was.
pub(crate) fn asked(flows: &Flows, tx: &Tx<Permit>, proved: bool) -> Result<CaseRow, Stop> {
    MACHINE.step("", "ask", "system")?;
    blank(flows, tx, ASKED, proved)
}
