//! Putting a value right, and deleting one.

use decide::{Account, Act, Age, Category, Right, Set, Source, Timestamp};
use journal::{Permit, Recorded, Tx, Write};
use policy::clause::collection::SourceKind;
use serde_json::json;

use super::tell::{News, What, tell};
use crate::account::{Given, PASSWORD_CHANGED, hash_password, named, stage, wait};
use crate::answer::Wiped;
use crate::book::Book;
use crate::engine::{Case, Idempotency, again, remember};
use crate::{Acting, Flows, Plain, Stop, minors, value, when};

type Done = Recorded<Wiped<serde_json::Value>>;

const OK: u16 = 200;

/// Puts a value right, or adds one that the person may give.
///
/// # Errors
/// `Invalid` for a value that does not fit. Whether a new address has an account is not told.
pub async fn correct(
    flows: &Flows,
    who: impl Into<Acting>,
    (id, given, idempotency): (&str, Plain, Option<&Idempotency>),
    now: Timestamp,
) -> Result<Done, Stop> {
    let who = who.into();
    let book = flows.book();
    let category = book.category(id)?;
    minors::may_change(who, id)?;
    book.may_ask(Right::Correct, who)?;
    let Some(declared) = book.declared(category).filter(|it| !it.events) else {
        return Err(Stop::invalid("category", "log information cannot be put right, only deleted"));
    };
    let own = book.source_of(SourceKind::Person)?;
    if !book.rules().brings(own).has(category) {
        return Err(Stop::invalid(
            "category",
            "this does not come from you; delete it, or write to us to have it put right",
        ));
    }
    let region = who.person().region();
    let field = "value";
    let given = if id == named::PASSWORD {
        hash_password(flows, given).await?
    } else {
        value::of(&book, (id, declared.format), (field, given.as_str()), region.as_str())?
    };
    flows.replayed(region, idempotency, now).await?;
    let fix = Fix { id, category, given: &given, own, idempotency };
    again!(put_right(flows, who, &fix, now).await)
}

/// What is put right.
struct Fix<'a> {
    id: &'a str,
    category: Category,
    given: &'a Plain,
    own: Source,
    idempotency: Option<&'a Idempotency>,
}

impl Fix<'_> {
    /// The act of taking in what is not held yet.
    fn collect(&self, book: &Book) -> Result<Act, Stop> {
        let usual = [named::SERVICE, named::AUTHENTICATE];
        let purpose = book.purpose_for(self.category, &usual).ok_or_else(|| {
            Stop::invalid("category", "no purpose of the policy uses this; leave it out")
        })?;
        Ok(Act::Collect { purpose, source: self.own })
    }
}

/// Whether an account is one whose values can be put right now.
fn stands(account: Account, fix: &Fix<'_>) -> Result<(), Stop> {
    let say = match account {
        Account::Visitor => "a browser has no account to put this into; register first",
        Account::Restricted | Account::Closing | Account::Closed if fix.id == named::EMAIL => {
            "lift the restriction or take the closing back first: a new address has to be proved"
        }
        Account::Unverified
        | Account::AwaitingGuardian
        | Account::Active
        | Account::Restricted
        | Account::Closing
        | Account::Closed => return Ok(()),
    };
    Err(Stop::NotNow(say.to_owned()))
}

async fn put_right(
    flows: &Flows,
    who: Acting,
    fix: &Fix<'_>,
    now: Timestamp,
) -> Result<Done, Stop> {
    let book = flows.book();
    let (person, asker) = (who.person(), who.asker());
    // What is not held cannot be put right: it comes in, and is asked about like all that does.
    let held = {
        let tx = flows.journal().begin(person, Set::EMPTY).await?;
        tx.values().iter().any(|it| it.category == fix.category)
    };
    let act = if held { Act::Exercise { right: Right::Correct } } else { fix.collect(&book)? };
    let address = fix.id == named::EMAIL;
    // A new address is compared with the old one, and written to; nothing else is looked at.
    let reach = if address && held { crate::account::reach(&book) } else { Set::EMPTY };
    let case = Case::of(person, act, reach.with(fix.category), &asker);
    let mut tx = flows.permit(&book, case, now).await?;
    stands(tx.facts().account, fix)?;
    if address && moved(flows, &book, &tx, fix)? {
        return wait_for_proof(flows, tx, fix, now).await;
    }
    if address {
        tx.stage(Write::DropUnproved(fix.category));
    }
    if fix.id == named::BIRTH_DATE {
        let born = value::date("value", fix.given.as_str())?;
        let age = age_after(tx.facts().age, minors::age(&book, person.region(), born, now)?)?;
        if age == Age::Child {
            return await_guardian(flows, (&book, tx), (fix, born)).await;
        }
        minors::plan(&book, &mut tx, born);
        tx.stage(Write::Age(age));
    }
    let given = Given { category: fix.category, value: fix.given, source: fix.own };
    let due = stage(flows, &book, &mut tx, &given, now)?;
    crate::retention::schedule(&mut tx, due.as_slice());
    if fix.id == named::PHONE {
        let account = tx.facts().account;
        crate::account::phone_came_in(flows, &book, (&mut tx, account));
    }
    if held && fix.id != named::PASSWORD {
        let of = Set::of(fix.category);
        tell(flows, &book, &mut tx, &News { what: What::Correct, of, request: None })?;
    }
    if fix.id == named::PASSWORD {
        // Whoever had the old one may be signed in with it; and the person is told.
        tx.stage(Write::EndSessions);
        tx.stage(Write::Job { kind: PASSWORD_CHANGED, due: now });
    }
    let answer = json!({ "category": fix.id, "due": due.map(when) });
    done(flows, tx, (fix, answer)).await
}

