//! Closed cases of which nothing but the row is left: for whoever moves them into an archive.

use decide::id::CaseId;
use decide::{PersonId, RegionCode, Timestamp};

use crate::fault::Fault;
use crate::limit::PAGE_MAX;
use crate::place::Place;
use crate::scratch::Scratch;
use crate::sql::{Query, Statement, values};

/// What is left of a closed case: no text, no key, nothing that was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosedCase {
    /// Whose it was.
    pub person: PersonId,
    /// Its id.
    pub id: CaseId,
    /// Its kind.
    pub kind: String,
    /// How it ended.
    pub state: String,
    /// When it came in.
    pub received: Timestamp,
    /// Until when somebody had to act.
    pub due: Timestamp,
    /// What else is known of it, as in [`CaseRow::about`](crate::CaseRow::about).
    pub about: String,
}

impl Scratch<'_> {
    /// Closed cases of a region without text or notes that were due before an instant, in the order of
    /// their ids, after `after`, up to `n`.
    pub async fn closed_cases(
        &self,
        region: RegionCode,
        (before, after): (Timestamp, Option<CaseId>),
        n: u32,
    ) -> Result<Vec<ClosedCase>, Fault> {
        let query = closed(region, (before, after), n.min(PAGE_MAX));
        self.journal.inner.engine.read(&Place::People(region), &query).await
    }

    /// Closed cases that lie in an archive go.
    pub async fn drop_closed(&self, region: RegionCode, some: &[ClosedCase]) -> Result<u64, Fault> {
        let text = "DELETE FROM cases WHERE person_id = $1 AND case_id = $2 AND open = 0 \
             AND sealed IS NULL AND own_key IS NULL";
        let gone =
            |it: &ClosedCase| Statement::new(text, values![it.person, it.id.bits().to_be_bytes()]);
        let statements = some.iter().map(gone).collect();
        self.journal.inner.engine.write(&Place::People(region), statements).await
    }
}

fn closed(
    region: RegionCode,
    (before, after): (Timestamp, Option<CaseId>),
    n: u32,
) -> Query<ClosedCase> {
    let text = "SELECT c.person_id, c.case_id, c.kind, c.state, c.received, c.due, c.about \
         FROM cases c \
         WHERE c.open = 0 AND c.due < $1 AND c.sealed IS NULL AND c.own_key IS NULL \
         AND c.case_id > $2 AND NOT EXISTS (SELECT 1 FROM case_notes n \
         WHERE n.person_id = c.person_id AND n.case_id = c.case_id) \
         ORDER BY c.case_id LIMIT $3";
    let after = after.map_or([0; 16], |it| it.bits().to_be_bytes());
    Query::new(text, values![before, after, n], move |row| {
        Ok(ClosedCase {
            person: PersonId::new(region, row.id(0)?),
            id: CaseId::new(region, row.id(1)?),
            kind: row.text(2)?,
            state: row.text(3)?,
            received: row.instant(4)?,
            due: row.instant(5)?,
            about: row.text(6)?,
        })
    })
}
