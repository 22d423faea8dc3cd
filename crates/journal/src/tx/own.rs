//! What is the person's own, read with a permit: records, sessions, requests, events.

use decide::id::{CaseId, RecordId};
use decide::{Category, Permit};

use super::Tx;
use crate::access::{self, SessionRow};
use crate::case::{self, CaseRow, NoteRow};
use crate::event::{self, Block, Partition};
use crate::fault::Fault;
use crate::limit::PAGE_MAX;
use crate::place::Place;
use crate::record::{self, SealedRecord};
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

    /// The person's cases of every kind, newest first, from before `before`, up to `n`.
    pub async fn cases(&self, before: Option<CaseId>, n: u32) -> Result<Vec<CaseRow>, Fault> {
        self.own(&case::of_person(self.core.person, before, n)).await
    }

    /// One case of the person.
    pub async fn case(&self, id: impl Into<CaseId>) -> Result<Option<CaseRow>, Fault> {
        Ok(self.own(&case::find(self.core.person, id.into())).await?.pop())
    }

    /// The person's newest case of a kind, of those that stand so: found however many others there
    /// are.
    pub async fn newest_case(&self, kind: &str, state: &str) -> Result<Option<CaseRow>, Fault> {
        Ok(self.own(&case::newest(self.core.person, (kind, state))).await?.pop())
    }

    /// What was said in a case of the person, oldest first, up to `n`.
    pub async fn notes(&self, id: impl Into<CaseId>, n: u32) -> Result<Vec<NoteRow>, Fault> {
        self.own(&case::notes(self.core.person, id.into(), n)).await
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
