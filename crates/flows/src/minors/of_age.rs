//! Coming of age: at the legal age of the region and at full age, on the day, in the zone of the region.
//! Whoever decided for the person does not any more, and the person is asked anew.

use decide::{Account, Act, Age, PersonId, RegionCode, Right, Set, Timestamp};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use journal::{CaseRow, JobKind, Permit, Role, Tx, Write};
use policy::clause::minors::MinorsRule;

use super::answer::open_account;
use super::invite::GUARDIAN;
use super::letter::Letter;
use super::state::{AGREED, ANSWERED, ASKED, About, OF_AGE, agreed_case, go, open_case};
use super::told::{self, News};
use crate::account::{named, reached};
use crate::book::Book;
use crate::engine::{Case, again};
use crate::messages::Cause;
use crate::time::day;
use crate::{Flows, Stop, value};

/// Hands an account over to the person, on the day.
pub(crate) const COMING_OF_AGE: JobKind = JobKind::named("coming-of-age");

/// The kind of the question that is asked anew.
const KIND: &str = "coming-of-age";

/// The ages at which something changes in a region: the legal one, and full age.
pub(super) fn ages(rule: &MinorsRule, region: RegionCode) -> [i16; 2] {
    let full = i16::from(rule.ask_below);
    let legal = rule.guardian_below.get(region.as_str());
    [legal.map_or(full, |it| i16::from(*it)), full]
}

/// The birthday on which somebody is so many years old; who was born on 29 February has it on 1 March
/// where there is no such day.
fn birthday(born: Date, years: i16) -> Option<Date> {
    let year = born.year().checked_add(years)?;
    Date::new(year, born.month(), born.day()).or_else(|_| Date::new(year, 3, 1)).ok()
}

/// The instant at which a day begins in a zone.
fn begins(day: Date, zone: TimeZone) -> Option<Timestamp> {
    let at = day.to_zoned(zone).ok()?;
    Some(Timestamp::from_millis(at.timestamp().as_millisecond()))
}

/// When something changes next for somebody born on a day; nothing for an adult.
pub(crate) fn next(
    book: &Book,
    region: RegionCode,
    born: Date,
    now: Timestamp,
) -> Option<Timestamp> {
    let rule = book.policy().minors.as_ref()?;
    let days = ages(rule, region).into_iter().filter_map(|years| birthday(born, years));
    let instants = days.filter_map(|it| begins(it, book.zone(region)));
    instants.filter(|it| *it > now).min()
}

/// Stages that the account comes of age, where a day of birth came in: in place of what was planned.
pub(crate) fn plan(book: &Book, tx: &mut Tx<Permit>, born: Date) {
    let (region, now) = (tx.person().region(), tx.permit().now());
    tx.stage(match next(book, region, born, now) {
        Some(due) => Write::Job { kind: COMING_OF_AGE, due },
        None => Write::DropJob(COMING_OF_AGE),
    });
}

/// The job: on the day.
pub(crate) async fn come_of_age(
    flows: &Flows,
    (person, due): (PersonId, Timestamp),
    now: Timestamp,
) -> Result<(), Stop> {
    again!(once(flows, (person, due), now).await)
}

