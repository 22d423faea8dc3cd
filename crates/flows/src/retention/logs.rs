//! Log information goes a day at a time: what came in together goes together, at the shortest of its
//! times. A version that shortens one of them counts for what is stored, too.

use std::collections::BTreeSet;

use decide::{RegionCode, Timestamp};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use journal::Partition;
use policy::{Anchor, Duration, Policy};

use crate::book::Book;
use crate::change::{Known, known};
use crate::{Flows, Stop};

/// The class of a partition: how long what lies in it is kept.
pub(crate) fn class(period: Duration) -> String {
    period.to_string().replace(' ', "-")
}

/// Drops whole days of log information whose time is over.
pub(super) async fn partitions(flows: &Flows, now: Timestamp) -> Result<(), Stop> {
    let (book, known) = (flows.book(), known(flows).await?);
    for region in flows.journal().regions() {
        for partition in flows.journal().partitions(*region).await? {
            let Some(lasts) = Lasting::of(&known, &partition, now) else { continue };
            // Its youngest event is not kept a moment longer than promised.
            if lasts.is_over((&book, *region), lasts.ends, now) {
                super::hold::before_drop(flows, *region, &partition, now).await?;
                flows.journal().drop_partition(*region, &partition, now).await?;
            }
        }
    }
    Ok(())
}

/// How long what lies in a partition is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lasting {
    /// The period, from when something came in.
    pub(crate) period: Duration,
    /// The beginning of its day, and the end.
    begins: Timestamp,
    ends: Timestamp,
}

impl Lasting {
    /// As when it came in, or as short as a version in force since then says for anything that may lie
    /// there. A longer time is for what comes in under it. Nothing for a partition that is none of ours.
    pub(crate) fn of(known: &Known, partition: &Partition, now: Timestamp) -> Option<Self> {
        let class = Duration::parse(&partition.class().replacen('-', " ", 1))?;
        let (begins, ends) = day(partition)?;
        let in_force: Vec<_> = known.versions.iter().filter(|it| it.2 <= now).collect();
        let first = in_force.iter().rposition(|it| it.2 <= begins).unwrap_or(0);
        let since = in_force.get(first..)?;
        let there: BTreeSet<&str> = since
            .iter()
            .filter(|it| it.2 < ends)
            .flat_map(|it| logged(&it.1))
            .filter(|(_, period)| period.hours() >= class.hours())
            .map(|(id, _)| id)
            .collect();
        let each = since.iter().flat_map(|it| logged(&it.1));
        let shorter = each.filter(|(id, _)| there.contains(id)).map(|(_, period)| period);
        let period = shorter.chain([class]).min_by_key(|it| it.hours())?;
        Some(Self { period, begins, ends })
    }

    /// Whether something that came in at an instant is past its time.
    pub(crate) fn is_over(
        &self,
        (book, region): (&Book, RegionCode),
        received: Timestamp,
        now: Timestamp,
    ) -> bool {
        let due = book.policy().due(region.as_str(), received, self.period);
        due.is_ok_and(|it| it <= now)
    }

    /// Whether anything of the day may be past its time.
    pub(crate) fn begins_to_go(&self, at: (&Book, RegionCode), now: Timestamp) -> bool {
        self.is_over(at, self.begins, now)
    }
}

/// The categories of log information, each with how long it is kept from when it came in.
fn logged(policy: &Policy) -> impl Iterator<Item = (&str, Duration)> {
    let keeps = policy.keep.iter().filter(|(_, keep)| keep.after == Anchor::Collected);
    let events = keeps.filter(|(id, _)| policy.categories.get(*id).is_some_and(|it| it.events));
    events.map(|(id, keep)| (id.as_str(), keep.period))
}

/// The beginning and the end of a partition's day.
fn day(partition: &Partition) -> Option<(Timestamp, Timestamp)> {
    let text = partition.day();
    let (year, rest) = text.split_at_checked(4)?;
    let (month, day) = rest.split_at_checked(2)?;
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    let begins = |it: Date| {
        let at = it.to_zoned(TimeZone::UTC).ok()?;
        Some(Timestamp::from_millis(at.timestamp().as_millisecond()))
    };
    Some((begins(date)?, begins(date.tomorrow().ok()?)?))
}
