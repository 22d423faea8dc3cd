//! The second door: what is not personal and needs no record. Counters, claims, leases.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use decide::id::CaseId;
use decide::{PersonId, RegionCode, Timestamp};

use crate::case::{CaseRow, Queue};
use crate::event::{self, EventCount, Partition};
use crate::fault::Fault;
use crate::idempotency::Once;
use crate::job::{self, JobKind, JobRow};
use crate::journal::Journal;
use crate::limit::{
    CLAIM_MAX, COUNTERS_MAX, DAYS_KEPT_MILLIS, HOURS_KEPT_MILLIS, MINUTES_KEPT_MILLIS,
};
use crate::mail::{self, MailRow, Outgoing};
use crate::place::Place;
use crate::sql::{Query, Statement, Text, values};
use crate::{case, decided, held, idempotency, people};

/// Decisions that were only asked for, and would have been permits.
pub(crate) const ASKED_PERMITTED: &str = "asked-permitted";
/// Decisions that were only asked for, and would have been refusals.
pub(crate) const ASKED_REFUSED: &str = "asked-refused";
/// Refusals about who is not there: a browser that said no.
pub(crate) const REFUSED_NOBODY: &str = "refused-nobody";

/// Looks at whether what is written becomes durable.
const PROBED: &str = "probed";

const MINUTE: i64 = 60_000;
const MINUTES_OF_HOUR: i64 = 60;
const MINUTES_OF_DAY: i64 = 24 * 60;

/// Counts that wait to be written, by name and minute.
pub(crate) type Counts = BTreeMap<(&'static str, i64), u64>;

/// The door to what is not personal.
#[derive(Debug, Clone, Copy)]
pub struct Scratch<'a> {
    pub(crate) journal: &'a Journal,
}

