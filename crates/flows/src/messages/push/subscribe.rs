//! A browser may be written to, or may not any more.

use decide::{Act, PersonId, Right, Set, Timestamp};
use journal::{Asker, AskerKind, Permit, Recorded, Tx, Write};
use policy::clause::collection::SourceKind;
use vault::{Plain, Subscriber};

use super::CATEGORY;
use super::list::{Browser, Browsers};
use crate::account::{Given, named, stage};
use crate::answer::Wiped;
use crate::book::Book;
use crate::engine::{Case, again, refused};
use crate::limit::ENDPOINT_BYTES_MAX;
use crate::{Flows, Stop};

/// What a browser hands over.
#[derive(Debug)]
pub struct Subscription {
    /// Where its push service takes messages for it.
    pub endpoint: Plain,
    /// Its public key, in base64url.
    pub p256dh: Plain,
    /// The secret that it shares with us, in base64url.
    pub auth: Plain,
}

/// How many browsers of the person are written to now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Browsing {
    /// So many.
    pub browsers: usize,
}

/// The public key by which browsers know us, in base64url.
///
/// # Errors
/// When the keys cannot be used.
pub fn key(flows: &Flows) -> Result<String, Stop> {
    Ok(flows.vault().push_key()?)
}

/// A browser may be written to from now on.
///
/// # Errors
/// `Invalid` for an address that is none, or that is in a private network; `Refused` where the policy
/// permits no push messages, or the service has ended.
pub async fn subscribe(
    flows: &Flows,
    person: PersonId,
    ask: Subscription,
    now: Timestamp,
) -> Result<Recorded<Wiped<Browsing>>, Stop> {
    let browser = check(flows, &ask)?;
    again!(add(flows, person, browser.clone(), now).await)
}

fn check(flows: &Flows, ask: &Subscription) -> Result<Browser, Stop> {
    let endpoint = ask.endpoint.as_str();
    if endpoint.len() > ENDPOINT_BYTES_MAX {
        let say = format!("write an address of at most {ENDPOINT_BYTES_MAX} bytes");
        return Err(Stop::invalid("endpoint", say));
    }
    let barred = |fault: crate::outbound::Fault| Stop::invalid("endpoint", fault.to_string());
    flows.outbound().check(endpoint).map_err(barred)?;
    let (p256dh, auth) = (ask.p256dh.as_str(), ask.auth.as_str());
    if Subscriber::parse(p256dh, auth).is_none() {
        let say = "hand over `p256dh` and `auth` as the browser gives them";
        return Err(Stop::invalid("keys", say));
    }
    let text = str::to_owned;
    Ok(Browser { endpoint: text(endpoint), p256dh: text(p256dh), auth: text(auth) })
}

async fn add(
    flows: &Flows,
    person: PersonId,
    browser: Browser,
    now: Timestamp,
) -> Result<Recorded<Wiped<Browsing>>, Stop> {
    let book = flows.book();
    let category = book.category(CATEGORY)?;
    let source = book.source_of(SourceKind::Device)?;
    let purpose = book
        .purpose_for(category, &[named::SERVICE])
        .ok_or_else(|| Stop::invalid("category", "no purpose of the policy uses push messages"))?;
    // Their own list is opened by their right to see it, and what is added is collected.
    let tx = own(flows, &book, (person, Right::Access), now).await?;
    let collect = Act::Collect { purpose, source };
    let request = decide::Request { act: collect, categories: Set::of(category) };
    let mut tx = match tx.judge_also(request) {
        Ok(tx) => tx,
        Err(tx) => return Err(refused(tx).await),
    };
    let mut browsers = held(flows, &book, &tx)?;
    browsers.add(browser);
    if let Some(value) = browsers.text()? {
        let given = Given { category, value: &value, source };
        let due = stage(flows, &book, &mut tx, &given, now)?;
        crate::retention::schedule(&mut tx, due.as_slice());
    }
    let owed = tx.owe(Wiped(Browsing { browsers: browsers.0.len() }));
    Ok(tx.record(owed).await?)
}

/// A browser is not written to any more.
///
/// # Errors
/// `NotFound` for one that was not.
pub async fn unsubscribe(
    flows: &Flows,
    person: PersonId,
    endpoint: &Plain,
    now: Timestamp,
) -> Result<Recorded<Wiped<Browsing>>, Stop> {
    let asker = Asker::new(AskerKind::Person, "self");
    again!(take_out(flows, (person, endpoint.as_str()), &asker, now).await)
}

/// Takes a browser out of the list: at the person's word, or because its service knows it no more.
pub(super) async fn take_out(
    flows: &Flows,
    (person, endpoint): (PersonId, &str),
    asker: &Asker,
    now: Timestamp,
) -> Result<Recorded<Wiped<Browsing>>, Stop> {
    let book = flows.book();
    let category = book.category(CATEGORY)?;
    let act = Act::Exercise { right: Right::Correct };
    let case = Case::of(person, act, Set::of(category), asker);
    let mut tx = flows.permit(&book, case, now).await?;
    let mut browsers = held(flows, &book, &tx)?;
    if !browsers.remove(endpoint) {
        return Err(Stop::NotFound);
    }
    match browsers.text()? {
        None => tx.stage(Write::DeleteValue(category)),
        Some(value) => {
            let row = tx.values().iter().find(|it| it.category == category);
            let source =
                row.map_or_else(|| book.source_of(SourceKind::Device), |it| Ok(it.source))?;
            let given = Given { category, value: &value, source };
            stage(flows, &book, &mut tx, &given, now)?;
        }
    }
    let owed = tx.owe(Wiped(Browsing { browsers: browsers.0.len() }));
    Ok(tx.record(owed).await?)
}

async fn own(
    flows: &Flows,
    book: &Book,
    (person, right): (PersonId, Right),
    now: Timestamp,
) -> Result<Tx<Permit>, Stop> {
    let asker = Asker::new(AskerKind::Person, "self");
    let wanted = Set::of(book.category(CATEGORY)?);
    flows.permit(book, Case::of(person, Act::Exercise { right }, wanted, &asker), now).await
}

/// The list that is held, out of a permit that names it first.
pub(super) fn held(flows: &Flows, book: &Book, tx: &Tx<Permit>) -> Result<Browsers, Stop> {
    let opened = flows.vault().open(tx)?;
    Browsers::read(opened.get(book.category(CATEGORY)?))
}