async fn done(
    flows: &Flows,
    mut tx: Tx<Permit>,
    (fix, answer): (&Fix<'_>, serde_json::Value),
) -> Result<Done, Stop> {
    remember((flows, &mut tx), fix.idempotency, OK, &answer)?;
    tx.note(json!({ "corrected": fix.id }));
    let owed = tx.owe(Wiped(answer));
    Ok(tx.record(owed).await?)
}

/// A new address waits until a code that is sent there comes back. The answer is the same whether or
/// not it has an account.
async fn wait_for_proof(
    flows: &Flows,
    mut tx: Tx<Permit>,
    fix: &Fix<'_>,
    now: Timestamp,
) -> Result<Done, Stop> {
    let until = wait(flows, &mut tx, (fix.category, fix.given), now).await?;
    let answer = json!({ "category": fix.id, "waiting_until": when(until) });
    done(flows, tx, (fix, answer)).await
}

/// The age after a correction. A minor does not grow older by typing another date: somebody has to
/// look at it. Who stays what a guardian agreed to keeps the agreement.
fn age_after(now: Age, then: Age) -> Result<Age, Stop> {
    let older = match (now, then) {
        (Age::Minor | Age::MinorAgreed, Age::Adult)
        | (Age::Child | Age::ChildAgreed, Age::Adult | Age::Minor | Age::MinorAgreed) => true,
        (Age::Unknown | Age::Adult, _)
        | (_, Age::Unknown | Age::Child | Age::ChildAgreed)
        | (Age::Minor | Age::MinorAgreed, Age::Minor | Age::MinorAgreed) => false,
    };
    if older {
        let say =
            "write to us to have this put right: the date that we hold says that you are a minor";
        return Err(Stop::NotNow(say.to_owned()));
    }
    Ok(minors::still_agreed(now, then))
}

/// Who turns out to be a child waits for a guardian as from registration: nothing is kept but the
/// address, and nothing rests on the child's own choice.
async fn await_guardian(
    flows: &Flows,
    (book, mut tx): (&Book, Tx<Permit>),
    (fix, born): (&Fix<'_>, jiff::civil::Date),
) -> Result<Done, Stop> {
    let account = minors::await_guardian((flows, book), &mut tx, born).await?;
    let answer = json!({ "category": fix.id, "state": account.word() });
    done(flows, tx, (fix, answer)).await
}

/// Whether an address is another than the one that is held.
fn moved(flows: &Flows, book: &Book, tx: &Tx<Permit>, fix: &Fix<'_>) -> Result<bool, Stop> {
    let held = crate::account::reached(flows, book, tx)?;
    Ok(held.is_none_or(|(address, _)| address != *fix.given))
}

/// Deletes one value.
///
/// # Errors
/// `NotNow` for a value without which there is no account, `NotFound` where none is held.
pub async fn delete(
    flows: &Flows,
    who: impl Into<Acting>,
    id: &str,
    now: Timestamp,
) -> Result<Done, Stop> {
    let who = who.into();
    let book = flows.book();
    let category = book.category(id)?;
    minors::may_change(who, id)?;
    book.may_ask(Right::Delete, who)?;
    let work = async || {
        let (person, asker) = (who.person(), who.asker());
        let act = Act::Exercise { right: Right::Delete };
        let case = Case { wanted: Set::EMPTY, ..Case::of(person, act, Set::of(category), &asker) };
        let mut tx = flows.permit(&book, case, now).await?;
        let texts = crate::messages::drop_texts(flows, &mut tx, id).await?;
        if !texts && !tx.values().iter().any(|it| it.category == category) {
            return Err(Stop::NotFound);
        }
        let required = book.policy().registration.iter().any(|it| it.required.contains(id));
        if required && tx.facts().account != Account::Visitor {
            let say = "there is no account without it; close the account to delete it";
            return Err(Stop::NotNow(say.to_owned()));
        }
        let of = Set::of(category);
        tell(flows, &book, &mut tx, &News { what: What::Delete, of, request: None })?;
        tx.stage(Write::DeleteValue(category));
        // A minor is no less one for the day being deleted.
        if id == named::BIRTH_DATE && tx.facts().age == Age::Adult {
            tx.stage(Write::Age(Age::Unknown));
        }
        tx.note(json!({ "deleted": id }));
        let owed = tx.owe(Wiped(json!({ "category": id, "deleted": true })));
        tx.record(owed).await.map_err(Stop::from)
    };
    again!(work().await)
}
