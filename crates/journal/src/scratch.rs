//! The second door: what is not personal and needs no record. Counters, claims, leases.

use decide::{PersonId, RegionCode, Timestamp};

use crate::fault::Fault;
use crate::job::{JobKind, JobRow};
use crate::journal::Journal;
use crate::mail::MailRow;

/// The door to what is not personal.
#[derive(Debug, Clone, Copy)]
pub struct Scratch<'a> {
    pub(crate) journal: &'a Journal,
}

impl Scratch<'_> {
    /// Adds to a counter of the minute of `now`. In memory until the next step of the sequencer.
    pub fn count(&self, name: &'static str, now: Timestamp) {
        let _ = (name, now, self.journal);
    }

    /// The sum of a counter over the minutes from `from` up to `until`, what waits in memory included.
    pub fn counted(&self, name: &str, from: Timestamp, until: Timestamp) -> Result<u64, Fault> {
        let _ = (name, from, until);
        Err(Fault::broken("not built yet"))
    }

    /// Up to `n` jobs that are due, claimed for a minute.
    pub async fn claim_jobs(&self, now: Timestamp, n: u32) -> Result<Vec<JobRow>, Fault> {
        let _ = (now, n);
        Err(Fault::broken("not built yet"))
    }

    /// A job is done. A job whose effects are staged is dropped with them instead.
    pub async fn job_done(&self, person: PersonId, kind: &JobKind) -> Result<(), Fault> {
        let _ = (person, kind);
        Err(Fault::broken("not built yet"))
    }

    /// A claimed job is to be tried again at `due`.
    pub async fn job_later(
        &self,
        person: PersonId,
        kind: &JobKind,
        due: Timestamp,
    ) -> Result<(), Fault> {
        let _ = (person, kind, due);
        Err(Fault::broken("not built yet"))
    }

    /// Up to `n` mails that may be delivered, claimed for a minute.
    pub async fn claim_mail(&self, now: Timestamp, n: u32) -> Result<Vec<MailRow>, Fault> {
        let _ = (now, n);
        Err(Fault::broken("not built yet"))
    }

    /// A mail was accepted: its text and, where it had one, its own key are destroyed.
    pub async fn mail_done(&self, person: PersonId, cause: &str) -> Result<(), Fault> {
        let _ = (person, cause);
        Err(Fault::broken("not built yet"))
    }

    /// A mail is to be tried again at `not_before`.
    pub async fn mail_later(
        &self,
        person: PersonId,
        cause: &str,
        not_before: Timestamp,
    ) -> Result<(), Fault> {
        let _ = (person, cause, not_before);
        Err(Fault::broken("not built yet"))
    }

    /// What was answered under this idempotency key in the last day.
    pub fn idempotent(
        &self,
        region: RegionCode,
        scope: &str,
        key_hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<(u16, String)>, Fault> {
        let _ = (region, scope, key_hash, now);
        Err(Fault::broken("not built yet"))
    }
}
