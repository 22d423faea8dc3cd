//! What is the person's own, read with a permit: records, sessions, requests, events.

use decide::id::{RecordId, RequestId};
use decide::{Category, Permit, Right};

use super::Tx;
use crate::access::{self, SessionRow};
use crate::event::{self, Block, Partition};
use crate::fault::Fault;
use crate::limit::PAGE_MAX;
use crate::place::Place;
use crate::record::{self, SealedRecord};
use crate::request::{self, RequestRow, RequestState};
use crate::sql::Query;
use crate::unproved::{self, UnprovedRow};

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
            let query = record::of_person(&place, person, before, n);
            all.extend(self.core.journal.inner.engine.read(&place, &query).await?);
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
        let place = Place::People(self.core.person.region());
        let query = record::of_person(&place, self.core.person, before, n.min(PAGE_MAX));
        self.core.journal.inner.engine.read(&place, &query).await
    }

    /// The person's sessions that have not expired.
    pub async fn sessions(&self) -> Result<Vec<SessionRow>, Fault> {
        self.own(&access::sessions(self.core.person, self.held.answer.now())).await
    }

    /// What waits to be proved in a permitted category, unless its time is over.
    pub async fn unproved(&self, category: Category) -> Result<Option<UnprovedRow>, Fault> {
        if !self.held.answer.categories().has(category) {
            return Ok(None);
        }
        let found = self.own(&unproved::of(self.core.person, category)).await?;
        Ok(found.into_iter().find(|it| it.code.expires > self.held.answer.now()))
    }

    /// The person's requests, newest first, from before `before`, up to `n`.
    pub async fn requests(
        &self,
        before: Option<RequestId>,
        n: u32,
    ) -> Result<Vec<RequestRow>, Fault> {
        self.own(&request::of_person(self.core.person, before, n)).await
    }

    /// One request of the person.
    pub async fn request(&self, id: RequestId) -> Result<Option<RequestRow>, Fault> {
        Ok(self.own(&request::find(self.core.person, id)).await?.pop())
    }

    /// The person's newest request for a right, of those that stand so: found however many others
    /// there are.
    pub async fn newest_request(
        &self,
        right: Right,
        state: RequestState,
    ) -> Result<Option<RequestRow>, Fault> {
        Ok(self.own(&request::newest(self.core.person, (right, state))).await?.pop())
    }

    /// The person's blocks of events under the tag of a partition, newest first, from before
    /// `before`: up to `n`, and no further than the block with which they come to `bytes`.
    pub async fn events(
        &self,
        (partition, tag): (&Partition, &[u8; 16]),
        before: Option<i64>,
        (n, bytes): (u32, usize),
    ) -> Result<Vec<Block>, Fault> {
        let engine = &self.core.journal.inner.engine;
        let place = Place::Events(self.core.person.region(), partition.clone());
        let most = (n.min(PAGE_MAX), bytes);
        let query = event::under_tag(engine.dialect(), (partition, tag), before, most);
        engine.read(&place, &query).await
    }

    /// The bytes of the person's events under the tag of a partition.
    pub async fn event_bytes(&self, partition: &Partition, tag: &[u8; 16]) -> Result<u64, Fault> {
        let engine = &self.core.journal.inner.engine;
        let place = Place::Events(self.core.person.region(), partition.clone());
        let query = event::bytes_of_tag(engine.dialect(), partition, tag);
        Ok(engine.first(&place, &query).await?.unwrap_or(0))
    }

    /// Rows of the person.
    async fn own<T>(&self, query: &Query<T>) -> Result<Vec<T>, Fault> {
        let place = Place::People(self.core.person.region());
        self.core.journal.inner.engine.read(&place, query).await
    }
}
