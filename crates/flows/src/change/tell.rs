//! Telling one person of a version that affects them: once, with its day, on the record.

use decide::{Account, Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Tx, Write};

use super::affect::{Affected, Of, Widening};
use super::case::{self, About, adopting};
use super::letter::{Letter, To};
use crate::account::{reached, sender};
use crate::book::Book;
use crate::engine::{Case, again};
use crate::messages::{Cause, put};
use crate::minors::{self, News, tell_guardian};
use crate::{Flows, Stop};

/// What came of telling a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Came {
    /// It does not affect them.
    Unaffected,
    /// They know already, or it counts for them.
    Already,
    /// They were written to.
    Told,
    /// They were written to, and asked anew.
    Asked,
    /// There is no address: the site and the next sign-in tell them.
    Announced,
    /// The same, and they are asked anew there.
    AskedThere,
    /// They cannot be told yet, and it does not count for them until then: the address was not proved,
    /// a guardian is awaited, or the account is being closed.
    Waits,
    /// They are not there any more.
    Gone,
}

/// Tells a person of a version, where it affects them and nobody has yet.
///
/// # Errors
/// When it cannot be recorded.
pub(crate) async fn tell(
    flows: &Flows,
    person: PersonId,
    widening: &Widening<'_>,
    now: Timestamp,
) -> Result<Came, Stop> {
    match again!(once(flows, person, widening, now).await) {
        Err(Stop::Gone | Stop::NotFound) => Ok(Came::Gone),
        done => done,
    }
}

/// A task of the program asks.
pub(super) fn system() -> Asker {
    Asker::new(AskerKind::System, "change")
}

/// To know what is done with one's data is the right of access: it is there whatever else is refused.
pub(super) const ACT: Act = Act::Exercise { right: Right::Access };

/// Whether whoever has such an account is told later: they are caught up with when that changes.
pub(super) const fn waits(account: Account) -> bool {
    match account {
        Account::Unverified | Account::AwaitingGuardian | Account::Closing | Account::Closed => {
            true
        }
        Account::Visitor | Account::Active | Account::Restricted => false,
    }
}

async fn once(
    flows: &Flows,
    person: PersonId,
    widening: &Widening<'_>,
    now: Timestamp,
) -> Result<Came, Stop> {
    let book = flows.book();
    let names = book.rules().vocabulary();
    let seen = flows.journal().begin(person, Set::EMPTY).await?;
    if seen.facts().adopted >= widening.version {
        return Ok(Came::Already);
    }
    if waits(seen.facts().account) {
        return Ok(Came::Waits);
    }
    // Whether anything was written shows the permit, that is asked for where it could matter.
    let held: Set<_> = seen.values().iter().map(|it| it.category).collect();
    let held = book.category(crate::messages::MESSAGES).map_or(held, |it| held.with(it));
    let of = Of { region: person.region(), facts: seen.facts(), held };
    // Whom it does not affect is neither written to nor recorded: nothing of theirs was opened.
    if widening.affects(names, &of).is_none() {
        return Ok(Came::Unaffected);
    }
    let reach = minors::reach(&book, seen.facts().age);
    drop(seen);
    let asker = system();
    let mut tx = flows.permit(&book, Case::of(person, ACT, reach, &asker), now).await?;
    let held = crate::messages::holding(&book, &tx).await?;
    let of = Of { region: person.region(), facts: tx.facts(), held };
    let Some(affected) = widening.affects(names, &of) else { return Ok(Came::Unaffected) };
    if case::of(&tx).await?.iter().any(|it| it.about.version == widening.version) {
        return Ok(Came::Already);
    }
    let due = widening.due(person.region(), now)?;
    let about = About {
        version: widening.version,
        ask: affected.ask.iter().cloned().collect(),
        shares: affected.shares.iter().cloned().collect(),
        transfers: affected.transfers.iter().cloned().collect(),
    };
    let asks = about.asks();
    let case = case::begin(flows, person, about, (now, due))?;
    let written = write(flows, &book, (&mut tx, widening, &affected), due).await?;
    tx.note(serde_json::json!({
        "change": { "version": widening.version, "state": case.row.state, "written": written },
    }));
    tx.stage(Write::Case(case.row));
    tx.stage(Write::Job { kind: adopting(widening.version), due });
    let owed = tx.owe(());
    tx.record(owed).await?.into_inner();
    Ok(match (written, asks) {
        (true, true) => Came::Asked,
        (true, false) => Came::Told,
        (false, true) => Came::AskedThere,
        (false, false) => Came::Announced,
    })
}

/// The letter, where there is an address that was proved, and the policy promises one; a guardian who
/// agreed has one as well.
async fn write(
    flows: &Flows,
    book: &Book,
    (tx, widening, affected): (&mut Tx<Permit>, &Widening<'_>, &Affected),
    due: Timestamp,
) -> Result<bool, Stop> {
    let reachable = match tx.facts().account {
        Account::Active | Account::Restricted => widening.writes(),
        // There is no address, or nobody proved it yet.
        Account::Visitor
        | Account::Unverified
        | Account::AwaitingGuardian
        | Account::Closing
        | Account::Closed => false,
    };
    if !reachable {
        return Ok(false);
    }
    let Some((to, language)) = reached(flows, book, tx)? else { return Ok(false) };
    let day = crate::time::day(due, &book.zone(tx.person().region()));
    let day = day.map_or_else(String::new, |it| policy::phrase::date(it, &language));
    let signed = sender(flows, &language);
    let sender = (signed.0.as_str(), signed.1.as_str());
    let whom = if minors::chooses(tx.facts().age) { To::Person } else { To::Child };
    let own = Letter { widening, affected, day: &day, sender, to: whom };
    let about = widening.version.to_string();
    let mail = put(flows, tx, (Cause::Change, &about), (to.as_str(), &own.words(&language)))?;
    tx.stage(mail);
    let words = || Letter { to: To::Guardian, ..own }.words(&language);
    let link = format!("{}{}/{about}", flows.settings().address, To::Guardian.answers());
    let cause = (Cause::Change, format!("{about}/guardian"));
    let news = News { cause, language: &language, words: &words, link: &link };
    tell_guardian(flows, book, tx, &news).await?;
    Ok(true)
}
