//! All cases of a person of one kind, page by page: also of somebody who was erased.

use decide::PersonId;
use decide::id::CaseId;

use super::{CaseRow, read};
use crate::fault::Fault;
use crate::limit::PAGE_MAX;
use crate::place::Place;
use crate::scratch::Scratch;
use crate::sql::{Query, Text, values};

const OF_KIND: Text = Text::each(
    "SELECT case_id, kind, state, received, due, open, assigned, about, NULL, NULL \
     FROM cases WHERE person_id = $1 AND case_id > $2 AND kind = $3 ORDER BY case_id LIMIT $4",
    "SELECT case_id, kind, state, received, due, open, assigned, about, \
     CAST(NULL AS BYTEA), CAST(NULL AS BYTEA) \
     FROM cases WHERE person_id = $1 AND case_id > $2 AND kind = $3 ORDER BY case_id LIMIT $4",
);

impl Scratch<'_> {
    /// Cases of a person of a kind, open or not, oldest first, after `after`, up to `n`, without what is
    /// sealed in them.
    pub async fn cases_of_kind(
        &self,
        person: PersonId,
        (kind, after): (&str, Option<CaseId>),
        n: u32,
    ) -> Result<Vec<CaseRow>, Fault> {
        let region = person.region();
        let after = after.map_or([0; 16], |it| it.bits().to_be_bytes());
        let values = values![person, after, kind, n.min(PAGE_MAX)];
        let query = Query::new(OF_KIND, values, move |row| read(row, region));
        self.journal.inner.engine.read(&Place::People(region), &query).await
    }
}
