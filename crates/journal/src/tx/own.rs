//! What is the person's own, read with a permit: records, sessions, requests, events.

use decide::Permit;
use decide::id::RecordId;

use super::Tx;
use crate::access::{self, SessionRow};
use crate::database::Place;
use crate::event::{self, Block, Partition};
use crate::fault::Fault;
use crate::limit::{PAGE_MAX, PARTITIONS_READ_MAX};
use crate::record::{self, SealedRecord};
use crate::request::{self, RequestRow};

#[expect(clippy::unused_async, reason = "an engine over a network is waited for")]
impl Tx<Permit> {
    /// The person's records, newest first, from before `before`, up to `n`. Those of events lie with
    /// the events, and go with them.
    pub async fn records(
        &self,
        before: Option<RecordId>,
        n: u32,
    ) -> Result<Vec<SealedRecord>, Fault> {
        let (person, n) = (self.core.person, n.min(PAGE_MAX));
        let mut all = Vec::new();
        for place in [Place::People(person.region()), Place::Records(person.region())] {
            let readers = &self.core.journal.inner.readers;
            all.extend(readers.read(&place, |it| record::of_person(it, person, before, n))?);
        }
        all.sort_by_key(|it| std::cmp::Reverse(it.id));
        all.truncate(usize::try_from(n).unwrap_or(usize::MAX));
        Ok(all)
    }

    /// The same, of those alone that changed something: answers, values, sessions. However much
    /// was used in between, these are found.
    pub async fn changes(
        &self,
        before: Option<RecordId>,
        n: u32,
    ) -> Result<Vec<SealedRecord>, Fault> {
        let (person, n) = (self.core.person, n.min(PAGE_MAX));
        let place = Place::People(person.region());
        let readers = &self.core.journal.inner.readers;
        readers.read(&place, |it| record::of_person(it, person, before, n))
    }

    /// The person's sessions that have not expired.
    pub async fn sessions(&self) -> Result<Vec<SessionRow>, Fault> {
        let (person, now) = (self.core.person, self.held.answer.now());
        let place = Place::People(person.region());
        self.core.journal.inner.readers.read(&place, |it| access::sessions(it, person, now))
    }

    /// The person's requests, newest first.
    pub async fn requests(&self) -> Result<Vec<RequestRow>, Fault> {
        let person = self.core.person;
        let place = Place::People(person.region());
        self.core.journal.inner.readers.read(&place, |it| request::of_person(it, person))
    }

    /// The person's events under these tags, in the order of the tags and oldest first within each,
    /// up to `n` blocks.
    pub async fn events(
        &self,
        tags: &[(Partition, [u8; 16])],
        n: u32,
    ) -> Result<Vec<Block>, Fault> {
        let most = usize::try_from(n.min(PAGE_MAX)).unwrap_or(usize::MAX);
        let mut all = Vec::new();
        for (partition, tag) in tags.iter().take(PARTITIONS_READ_MAX) {
            let left = most.saturating_sub(all.len());
            if left == 0 {
                break;
            }
            let place = Place::Events(self.core.person.region(), partition.clone());
            let found = self
                .core
                .journal
                .inner
                .readers
                .read_if_there(&place, |it| event::under_tag(it, partition, tag, left))?;
            all.extend(found);
        }
        Ok(all)
    }
}
