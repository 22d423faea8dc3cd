//! The second door: what is not personal and needs no record. Counters, claims, leases.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

use decide::{PersonId, RegionCode, Timestamp};
use rusqlite::{Connection, params};

use crate::database::{Place, held};
use crate::event::{self, EventCount, Partition};
use crate::fault::Fault;
use crate::idempotency::Once;
use crate::job::{self, JobKind, JobRow};
use crate::journal::Journal;
use crate::limit::{
    CLAIM_MAX, COUNTERS_MAX, DAYS_KEPT_MILLIS, HOURS_KEPT_MILLIS, MINUTES_KEPT_MILLIS,
};
use crate::mail::{self, MailRow};
use crate::{idempotency, people};

/// Decisions that were only asked for, and would have been permits.
pub(crate) const ASKED_PERMITTED: &str = "asked-permitted";
/// Decisions that were only asked for, and would have been refusals.
pub(crate) const ASKED_REFUSED: &str = "asked-refused";
/// Refusals about who is not there: a browser that said no.
pub(crate) const REFUSED_NOBODY: &str = "refused-nobody";

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
    pub fn counted(&self, name: &str, from: Timestamp, until: Timestamp) -> Result<u64, Fault> {
        // The lock is held over the reading, or what is being written down would count twice.
        let counts = held(&self.journal.inner.counts);
        let within = |minute: i64| {
            let begins = minute.saturating_mul(MINUTE);
            from.millis() <= begins && begins < until.millis()
        };
        let waiting = counts
            .iter()
            .filter(|((it, minute), _)| *it == name && within(*minute))
            .fold(0_u64, |sum, (_, n)| sum.saturating_add(*n));
        let stored =
            self.journal.inner.readers.read(&Place::Kept, |it| stored(it, name, from, until))?;
        Ok(stored.saturating_add(waiting))
    }

    /// Up to `n` jobs that are due, claimed for a minute.
    pub async fn claim_jobs(&self, now: Timestamp, n: u32) -> Result<Vec<JobRow>, Fault> {
        let mut all = Vec::new();
        for region in self.journal.regions() {
            let (region, left) = (*region, left(n, all.len()));
            if left > 0 {
                let claimed = self.write(region, move |it| job::claim(it, region, now, left));
                all.extend(claimed.await?);
            }
        }
        all.sort_by_key(|it| (it.due, it.person));
        Ok(all)
    }

    /// A job is done. A job whose effects are staged is dropped with them instead.
    pub async fn job_done(&self, person: PersonId, kind: &JobKind) -> Result<(), Fault> {
        let kind = kind.clone();
        self.write(person.region(), move |it| job::done(it, person, &kind)).await
    }

    /// A claimed job is to be tried again at `due`.
    pub async fn job_later(
        &self,
        person: PersonId,
        kind: &JobKind,
        due: Timestamp,
    ) -> Result<(), Fault> {
        let kind = kind.clone();
        self.write(person.region(), move |it| job::later(it, person, &kind, due)).await
    }

    /// Up to `n` mails that may be delivered, claimed for a minute.
    pub async fn claim_mail(&self, now: Timestamp, n: u32) -> Result<Vec<MailRow>, Fault> {
        let mut all = Vec::new();
        for region in self.journal.regions() {
            let (region, left) = (*region, left(n, all.len()));
            if left > 0 {
                let claimed = self.write(region, move |it| mail::claim(it, region, now, left));
                all.extend(claimed.await?);
            }
        }
        all.sort_by(|a, b| (a.created, a.person, &a.cause).cmp(&(b.created, b.person, &b.cause)));
        Ok(all)
    }

    /// A mail was accepted: its text and, where it had one, its own key are destroyed.
    pub async fn mail_done(&self, person: PersonId, cause: &str) -> Result<(), Fault> {
        let cause = cause.to_owned();
        self.write(person.region(), move |it| mail::done(it, person, &cause)).await
    }

    /// A mail is to be tried again at `not_before`.
    pub async fn mail_later(
        &self,
        person: PersonId,
        cause: &str,
        not_before: Timestamp,
    ) -> Result<(), Fault> {
        let cause = cause.to_owned();
        self.write(person.region(), move |it| mail::later(it, person, &cause, not_before)).await
    }

    /// What was answered under this idempotency key in the last day; `OtherRequest` where that was
    /// the answer to another request.
    pub fn idempotent(
        &self,
        region: RegionCode,
        once: &Once,
        now: Timestamp,
    ) -> Result<Option<(u16, String)>, Fault> {
        let place = Place::People(region);
        self.journal.inner.readers.read(&place, |it| idempotency::find(it, once, now))
    }

    /// The coarse counts of a partition of events.
    pub fn event_counts(
        &self,
        region: RegionCode,
        partition: &Partition,
    ) -> Result<Vec<EventCount>, Fault> {
        let place = Place::Events(region, partition.clone());
        self.journal.inner.readers.read_if_there(&place, event::counts)
    }

    /// People of a region in the order of their ids, after `after`, up to `n`: for work that visits
    /// everybody and decides for each.
    pub fn people(
        &self,
        region: RegionCode,
        after: Option<PersonId>,
        n: u32,
    ) -> Result<Vec<PersonId>, Fault> {
        let place = Place::People(region);
        self.journal.inner.readers.read(&place, |it| people::list(it, region, after, n))
    }

    async fn write<R: Send + 'static>(
        &self,
        region: RegionCode,
        work: impl FnOnce(&Connection) -> Result<R, Fault> + Send + 'static,
    ) -> Result<R, Fault> {
        let place = Place::People(region);
        self.journal.inner.writer.submit(place, MINUTE.unsigned_abs(), |it| work(it.file)).await
    }

    /// Writes down what was counted, and folds what is old once in an hour.
    pub(crate) async fn flush(&self, now: Timestamp) -> Result<(), Fault> {
        self.write_down().await?;
        let hour = now.millis().div_euclid(MINUTES_OF_HOUR.saturating_mul(MINUTE));
        if self.journal.inner.folded.swap(hour, Ordering::Relaxed) == hour {
            return Ok(());
        }
        self.journal.inner.writer.submit(Place::Kept, 4_096, move |it| fold(it.file, now)).await
    }

    async fn write_down(&self) -> Result<(), Fault> {
        let counts = std::mem::take(&mut *held(&self.journal.inner.counts));
        if counts.is_empty() {
            return Ok(());
        }
        self.journal
            .inner
            .writer
            .submit(Place::Kept, 4_096, move |it| store(it.file, &counts))
            .await
    }
}

