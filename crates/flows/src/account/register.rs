//! Registering. Whoever has an account already is told so by mail, never by the answer.

use decide::{Account, Act, Age, Category, Facts, PersonId, Purpose, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Recorded, Tx, Write};
use policy::clause::collection::SourceKind;
use zeroize::Zeroize;

use super::code::send;
use super::exists::tell;
use super::form::{Form, Register};
use super::{Given, hash_password, named, stage};
use crate::book::Book;
use crate::engine::{Case, again, refused, remember};
use crate::limit::{GUARDIAN_MILLIS, UNPROVED_MILLIS};
use crate::minors::{Asked, COMING_OF_AGE};
use crate::retention::AWAITING_PROOF;
use crate::{Flows, Stop, minors};

/// The answer to a registration: the same whether or not there was an account.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, Zeroize)]
pub struct Registered {
    /// The person's id.
    pub id: String,
    /// `unverified` or `awaiting-guardian`.
    pub state: String,
}

/// The status that a registration answers.
const CREATED: u16 = 201;

/// Registers somebody.
///
/// # Errors
/// `Invalid` for what does not fit; `Refused` where the policy permits no registration.
pub async fn register(
    flows: &Flows,
    ask: Register,
    now: Timestamp,
) -> Result<Recorded<Registered>, Stop> {
    let book = flows.book();
    let mut form = Form::read(&book, &ask, now)?;
    let email = book.category(named::EMAIL)?;
    let blind = flows.vault().blind(form.region, email, &form.email, true)?;
    // Nobody is known yet, so all share a scope: a key counts for one request, so that nobody is
    // answered what another was.
    flows.replayed(form.region, ask.idempotency.as_ref(), now).await?;
    let password = book.category(named::PASSWORD).ok();
    // Hashed before anybody looks whether the address is known: both ways take as long.
    for (category, value) in &mut form.values {
        if Some(*category) == password {
            *value = hash_password(flows, value.clone()).await?;
        }
    }
    again!(match flows.journal().find(form.region, email, &blind).await? {
        Some(owner) => exists(flows, (&book, &form), (&ask, owner), now).await,
        None => match create(flows, (&book, &form), &ask, now).await {
            // Somebody was quicker with the same address: look again.
            Err(Stop::Taken) => Err(Stop::Conflict),
            done => done,
        },
    })
}

/// Each value goes in for a purpose that may use it: a password is there to know who it is, and for
/// nothing else.
fn purposes(book: &Book, form: &Form) -> Result<Vec<(Purpose, Set<Category>)>, Stop> {
    let first: &[&str] = match form.age {
        // The one purpose that a child's account has until a guardian agrees.
        Age::Child => &[named::AUTHENTICATE],
        Age::Unknown | Age::Adult | Age::Minor | Age::MinorAgreed | Age::ChildAgreed => {
            &[named::AUTHENTICATE, named::SERVICE]
        }
    };
    let mut groups: Vec<(Purpose, Set<Category>)> = Vec::new();
    for (category, _) in &form.values {
        let purpose = book.purpose_for(*category, first).ok_or_else(|| {
            let say = "no purpose of the policy uses this; leave it out";
            Stop::invalid(book.category_id(*category), say)
        })?;
        match groups.iter_mut().find(|(it, _)| *it == purpose) {
            Some((_, categories)) => *categories = categories.with(*category),
            None => groups.push((purpose, Set::of(*category))),
        }
    }
    Ok(groups)
}

/// One outcome: either all of it is there, or nothing.
async fn create(
    flows: &Flows,
    (book, form): (&Book, &Form),
    ask: &Register,
    now: Timestamp,
) -> Result<Recorded<Registered>, Stop> {
    let person = PersonId::new(form.region, flows.journal().new_id(now));
    let facts = Facts { age: form.age, ..Facts::new(form.position, form.account, book.version()) };
    let mut tx = collect(flows, (book, form), (person, facts), now).await?;
    tx.stage(Write::Create { key: flows.vault().new_person(person)? });
    put_values(flows, book, (&mut tx, form), now)?;
    let email = book.category(named::EMAIL)?;
    send(flows, &mut tx, email, (form.email.as_str(), &form.language))?;
    young(flows, book, (&mut tx, form))?;
    // Whoever never proves the address leaves nothing behind.
    let due = now.plus_millis(unproved_for(form.account));
    tx.stage(Write::Job { kind: AWAITING_PROOF, due });
    tx.note(serde_json::json!({
        "accepted": {
            "version": ask.accept, "at": crate::when(now), "screen": ask.screen,
            "language": form.language,
            "counts": "agreed", "text_hash": book.text_hash(&form.language),
        },
    }));
    let answer = Registered { id: person.to_string(), state: form.account.word().to_owned() };
    remember((flows, &mut tx), ask.idempotency.as_ref(), CREATED, &answer)?;
    let owed = tx.owe(answer);
    Ok(tx.record(owed).await?)
}

