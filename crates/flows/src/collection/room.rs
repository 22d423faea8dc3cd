//! Room: how much log information a day takes of one person.

use std::collections::BTreeSet;

use decide::Timestamp;
use journal::{Partition, Permit, Tx};
use policy::Duration;

use crate::book::Book;
use crate::limit::EVENTS_DAY_BYTES_MAX;
use crate::retention_class;
use crate::{Flows, Stop};

/// Whether the day has room for so many bytes more of the person. The journal holds to the same for
/// each partition by itself, whoever comes at the same time.
pub(super) async fn has_room(
    flows: &Flows,
    (book, tx): (&Book, &Tx<Permit>),
    coming: u64,
    now: Timestamp,
) -> Result<(), Stop> {
    let mut bytes = coming;
    for class in classes(book) {
        let Some(partition) = Partition::of(now, &class) else { continue };
        let tag = flows.vault().tag(tx, partition.as_str())?;
        bytes = bytes.saturating_add(tx.event_bytes(&partition, &tag).await?);
    }
    if bytes <= EVENTS_DAY_BYTES_MAX {
        return Ok(());
    }
    Err(Stop::Full { seconds: Partition::seconds_left(now) })
}

/// The classes of retention that events can have under this policy.
fn classes(book: &Book) -> BTreeSet<String> {
    let policy = book.policy();
    let categories = policy.events.values().flat_map(|it| it.fields.iter()).map(|(_, it)| it);
    let keeps = categories.filter_map(|it| policy.keep.get(it)).map(|it| it.period);
    keeps.chain([Duration::default()]).map(retention_class).collect()
}
