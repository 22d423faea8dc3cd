//! What is the person's own, read with a permit: records, sessions, requests, events.

use decide::id::{RecordId, RequestId};
use decide::{Category, Permit, Right};

use super::Tx;
use crate::access::{self, SessionRow};
use crate::database::Place;
use crate::event::{self, Block, Partition};
use crate::fault::Fault;
use crate::limit::PAGE_MAX;
use crate::record::{self, SealedRecord};
use crate::request::{self, RequestRow, RequestState};
use crate::unproved::{self, UnprovedRow};

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

    /// What waits to be proved in a permitted category, unless its time is over.
    pub async fn unproved(&self, category: Category) -> Result<Option<UnprovedRow>, Fault> {
        if !self.held.answer.categories().has(category) {
            return Ok(None);
        }
        let person = self.core.person;
        let place = Place::People(person.region());
        let row = self
            .core
            .journal
            .inner
            .readers
            .read(&place, |it| unproved::of(it, person, category))?;
        Ok(row.filter(|it| it.code.expires > self.held.answer.now()))
    }

    /// The person's requests, newest first, from before `before`, up to `n`.
    pub async fn requests(
        &self,
        before: Option<RequestId>,
        n: u32,
    ) -> Result<Vec<RequestRow>, Fault> {
        let person = self.core.person;
        let place = Place::People(person.region());
        let readers = &self.core.journal.inner.readers;
        readers.read(&place, |it| request::of_person(it, person, before, n))
    }

    /// One request of the person.
    pub async fn request(&self, id: RequestId) -> Result<Option<RequestRow>, Fault> {
        let person = self.core.person;
        let place = Place::People(person.region());
        self.core.journal.inner.readers.read(&place, |it| request::find(it, person, id))
    }

    /// The person's newest request for a right, of those that stand so: found however many others
    /// there are.
    pub async fn newest_request(
        &self,
        right: Right,
        state: RequestState,
    ) -> Result<Option<RequestRow>, Fault> {
        let person = self.core.person;
        let place = Place::People(person.region());
        let readers = &self.core.journal.inner.readers;
        readers.read(&place, |it| request::newest(it, person, (right, state)))
    }

    /// The person's blocks of events under the tag of a partition, newest first, from before
    /// `before`: up to `n`, and no further than the block with which they come to `bytes`.
    pub async fn events(
        &self,
        (partition, tag): (&Partition, &[u8; 16]),
        before: Option<i64>,
        (n, bytes): (u32, usize),
    ) -> Result<Vec<Block>, Fault> {
        let place = Place::Events(self.core.person.region(), partition.clone());
        let most = (n.min(PAGE_MAX), bytes);
        let readers = &self.core.journal.inner.readers;
        readers.read_if_there(&place, |it| event::under_tag(it, (partition, tag), before, most))
    }

    /// The bytes of the person's events under the tag of a partition.
    pub async fn event_bytes(&self, partition: &Partition, tag: &[u8; 16]) -> Result<u64, Fault> {
        let place = Place::Events(self.core.person.region(), partition.clone());
        let readers = &self.core.journal.inner.readers;
        readers.read_if_there(&place, |it| event::bytes_of_tag(it, tag))
    }
}
