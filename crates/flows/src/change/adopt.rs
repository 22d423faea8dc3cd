//! From when a version counts for a person: after they were told and the notice is over, and where
//! their consent is needed after they answered.

use decide::{Facts, PersonId, Set, Share, Timestamp, Transfer, Vocabulary};
use journal::{JobRow, Permit, Tx, Write};
use policy::clause::change::Unanswered;

use super::affect::{Of, Widening};
use super::case::{self, ADOPTED, ANSWERED, ASKED, KEPT, STOPPED, TOLD, Told, adopting};
use super::known::known;
use super::tell::{ACT, system, tell, waits};
use crate::engine::{Case, again};
use crate::{Flows, Stop};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Settled {
    /// The version that counts from now on, where it is another than before.
    pub(crate) adopted: Option<u32>,
    /// Whether the old rules stay, because nobody answered.
    pub(crate) kept: bool,
    /// Whether something stopped, because nobody answered.
    pub(crate) stopped: bool,
    /// Whether anything is to be written.
    pub(crate) moved: bool,
}

/// The job of a version that a person was told of.
///
/// # Errors
/// When it cannot be recorded.
pub(crate) async fn adopt(
    flows: &Flows,
    person: PersonId,
    version: u32,
    now: Timestamp,
) -> Result<(), Stop> {
    let work = async || settle_one(flows, person, (now, Some(version))).await;
    let settled = again!(work().await)?;
    if settled.adopted.is_none_or(|it| it < version) && !settled.kept {
        // Another version may stand in the way of which nobody told them yet.
        catch_up(flows, person, now).await?;
    }
    Ok(())
}

/// The job of somebody whom a version could not be told when its round came.
///
/// # Errors
/// When it cannot be recorded.
pub(crate) async fn arrived(flows: &Flows, row: &JobRow, now: Timestamp) -> Result<(), Stop> {
    catch_up(flows, row.person, now).await?;
    Ok(flows.journal().scratch().claim_done(row).await?)
}

/// Whoever a version has not come to yet: told where it affects them, and otherwise it counts.
///
/// # Errors
/// When it cannot be recorded.
pub(crate) async fn catch_up(
    flows: &Flows,
    person: PersonId,
    now: Timestamp,
) -> Result<Settled, Stop> {
    let known = known(flows).await?;
    let widenings = known.widenings();
    let newest = widenings.iter().filter(|it| it.widens()).map(|it| it.version).max();
    let seen = match flows.journal().begin(person, Set::EMPTY).await.map_err(Stop::from) {
        Err(Stop::Gone | Stop::NotFound) => return Ok(Settled::default()),
        seen => seen?,
    };
    let (adopted, account) = (seen.facts().adopted, seen.facts().account);
    drop(seen);
    if waits(account) || newest.is_none_or(|it| it <= adopted) {
        return Ok(Settled::default());
    }
    for widening in widenings.iter().filter(|it| it.version > adopted && it.widens()) {
        tell(flows, person, widening, now).await?;
    }
    if !widenings.iter().any(|it| it.version > adopted && it.effective <= now && it.widens()) {
        return Ok(Settled::default());
    }
    again!(settle_one(flows, person, (now, None)).await)
}

async fn settle_one(
    flows: &Flows,
    person: PersonId,
    (now, job): (Timestamp, Option<u32>),
) -> Result<Settled, Stop> {
    let book = flows.book();
    let asker = system();
    let mut tx = flows.permit(&book, Case::of(person, ACT, Set::EMPTY, &asker), now).await?;
    let cases = case::of(&tx).await?;
    let facts = tx.facts().clone();
    let settled = settle(flows, &mut tx, (cases, facts), now).await?;
    if let Some(version) = job {
        tx.stage(Write::DropJob(adopting(version)));
    } else if !settled.moved {
        return Ok(settled);
    }
    tx.note(serde_json::json!({ "change": settled.note() }));
    let owed = tx.owe(());
    tx.record(owed).await?.into_inner();
    Ok(settled)
}

impl Settled {
    /// What the record says of it.
    pub(crate) fn note(&self) -> serde_json::Value {
        serde_json::json!({
            "adopted": self.adopted, "kept": self.kept, "stopped": self.stopped,
        })
    }
}

