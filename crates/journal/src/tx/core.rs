//! What a transaction carries through its steps, and how it is committed.

use std::sync::Arc;

use decide::id::RecordId;
use decide::{Category, Facts, PersonId, Set};
use serde_json::Value;

use crate::asker::Asker;
use crate::compose::{Told, compose};
use crate::fault::Fault;
use crate::journal::Journal;
use crate::limit::{JUDGED_MAX, NOTE_BYTES_MAX};
use crate::log::entry;
use crate::outcome::Outcome;
use crate::owed::Verdict;
use crate::people::Snapshot;
use crate::record::NewRecord;
use crate::sealed::WrappedKey;
use crate::write::Write;

pub(super) struct Core {
    pub(super) journal: Journal,
    pub(super) serial: u64,
    pub(super) person: PersonId,
    pub(super) facts: Facts,
    /// `None` for who is not there yet.
    pub(super) version: Option<u64>,
    pub(super) key: WrappedKey,
    /// Whose sealed bytes are handed out; more may have been read.
    pub(super) wanted: Set<Category>,
    /// What was read of who is there.
    pub(super) snapshot: Option<Arc<Snapshot>>,
    pub(super) staged: Vec<Write>,
    pub(super) note: Value,
}

impl Core {
    pub(super) fn fresh(journal: Journal, person: PersonId, facts: Facts) -> Self {
        Self {
            serial: journal.serial(),
            journal,
            person,
            facts,
            version: None,
            key: WrappedKey::DESTROYED,
            wanted: Set::EMPTY,
            snapshot: None,
            staged: Vec::new(),
            note: Value::Null,
        }
    }

    pub(super) fn known(journal: Journal, person: PersonId, snapshot: Arc<Snapshot>) -> Self {
        Self {
            serial: journal.serial(),
            journal,
            person,
            facts: snapshot.facts.clone(),
            version: Some(snapshot.version),
            key: snapshot.key.clone(),
            wanted: Set::EMPTY,
            snapshot: Some(snapshot),
            staged: Vec::new(),
            note: Value::Null,
        }
    }

    /// Composes and seals the record, and has it written with what was staged.
    pub(super) async fn commit(self, verdict: &Verdict, asker: &Asker) -> Result<RecordId, Fault> {
        let Self { journal, person, facts, version, key, staged, note, .. } = self;
        if !note.is_null() && note.to_string().len() > NOTE_BYTES_MAX {
            return Err(Fault::broken("what is noted into the record is past its limit"));
        }
        if verdict.also.len() >= JUDGED_MAX {
            return Err(Fault::broken("one outcome is judged for too many requests"));
        }
        let id = RecordId::new(person.region(), journal.new_id(verdict.now));
        let told = Told { id, verdict, asker, facts: &facts, note: &note };
        let record = seal(&journal, &key, &told)?;
        let outcome = Outcome { person, version, facts, staged, record, key };
        outcome.check()?;
        journal.inner.durable.note(journal.inner.engine.record(outcome).await)?;
        Ok(id)
    }
}

fn seal(journal: &Journal, key: &WrappedKey, told: &Told<'_>) -> Result<NewRecord, Fault> {
    let record = compose(told)?;
    let (person, packed) = (told.verdict.person, record.packed.as_slice());
    let (sealed, blind) = journal.inner.seal.seal_record(key, person, told.id, packed)?;
    let leaf = entry(record.text.as_slice(), &blind);
    Ok(NewRecord { id: told.id, at: told.verdict.now, leaf, sealed })
}
