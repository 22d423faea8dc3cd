//! Age: asked before anything else, and kept as a state, so that the day of birth need not be read.

use decide::{Account, Age, Category, RegionCode, Set, Timestamp};
use jiff::civil::Date;
use journal::{Permit, Tx, Write};

use crate::account::named;
use crate::book::Book;
use crate::limit::{AGE_MAX, GUARDIAN_MILLIS};
use crate::retention::AWAITING_PROOF;
use crate::time::{day, full_years};
use crate::{Stop, value};

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
