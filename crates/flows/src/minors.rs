//! Age: asked before anything else, and kept as a state, so that the day of birth need not be read.
//! Guardians: asked, reached, heard; and what ends when a child comes of age.

mod answer;
mod code;
mod contact;
mod enter;
mod invite;
mod lapse;
mod letter;
mod link;
mod look;
mod of_age;
mod seen;
mod state;
mod told;
mod younger;

use decide::id::{CaseId, GuardianId};
use decide::spec::Minors;
use decide::{Account, Age, Category, PersonId, Purpose, RegionCode, Set, Timestamp};
use jiff::civil::Date;
use journal::{CaseRow, Permit, Tx, Write};

use crate::account::named;
use crate::book::Book;
use crate::limit::{AGE_MAX, GUARDIAN_MILLIS};
use crate::retention::AWAITING_PROOF;
use crate::time::{day, full_years};
use crate::{Acting, Flows, Stop, value};

pub use answer::{Answer, Answered, answer};
pub use contact::by_phone;
pub use enter::{Enter, Entered, check_guardian, enter, guard, leave, send_guardian_code};
pub use invite::{Invite, Invited, invite};
pub use look::{LinkSeen, look};
pub use seen::GuardianSeen;
pub use state::{MACHINE, OF_AGE};

pub(crate) use invite::{Asked, GUARDIAN, ask_guardian, asked};
pub(crate) use lapse::{lapse, settle};
pub(crate) use of_age::{COMING_OF_AGE, answered, come_of_age, is_asked, next, plan};
pub(crate) use seen::seen;
pub(crate) use told::{News, reach, tell_guardian};
pub(crate) use younger::look_again;

/// A part that a guardian cannot be asked without.
fn need(what: &str) -> Stop {
    Stop::Broken(format!("there is no {what}"))
}

/// The id of a guardian's case, in words.
fn guardian_id(case: CaseId) -> String {
    GuardianId::from(case).to_string()
}

/// The day of an instant, in the zone of a person's region.
fn day_of(book: &Book, person: PersonId, at: Timestamp) -> String {
    day(at, &book.zone(person.region())).map_or_else(String::new, |it| it.to_string())
}

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
pub(crate) async fn await_guardian(
    (flows, book): (&Flows, &Book),
    tx: &mut Tx<Permit>,
    born: Date,
) -> Result<Account, Stop> {
    let email = book.category(named::EMAIL)?;
    let rest: Vec<Category> =
        tx.values().iter().map(|it| it.category).filter(|it| *it != email).collect();
    for category in rest {
        tx.stage(Write::DeleteValue(category));
    }
    plan(book, tx, born);
    wait_for_guardian((flows, book), tx).await
}

/// Whatever was agreed to ends, and recipients are told so: from now on somebody else decides.
async fn nothing_agreed(flows: &Flows, book: &Book, tx: &mut Tx<Permit>) -> Result<(), Stop> {
    let facts = tx.facts();
    let (refused, ended) = (facts.refused, (facts.shares, facts.transfers));
    crate::rights::tell_withdrawn(flows, book, tx, (ended, None)).await?;
    tx.stage(Write::Consent { given: Set::EMPTY, refused });
    tx.stage(Write::Shares(Set::EMPTY));
    tx.stage(Write::Transfers(Set::EMPTY));
    Ok(())
}

/// A child waits for a guardian: nothing is used and nothing rests on the child's own choice; what is
/// held goes with everything else where no guardian comes. Answers the account state from then on.
async fn wait_for_guardian(
    (flows, book): (&Flows, &Book),
    tx: &mut Tx<Permit>,
) -> Result<Account, Stop> {
    nothing_agreed(flows, book, tx).await?;
    tx.stage(Write::Age(Age::Child));
    let account = match tx.facts().account {
        // Whoever takes the closing back waits from then on.
        stays @ (Account::Visitor | Account::Closing | Account::Closed) => stays,
        Account::Unverified | Account::AwaitingGuardian | Account::Active | Account::Restricted => {
            Account::AwaitingGuardian
        }
    };
    tx.stage(Write::Account(account));
    let due = tx.permit().now().plus_millis(GUARDIAN_MILLIS);
    tx.stage(Write::Job { kind: AWAITING_PROOF, due });
    tx.stage(Write::DropJob(GUARDIAN));
    begin_asking(flows, tx).await?;
    Ok(account)
}