async fn once(
    flows: &Flows,
    (person, due): (PersonId, Timestamp),
    now: Timestamp,
) -> Result<(), Stop> {
    let book = flows.book();
    let asker = journal::Asker::new(journal::AskerKind::System, COMING_OF_AGE.as_str());
    let act = Act::Exercise { right: Right::Withdraw };
    let born = book.category(named::BIRTH_DATE)?;
    let is = flows.journal().begin(person, Set::EMPTY).await?.facts().age;
    let case = Case::of(person, act, told::reach(&book, is).with(born), &asker);
    let mut tx = flows.permit(&book, case, now).await?;
    let born = {
        let opened = flows.vault().open(&tx)?;
        opened.get(born).map(|it| value::date("birth_date", it)).transpose()?
    };
    let then = grown(&book, &tx, (born, due))?;
    if let Some(age) = then {
        hand_over(flows, &book, &mut tx, age).await?;
    }
    let next = match born {
        Some(born) => next(&book, person.region(), born, now),
        None => after(&book, (person.region(), due), then),
    };
    tx.stage(match next {
        Some(due) => Write::Job { kind: COMING_OF_AGE, due },
        None => Write::DropJob(COMING_OF_AGE),
    });
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

/// The age from now on, where it is another. Of a child whose day of birth is not kept, what is known is
/// that the day has come for which this was planned.
pub(super) fn grown(
    book: &Book,
    tx: &Tx<Permit>,
    (born, due): (Option<Date>, Timestamp),
) -> Result<Option<Age>, Stop> {
    let (is, now) = (tx.facts().age, tx.permit().now());
    let then = match born {
        Some(born) => super::age(book, tx.person().region(), born, now)?,
        None if due > now => return Ok(None),
        None => match is {
            Age::Child | Age::ChildAgreed => Age::Minor,
            Age::Minor | Age::MinorAgreed => Age::Adult,
            Age::Unknown | Age::Adult => return Ok(None),
        },
    };
    Ok(match (is, then) {
        (Age::Child, Age::Minor) => Some(Age::Minor),
        // The agreement stands; what is chosen from now on is the person's own choice.
        (Age::ChildAgreed, Age::Minor) => Some(Age::MinorAgreed),
        (Age::Child | Age::ChildAgreed | Age::Minor | Age::MinorAgreed, Age::Adult) => {
            Some(Age::Adult)
        }
        (Age::Unknown | Age::Adult | Age::Minor | Age::MinorAgreed, _)
        | (
            Age::Child | Age::ChildAgreed,
            Age::Unknown | Age::Child | Age::ChildAgreed | Age::MinorAgreed,
        ) => None,
    })
}

/// From the legal age to full age, where the day of birth is not kept.
fn after(
    book: &Book,
    (region, due): (RegionCode, Timestamp),
    then: Option<Age>,
) -> Option<Timestamp> {
    if !matches!(then, Some(Age::Minor | Age::MinorAgreed)) {
        return None;
    }
    let zone = book.zone(region);
    let [legal, full] = ages(book.policy().minors.as_ref()?, region);
    begins(birthday(day(due, &zone)?, full.checked_sub(legal)?)?, zone)
}

/// From now on the person decides: the guardian's rights end, what rested on a yes stops, and the person
/// is asked anew and told so.
pub(super) async fn hand_over(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    age: Age,
) -> Result<(), Stop> {
    let now = tx.permit().now();
    let facts = tx.facts();
    let (stops, account) = (facts.given, facts.account);
    super::nothing_agreed(flows, book, tx).await?;
    tx.stage(Write::Age(age));
    end_guardian(book, tx, age).await?;
    let state = OF_AGE.step("", "come-of-age", "system")?;
    let id = decide::id::CaseId::new(tx.person().region(), flows.journal().new_id(now));
    tx.stage(Write::Case(CaseRow {
        id,
        kind: KIND.to_owned(),
        state: state.to_owned(),
        received: now,
        due: now,
        open: true,
        assigned: String::new(),
        about: "{}".to_owned(),
        sealed: None,
        own_key: None,
    }));
    if account != Account::Closing && account != Account::Closed {
        tell(flows, book, tx, age).await?;
    }
    tx.note(serde_json::json!({
        "came_of_age": age.word(),
        "stopped": book.purpose_ids(stops),
    }));
    Ok(())
}

async fn end_guardian(book: &Book, tx: &mut Tx<Permit>, age: Age) -> Result<(), Stop> {
    let contact = book.category(named::GUARDIAN)?;
    let agreed = agreed_case(tx).await?;
    let waits = open_case(tx).await?;
    if let Some(row) = &waits {
        open_account(tx, About::of(row)?.proved);
    } else {
        open_account(tx, false);
    }
    // Between the legal age and full age a guardian may still be asked: that link stays good.
    let stays = waits.is_some() && age != Age::Adult;
    if let Some(row) = waits {
        if stays {
            tx.stage(Write::Job { kind: GUARDIAN, due: row.due });
        } else {
            go(tx, row, ("come-of-age", "system"))?;
            tx.stage(Write::DropJob(GUARDIAN));
        }
    }
    if let Some(row) = agreed.filter(|it| it.state == AGREED) {
        go(tx, row, ("come-of-age", "system"))?;
    }
    for session in tx.sessions().await?.into_iter().filter(|it| it.role == Role::Guardian) {
        tx.stage(Write::EndSession(session.hash));
    }
    if !stays {
        tx.stage(Write::DropCode(contact));
        if tx.values().iter().any(|it| it.category == contact) {
            tx.stage(Write::DeleteValue(contact));
        }
    }
    Ok(())
}

async fn tell(flows: &Flows, book: &Book, tx: &mut Tx<Permit>, age: Age) -> Result<(), Stop> {
    let Some((to, language)) = reached(flows, book, tx)? else { return Ok(()) };
    let link = format!("{}/choices?language={language}", flows.settings().address);
    let letter = Letter::OfAge { adult: age == Age::Adult, link: &link };
    told::write(flows, tx, ("of-age", &to), (&letter, &language))?;
    let link = format!("{}/privacy", flows.settings().address);
    let words = || Letter::Over.words(&language, flows);
    let cause = (Cause::Guardian, told::cause(flows, tx, "over"));
    let news = News { cause, language: &language, words: &words, link: &link };
    told::tell_guardian(flows, book, tx, &news).await
}

/// Whether the person came of age and has not answered since.
pub(crate) async fn is_asked(tx: &Tx<Permit>) -> Result<bool, Stop> {
    Ok(tx.newest_case(KIND, ASKED).await?.is_some())
}

/// The person answered: what was asked anew is answered.
pub(crate) async fn answered(tx: &mut Tx<Permit>) -> Result<(), Stop> {
    match tx.facts().age {
        Age::Adult | Age::Minor | Age::MinorAgreed => {}
        // A browser, or a child, for whom a guardian answers.
        Age::Unknown | Age::Child | Age::ChildAgreed => return Ok(()),
    }
    if let Some(row) = tx.newest_case(KIND, ASKED).await? {
        OF_AGE.step(&row.state, "answer", "person")?;
        let state = ANSWERED.to_owned();
        tx.stage(Write::Case(CaseRow { state, open: false, ..row }));
    }
    Ok(())
}
