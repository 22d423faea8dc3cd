//! Age: asked before anything else, and kept as a state, so that the day of birth need not be read.

use decide::spec::Minors;
use decide::{Account, Age, Category, Purpose, RegionCode, Set, Timestamp};
use jiff::civil::Date;
use journal::{Permit, Tx, Write};

use crate::account::named;
use crate::book::Book;
use crate::limit::{AGE_MAX, GUARDIAN_MILLIS};
use crate::retention::AWAITING_PROOF;
use crate::time::{day, full_years};
use crate::{Acting, Stop, value};

/// The age state of somebody born on a day, in a region, now.
///
/// # Errors
/// `Invalid`, for a day that lies ahead or too far back.
pub(crate) fn age(
    book: &Book,
    region: RegionCode,
    born: Date,
    now: Timestamp,
) -> Result<Age, Stop> {
    let wrong = || Stop::invalid("birth_date", "write the day on which you were born");
    let today = day(now, &book.zone(region)).ok_or_else(wrong)?;
    let years = full_years(born, today).filter(|it| *it <= AGE_MAX).ok_or_else(wrong)?;
    let rule = book.policy().minors.as_ref();
    let ask_below = rule.map_or(18, |it| i16::from(it.ask_below));
    let legal = rule.and_then(|it| it.guardian_below.get(region.as_str()).copied());
    Ok(match legal {
        _ if years >= ask_below => Age::Adult,
        Some(legal) if years < i16::from(legal) => Age::Child,
        Some(_) | None => Age::Minor,
    })
}

/// The age after another day of birth: who stays what a guardian agreed to keeps the agreement.
pub(crate) const fn still_agreed(now: Age, then: Age) -> Age {
    match (now, then) {
        (Age::MinorAgreed, Age::Minor) | (Age::ChildAgreed, Age::Child) => now,
        (
            Age::Unknown
            | Age::Adult
            | Age::Minor
            | Age::MinorAgreed
            | Age::Child
            | Age::ChildAgreed,
            _,
        ) => then,
    }
}

/// Who turns out to be a child waits for a guardian as from registration: nothing is kept but the
/// address, and nothing rests on the child's own choice. Answers the account state from then on.
pub(crate) fn await_guardian(
    book: &Book,
    tx: &mut Tx<Permit>,
    now: Timestamp,
) -> Result<Account, Stop> {
    let email = book.category(named::EMAIL)?;
    let rest: Vec<Category> =
        tx.values().iter().map(|it| it.category).filter(|it| *it != email).collect();
    for category in rest {
        tx.stage(Write::DeleteValue(category));
    }
    let refused = tx.facts().refused;
    tx.stage(Write::Consent { given: Set::EMPTY, refused });
    tx.stage(Write::Shares(Set::EMPTY));
    tx.stage(Write::Transfers(Set::EMPTY));
    tx.stage(Write::Age(Age::Child));
    let account = match tx.facts().account {
        // Whoever takes the closing back waits from then on.
        stays @ (Account::Visitor | Account::Closing | Account::Closed) => stays,
        Account::Unverified | Account::AwaitingGuardian | Account::Active | Account::Restricted => {
            Account::AwaitingGuardian
        }
    };
    tx.stage(Write::Account(account));
    let due = now.plus_millis(GUARDIAN_MILLIS);
    tx.stage(Write::Job { kind: AWAITING_PROOF, due });
    Ok(account)
}

/// Whether somebody may change a value: the address of a guardian is what a guardian comes in by, and
/// the address and the password of a child are what the child comes in by.
pub(crate) fn may_change(who: Acting, id: &str) -> Result<(), Stop> {
    let say = match id {
        named::GUARDIAN => "a guardian is asked by a link of their own; send them a new one",
        named::EMAIL | named::PASSWORD if who.is_guardian() => {
            "the address and the password are the child's own; the child changes them"
        }
        _ => return Ok(()),
    };
    Err(Stop::NotNow(say.to_owned()))
}

/// Whether a yes may be said: below the legal age a guardian says it, and to what is never done with
/// the data of the young no guardian does.
pub(crate) fn may_agree(
    book: &Book,
    (tx, who): (&Tx<Permit>, Acting),
    given: Set<Purpose>,
) -> Result<(), Stop> {
    let child = match tx.facts().age {
        Age::Child | Age::ChildAgreed => true,
        Age::Unknown | Age::Adult | Age::Minor | Age::MinorAgreed => false,
    };
    if child && !who.is_guardian() && !given.is_empty() {
        let say = "at this age a guardian says yes; you can say no at any time";
        return Err(Stop::NotNow(say.to_owned()));
    }
    let never = |id: &String| {
        let purpose = book.policy().purposes.get(id);
        purpose.is_some_and(|it| it.terms(tx.person().region().as_str()).minors == Minors::Never)
    };
    if who.is_guardian()
        && let Some(id) = book.purpose_ids(given).iter().find(|it| never(it))
    {
        let say = "this is never done with the data of the young; leave it out";
        return Err(Stop::invalid(format!("choices.{id}"), say));
    }
    Ok(())
}

/// Whether somebody born on a day is asked to come with a guardian: what a form shows next.
///
/// # Errors
/// `Invalid`, for what is no day, or for a region that the policy does not declare.
pub fn is_minor(book: &Book, region: &str, birth_date: &str, now: Timestamp) -> Result<bool, Stop> {
    let (region, _) = book.region(region)?;
    let born = value::date("birth_date", birth_date)?;
    Ok(match age(book, region, born, now)? {
        Age::Adult | Age::Unknown => false,
        Age::Minor | Age::MinorAgreed | Age::Child | Age::ChildAgreed => true,
    })
}

#[cfg(test)]
pub(crate) mod tests;
