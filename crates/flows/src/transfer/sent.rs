//! To whom something of a person has left, or may have: an answer can get lost on its way back.

use std::collections::BTreeSet;

use decide::PersonId;

use super::sending::{About, KIND, SENT};
use crate::limit::ROWS_AT_ONCE;
use crate::{Flows, Stop};

/// The recipients, by the ids of their declarations: of the transfers that `under` picks by theirs.
pub(crate) async fn sent_to(
    flows: &Flows,
    person: PersonId,
    under: impl Fn(&str) -> bool,
) -> Result<BTreeSet<String>, Stop> {
    let (mut all, mut after) = (BTreeSet::new(), None);
    loop {
        let of = (KIND, after);
        let rows = flows.journal().scratch().cases_of_kind(person, of, ROWS_AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(all) };
        after = Some(last.id);
        for row in &rows {
            let about = About::of(row)?;
            if (about.tried || row.state == SENT) && under(&about.transfer) {
                all.insert(about.recipient);
            }
        }
    }
}
