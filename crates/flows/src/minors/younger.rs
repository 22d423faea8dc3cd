//! A version of the policy that changes the ages counts for those who are registered too: who was of
//! age may be a minor under it, and who was a minor may be a child, for whom a guardian agrees first.

use decide::{Account, Act, Age, PersonId, RegionCode, Right, Set, Timestamp};
use jiff::civil::Date;
use journal::{Asker, AskerKind, Permit, Tx, Write};
use policy::Policy;

use super::letter::Letter;
use super::of_age::{ages, grown, hand_over};
use super::told::{self, News, tell_guardian};
use super::{age, day_of, nothing_agreed, plan, wait_for_guardian};
use crate::account::{named, reached};
use crate::book::Book;
use crate::change::{Known, known};
use crate::engine::Case;
use crate::limit::GUARDIAN_MILLIS;
use crate::messages::Cause;
use crate::{Flows, Stop, value};

/// The ages where a policy declares none: nobody needs a guardian, and 18 is full age.
const UNDECLARED: [i16; 2] = [0, 18];

/// Looks at somebody's age anew, where versions say different things about ages.
pub(crate) async fn look_again(
    flows: &Flows,
    person: PersonId,
    now: Timestamp,
) -> Result<(), Stop> {
    let (book, known) = (flows.book(), known(flows).await?);
    let seen = flows.journal().begin(person, Set::EMPTY).await?;
    let (is, account) = (seen.facts().age, seen.facts().account);
    let registered = !matches!(account, Account::Visitor | Account::Closed);
    if !(registered && concerns(&book, &known, (person.region(), is), now)) {
        return Ok(());
    }
    drop(seen);
    let asker = Asker::new(AskerKind::System, "ages");
    let act = Act::Exercise { right: Right::Withdraw };
    let born = book.category(named::BIRTH_DATE)?;
    let case = Case::of(person, act, told::reach(&book, is).with(born), &asker);
    let mut tx = flows.permit(&book, case, now).await?;
    let born = {
        let opened = flows.vault().open(&tx)?;
        opened.get(born).map(|it| value::date("birth_date", it)).transpose()?
    };
    // Without the day of birth the day stands that was planned with it.
    let Some(born) = born else { return Ok(()) };
    if let Some(then) = grown(&book, &tx, (Some(born), now))? {
        hand_over(flows, &book, &mut tx, then).await?;
    } else {
        younger(flows, &book, &mut tx, born).await?;
    }
    plan(&book, &mut tx, born);
    let owed = tx.owe(());
    Ok(tx.record(owed).await.map(drop)?)
}

/// Whether somebody may be of another age now: the young wherever ages differ between versions in
/// force, those of age where one is asked for up to a higher age than before.
fn concerns(book: &Book, known: &Known, (region, is): (RegionCode, Age), now: Timestamp) -> bool {
    let of = |policy: &Policy| policy.minors.as_ref().map_or(UNDECLARED, |it| ages(it, region));
    let [legal, full] = of(book.policy());
    let mut before = known.versions.iter().filter(|it| it.2 <= now).map(|it| of(&it.1));
    match is {
        Age::Unknown => false,
        Age::Adult => before.any(|it| it[1] < full),
        Age::Minor | Age::MinorAgreed | Age::Child | Age::ChildAgreed => {
            before.any(|it| it != [legal, full])
        }
    }
}

/// What follows for somebody who is younger under the rules of now than under those from before.
async fn younger(flows: &Flows, book: &Book, tx: &mut Tx<Permit>, born: Date) -> Result<(), Stop> {
    let (now, is) = (tx.permit().now(), tx.facts().age);
    let then = match (is, age(book, tx.person().region(), born, now)?) {
        (Age::Adult, Age::Minor) => Age::Minor,
        // The guardian agreed already, and decides from now on.
        (Age::MinorAgreed, Age::Child) => Age::ChildAgreed,
        (Age::Adult | Age::Minor, Age::Child) => Age::Child,
        (
            Age::Unknown
            | Age::Adult
            | Age::Minor
            | Age::MinorAgreed
            | Age::Child
            | Age::ChildAgreed,
            _,
        ) => return Ok(()),
    };
    if then == Age::Child {
        wait_for_guardian((flows, book), tx).await?;
    } else {
        tx.stage(Write::Age(then));
        if then == Age::ChildAgreed {
            nothing_agreed(flows, book, tx).await?;
        }
    }
    tell(flows, book, tx, then).await?;
    tx.note(serde_json::json!({ "ages_changed": then.word(), "policy": book.version() }));
    Ok(())
}

/// Says it to the person, and to the guardian who decides from now on.
async fn tell(flows: &Flows, book: &Book, tx: &mut Tx<Permit>, then: Age) -> Result<(), Stop> {
    match tx.facts().account {
        Account::Active | Account::Restricted | Account::AwaitingGuardian => {}
        Account::Visitor | Account::Unverified | Account::Closing | Account::Closed => {
            return Ok(());
        }
    }
    let Some((to, language)) = reached(flows, book, tx)? else { return Ok(()) };
    let (address, now) = (&flows.settings().address, tx.permit().now());
    let until = day_of(book, tx.person(), now.plus_millis(GUARDIAN_MILLIS));
    let link = format!("{address}/me/guardian?language={language}");
    let letter = Letter::Younger { then, link: &link, until: &until };
    told::write(flows, tx, ("younger", &to), (&letter, &language))?;
    if then == Age::ChildAgreed {
        let link = format!("{address}/privacy/child/choices?language={language}");
        let words = || Letter::Decides { link: &link }.words(&language, flows);
        let cause = (Cause::Guardian, told::cause(flows, tx, "decides"));
        let news = News { cause, language: &language, words: &words, link: &link };
        tell_guardian(flows, book, tx, &news).await?;
    }
    Ok(())
}