/// A case in which the child is asked for a guardian, in place of an invitation that was under way.
async fn begin_asking(flows: &Flows, tx: &mut Tx<Permit>) -> Result<(), Stop> {
    let proved = match tx.facts().account {
        Account::Active | Account::Restricted | Account::Closing => true,
        Account::Visitor | Account::Unverified | Account::AwaitingGuardian | Account::Closed => {
            false
        }
    };
    let mut row = asked(flows, tx, proved)?;
    if let Some(open) = state::open_case(tx).await? {
        row.id = open.id;
    }
    tx.stage(Write::Case(row));
    Ok(())
}

/// The child's own address was proved: what is left to wait for is the guardian.
pub(crate) async fn own_address_proved(flows: &Flows, tx: &mut Tx<Permit>) -> Result<(), Stop> {
    if tx.facts().account != Account::AwaitingGuardian {
        return Ok(());
    }
    let row = match state::open_case(tx).await? {
        Some(row) => row,
        None => asked(flows, tx, false)?,
    };
    let about = state::About { proved: true, ..state::About::of(&row)? };
    tx.stage(Write::Case(CaseRow { about: about.text()?, ..row }));
    Ok(())
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

/// Whether somebody of this age says yes for themselves: PIPL 31, GDPR 8, COPPA.
pub(crate) const fn chooses(age: Age) -> bool {
    match age {
        Age::Child | Age::ChildAgreed => false,
        Age::Unknown | Age::Adult | Age::Minor | Age::MinorAgreed => true,
    }
}

/// Whether a purpose on these terms can ever be one for somebody of this age.
pub(crate) fn allows(age: Age, terms: &decide::spec::PurposeTerms) -> bool {
    match age {
        Age::Unknown | Age::Adult => true,
        Age::Minor | Age::MinorAgreed | Age::Child | Age::ChildAgreed => {
            terms.minors != Minors::Never
        }
    }
}

/// Whether a guardian is offered a purpose to say yes to.
pub fn offered(book: &Book, who: Acting, purpose: &str) -> bool {
    let region = who.person().region();
    let declared = book.policy().purposes.get(purpose);
    declared.is_some_and(|it| it.terms(region.as_str()).minors != Minors::Never)
}

/// Whether a yes may be said: below the legal age a guardian says it, and to what is never done with
/// the data of the young no guardian does.
pub(crate) fn may_agree(
    book: &Book,
    (tx, who): (&Tx<Permit>, Acting),
    given: Set<Purpose>,
) -> Result<(), Stop> {
    if !chooses(tx.facts().age) && !who.is_guardian() && !given.is_empty() {
        let say = "at this age a guardian says yes; you can say no at any time";
        return Err(Stop::NotNow(say.to_owned()));
    }
    if who.is_guardian()
        && let Some(id) = book.purpose_ids(given).iter().find(|it| !offered(book, who, it))
    {
        let say = "this is never done with the data of the young; leave it out";
        return Err(Stop::invalid(format!("choices.{id}"), say));
    }
    Ok(())
}

/// What a form shows next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Nothing about a guardian.
    Nothing,
    /// A guardian is asked for, and need not be waited for.
    Guardian,
    /// A guardian has to agree first, and nothing else is asked.
    GuardianFirst,
}

/// Whether somebody born on a day is asked to come with a guardian: what a form shows next.
///
/// # Errors
/// `Invalid`, for what is no day, or for a region that the policy does not declare.
pub fn asks(book: &Book, region: &str, birth_date: &str, now: Timestamp) -> Result<Asks, Stop> {
    let (region, _) = book.region(region)?;
    let born = value::date("birth_date", birth_date)?;
    Ok(match age(book, region, born, now)? {
        Age::Adult | Age::Unknown => Asks::Nothing,
        Age::Minor | Age::MinorAgreed => Asks::Guardian,
        Age::Child | Age::ChildAgreed => Asks::GuardianFirst,
    })
}

#[cfg(test)]
pub(crate) mod tests;
