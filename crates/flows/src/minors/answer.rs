//! A guardian answers: is reached by a code at an address of their own, proves it, and agrees or
//! refuses. Of the guardian's day of birth nothing is kept but that it is one of an adult.

use decide::{Account, Act, Age, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, Permit, Recorded, Role, Tx, Write};
use vault::Plain;
use zeroize::Zeroize;

use super::contact::{self, Way, masked};
use super::invite::{GUARDIAN, collects, keep, own_address};
use super::letter::Letter;
use super::link::{Link, answerable, hide};
use super::state::{About, MACHINE, is_open};
use super::told::write;
use super::{code, need};
use crate::account::{named, reach, reached, stage_end};
use crate::book::Book;
use crate::consent::Token;
use crate::engine::{Case, again};
use crate::limit::UNPROVED_MILLIS;
use crate::retention::AWAITING_PROOF;
use crate::{Flows, Secret, Stop, value};

/// What a guardian hands in.
#[derive(Debug, Default)]
pub struct Answer {
    /// `code` to be sent one, `agree`, `refuse`.
    pub decision: String,
    /// The guardian's own day of birth; there is no agreement without it.
    pub birth_date: Option<Plain>,
    /// The code that was sent; without one a decision has one sent.
    pub code: Option<Secret>,
    /// The guardian's own address, where the link did not come by mail.
    pub email: Option<Plain>,
    /// Or the guardian's own phone number.
    pub phone: Option<Plain>,
    /// The version of the policy that was shown; the one in force where none is named.
    pub accept: Option<u32>,
    /// The language of the page.
    pub language: String,
    /// What is seen of the session: a kind of browser.
    pub label: String,
}

/// What came of it.
#[derive(Debug, Clone, serde::Serialize, Zeroize)]
pub struct Answered {
    /// The case.
    pub case: String,
    /// `reached`, `agreed`, `refused`.
    pub state: String,
    /// What was sent: a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent: Option<String>,
    /// The secret of the guardian's session. It goes into a cookie, and into no body.
    #[serde(skip)]
    pub session: Option<Secret>,
}

/// What a guardian decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Decision {
    Code,
    Agree,
    Refuse,
}

impl Decision {
    fn read(word: &str) -> Result<Self, Stop> {
        match word {
            "code" => Ok(Self::Code),
            "agree" => Ok(Self::Agree),
            "refuse" => Ok(Self::Refuse),
            _ => Err(Stop::invalid("decision", "use `agree`, `refuse`, or `code` to be sent one")),
        }
    }

    /// The right that the guardian exercises for the child.
    const fn right(self) -> Right {
        match self {
            Self::Code | Self::Agree => Right::Withdraw,
            Self::Refuse => Right::CloseAccount,
        }
    }
}

/// Takes a guardian's answer.
///
/// # Errors
/// `NotFound` for what is no link, `NotNow` for one that was answered or is over, `Wrong` for a wrong
/// code, `Invalid` for whoever is not of age or gives the child's address.
pub async fn answer(
    flows: &Flows,
    token: &Secret,
    ask: Answer,
    now: Timestamp,
) -> Result<Recorded<Answered>, Stop> {
    let decision = Decision::read(&ask.decision)?;
    let link = Link::find(flows, token).await?;
    let said = (ask.email.as_ref(), ask.phone.as_ref());
    let contact = contact::read(said, link.child.region().as_str())?;
    let given = Given { ask: &ask, decision, contact: contact.as_ref() };
    let done = again!(once(flows, (&link, &given), now).await).map_err(hide)?;
    if decision == Decision::Refuse && ask.code.is_some() {
        // At once; where it fails now, the job that was recorded with the refusal does it.
        if let Err(stop) = crate::retention::erase_closed(flows, link.child, now).await {
            tracing::warn!(?stop, "an erasure waits");
        }
    }
    Ok(done)
}

/// What was handed in, read.
struct Given<'a> {
    ask: &'a Answer,
    decision: Decision,
    contact: Option<&'a Plain>,
}

