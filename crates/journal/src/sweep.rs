//! Upkeep: entries into the log, the expired away, the erased swept. One at a time in a process.

use decide::{PersonId, RegionCode, Timestamp};

use crate::event::Partition;
use crate::fault::Fault;
use crate::journal::Journal;
use crate::limit::UNSWEPT_MAX;
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
    /// are brought into the log, for a record goes only when its entry stands there.
    pub async fn sweep(&self, now: Timestamp) -> Result<Swept, Fault> {
        let _upkeep = self.inner.upkeep.lock().await;
        self.sequence_alone(now).await?;
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
        let erased = self.inner.engine.read(&place, &people::unswept(region, UNSWEPT_MAX)).await?;
        if erased.is_empty() {
            return Ok(());
        }
        let mut finished = Vec::new();
        for person in erased {
            let (gone, left) = self.drop_records(person).await?;
            swept.records = swept.records.saturating_add(gone);
            if left == 0 {
                finished.push(people::swept(person));
            }
        }
        let rebuilt = self.inner.engine.clean(region).await?;
        swept.rebuilt = swept.rebuilt.saturating_add(rebuilt);
        let count = u64::try_from(finished.len()).unwrap_or(u64::MAX);
        self.inner.engine.write(&place, finished).await?;
        swept.people = swept.people.saturating_add(count);
        Ok(())
    }

    /// An erased person's records go; answers how many went and how many wait.
    async fn drop_records(&self, person: PersonId) -> Result<(u64, u64), Fault> {
        let engine = &self.inner.engine;
        let mut sum = (0_u64, 0_u64);
        for place in [Place::People(person.region()), Place::Records(person.region())] {
            let gone = engine.write(&place, vec![record::erase(person)]).await?;
            let left = engine.first(&place, &record::left(person)).await?.unwrap_or(0);
            sum = (sum.0.saturating_add(gone), sum.1.saturating_add(left));
        }
        Ok(sum)
    }
}
