//! The version of each person, in memory and backed by the row: checking one costs no query.

use std::collections::BTreeMap;

use decide::PersonId;
use rusqlite::Connection;

use crate::fault::Fault;
use crate::limit::VERSIONS_MAX;
use crate::people;
use crate::sqlite::database;

/// Versions that are known, and those that stand or fall with the batch.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    known: BTreeMap<PersonId, u64>,
    raised: Vec<PersonId>,
}

impl Versions {
    /// The version of a person; `None` for nobody.
    pub(crate) fn of(
        &mut self,
        person: PersonId,
        people: &Connection,
    ) -> Result<Option<u64>, Fault> {
        if let Some(version) = self.known.get(&person) {
            return Ok(Some(*version));
        }
        let Some(version) = database::query(people, &people::version(person))?.pop() else {
            return Ok(None);
        };
        if self.known.len() >= VERSIONS_MAX {
            self.known.clear();
        }
        self.known.insert(person, version);
        Ok(Some(version))
    }

    /// A person's new version, until the batch is settled.
    pub(crate) fn raised(&mut self, person: PersonId, version: u64) {
        self.known.insert(person, version);
        self.raised.push(person);
    }

    /// The batch was committed, or was not: then the rows know better.
    pub(crate) fn settle(&mut self, committed: bool) {
        for person in self.raised.drain(..) {
            if !committed {
                self.known.remove(&person);
            }
        }
    }
}