async fn once(
    flows: &Flows,
    (link, given): (&Link, &Given<'_>),
    now: Timestamp,
) -> Result<Recorded<Answered>, Stop> {
    let book = flows.book();
    let Given { ask, decision, .. } = given;
    if ask.accept.is_some_and(|it| it != book.version()) {
        let say = format!("show version {} of the policy, and have that agreed to", book.version());
        return Err(Stop::invalid("accept.version", say));
    }
    let asker = Asker::new(AskerKind::Guardian, link.case.to_string());
    let known = reach(&book).with(book.category(named::GUARDIAN)?);
    let known = book.category(named::PHONE).map_or(known, |it| known.with(it));
    let act = Act::Exercise { right: decision.right() };
    let tx = flows.permit(&book, Case::of(link.child, act, known, &asker), now).await?;
    let (row, about) = link.row(&tx).await?;
    answerable(&tx, &row)?;
    account_stands(&tx)?;
    of_age(&book, (link.child, given), now)?;
    match &ask.code {
        Some(code) => decide_by(flows, (&book, tx), (row, about), (given, code)).await,
        None => send(flows, (&book, tx), (row, &about), given).await,
    }
}

/// Whether there is still something to agree to.
fn account_stands(tx: &Tx<Permit>) -> Result<(), Stop> {
    let waits = match tx.facts().age {
        Age::Minor | Age::Child => true,
        Age::Unknown | Age::Adult | Age::MinorAgreed | Age::ChildAgreed => false,
    };
    let say = match tx.facts().account {
        Account::Visitor | Account::Closing | Account::Closed => "this account is being closed",
        Account::Unverified | Account::AwaitingGuardian | Account::Active | Account::Restricted
            if waits =>
        {
            return Ok(());
        }
        Account::Unverified | Account::AwaitingGuardian | Account::Active | Account::Restricted => {
            "no guardian is asked for any more"
        }
    };
    Err(Stop::NotNow(say.to_owned()))
}

/// Whether the guardian is of age. The day itself is forgotten.
fn of_age(book: &Book, (child, given): (PersonId, &Given<'_>), now: Timestamp) -> Result<(), Stop> {
    let field = "birth_date";
    let Some(born) = &given.ask.birth_date else {
        let says_no = given.decision != Decision::Agree;
        let say = "give your own day of birth, as the guardian; it is not kept";
        return if says_no { Ok(()) } else { Err(Stop::invalid(field, say)) };
    };
    let born = value::date(field, born.as_str())?;
    if super::age(book, child.region(), born, now)? == Age::Adult {
        return Ok(());
    }
    Err(Stop::invalid(field, "a guardian is of age; ask somebody who is"))
}

/// Sends a code to the guardian's own address or phone.
async fn send(
    flows: &Flows,
    (book, tx): (&Book, Tx<Permit>),
    (row, about): (CaseRow, &About),
    given: &Given<'_>,
) -> Result<Recorded<Answered>, Stop> {
    let language = book.language(&given.ask.language);
    let contact = book.category(named::GUARDIAN)?;
    let (own, held, phone) = {
        let opened = flows.vault().open(&tx)?;
        let own = opened.get(book.category(named::EMAIL)?).map(Plain::from);
        let phone = book.category(named::PHONE).ok().and_then(|it| opened.get(it));
        let own = own.ok_or_else(|| need("the address of the child"))?;
        (own, opened.get(contact).map(Plain::from), phone.map(Plain::from))
    };
    // What was mailed proves that very address; who was handed the link says by which to be reached.
    let said = given.contact.filter(|_| about.handed);
    let to = match (said, &held) {
        (Some(said), _) => said.clone(),
        (None, Some(held)) => held.clone(),
        (None, None) => {
            let say = "give your own address, as the guardian; the code goes there";
            return Err(Stop::invalid("email", say));
        }
    };
    contact::verifies(flows, book, Way::of(&to))?;
    own_address(&to, &own)?;
    if phone.as_ref() == Some(&to) {
        return Err(Stop::invalid("phone", "a guardian has a phone of their own; give that one"));
    }
    code::not_too_many(flows, (tx.person(), &to), tx.permit().now()).await?;
    let mut tx = match said {
        Some(_) => collects(book, tx, contact).await?,
        None => tx,
    };
    if said.is_some() {
        keep(flows, book, &mut tx, &to)?;
    }
    let state = MACHINE.step(&row.state, "open", "guardian")?;
    let case = row.id;
    tx.stage(Write::Case(CaseRow { state: state.to_owned(), open: is_open(state), ..row }));
    code::send(flows, (&mut tx, contact), (&to, &masked(own.as_str())), language)?;
    let answer = Answered {
        case: super::guardian_id(case),
        state: state.to_owned(),
        sent: Some("code".to_owned()),
        session: None,
    };
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// The code came back, with the decision.
async fn decide_by(
    flows: &Flows,
    (book, mut tx): (&Book, Tx<Permit>),
    (row, about): (CaseRow, About),
    (given, code): (&Given<'_>, &Secret),
) -> Result<Recorded<Answered>, Stop> {
    let contact = book.category(named::GUARDIAN)?;
    let way = flows.vault().open(&tx)?.get(contact).map(|it| Way::of(&Plain::from(it)));
    let way = way.ok_or(Stop::Wrong)?;
    contact::verifies(flows, book, way)?;
    if !code::fits(flows, &mut tx, (contact, code)).await? {
        tx.note(serde_json::json!({ "signed_in": false }));
        let owed = tx.owe(());
        tx.record(owed).await.map(drop)?;
        return Err(Stop::Wrong);
    }
    tx.stage(Write::DropCode(contact));
    let proved = MACHINE.step(&row.state, "prove", "guardian")?;
    let event = match given.decision {
        Decision::Agree => "agree",
        Decision::Refuse => "refuse",
        Decision::Code => {
            let say = "say `agree` or `refuse` with the code";
            return Err(Stop::invalid("decision", say));
        }
    };
    let state = MACHINE.step(proved, event, "guardian")?;
    let session = match given.decision {
        Decision::Agree => Some(agree(flows, book, &mut tx, (&about, &given.ask.label))?),
        Decision::Refuse | Decision::Code => {
            refuse(flows, &mut tx, &about)?;
            None
        }
    };
    tx.note(serde_json::json!({ "guardian": {
        "case": super::guardian_id(row.id),
        "decision": state,
        "method": way.word(),
        "version": book.version(),
        "hash": format!("sha256:{}", book.hash()),
        "language": book.language(&given.ask.language),
    } }));
    let case = super::guardian_id(row.id);
    tx.stage(Write::Case(CaseRow { state: state.to_owned(), open: is_open(state), ..row }));
    let owed = tx.owe(Answered { case, state: state.to_owned(), sent: None, session });
    Ok(tx.record(owed).await?)
}

/// What follows from a yes: the account opens, and the guardian has a page for the child.
fn agree(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (about, label): (&About, &str),
) -> Result<Secret, Stop> {
    let (age, refused) = (tx.facts().age, tx.facts().refused);
    if age == Age::Child {
        tx.stage(Write::Age(Age::ChildAgreed));
        // Nothing rests on the child's own choice.
        tx.stage(Write::Consent { given: Set::EMPTY, refused });
    } else {
        tx.stage(Write::Age(Age::MinorAgreed));
    }
    tx.stage(Write::DropJob(GUARDIAN));
    open_account(tx, about.proved);
    if let Some((to, language)) = reached(flows, book, tx)? {
        let proved = about.proved || tx.facts().account != Account::AwaitingGuardian;
        write(flows, tx, ("agreed", &to), (&Letter::Agreed { proved }, &language))?;
    }
    begin_session(flows, tx, label)
}

/// An account that waited for a guardian waits no longer: what is left is the child's own address.
pub(super) fn open_account(tx: &mut Tx<Permit>, proved: bool) {
    if tx.facts().account != Account::AwaitingGuardian {
        return;
    }
    if proved {
        tx.stage(Write::Account(Account::Active));
        tx.stage(Write::DropJob(AWAITING_PROOF));
    } else {
        tx.stage(Write::Account(Account::Unverified));
        let due = tx.permit().now().plus_millis(UNPROVED_MILLIS);
        tx.stage(Write::Job { kind: AWAITING_PROOF, due });
    }
}

/// What follows from a no: nothing is used from now on, and everything goes at once. The child is
/// told, unless the address was never proved to be the child's.
fn refuse(flows: &Flows, tx: &mut Tx<Permit>, about: &About) -> Result<(), Stop> {
    tx.stage(Write::DropJob(GUARDIAN));
    let proved = match tx.facts().account {
        Account::Active | Account::Restricted => true,
        Account::AwaitingGuardian => about.proved,
        Account::Visitor | Account::Unverified | Account::Closing | Account::Closed => false,
    };
    stage_end(flows, tx, proved)
}

/// Stages a session of the guardian.
pub(super) fn begin_session(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    label: &str,
) -> Result<Secret, Stop> {
    let session = Secret::fresh(flows.vault(), "")?;
    let (hash, role) = (session.hash(), Role::Guardian);
    let now = tx.permit().now();
    let expires = now.plus_millis(Token::Guardian.stored(&flows.book(), now));
    tx.stage(Write::Session { hash, expires, label: label.to_owned(), role });
    Ok(session)
}
