//! How everybody stands whom a change in a step of the log concerns, where that is written down outside.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use deadpool_postgres::Object;
use decide::{PersonId, RegionCode};

use super::run;
use crate::backup::Ship;
use crate::backup::changes::{self, Told};
use crate::fault::Fault;
use crate::record::Unplaced;

/// Whom the changes among these records concern.
pub(super) fn people(region: RegionCode, found: &[Unplaced]) -> BTreeSet<PersonId> {
    let changed = found.iter().filter(|it| it.changed);
    changed.map(|it| PersonId::new(region, u128::from_be_bytes(it.owner))).collect()
}

/// How they stand: read from where it is written, after the changes were durable.
pub(super) async fn told(
    ship: &Arc<dyn Ship>,
    kept: &Object,
    regions: BTreeMap<RegionCode, (Object, BTreeSet<PersonId>)>,
) -> Result<Told, Fault> {
    let mut states = Vec::new();
    for (region, (client, people)) in regions {
        let people: Vec<PersonId> = people.into_iter().collect();
        for some in people.chunks(changes::TOGETHER) {
            let mut parts = Vec::new();
            for query in changes::read(region, some) {
                parts.extend(run::query(&client, &query).await?);
            }
            states.extend(changes::together(parts));
        }
    }
    let mut ended = Vec::new();
    for query in changes::ended() {
        ended.extend(run::query(kept, &query).await?);
    }
    Ok(Told { ship: Arc::clone(ship), states, ended })
}
