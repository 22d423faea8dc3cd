//! Answering anew: what was asked about a version is answered, and where nothing else is open the
//! version counts.

use decide::{Facts, Purpose, Set, Timestamp, Transfer};
use journal::{Permit, Tx, Write};
use policy::diff::Whom;

use super::adopt::settle;
use super::affect::Widening;
use super::case::{self, ASKED, KEPT};
use crate::{Flows, Stop};

/// What somebody said.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    /// The purposes, whatever was said to them.
    pub(crate) to: Set<Purpose>,
    /// The transfers, each answered by itself.
    pub(crate) transfers: Set<Transfer>,
    /// The version whose words were shown.
    pub(crate) shown: u32,
    /// The person's facts, as the answer leaves them.
    pub(crate) facts: Facts,
}

/// Whether something of a version that is in force, or of one that is announced, waits for this
/// person.
pub(crate) fn waits(flows: &Flows, facts: &Facts) -> bool {
    flows.inner.known.get().is_some_and(|it| facts.adopted < it.widest())
}

/// Somebody whom a version could not be told yet is there now: has them caught up with.
pub(crate) fn arrive(flows: &Flows, tx: &mut Tx<Permit>) {
    if waits(flows, tx.facts()) {
        tx.stage(Write::Job { kind: case::CATCH_UP, due: tx.permit().now() });
    }
}

/// The purposes on consent that were widened after a version, and up to another: who agreed under the
/// first has not agreed to what they are now.
///
/// # Errors
/// When the versions cannot be read.
pub(crate) async fn outgrown(
    flows: &Flows,
    (after, until): (u32, u32),
) -> Result<Set<Purpose>, Stop> {
    if after >= until {
        return Ok(Set::EMPTY);
    }
    let known = super::known::known(flows).await?;
    let book = flows.book();
    let names = book.rules().vocabulary();
    let widenings = known.widenings();
    let between = widenings.iter().filter(|it| it.version > after && it.version <= until);
    let purposes = between.flat_map(Widening::widened).filter_map(|it| match &it.whom {
        Whom::Purpose(id, _) => names.purpose(id),
        Whom::Nobody
        | Whom::Everybody
        | Whom::Young
        | Whom::Holders(_)
        | Whom::Share(_)
        | Whom::Transfer(_) => None,
    });
    Ok(purposes.collect())
}

/// The purposes that a version in force asks about anew.
///
/// # Errors
/// When the cases cannot be read.
pub(crate) async fn ask_again(
    flows: &Flows,
    tx: &Tx<Permit>,
    now: Timestamp,
) -> Result<Vec<String>, Stop> {
    if !waits(flows, tx.facts()) {
        return Ok(Vec::new());
    }
    let open = case::of(tx).await?;
    let open = open
        .into_iter()
        .filter(|it| matches!(it.row.state.as_str(), ASKED | KEPT) && it.row.due <= now);
    let mut all: Vec<String> = open.flat_map(|it| it.about.ask).collect();
    all.sort();
    all.dedup();
    Ok(all)
}

/// Stages what follows from an answer for the changes that wait for one, and says it for the record.
///
/// # Errors
/// When the cases cannot be read.
pub(crate) async fn answered(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    said: Said,
    now: Timestamp,
) -> Result<Option<serde_json::Value>, Stop> {
    if !waits(flows, &said.facts) {
        return Ok(None);
    }
    let book = flows.book();
    let names = book.rules().vocabulary();
    let mut cases = case::of(tx).await?;
    for told in &mut cases {
        let waits = matches!(told.row.state.as_str(), ASKED | KEPT);
        if !waits || told.about.version > said.shown {
            continue;
        }
        let about = &mut told.about;
        let before = about.ask.len().saturating_add(about.transfers.len());
        about.ask.retain(|id| names.purpose(id).is_none_or(|it| !said.to.has(it)));
        about.transfers.retain(|id| names.transfer(id).is_none_or(|it| !said.transfers.has(it)));
        if about.ask.len().saturating_add(about.transfers.len()) == before {
            continue;
        }
        if told.about.asks() {
            told.row.about = told.about.text()?;
            told.moved = true;
        } else {
            told.step("answer", "person")?;
        }
    }
    let settled = settle(flows, tx, (cases, said.facts), now).await?;
    Ok(settled.moved.then(|| settled.note()))
}
