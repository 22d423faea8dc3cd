//! Telling others: whoever got something of a person, or brought it, hears when it has to go, was put
//! right, or may not be used. Each of them is a case of its own, staged with what it follows from.

use std::collections::BTreeSet;

use decide::id::{DeliveryId, RequestId};
use decide::spec::Role;
use decide::{Category, Right, Set, Share, Timestamp, Transfer};
use journal::{CaseRow, JobKind, Permit, Tx, Write};
use policy::clause::collection::SourceKind;
use serde::{Deserialize, Serialize};

use crate::book::Book;
use crate::limit::{DELIVERY_LOOK_MILLIS, TOLD_MAX};
use crate::machine::{Machine, Move};
use crate::{Flows, Stop};

/// The kind of such a case, and the word of the job that goes with it. The job survives an erasure.
pub(crate) const DELIVERY: &str = "delivery";
const DELIVER: &str = "deliver";

/// It was not answered yet.
pub(crate) const WAITING: &str = "waiting";
/// It was taken, and is not done yet.
pub(crate) const ACCEPTED: &str = "accepted";
/// It is done.
pub(crate) const DONE: &str = "done";

/// How a delivery moves.
pub const TELLING: Machine = Machine {
    name: "delivery",
    moves: &[
        step(
            "",
            "tell",
            "system",
            WAITING,
            "one who has something of the person is told, or finds it when it asks",
        ),
        step(
            WAITING,
            "accept",
            "recipient",
            ACCEPTED,
            "it was taken and is not done yet; it is asked again, under the same id",
        ),
        step(
            WAITING,
            "done",
            "recipient",
            DONE,
            "it is never sent again; a request that waited for it is complete when all are done",
        ),
        step(ACCEPTED, "accept", "recipient", ACCEPTED, "it is asked again, under the same id"),
        step(
            ACCEPTED,
            "done",
            "recipient",
            DONE,
            "it is never sent again; a request that waited for it is complete when all are done",
        ),
    ],
};

const fn step(
    from: &'static str,
    event: &'static str,
    by: &'static str,
    to: &'static str,
    follows: &'static str,
) -> Move {
    let clock = match to.as_bytes() {
        b"done" => "",
        _ => "until when it has to be done; asked again with growing pauses, and without an end",
    };
    Move { from, event, by, to, follows, clock }
}

/// What others are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum What {
    /// Everything of the person goes.
    Erase,
    /// Some values go.
    Delete,
    /// Some values were put right.
    Correct,
    /// Nothing of the person may be used for now.
    Restrict,
    /// It may be used again.
    Lift,
    /// What was agreed to is not any more.
    Withdraw,
}

/// What stands with a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    /// Who is told: the id of a recipient, of a source or of a connected system.
    pub(crate) to: String,
    /// What.
    pub(crate) what: What,
    /// Of which categories; all where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) categories: Vec<String>,
    /// The request that it follows from, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<String>,
}

impl Told {
    /// What stands with a delivery.
    pub(crate) fn of(row: &CaseRow) -> Result<Self, Stop> {
        let broken = |_| Stop::Broken("what stands with a delivery cannot be read".to_owned());
        serde_json::from_str(&row.about).map_err(broken)
    }

    /// The request that it follows from.
    pub(crate) fn request(&self) -> Option<RequestId> {
        self.request.as_deref().and_then(RequestId::parse)
    }
}

/// What there is to tell.
pub(crate) struct News {
    pub(crate) what: What,
    /// Of which categories; of all where it is empty.
    pub(crate) of: Set<Category>,
    /// The request that it follows from.
    pub(crate) request: Option<RequestId>,
}

/// The job by which a delivery is made.
pub(crate) fn delivering(id: DeliveryId) -> JobKind {
    JobKind::about(DELIVER, id)
}

/// The delivery of such a job.
pub(crate) fn delivered(kind: &JobKind) -> Option<DeliveryId> {
    let (word, id) = kind.as_str().split_once('/')?;
    DeliveryId::parse(id).filter(|_| word == DELIVER)
}

/// Stages what there is to tell, to everybody whom it concerns; answers how many that are.
pub(crate) fn tell(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    news: &News,
) -> Result<usize, Stop> {
    let to = concerned(flows, book, tx, news);
    stage(flows, book, tx, (news, to))
}

/// Everybody whom it concerns, as things stand.
fn concerned(flows: &Flows, book: &Book, tx: &Tx<Permit>, news: &News) -> BTreeSet<String> {
    let facts = tx.facts();
    let mut to = sharing(book, (facts.shares, facts.transfers), news.of);
    if matches!(news.what, What::Erase | What::Delete | What::Correct) {
        to.extend(sources(book, tx, news.of));
    }
    to.extend(flows.systems().iter().map(|it| it.id.clone()));
    to
}