impl Scratch<'_> {
    /// Adds to a counter of the minute of `now`. In memory until the next step of the sequencer.
    pub fn count(&self, name: &'static str, now: Timestamp) {
        let mut counts = held(&self.journal.inner.counts);
        let minute = now.millis().div_euclid(MINUTE);
        if counts.len() < COUNTERS_MAX || counts.contains_key(&(name, minute)) {
            let sum = counts.entry((name, minute)).or_default();
            *sum = sum.saturating_add(1);
        }
    }

    /// The sum of a counter over the minutes that begin in `from..until`, what waits included. What
    /// is older than a day counts by the hour, and what is older than a month by the day.
    pub async fn counted(
        &self,
        name: &str,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<u64, Fault> {
        // Or what is being written down would count twice, or not at all.
        let _still = self.journal.inner.flushing.lock().await;
        let within = |minute: i64| {
            let begins = minute.saturating_mul(MINUTE);
            from.millis() <= begins && begins < until.millis()
        };
        let waiting = held(&self.journal.inner.counts)
            .iter()
            .filter(|((it, minute), _)| *it == name && within(*minute))
            .fold(0_u64, |sum, (_, n)| sum.saturating_add(*n));
        let stored = self.first(&Place::Kept, &stored(name, from, until)).await?.unwrap_or(0);
        Ok(stored.saturating_add(waiting))
    }

    /// Adds to a counter of the minute of `at`, durably, unless that was done under the same mark.
    pub async fn count_once(&self, name: &str, mark: &str, at: Timestamp) -> Result<(), Fault> {
        let mark = marked(mark);
        let begins = at.plus_millis(at.millis().rem_euclid(MINUTE).saturating_neg());
        let done = stored(&mark, begins, begins.plus_millis(MINUTE));
        if self.first(&Place::Kept, &done).await?.is_some_and(|it| it > 0) {
            return Ok(());
        }
        let both = vec![one_more(&mark, at), one_more(name, at)];
        self.journal.inner.engine.write(&Place::Kept, both).await.map(drop)
    }

    /// Nothing can be counted under this mark again: it goes.
    pub async fn counted_once(&self, mark: &str, at: Timestamp) -> Result<(), Fault> {
        let gone = "DELETE FROM counters WHERE name = $1 AND minute = $2";
        let minute = at.millis().div_euclid(MINUTE);
        let gone = Statement::new(gone, values![marked(mark), minute]);
        self.journal.inner.engine.write(&Place::Kept, vec![gone]).await.map(drop)
    }

    /// Up to `n` jobs that are due, claimed for a minute.
    pub async fn claim_jobs(&self, now: Timestamp, n: u32) -> Result<Vec<JobRow>, Fault> {
        let mut all = Vec::new();
        for region in self.journal.regions() {
            let left = left(n, all.len());
            if left > 0 {
                let claim = job::claim(*region, now, left);
                all.extend(self.journal.inner.engine.take(&Place::People(*region), claim).await?);
            }
        }
        all.sort_by_key(|it: &JobRow| (it.due, it.person));
        Ok(all)
    }

    /// A job about one thing alone is done, whoever has claimed it. A job whose effects are staged is
    /// dropped with them instead.
    pub async fn job_done(&self, person: PersonId, kind: &JobKind) -> Result<(), Fault> {
        self.write(person.region(), job::done(person, kind)).await
    }

    /// What was claimed is done. A job that took its place meanwhile stays, and so does one that somebody
    /// else has claimed since.
    pub async fn claim_done(&self, claimed: &JobRow) -> Result<(), Fault> {
        self.write(claimed.person.region(), job::claim_done(claimed)).await
    }

    /// What was claimed is to be tried again at `due`; of others that holds as for `claim_done`.
    pub async fn claim_later(&self, claimed: &JobRow, due: Timestamp) -> Result<(), Fault> {
        self.write(claimed.person.region(), job::claim_later(claimed, due)).await
    }

    /// A job is to be tried again at `due`, whoever has claimed it.
    pub async fn job_later(
        &self,
        person: PersonId,
        kind: &JobKind,
        due: Timestamp,
    ) -> Result<(), Fault> {
        self.write(person.region(), job::later(person, kind, due)).await
    }

    /// Up to `n` mails that may be delivered, claimed for a minute.
    pub async fn claim_mail(&self, now: Timestamp, n: u32) -> Result<Vec<MailRow>, Fault> {
        self.claim_outgoing(Outgoing::Mail, now, n).await
    }

    /// Up to `n` push messages that may be delivered, claimed for a minute.
    pub async fn claim_push(&self, now: Timestamp, n: u32) -> Result<Vec<MailRow>, Fault> {
        self.claim_outgoing(Outgoing::Push, now, n).await
    }

    /// Up to `n` text messages that may be delivered, claimed for a minute.
    pub async fn claim_text(&self, now: Timestamp, n: u32) -> Result<Vec<MailRow>, Fault> {
        self.claim_outgoing(Outgoing::Text, now, n).await
    }

    async fn claim_outgoing(
        &self,
        what: Outgoing,
        now: Timestamp,
        n: u32,
    ) -> Result<Vec<MailRow>, Fault> {
        let mut all = Vec::new();
        for region in self.journal.regions() {
            let left = left(n, all.len());
            if left > 0 {
                let claim = mail::claim((*region, what), now, left);
                all.extend(self.journal.inner.engine.take(&Place::People(*region), claim).await?);
            }
        }
        all.sort_by(|a: &MailRow, b| {
            (a.created, a.person, &a.cause).cmp(&(b.created, b.person, &b.cause))
        });
        Ok(all)
    }

    /// A mail was accepted: its text and, where it had one, its own key are destroyed.
    pub async fn mail_done(&self, person: PersonId, cause: &str) -> Result<(), Fault> {
        self.write(person.region(), mail::done(person, cause)).await
    }

    /// A mail is to be tried again at `not_before`.
    pub async fn mail_later(
        &self,
        person: PersonId,
        cause: &str,
        not_before: Timestamp,
    ) -> Result<(), Fault> {
        self.write(person.region(), mail::later(person, cause, not_before)).await
    }

    /// What was answered under this idempotency key in the last day.
    ///
    /// # Errors
    /// `OtherRequest` when that was the answer to another request.
    pub async fn idempotent(
        &self,
        region: RegionCode,
        once: &Once,
        now: Timestamp,
    ) -> Result<Option<(u16, String)>, Fault> {
        let found = self.first(&Place::People(region), &idempotency::find(once, now)).await?;
        found.map(|it| it.of(once)).transpose()
    }

    /// Writes a little, to see whether what is written becomes durable. Only a failure is noted: that a
    /// little finds room does not mean that what is recorded does.
    pub async fn probe(&self, now: Timestamp) -> Result<(), Fault> {
        let minute = now.millis().div_euclid(MINUTE);
        let counts = Counts::from([((PROBED, minute), 1)]);
        let written = self.journal.inner.engine.write(&Place::Kept, store(&counts)).await;
        if matches!(written, Err(Fault::Broken(_) | Fault::Unreachable(_))) {
            self.journal.inner.durable.doubt();
        }
        written.map(drop)
    }

    /// The coarse counts of a partition of events.
    pub async fn event_counts(
        &self,
        region: RegionCode,
        partition: &Partition,
    ) -> Result<Vec<EventCount>, Fault> {
        let engine = &self.journal.inner.engine;
        let place = Place::Events(region, partition.clone());
        engine.read(&place, &event::counts(engine.dialect(), partition)).await
    }

    /// People of a region in the order of their ids, after `after`, up to `n`: for work that visits
    /// everybody and decides for each.
    pub async fn people(
        &self,
        region: RegionCode,
        after: Option<PersonId>,
        n: u32,
    ) -> Result<Vec<PersonId>, Fault> {
        let list = people::list(region, after, n);
        self.journal.inner.engine.read(&Place::People(region), &list).await
    }

    /// Whose case this is.
    pub async fn case_owner(&self, id: impl Into<CaseId>) -> Result<Option<PersonId>, Fault> {
        let id = id.into();
        self.journal.serves(id.region())?;
        self.first(&Place::People(id.region()), &case::owner(id)).await
    }

    /// A case without what is sealed in it, and whose it is: also of somebody who was erased.
    pub async fn case(&self, id: impl Into<CaseId>) -> Result<Option<(PersonId, CaseRow)>, Fault> {
        let id = id.into();
        self.journal.serves(id.region())?;
        self.first(&Place::People(id.region()), &case::clear(id)).await
    }

    /// Cases of a person of a kind on which somebody has still to act, oldest first, without what is
    /// sealed in them: also of somebody who was erased.
    pub async fn open_cases(
        &self,
        person: PersonId,
        kind: &str,
        n: u32,
    ) -> Result<Vec<CaseRow>, Fault> {
        let query = case::open_of(person, kind, n);
        self.journal.inner.engine.read(&Place::People(person.region()), &query).await
    }

    /// Cases of a region by their deadlines, without what is sealed in them.
    pub async fn queue(
        &self,
        region: RegionCode,
        queue: &Queue<'_>,
        n: u32,
    ) -> Result<Vec<(PersonId, CaseRow)>, Fault> {
        self.journal.serves(region)?;
        let query = case::queue(region, queue, n)?;
        self.journal.inner.engine.read(&Place::People(region), &query).await
    }

    /// A case of somebody who was erased moves on: there is no key any more to record it under.
    pub async fn settle_case(
        &self,
        person: PersonId,
        id: impl Into<CaseId>,
        (state, open): (&str, bool),
    ) -> Result<(), Fault> {
        self.write(person.region(), case::settle(person, (id.into(), state), open)).await
    }

    async fn write(&self, region: RegionCode, statement: Statement) -> Result<(), Fault> {
        let engine = &self.journal.inner.engine;
        engine.write(&Place::People(region), vec![statement]).await.map(drop)
    }

    async fn first<T>(&self, place: &Place, query: &Query<T>) -> Result<Option<T>, Fault> {
        self.journal.inner.engine.first(place, query).await
    }

    /// Writes down what was counted, and folds what is old once in an hour.
    pub(crate) async fn flush(&self, now: Timestamp) -> Result<(), Fault> {
        self.write_down().await?;
        let hour = now.millis().div_euclid(MINUTES_OF_HOUR.saturating_mul(MINUTE));
        if self.journal.inner.folded.swap(hour, Ordering::Relaxed) == hour {
            return Ok(());
        }
        self.journal.inner.engine.write(&Place::Kept, fold(now)).await.map(drop)
    }

    async fn write_down(&self) -> Result<(), Fault> {
        let _alone = self.journal.inner.flushing.lock().await;
        let counts = std::mem::take(&mut *held(&self.journal.inner.counts));
        let answers = held(&self.journal.inner.decided).take();
        let mut all = store(&counts);
        all.extend(decided::store(&answers));
        let written = self.journal.inner.engine.write(&Place::Kept, all).await;
        if written.is_err() {
            // They wait on, with what was counted since.
            held(&self.journal.inner.decided).back(answers);
            let mut since = held(&self.journal.inner.counts);
            for (key, n) in counts {
                let sum = since.entry(key).or_default();
                *sum = sum.saturating_add(n);
            }
        }
        written.map(drop)
    }
}