/// Below age: the day on which that ends, and the guardian who is asked.
fn young(flows: &Flows, book: &Book, (tx, form): (&mut Tx<Permit>, &Form)) -> Result<(), Stop> {
    if let Some(due) = form.comes_of_age {
        tx.stage(Write::Job { kind: COMING_OF_AGE, due });
    }
    let contact = book.category(named::GUARDIAN);
    let email = contact.ok().and_then(|it| form.values.iter().find(|(id, _)| *id == it));
    let email = email.map(|(_, value)| value);
    let waits = form.account == Account::AwaitingGuardian;
    if !waits && email.is_none() {
        return Ok(());
    }
    let before = if waits { Some(minors::asked(flows, tx, false)?) } else { None };
    if email.is_some() {
        let asked = Asked { before, email, own: &form.email, language: &form.language };
        minors::ask_guardian(flows, book, tx, &asked)?;
    } else if let Some(row) = before {
        tx.stage(Write::Case(row));
    }
    Ok(())
}

/// Each purpose is asked about, and one no is a no to the whole.
async fn collect(
    flows: &Flows,
    (book, form): (&Book, &Form),
    (person, facts): (PersonId, Facts),
    now: Timestamp,
) -> Result<Tx<Permit>, Stop> {
    let source = book.source_of(SourceKind::Person)?;
    let mut requests = purposes(book, form)?.into_iter().map(|(purpose, categories)| {
        decide::Request { act: Act::Collect { purpose, source }, categories }
    });
    let Some(first) = requests.next() else {
        return Err(Stop::invalid("email", "there is no account without it"));
    };
    let asker = Asker::new(AskerKind::Person, "self");
    let tx = flows.journal().begin_new(person, facts);
    let mut judged = tx.judge(book.rules(), first, asker, now);
    for request in requests {
        judged = judged.and_then(|tx| tx.judge_also(request));
    }
    match judged {
        Ok(tx) => Ok(tx),
        Err(tx) => Err(refused(tx).await),
    }
}

fn put_values(
    flows: &Flows,
    book: &Book,
    (tx, form): (&mut Tx<Permit>, &Form),
    now: Timestamp,
) -> Result<(), Stop> {
    let source = book.source_of(SourceKind::Person)?;
    let permitted = tx.permits().fold(Set::EMPTY, |all, it| all.union(it.categories()));
    let mut dues = Vec::new();
    // The guardian's address goes in where the guardian is asked.
    let contact = book.category(named::GUARDIAN).ok();
    let rest = form.values.iter().filter(|(it, _)| permitted.has(*it) && Some(*it) != contact);
    for (category, value) in rest {
        let given = Given { category: *category, value, source };
        dues.extend(stage(flows, book, tx, &given, now)?);
    }
    crate::retention::schedule(tx, &dues);
    Ok(())
}

/// The address has an account: its owner gets a mail, and whoever asked the usual answer.
async fn exists(
    flows: &Flows,
    (book, form): (&Book, &Form),
    (ask, owner): (&Register, PersonId),
    now: Timestamp,
) -> Result<Recorded<Registered>, Stop> {
    let asker = Asker::new(AskerKind::System, "register");
    let email = book.category(named::EMAIL)?;
    let purpose = book.purpose(named::AUTHENTICATE)?;
    let answer = Registered {
        id: PersonId::new(form.region, flows.journal().new_id(now)).to_string(),
        state: form.account.word().to_owned(),
    };
    let case = Case::of(owner, Act::Use { purpose }, Set::of(email), &asker);
    match flows.permit(book, case, now).await {
        Ok(mut tx) => {
            // One mail an hour at most, however often somebody tries.
            tell(flows, &mut tx, (form.email.as_str(), &form.language)).await?;
            // Asked again under the same key, the answer is the same too: no difference tells.
            remember((flows, &mut tx), ask.idempotency.as_ref(), CREATED, &answer)?;
            let owed = tx.owe(answer);
            Ok(tx.record(owed).await?)
        }
        // Nothing may be written to an account that is being closed; the attempt is on its record.
        Err(Stop::Refused(_)) => {
            let act = Act::Exercise { right: decide::Right::Access };
            let case = Case::of(owner, act, Set::EMPTY, &asker);
            let mut tx = flows.permit(book, case, now).await?;
            remember((flows, &mut tx), ask.idempotency.as_ref(), CREATED, &answer)?;
            let owed = tx.owe(answer);
            Ok(tx.record(owed).await?)
        }
        // Erased between the look and the reading: look again.
        Err(Stop::Gone | Stop::NotFound) => Err(Stop::Conflict),
        Err(stop) => Err(stop),
    }
}

/// Milliseconds for which an account in which the address was never proved is kept.
const fn unproved_for(account: Account) -> i64 {
    match account {
        Account::AwaitingGuardian => GUARDIAN_MILLIS,
        Account::Visitor
        | Account::Unverified
        | Account::Active
        | Account::Restricted
        | Account::Closing
        | Account::Closed => UNPROVED_MILLIS,
    }
}

/// Whether a state is one in which the address was never proved.
pub(super) const fn unproved(account: Account) -> bool {
    match account {
        Account::Unverified | Account::AwaitingGuardian => true,
        Account::Visitor
        | Account::Active
        | Account::Restricted
        | Account::Closing
        | Account::Closed => false,
    }
}