/// Stages that everything goes: also with those who were told or sent something before, under what was
/// agreed to then and ended since.
pub(super) async fn tell_erasure(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    request: Option<RequestId>,
) -> Result<usize, Stop> {
    let mut before = super::told::before(flows, tx.person()).await?;
    before.retain(|id| is_known(book, id));
    let news = News { what: What::Erase, of: Set::EMPTY, request };
    before.extend(concerned(flows, book, tx, &news));
    stage(flows, book, tx, (&news, before))
}

/// Whether somebody who was told something can be told more: who is not known any more can neither be
/// called nor ask.
fn is_known(book: &Book, id: &str) -> bool {
    let policy = book.policy();
    let told = policy.recipients.get(id).is_some_and(|it| it.role != Role::Public);
    told || policy.sources.contains_key(id)
}

/// The same for those alone with whom shares or transfers end: also those to whom something went under
/// such a transfer before it named somebody else.
pub(crate) async fn tell_withdrawn(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (ended, request): ((Set<Share>, Set<Transfer>), Option<RequestId>),
) -> Result<usize, Stop> {
    let mut to = sharing(book, ended, Set::EMPTY);
    if !ended.1.is_empty() {
        let names = book.rules().vocabulary();
        let under = |id: &str| names.transfer(id).is_some_and(|it| ended.1.has(it));
        let sent = crate::transfer::sent_to(flows, tx.person(), under).await?;
        to.extend(sent.into_iter().filter(|id| is_known(book, id)));
    }
    let news = News { what: What::Withdraw, of: Set::EMPTY, request };
    stage(flows, book, tx, (&news, to))
}

fn stage(
    flows: &Flows,
    book: &Book,
    tx: &mut Tx<Permit>,
    (news, to): (&News, BTreeSet<String>),
) -> Result<usize, Stop> {
    let (region, now) = (tx.person().region(), tx.permit().now());
    // Where the calendar ends, others are due at once: no missing year keeps anything from going.
    let due = book.answer_by(Right::Delete, region, now).unwrap_or(now);
    let count = to.len().min(TOLD_MAX);
    for to in to.into_iter().take(TOLD_MAX) {
        let id = DeliveryId::new(region, flows.journal().new_id(now));
        let told = Told {
            to,
            what: news.what,
            categories: book.category_ids(news.of),
            request: news.request.map(|it| it.to_string()),
        };
        let sent = flows.systems().iter().any(|it| it.id == told.to);
        // Who cannot be called asks; it is looked now and then whether that was done.
        let first = if sent { now } else { now.plus_millis(DELIVERY_LOOK_MILLIS) };
        tx.stage(Write::Case(case(id, &told, (now, due))?));
        tx.stage(Write::Job { kind: delivering(id), due: first });
    }
    Ok(count)
}

fn case(
    id: DeliveryId,
    told: &Told,
    (received, due): (Timestamp, Timestamp),
) -> Result<CaseRow, Stop> {
    Ok(CaseRow {
        id: id.into(),
        kind: DELIVERY.to_owned(),
        state: TELLING.step("", "tell", "system")?.to_owned(),
        received,
        due,
        open: true,
        assigned: String::new(),
        about: serde_json::to_string(told).map_err(|it| Stop::Broken(it.to_string()))?,
        sealed: None,
        own_key: None,
    })
}

/// Recipients with whom something is shared, or to whom it is transferred, of these categories.
fn sharing(
    book: &Book,
    (shares, transfers): (Set<Share>, Set<Transfer>),
    of: Set<Category>,
) -> BTreeSet<String> {
    let (policy, names) = (book.policy(), book.rules().vocabulary());
    let concerns = |categories: &BTreeSet<String>| {
        let theirs: Set<Category> = categories.iter().filter_map(|it| names.category(it)).collect();
        of.is_empty() || !theirs.and(of).is_empty()
    };
    let given = policy.shares.iter().filter(|(id, it)| {
        names.share(id).is_some_and(|it| shares.has(it)) && concerns(&it.categories)
    });
    let sent = policy.transfers.iter().filter(|(id, it)| {
        names.transfer(id).is_some_and(|it| transfers.has(it)) && concerns(&it.categories)
    });
    let all = given.map(|(_, it)| &it.to).chain(sent.map(|(_, it)| &it.recipient));
    // What was made public cannot be told to anybody.
    let told = |id: &&String| policy.recipients.get(*id).is_none_or(|it| it.role != Role::Public);
    all.filter(told).cloned().collect()
}

/// Partners who brought values of these categories.
fn sources(book: &Book, tx: &Tx<Permit>, of: Set<Category>) -> BTreeSet<String> {
    let names = book.rules().vocabulary();
    let brought = tx.values().iter().filter(|it| of.is_empty() || of.has(it.category));
    let ids = brought.map(|it| names.source_id(it.source).to_owned());
    let partner = |id: &String| {
        book.policy().sources.get(id).is_some_and(|it| it.kind == SourceKind::Partner)
    };
    ids.filter(partner).collect()
}

#[cfg(test)]
mod tests;
