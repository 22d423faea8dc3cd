//! A person's own log information, found through the tag that only the person's key makes.

use journal::{Permit, Tx};
use serde_json::Value;

use super::events::LABEL;
use crate::{Flows, Stop, when};

/// Blocks that one look reads.
const BLOCKS_MAX: u32 = 500;

/// An event, as the person sees it.
pub(crate) struct Seen {
    /// Its kind.
    pub(crate) kind: String,
    /// When it was received.
    pub(crate) received: String,
    /// The partition's class: how long it is kept.
    pub(crate) class: String,
    /// The event, with what stands around it.
    pub(crate) event: Value,
}

/// The person's events, oldest first.
pub(crate) async fn own_events(flows: &Flows, tx: &Tx<Permit>) -> Result<Vec<Seen>, Stop> {
    let mut tags = Vec::new();
    for partition in flows.journal().partitions(tx.person().region())? {
        let tag = flows.vault().tag(tx, partition.as_str())?;
        tags.push((partition, tag));
    }
    let mut seen = Vec::new();
    for block in tx.events(&tags, BLOCKS_MAX).await? {
        let bytes = flows.vault().open_note(tx, LABEL, &block.sealed)?;
        let head: Value = serde_json::from_slice(&bytes)
            .map_err(|_| Stop::Broken("a block of events cannot be read".to_owned()))?;
        let events = head.get("events").and_then(Value::as_array);
        for event in events.into_iter().flatten() {
            let mut event = event.clone();
            for around in ["device", "ip"] {
                if let (Some(value), Some(fields)) = (head.get(around), event.as_object_mut()) {
                    fields.insert(around.to_owned(), value.clone());
                }
            }
            seen.push(Seen {
                kind: event.get("type").and_then(Value::as_str).unwrap_or("").to_owned(),
                received: when(block.received),
                class: block.partition.class().to_owned(),
                event,
            });
        }
    }
    Ok(seen)
}