/// The counter that says that something was counted.
fn marked(mark: &str) -> String {
    format!("once/{mark}")
}

fn left(n: u32, so_far: usize) -> u32 {
    n.min(CLAIM_MAX).saturating_sub(u32::try_from(so_far).unwrap_or(u32::MAX))
}

fn stored(name: &str, from: Timestamp, until: Timestamp) -> Query<u64> {
    let text = "SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM counters \
         WHERE name = $1 AND minute >= $2 AND minute < $3";
    let up = |it: Timestamp| it.millis().saturating_add(MINUTE - 1).div_euclid(MINUTE);
    Query::new(text, values![name, up(from), up(until)], |row| row.bits(0))
}

fn store(counts: &Counts) -> Vec<Statement> {
    counts.iter().map(|((name, minute), n)| add(name, *minute, *n)).collect()
}

/// One more of the minute of `now`, written at once: what a restart must not forget.
pub(crate) fn one_more(name: &str, now: Timestamp) -> Statement {
    add(name, now.millis().div_euclid(MINUTE), 1)
}

pub(crate) fn add(name: &str, minute: i64, n: u64) -> Statement {
    let text = "INSERT INTO counters (name, minute, n) VALUES ($1, $2, $3) \
         ON CONFLICT (name, minute) DO UPDATE SET n = counters.n + excluded.n";
    Statement::new(text, values![name, minute, n])
}

