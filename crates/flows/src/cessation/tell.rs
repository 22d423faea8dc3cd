//! Telling one person of an end: once for each notice, by mail and by push message, on the record.

use decide::id::CaseId;
use decide::{Account, Act, Category, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, CaseRow, Permit, Read, Tx, Write};
use policy::clause::cessation::By;

use super::KIND;
use super::announced::Dates;
use super::letter::{Letter, Notice};
use crate::account::{reached, sender};
use crate::book::Book;
use crate::engine::{Case, again};
use crate::messages::{Cause, push, put};
use crate::minors::{News, reach, tell_guardian};
use crate::{Flows, Stop};

/// A notice that is on its way.
#[derive(Debug, Clone)]
pub(super) struct Telling {
    /// The number of the ending.
    pub(super) number: String,
    pub(super) notice: Notice,
    pub(super) product: Option<String>,
    pub(super) dates: Dates,
}

/// In which ways somebody can be told: as the policy promises, and as far as there is a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ways {
    pub(super) mail: bool,
    pub(super) push: bool,
}

/// What can be said of somebody's ways without opening anything.
pub(super) fn ways(book: &Book, tx: &Tx<Read>) -> Ways {
    let promised = |by| book.policy().cessation.as_ref().is_some_and(|it| it.by.contains(&by));
    let holds = |id: &str| {
        let category = book.category(id).ok();
        category.is_some_and(|id| tx.values().iter().any(|it| it.category == id))
    };
    let (proved, there) = match tx.facts().account {
        Account::Active | Account::Restricted | Account::AwaitingGuardian => (true, true),
        // Nobody proved the address: it may be a stranger's.
        Account::Unverified => (false, true),
        Account::Visitor | Account::Closing | Account::Closed => (false, false),
    };
    Ways {
        mail: proved && promised(By::Email) && holds(crate::account::named::EMAIL),
        push: there && promised(By::Push) && holds(push::CATEGORY),
    }
}

/// Tells a person, where there is a way and it was not done.
pub(super) async fn tell(
    flows: &Flows,
    person: PersonId,
    telling: &Telling,
    now: Timestamp,
) -> Result<(), Stop> {
    again!(once(flows, person, telling, now).await)
}

async fn once(
    flows: &Flows,
    person: PersonId,
    telling: &Telling,
    now: Timestamp,
) -> Result<(), Stop> {
    let book = flows.book();
    let seen = flows.journal().begin(person, Set::EMPTY).await?;
    let (ways, reach) = (ways(&book, &seen), reach(&book, seen.facts().age));
    drop(seen);
    let subscriptions = book.category(push::CATEGORY).ok().filter(|_| ways.push);
    let wanted = reach.union(subscriptions.into_iter().collect::<Set<Category>>());
    // Knowing what becomes of one's data is the right of access, whatever else is refused.
    let act = Act::Exercise { right: Right::Access };
    let asker = Asker::new(AskerKind::System, KIND);
    let mut tx = flows.permit(&book, Case::of(person, act, wanted, &asker), now).await?;
    let word = telling.notice.word();
    if knows(&tx, telling).await? {
        return Ok(());
    }
    write(flows, &book, (&mut tx, ways), telling).await?;
    tx.note(serde_json::json!({ "ending": telling.number, "told": word }));
    // It stands there so that nobody is told twice; there is nothing to act on.
    tx.stage(Write::Case(CaseRow {
        id: CaseId::new(person.region(), flows.journal().new_id(now)),
        kind: KIND.to_owned(),
        state: word.to_owned(),
        received: now,
        due: now,
        open: false,
        assigned: String::new(),
        about: about(&telling.number),
        sealed: None,
        own_key: None,
    }));
    let owed = tx.owe(());
    tx.record(owed).await?.into_inner();
    Ok(())
}

fn about(number: &str) -> String {
    serde_json::json!({ "ending": number }).to_string()
}

/// Whether the person was told this already.
async fn knows(tx: &Tx<Permit>, telling: &Telling) -> Result<bool, Stop> {
    let newest = tx.newest_case(KIND, telling.notice.word()).await?;
    Ok(newest.is_some_and(|it| it.about == about(&telling.number)))
}

async fn write(
    flows: &Flows,
    book: &Book,
    (tx, ways): (&mut Tx<Permit>, Ways),
    telling: &Telling,
) -> Result<(), Stop> {
    let found = reached(flows, book, tx)?;
    let language = found.as_ref().map_or_else(|| book.language("").to_owned(), |it| it.1.clone());
    let zone = book.zone(tx.person().region());
    let day = |millis: i64| {
        let day = crate::time::day(Timestamp::from_millis(millis), &zone);
        day.map_or_else(String::new, |it| policy::phrase::date(it, &language))
    };
    let address = &flows.settings().address;
    let Dates { ends, export_until, deleted_by, .. } = telling.dates;
    let policy = book.policy();
    let declared = telling.product.as_deref().map(|id| {
        let product = policy.products.get(id);
        product.map_or(id, |it| it.title.in_language(&language))
    });
    let (ends, export, deleted) = (day(ends), day(export_until), day(deleted_by));
    let letter = Letter {
        notice: telling.notice,
        product: declared,
        controller: policy.header.controller.in_language(&language),
        ends: &ends,
        export: &export,
        deleted: &deleted,
        at: &format!("{address}/me/export"),
    };
    let cause = format!("{}-{}", telling.number, telling.notice.word());
    if let Some((to, _)) = found.filter(|_| ways.mail) {
        let signed = sender(flows, &language);
        let words = letter.words(&language, (&signed.0, &signed.1));
        let mail = put(flows, tx, (Cause::Ending, &cause), (to.as_str(), &words))?;
        tx.stage(mail);
        let link = format!("{address}/privacy/child");
        let guardian = Letter { at: &link, ..letter };
        let words = || guardian.words(&language, (&signed.0, &signed.1));
        let cause = (Cause::Ending, format!("{cause}-guardian"));
        let news = News { cause, language: &language, words: &words, link: &link };
        tell_guardian(flows, book, tx, &news).await?;
    }
    if ways.push {
        let (title, text) = letter.short(&language);
        let url = format!("{}/privacy", flows.settings().address);
        let message = push::Message { title, text, url, tag: format!("ending-{}", telling.number) };
        push::put(flows, book, tx, (&format!("ending-{cause}"), &message))?;
    }
    Ok(())
}
