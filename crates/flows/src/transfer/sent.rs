//! To whom something of a person has left.

use std::collections::BTreeSet;

use decide::PersonId;

use super::sending::{About, KIND, SENT};
use crate::limit::ROWS_AT_ONCE;
use crate::{Flows, Stop};

/// The recipients, by the ids of their declarations.
pub(crate) async fn sent_to(flows: &Flows, person: PersonId) -> Result<BTreeSet<String>, Stop> {
    let (mut all, mut after) = (BTreeSet::new(), None);
    loop {
        let of = (KIND, after);
        let rows = flows.journal().scratch().cases_of_kind(person, of, ROWS_AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(all) };
        after = Some(last.id);
        for row in rows.iter().filter(|it| it.state == SENT) {
            all.insert(About::of(row)?.recipient);
        }
    }
}