/// Minutes become hours and hours become days, so that a counter does not grow for ever.
fn fold(now: Timestamp) -> Vec<Statement> {
    let before = |kept: i64| now.millis().saturating_sub(kept).div_euclid(MINUTE);
    let gone = "DELETE FROM counters WHERE minute < $1";
    let mut statements = Vec::new();
    statements.extend(into(MINUTES_OF_HOUR, before(MINUTES_KEPT_MILLIS)));
    statements.extend(into(MINUTES_OF_DAY, before(HOURS_KEPT_MILLIS)));
    statements.push(Statement::new(gone, values![before(DAYS_KEPT_MILLIS)]));
    statements
}

/// Brings what lies within whole pieces of so many minutes, all of them over, under their first.
fn into(piece: i64, before: i64) -> [Statement; 2] {
    // Where two may do it at once, what one took away the other does not count again.
    const SUM: Text = Text::each(
        "INSERT INTO counters (name, minute, n) \
         SELECT name, minute - minute % $1, sum(n) FROM counters \
         WHERE minute < $2 AND minute % $1 <> 0 GROUP BY name, minute - minute % $1 \
         ON CONFLICT (name, minute) DO UPDATE SET n = counters.n + excluded.n",
        "WITH gone AS (DELETE FROM counters WHERE minute % CAST($1 AS BIGINT) <> 0 \
         AND minute < $2 RETURNING name, minute - minute % CAST($1 AS BIGINT) AS piece, n) \
         INSERT INTO counters (name, minute, n) \
         SELECT name, piece, CAST(sum(n) AS BIGINT) FROM gone GROUP BY name, piece \
         ON CONFLICT (name, minute) DO UPDATE SET n = counters.n + excluded.n",
    );
    let before = before.saturating_sub(before.rem_euclid(piece));
    let gone = "DELETE FROM counters WHERE minute % $1 <> 0 AND minute < $2";
    [Statement::new(SUM, values![piece, before]), Statement::new(gone, values![piece, before])]
}

#[cfg(test)]
mod tests;
