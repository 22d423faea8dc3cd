//! Who was told something of a person, or was sent something, before now: also under what was agreed to
//! then and ended since.

use std::collections::BTreeSet;

use decide::PersonId;

use super::tell::{DELIVERY, Told};
use crate::limit::ROWS_AT_ONCE;
use crate::{Flows, Stop};

/// The ids of all of them.
pub(super) async fn before(flows: &Flows, person: PersonId) -> Result<BTreeSet<String>, Stop> {
    let mut all = crate::transfer::sent_to(flows, person, |_| true).await?;
    let mut after = None;
    loop {
        let of = (DELIVERY, after);
        let rows = flows.journal().scratch().cases_of_kind(person, of, ROWS_AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(all) };
        after = Some(last.id);
        for row in &rows {
            all.insert(Told::of(row)?.to);
        }
    }
}