/// Goes through the versions that are in force, one after the other, as far as nothing stands in the
/// way, and stages what follows. `cases` are those of the transaction's person, `facts` theirs as the
/// transaction will leave them.
pub(super) async fn settle(
    flows: &Flows,
    tx: &mut Tx<Permit>,
    (mut cases, facts): (Vec<Told>, Facts),
    now: Timestamp,
) -> Result<Settled, Stop> {
    let known = known(flows).await?;
    let book = flows.book();
    let names = book.rules().vocabulary();
    let held = crate::messages::holding(&book, tx).await?;
    let mut settled = Settled::default();
    if waits(facts.account) {
        return Ok(settled);
    }
    let mut left = Left::of(&facts);
    let widenings = known.widenings();
    let open = widenings.iter().filter(|it| it.version > facts.adopted && it.effective <= now);
    for widening in open.filter(|it| it.widens()) {
        let found = cases.iter_mut().find(|it| it.about.version == widening.version);
        let on = if let Some(told) = found {
            one(told, widening, (names, &mut left, &mut settled), now)?
        } else {
            let of = Of { region: tx.person().region(), facts: &facts, held };
            // Whoever it affects is told first.
            widening.affects(names, &of).is_none()
        };
        if !on {
            break;
        }
        settled.adopted = Some(widening.version);
    }
    if let Some(version) = settled.adopted {
        tx.stage(Write::Adopted(version));
        // What may be kept longer since is, from here on.
        crate::retention::redate::restage((&book, &known), tx, version);
        settled.moved = true;
    }
    let ended = (facts.shares.without(left.shares), facts.transfers.without(left.transfers));
    crate::rights::tell_withdrawn(flows, &book, tx, (ended, None)).await?;
    left.stage(tx, &facts);
    let rows: Vec<_> = cases.into_iter().filter(|it| it.moved).map(|it| it.row).collect();
    settled.moved |= !rows.is_empty();
    for row in rows {
        tx.stage(Write::Case(row));
    }
    Ok(settled)
}

/// What was agreed to, as it is left.
struct Left {
    given: Set<decide::Purpose>,
    refused: Set<decide::Purpose>,
    shares: Set<Share>,
    transfers: Set<Transfer>,
}

impl Left {
    fn of(facts: &Facts) -> Self {
        let Facts { given, refused, shares, transfers, .. } = facts;
        Self { given: *given, refused: *refused, shares: *shares, transfers: *transfers }
    }

    /// What was asked about and not answered ends: nobody said no, and nobody says yes any more.
    fn end(&mut self, told: &Told, names: &Vocabulary) {
        for id in told.about.ask.iter().filter_map(|it| names.purpose(it)) {
            self.given = self.given.less(id);
        }
        for id in told.about.shares.iter().filter_map(|it| names.share(it)) {
            self.shares = self.shares.less(id);
        }
        for id in told.about.transfers.iter().filter_map(|it| names.transfer(it)) {
            self.transfers = self.transfers.less(id);
        }
    }

    fn stage(self, tx: &mut Tx<Permit>, facts: &Facts) {
        if self.given != facts.given {
            tx.stage(Write::Consent { given: self.given, refused: self.refused });
        }
        if self.shares != facts.shares {
            tx.stage(Write::Shares(self.shares));
        }
        if self.transfers != facts.transfers {
            tx.stage(Write::Transfers(self.transfers));
        }
    }
}

/// Whether a version of which they were told counts now.
fn one(
    told: &mut Told,
    widening: &Widening<'_>,
    (names, left, settled): (&Vocabulary, &mut Left, &mut Settled),
    now: Timestamp,
) -> Result<bool, Stop> {
    let over = told.row.due <= now;
    match told.row.state.as_str() {
        TOLD | ANSWERED if over => {
            told.step("adopt", "system")?;
            Ok(true)
        }
        ASKED if over => match widening.unanswered() {
            Unanswered::OldRules => {
                told.step("keep", "system")?;
                settled.kept = true;
                Ok(false)
            }
            Unanswered::Stop => {
                left.end(told, names);
                told.step("stop", "system")?;
                settled.stopped = true;
                Ok(true)
            }
        },
        ADOPTED | STOPPED => Ok(true),
        TOLD | ANSWERED | ASKED | KEPT => Ok(false),
        other => Err(Stop::Broken(format!("a change cannot be `{other}`"))),
    }
}
