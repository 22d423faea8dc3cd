//! Doing what a right asks for: the same whether the person does it, or staff for somebody who wrote
//! in. What cannot be done is said, and stays open.

use decide::id::RequestId;
use decide::{Account, Age, Category, Facts, Purpose, Right, Set, Share, Transfer};
use journal::{Permit, Tx, Write};

use super::tell::{News, What, tell, tell_withdrawn};
use crate::account::named;
use crate::book::Book;
use crate::{Flows, Stop};

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wish<'a> {
    pub(super) right: Right,
    pub(super) purpose: Option<&'a str>,
    pub(super) lift: bool,
    pub(super) categories: &'a [String],
    pub(super) request: RequestId,
}

/// What came of it: ids of categories and purposes.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Came {
    /// Deleted.
    pub(super) deleted: Vec<String>,
    /// Not held, so that there was nothing to do.
    pub(super) none: Vec<String>,
    /// Needs somebody to look at it.
    pub(super) left: Vec<String>,
    /// Purposes that are not consented to any more, or that were objected to.
    pub(super) purposes: Vec<String>,
    /// Shares that are not agreed to any more.
    pub(super) shares: Vec<String>,
    /// Transfers that are not agreed to any more.
    pub(super) transfers: Vec<String>,
    /// How many others were told.
    pub(super) told: usize,
}

/// Stages what a right asks for, as far as it can be done now.
pub(super) async fn fulfil(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    wish: &Wish<'_>,
) -> Result<Came, Stop> {
    match wish.right {
        Right::Delete => delete(flows, book, tx, wish),
        Right::Withdraw => withdraw(flows, book, tx, wish).await,
        Right::Restrict => restrict(flows, book, tx, wish),
        Right::Object => object(book, tx, wish),
        // Reading is an answer; a value that was put right comes with its own verb; a closing has a
        // window.
        Right::Access | Right::Export | Right::Correct | Right::CloseAccount => Ok(Came::default()),
    }
}

fn delete(flows: &Flows, book: &Book, tx: &mut Tx<Permit>, wish: &Wish<'_>) -> Result<Came, Stop> {
    let mut came = Came::default();
    let mut gone = Set::EMPTY;
    for id in wish.categories {
        let category = book.category(id)?;
        if !tx.values().iter().any(|it| it.category == category) {
            came.none.push(id.clone());
        } else if stays(book, tx, category) {
            came.left.push(id.clone());
        } else {
            gone = gone.with(category);
            came.deleted.push(id.clone());
        }
    }
    if gone.is_empty() {
        return Ok(came);
    }
    let news = News { what: What::Delete, of: gone, request: Some(wish.request) };
    came.told = tell(flows, book, tx, &news)?;
    for category in gone.iter() {
        tx.stage(Write::DeleteValue(category));
        // A minor is no less one for the day being deleted.
        if book.category_id(category) == named::BIRTH_DATE && tx.facts().age == Age::Adult {
            tx.stage(Write::Age(Age::Unknown));
        }
    }
    Ok(came)
}

/// Whether a value cannot go by itself: an account needs it, or a legal hold keeps it.
fn stays(book: &Book, tx: &Tx<Permit>, category: Category) -> bool {
    let id = book.category_id(category);
    let needed = book.policy().registration.iter().any(|it| it.required.contains(id));
    let held = tx.values().iter().any(|it| it.category == category && it.hold.is_some());
    held || (needed && tx.facts().account != Account::Visitor)
}

async fn withdraw(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    wish: &Wish<'_>,
) -> Result<Came, Stop> {
    let facts = tx.facts().clone();
    let choices = book.choices(facts_region(tx));
    let ended: Set<Purpose> = match wish.purpose {
        None => facts.given,
        Some(id) => {
            let found = choices.iter().find(|(it, _)| it == id).map(|(_, it)| *it);
            let say = "this does not rest on your consent; object to it, or have it restricted";
            Set::of(found.ok_or_else(|| Stop::invalid("purpose", say))?)
        }
    };
    let out = sharing(book, &facts, wish.purpose);
    let told = if out.0.is_empty() && out.1.is_empty() {
        0
    } else {
        tell_withdrawn(flows, book, tx, (out, Some(wish.request))).await?
    };
    let (given, refused) = (facts.given.without(ended), facts.refused.union(ended));
    tx.stage(Write::Consent { given, refused });
    if !out.0.is_empty() {
        tx.stage(Write::Shares(facts.shares.without(out.0)));
    }
    if !out.1.is_empty() {
        tx.stage(Write::Transfers(facts.transfers.without(out.1)));
    }
    let purposes = book.purpose_ids(ended.and(facts.given));
    let names = book.rules().vocabulary();
    let shares = out.0.iter().map(|it| names.share_id(it).to_owned()).collect();
    let transfers = out.1.iter().map(|it| names.transfer_id(it).to_owned()).collect();
    Ok(Came { purposes, shares, transfers, told, ..Came::default() })
}

fn facts_region(tx: &Tx<Permit>) -> decide::RegionCode {
    tx.person().region()
}

/// What was agreed to separately, for a purpose or for all.
fn sharing(book: &Book, facts: &Facts, purpose: Option<&str>) -> (Set<Share>, Set<Transfer>) {
    let (policy, names) = (book.policy(), book.rules().vocabulary());
    let fits = |it: &str| purpose.is_none_or(|purpose| purpose == it);
    let shares = policy.shares.iter().filter(|(_, it)| fits(&it.purpose));
    let shares: Set<Share> = shares.filter_map(|(id, _)| names.share(id)).collect();
    let transfers = policy.transfers.iter().filter(|(_, it)| fits(&it.purpose));
    let transfers: Set<Transfer> = transfers.filter_map(|(id, _)| names.transfer(id)).collect();
    (facts.shares.and(shares), facts.transfers.and(transfers))
}

fn restrict(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    wish: &Wish<'_>,
) -> Result<Came, Stop> {
    let (account, what) = match (tx.facts().account, wish.lift) {
        (Account::Active, false) => (Account::Restricted, What::Restrict),
        (Account::Restricted, true) => (Account::Active, What::Lift),
        (account, _) => {
            let say = format!("the account is `{}`; nothing changes", account.word());
            return Err(Stop::NotNow(say));
        }
    };
    let news = News { what, of: Set::EMPTY, request: Some(wish.request) };
    let told = tell(flows, book, tx, &news)?;
    tx.stage(Write::Account(account));
    Ok(Came { told, ..Came::default() })
}

fn object(book: &Book, tx: &mut Tx<Permit>, wish: &Wish<'_>) -> Result<Came, Stop> {
    let (facts, id) = (tx.facts().clone(), wish.purpose.unwrap_or(""));
    let purpose = book.purpose(id)?;
    if !book.rules().is_choice(purpose, facts.region) {
        let say = "this rests on a contract or a law; nobody can object";
        return Err(Stop::invalid("purpose", say));
    }
    let objected =
        if wish.lift { facts.objected.less(purpose) } else { facts.objected.with(purpose) };
    tx.stage(Write::Objected(objected));
    Ok(Came { purposes: vec![id.to_owned()], ..Came::default() })
}