fn left(n: u32, so_far: usize) -> u32 {
    n.min(CLAIM_MAX).saturating_sub(u32::try_from(so_far).unwrap_or(u32::MAX))
}

fn stored(file: &Connection, name: &str, from: Timestamp, until: Timestamp) -> Result<u64, Fault> {
    let mut statement = file.prepare_cached(
        "SELECT coalesce(sum(n), 0) FROM counters WHERE name = $1 AND minute >= $2 AND minute < $3",
    )?;
    let up = |it: Timestamp| it.millis().saturating_add(MINUTE - 1).div_euclid(MINUTE);
    let sum: i64 = statement.query_row(params![name, up(from), up(until)], |row| row.get(0))?;
    Ok(sum.cast_unsigned())
}

fn store(file: &Connection, counts: &Counts) -> Result<(), Fault> {
    let mut statement = file.prepare_cached(
        "INSERT INTO counters (name, minute, n) VALUES ($1, $2, $3) \
         ON CONFLICT (name, minute) DO UPDATE SET n = counters.n + excluded.n",
    )?;
    for ((name, minute), n) in counts {
        statement.execute(params![name, minute, n.cast_signed()])?;
    }
    Ok(())
}

/// Minutes become hours and hours become days, so that a counter does not grow for ever.
fn fold(file: &Connection, now: Timestamp) -> Result<(), Fault> {
    let before = |kept: i64| now.millis().saturating_sub(kept).div_euclid(MINUTE);
    into(file, MINUTES_OF_HOUR, before(MINUTES_KEPT_MILLIS))?;
    into(file, MINUTES_OF_DAY, before(HOURS_KEPT_MILLIS))?;
    file.prepare_cached("DELETE FROM counters WHERE minute < $1")?
        .execute([before(DAYS_KEPT_MILLIS)])?;
    Ok(())
}

/// Brings what lies within whole pieces of so many minutes, all of them over, under their first.
fn into(file: &Connection, piece: i64, before: i64) -> Result<(), Fault> {
    let before = before.saturating_sub(before.rem_euclid(piece));
    file.prepare_cached(
        "INSERT INTO counters (name, minute, n) \
         SELECT name, minute - minute % $1, sum(n) FROM counters \
         WHERE minute < $2 AND minute % $1 <> 0 GROUP BY name, minute - minute % $1 \
         ON CONFLICT (name, minute) DO UPDATE SET n = counters.n + excluded.n",
    )?
    .execute([piece, before])?;
    file.prepare_cached("DELETE FROM counters WHERE minute % $1 <> 0 AND minute < $2")?
        .execute([piece, before])?;
    Ok(())
}

#[cfg(test)]
mod tests;
