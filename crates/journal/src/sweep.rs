//! Upkeep: entries into the log, the expired away, the erased swept.

use decide::{PersonId, RegionCode, Timestamp};
use futures_util::future::try_join_all;

use crate::event::Partition;
use crate::fault::Fault;
use crate::journal::Journal;
use crate::limit::{RECORDS_GONE_MAX, SWEPT_AT_ONCE, UNSWEPT_MAX};
use crate::place::Place;
use crate::{access, idempotency, mail, people, record};

/// What a sweep came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Swept {
    /// Erased people whose remains were swept.
    pub people: u64,
    /// Records of theirs that went.
    pub records: u64,
    /// Files that had to be rebuilt, because a copy of a key was found.
    pub rebuilt: u64,
    /// Bytes that were looked through, or written anew: what a sweep costs.
    pub bytes: u64,
}

/// What cleaning the raw bytes of a region came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Cleaned {
    pub(crate) rebuilt: u64,
    pub(crate) bytes: u64,
    /// Whether nothing is left. Else it is tried again by the next sweep.
    pub(crate) complete: bool,
}

impl Journal {
    /// Brings queued entries into the log, signs and publishes; answers how many it brought.
    pub async fn sequence(&self, now: Timestamp) -> Result<u64, Fault> {
        let _upkeep = self.inner.upkeep.lock().await;
        self.sequence_alone(now).await
    }

    /// The same, for whoever holds the lock of upkeep.
    async fn sequence_alone(&self, now: Timestamp) -> Result<u64, Fault> {
        self.scratch().flush(now).await?;
        self.inner.engine.sequence(now).await
    }

    /// After erasures: destroys what is left of them in the raw bytes. Before that, queued entries
    /// are brought into the log, for a record goes only when its entry stands there. The log goes on
    /// meanwhile.
    pub async fn sweep(&self, now: Timestamp) -> Result<Swept, Fault> {
        let _alone = self.inner.sweeping.lock().await;
        self.sequence(now).await?;
        let mut swept = Swept::default();
        for region in self.regions() {
            self.expire(*region, now).await?;
            self.sweep_region(*region, &mut swept).await?;
        }
        Ok(swept)
    }

    /// Drops a partition of events: its entries are brought into the log first.
    pub async fn drop_partition(
        &self,
        region: RegionCode,
        partition: &Partition,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let _upkeep = self.inner.upkeep.lock().await;
        self.sequence_alone(now).await?;
        self.inner.engine.drop_partition(region, partition).await
    }

    async fn expire(&self, region: RegionCode, now: Timestamp) -> Result<(), Fault> {
        let mut statements = access::expire(now).to_vec();
        statements.extend([idempotency::expire(now), mail::expire(now)]);
        self.inner.engine.write(&Place::People(region), statements).await.map(drop)
    }

    async fn sweep_region(&self, region: RegionCode, swept: &mut Swept) -> Result<(), Fault> {
        let place = Place::People(region);
        let engine = &self.inner.engine;
        let erased = engine.read(&place, &people::unswept(region, UNSWEPT_MAX)).await?;
        if erased.is_empty() {
            return Ok(());
        }
        let mut finished = Vec::new();
        for some in erased.chunks(SWEPT_AT_ONCE) {
            let gone = self.drop_records(region, some).await?;
            swept.records = swept.records.saturating_add(gone);
            finished.extend(self.without_records(region, some).await?);
        }
        // One look at the raw bytes for all of them.
        let cleaned = engine.clean(region).await?;
        swept.rebuilt = swept.rebuilt.saturating_add(cleaned.rebuilt);
        swept.bytes = swept.bytes.saturating_add(cleaned.bytes);
        if !cleaned.complete {
            return Ok(());
        }
        for some in finished.chunks(SWEPT_AT_ONCE) {
            engine.write(&place, some.iter().map(|it| people::swept(*it)).collect()).await?;
            let count = u64::try_from(some.len()).unwrap_or(u64::MAX);
            swept.people = swept.people.saturating_add(count);
        }
        Ok(())
    }

    /// Records of erased people go, so many at a time that nobody waits long behind them; answers how
    /// many went.
    async fn drop_records(&self, region: RegionCode, some: &[PersonId]) -> Result<u64, Fault> {
        let mut sum = 0_u64;
        for place in [Place::People(region), Place::Records(region)] {
            loop {
                let each = some.iter().map(|it| record::erase(*it, RECORDS_GONE_MAX));
                let gone = self.inner.engine.write(&place, each.collect()).await?;
                sum = sum.saturating_add(gone);
                if gone == 0 {
                    break;
                }
            }
        }
        Ok(sum)
    }

    /// Those who have no record left: one whose entry is not in the log yet waits for it.
    async fn without_records(
        &self,
        region: RegionCode,
        some: &[PersonId],
    ) -> Result<Vec<PersonId>, Fault> {
        let left = some.iter().map(|it| async move {
            for place in [Place::People(region), Place::Records(region)] {
                if self.inner.engine.first(&place, &record::left(*it)).await?.is_some() {
                    return Ok(None);
                }
            }
            Ok::<_, Fault>(Some(*it))
        });
        Ok(try_join_all(left).await?.into_iter().flatten().collect())
    }
}
