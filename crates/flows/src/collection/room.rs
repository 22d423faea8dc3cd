//! Room: how much log information a day takes of one person.

use decide::Timestamp;
use journal::{Partition, Permit, Tx};

use crate::book::Book;
use crate::{Flows, Stop};

/// How much of the person the day holds in other partitions than this one: those of other classes of
/// retention. What this one holds, the journal looks at when it writes, whoever comes at the same time.
pub(super) async fn beside(
    flows: &Flows,
    (book, tx): (&Book, &Tx<Permit>),
    partition: &Partition,
    now: Timestamp,
) -> Result<u64, Stop> {
    let mut bytes = 0_u64;
    for class in book.kinds().classes() {
        if class == partition.class() {
            continue;
        }
        let Some(other) = Partition::of(now, class) else { continue };
        let tag = flows.vault().tag(tx, other.as_str())?;
        bytes = bytes.saturating_add(tx.event_bytes(&other, &tag).await?);
    }
    Ok(bytes)
}
